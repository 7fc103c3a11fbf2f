// SPDX-License-Identifier: MIT
#include <parley/sip/usage/reason.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace parley::sip;

namespace {

Reason read(const std::string& header) {
  return reason_of(Message::parse("BYE sip:a@x SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\n"
                                  "To: <sip:b@x>;tag=2\r\nCall-ID: c\r\nCSeq: 1 BYE\r\n" +
                                  header + "\r\n")
                       .value()
                       .view());
}

}  // namespace

TEST(Reason, H18CauseAndText) {  // RFC 3326 s.2
  const auto reason = read("Reason: SIP ;cause=200 ;text=\"Call \\\"completed\\\" elsewhere\"\r\n");
  EXPECT_EQ(reason.status, 200);
  EXPECT_EQ(reason.text, "Call \"completed\" elsewhere");
}

TEST(Reason, H18SipIsTakenBeforeOthers) {
  const auto reason = read("Reason: Q.850;cause=16;text=\"Terminated\", sip;cause=486;text=\"Busy, here\"\r\n");
  EXPECT_EQ(reason.status, 486);
  EXPECT_EQ(reason.text, "Busy, here");
  EXPECT_EQ(read("Reason: Q.850;cause=16;text=\"Terminated\"\r\n").text, "Terminated");
  EXPECT_EQ(read("Reason: Q.850;cause=16\r\n").status, 0);
}

TEST(Reason, H18TheCauseIsTakenAlsoOfWhatCannotBeReadToItsEnd) {  // the text without its quotes
  const auto reason = read("Reason: SIP;cause=200;text=Call completed elsewhere\r\n");
  EXPECT_EQ(reason.status, 200);
  EXPECT_EQ(reason.text, "Call");
}

TEST(Reason, H18NonsenseIsNone) {
  EXPECT_EQ(read("").text, "");
  EXPECT_EQ(read("Reason: SIP\r\n").status, 0);
  EXPECT_EQ(read("Reason: SIP;cause=99999999999\r\n").status, 0);
  EXPECT_EQ(read("Reason: SIP;cause=abc;text=x\r\n").text, "x");
  EXPECT_EQ(read("Reason: SIP;cause=099\r\n").status, 0);
}
