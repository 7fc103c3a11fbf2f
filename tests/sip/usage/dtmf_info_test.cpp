// SPDX-License-Identifier: MIT
#include <parley/sip/usage/dtmf_info.hpp>

#include <gtest/gtest.h>

using namespace parley;
using namespace parley::sip;

namespace {

constexpr const char* relay = "application/dtmf-relay";

std::string read(const char* type, std::string_view body) {
  const auto tone = parse_dtmf_info(type, body);
  if (!tone) return std::to_string(tone.error().status);
  return tone->tone + std::string(" ") + std::to_string(tone->duration.count());
}

}  // namespace

TEST(DtmfInfo, M13RelayInAnyOrderAndCase) {
  EXPECT_EQ(read(relay, "Signal=5\r\nDuration=2000"), "5 2000");
  EXPECT_EQ(read(relay, "Signal=5\r\nDuration=2000\r\n"), "5 2000");
  EXPECT_EQ(read(relay, "DURATION = 160\nsignal = *\n"), "* 160");
  EXPECT_EQ(read("Application/DTMF-Relay; charset=x", "Signal=#"), "# 250");
  EXPECT_EQ(read(relay, "\r\nSignal= 0\r\nX-Other=1\r\n\r\n"), "0 250");
}

TEST(DtmfInfo, M13ElevenIsHashAndTenIsStar) {  // a known fault of SIP.js: Signal=11 read as 1
  EXPECT_EQ(read(relay, "Signal=11\r\nDuration=100"), "# 100");
  EXPECT_EQ(read(relay, "Signal=10\r\nDuration=100"), "* 100");
}

TEST(DtmfInfo, M13LowerCaseLettersAreTaken) {
  EXPECT_EQ(read(relay, "Signal=a\r\nDuration=100"), "A 100");
  EXPECT_EQ(read(relay, "Signal=d"), "D 250");
  EXPECT_EQ(read("application/dtmf", "c"), "C 250");
}

TEST(DtmfInfo, M13BareKey) {
  EXPECT_EQ(read("application/dtmf", "7\r\n"), "7 250");
  EXPECT_EQ(read("application/dtmf", "11"), "# 250");
  EXPECT_EQ(read("APPLICATION/DTMF", " 1 "), "1 250");
}

TEST(DtmfInfo, M13NonsenseIs400) {
  for (const char* body : {"", "\r\n", "Signal=", "Signal=12", "Signal=e", "Signal=5\r\nDuration=", "Signal=5\r\nDuration=x", "5",
                           "Signal=5\r\nDuration=-1", "Signal=5\r\nDuration=99999999999999999999", "Duration=100", "Signal=55"}) {
    EXPECT_EQ(read(relay, body), "400") << body;
  }
  EXPECT_EQ(read("application/dtmf", "55"), "400");
  EXPECT_EQ(read("application/dtmf", ""), "400");
}

TEST(DtmfInfo, M13OtherWordsOfTheSameLengthAreOthers) {
  EXPECT_EQ(read(relay, "Sygnal=5"), "400");
  EXPECT_EQ(read(relay, "Signal=5\r\nDuratiom=100"), "5 250");
}

TEST(DtmfInfo, M13OtherTypesAre415) {
  EXPECT_EQ(read("text/plain", "5"), "415");
  EXPECT_EQ(read("", "5"), "415");
  EXPECT_EQ(read("application/dtmf-relays", "Signal=5"), "415");
  EXPECT_EQ(read("application/dtmf-relax", "Signal=5"), "415");
}

TEST(DtmfInfo, IsWrittenAsItIsRead) {
  const auto body = write_dtmf_info('5', Duration{2'000}).value();
  EXPECT_EQ(body.content_type, "application/dtmf-relay");
  EXPECT_EQ(body.bytes, "Signal=5\r\nDuration=2000");
  EXPECT_EQ(write_dtmf_info('a', Duration{100}).value().bytes, "Signal=A\r\nDuration=100");
  EXPECT_EQ(write_dtmf_info('x', Duration{100}).error().code, Errc::BadValue);
  EXPECT_EQ(write_dtmf_info(',', Duration{100}).error().code, Errc::BadValue);
  for (const char tone : std::string_view("0123456789ABCD*#")) {
    const auto written = write_dtmf_info(tone, Duration{160}).value();
    EXPECT_EQ(parse_dtmf_info(written.content_type, written.bytes).value().tone, tone);
  }
}
