// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/location_service.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace parley::program {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr TimePoint start{Duration{1'000}};
constexpr sip::FlowId flow_a{1};
constexpr sip::FlowId flow_b{2};

/// A REGISTER of alice with these lines.
sip::Message register_with(const std::string& lines, unsigned cseq = 1, const std::string& call_id = "c1") {
  return sip::Message::parse(
             "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bKx\r\nFrom: <sip:alice@example.com>;tag=1\r\n"
             "To: <sip:alice@example.com>\r\nCall-ID: " +
             call_id + "\r\nCSeq: " + std::to_string(cseq) + " REGISTER\r\n" + lines + "\r\n")
      .value();
}

class LocationServiceTest : public ::testing::Test {
 protected:
  Result<void> update(const sip::Message& request, sip::FlowId flow = flow_a, TimePoint now = start) {
    return location_.update("alice", request.view(), flow, now);
  }
  std::string contact(TimePoint now = start) const {
    const Binding* binding = location_.find("alice", now);
    return binding == nullptr ? "" : binding->contact;
  }
  LocationService location_{"example.com"};
};

TEST_F(LocationServiceTest, ABindingIsFoundUntilItExpires) {  // RFC 3261 s.10.3
  ASSERT_TRUE(update(register_with("Contact: <sip:a@a.invalid>;expires=60\r\n")));
  EXPECT_EQ(contact(start + 59s), "sip:a@a.invalid");
  EXPECT_EQ(contact(start + 60s), "");
}

TEST_F(LocationServiceTest, TheHeaderCountsWhereTheContactSaysNothing) {
  ASSERT_TRUE(update(register_with("Contact: <sip:a@a.invalid>\r\nExpires: 30\r\n")));
  EXPECT_THAT(location_.contact_lines("alice", false, start), ElementsAre("<sip:a@a.invalid>;expires=30"));
}

TEST_F(LocationServiceTest, TooShortATimeIsRefusedWith423AndChangesNothing) {
  ASSERT_TRUE(update(register_with("Contact: <sip:a@a.invalid>;expires=60\r\n")));
  const auto refused = update(register_with("Contact: <sip:b@b.invalid>;expires=60\r\nContact: <sip:c@c.invalid>;expires=1\r\n", 2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 423);
  EXPECT_EQ(contact(), "sip:a@a.invalid");
}

TEST_F(LocationServiceTest, ZeroRemovesOneAndStarRemovesAll) {
  ASSERT_TRUE(update(register_with("Contact: <sip:a@a.invalid>, <sip:b@b.invalid>\r\n")));
  ASSERT_TRUE(update(register_with("Contact: <sip:b@b.invalid>;expires=0\r\n", 2)));
  EXPECT_EQ(contact(), "sip:a@a.invalid");
  EXPECT_EQ(update(register_with("Contact: *\r\n", 3)).error().status, 400);
  ASSERT_TRUE(update(register_with("Contact: *\r\nExpires: 0\r\n", 4)));
  EXPECT_THAT(location_.contact_lines("alice", true, start), IsEmpty());
}

TEST_F(LocationServiceTest, ADeviceThatCameBackReplacesItsBinding) {  // network.md: even while the old flow looks alive
  const std::string instance = ";+sip.instance=\"<urn:uuid:1>\"";
  ASSERT_TRUE(update(register_with("Contact: <sip:a@old.invalid>" + instance + "\r\n"), flow_a));
  ASSERT_TRUE(update(register_with("Contact: <sip:a@new.invalid>" + instance + "\r\n", 2), flow_b));
  EXPECT_THAT(location_.contact_lines("alice", false, start), ElementsAre(HasSubstr("new.invalid")));
  const Binding* device = location_.find_instance("alice", "urn:uuid:1", start);
  ASSERT_NE(device, nullptr);
  EXPECT_EQ(device->flow, flow_b);
}

TEST_F(LocationServiceTest, ACSeqThatGoesBackIsRefused) {  // RFC 3261 s.10.3, step 7
  ASSERT_TRUE(update(register_with("Contact: <sip:a@a.invalid>\r\n", 5)));
  EXPECT_EQ(update(register_with("Contact: <sip:a@a.invalid>\r\n", 5)).error().status, 500);
  EXPECT_TRUE(update(register_with("Contact: <sip:a@a.invalid>\r\n", 1, "another-boot")));
}

TEST_F(LocationServiceTest, AGruuIsGivenToWhoAsksAndHasAnInstance) {  // RFC 5627 s.5.3
  ASSERT_TRUE(update(register_with("Contact: <sip:a@a.invalid>;+sip.instance=\"<urn:uuid:1>\"\r\n")));
  EXPECT_THAT(location_.contact_lines("alice", true, start), ElementsAre(HasSubstr("pub-gruu=\"sip:alice@example.com;gr=urn:uuid:1\"")));
  EXPECT_THAT(location_.contact_lines("alice", false, start), ElementsAre(::testing::Not(HasSubstr("gruu"))));
}

}  // namespace
}  // namespace parley::program
