// SPDX-License-Identifier: MIT
// What a user learns of a refusal beside its status, and what happens by itself after one.
#include "remote.hpp"

#include <gmock/gmock.h>

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Refusals : ::testing::Test {
  Refusals() : alice(rig) { alice.registered(); }

  const Remote::Fields why = {
      {"Retry-After", "120"}, {"Warning", "399 example.com \"closed on Sundays\""}, {"Error-Info", "<sip:hours@example.com>"}};
  Rig rig;
  User alice;
};

}  // namespace

TEST_F(Refusals, M19OfACallReachTheUser) {
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->call("remote")));
  remote.reply(remote.take("INVITE"), 480, why);
  ASSERT_TRUE(alice.was_told("hangup(Rejected 480)"));
  const auto& details = alice.last_cause->details;
  EXPECT_EQ(details.retry_after, Duration(120s));
  EXPECT_THAT(details.warnings, ElementsAre("399 example.com \"closed on Sundays\""));
  EXPECT_THAT(details.error_info, ElementsAre("<sip:hours@example.com>"));
}

TEST_F(Refusals, M19OfAMessageReachTheUser) {
  Remote remote(alice);
  EXPECT_TRUE(rig.wait(alice->message("remote", "hi")));
  remote.reply(remote.take("MESSAGE"), 480, why);
  EXPECT_THAT(alice.take(), ElementsAre(HasSubstr("closed on Sundays")));
}

TEST_F(Refusals, M19RegistrationWaitsForRetryAfter) {
  int asked = 0;
  rig.proxy.intercept = [&](WireId wire, const sip::MessageView& request) {
    if (request.method() != sip::Method::Register) return false;
    ++asked;
    rig.proxy.reply(wire, request, 503, {{"Retry-After", "120"}});
    return true;
  };
  alice->register_();
  rig.executor.advance(1s);
  EXPECT_EQ(asked, 1);
  rig.executor.advance(118s);
  EXPECT_EQ(asked, 1);
  rig.executor.advance(3s);
  EXPECT_EQ(asked, 2);
}

TEST_F(Refusals, E02AMethodThatNobodyKnowsGets405WithAllow) {
  Remote remote(alice);
  remote.send(remote.request("JUGGLE"));
  const auto refusal = remote.take("SIP/2.0 405");
  ASSERT_TRUE(refusal);
  EXPECT_THAT(std::string(refusal.view().header("Allow").value()), HasSubstr("INVITE"));
}

TEST_F(Refusals, D09AToneGoesOutInTheTypeThatThePeerTakes) {
  Remote remote(alice);
  answer_by_remote(alice, remote);
  EXPECT_TRUE(rig.wait(alice->send_dtmf("5")));
  remote.reply(remote.take("INFO"), 415, {{"Accept", "application/dtmf"}});
  const auto again = remote.take("INFO");
  ASSERT_TRUE(again);
  EXPECT_EQ(again.view().content_type()->text, "application/dtmf");
  EXPECT_EQ(again.view().body(), "5");
}

}  // namespace parley::test
