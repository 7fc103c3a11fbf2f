// SPDX-License-Identifier: MIT
#include <parley/sip/message/via.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace parley::sip {
namespace {

bool is_via(std::string_view text) {
  const auto copy = std::make_unique<char[]>(text.size());
  text.copy(copy.get(), text.size());
  return parse_via({copy.get(), text.size()}).has_value();
}

TEST(Via, A06ReadsThroughWhiteSpace) {  // RFC 4475 s.3.1.1.1
  const auto via = parse_via("SIP  / 2.0\r\n /UDP\r\n    192.0.2.2 : 05060 ;\r\n branch = z9hG4bK30239 ; rport");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, "UDP");
  EXPECT_EQ(via->host, "192.0.2.2");
  EXPECT_EQ(via->port, 5060);
  EXPECT_EQ(via->branch, "z9hG4bK30239");
  EXPECT_EQ(via->sent_by(), "192.0.2.2 : 05060");
  EXPECT_TRUE(via->params.has("RPORT"));
}

TEST(Via, C16BareCookieIsNoBranch) {  // RFC 4475 s.3.2.1
  EXPECT_TRUE(parse_via("SIP/2.0/WS a;branch=z9hG4bKx")->has_rfc3261_branch());
  EXPECT_FALSE(parse_via("SIP/2.0/WS a;branch=z9hG4bK")->has_rfc3261_branch());
  EXPECT_FALSE(parse_via("SIP/2.0/WS a;branch=Z9HG4BKx")->has_rfc3261_branch());  // A04: a branch is compared octet by octet
  EXPECT_FALSE(parse_via("SIP/2.0/WS a;branch=390skdjuw")->has_rfc3261_branch());
  EXPECT_FALSE(parse_via("SIP/2.0/WS a")->has_rfc3261_branch());
}

TEST(Via, A15ReceivedWithAndWithoutBrackets) {  // RFC 5118 s.4.5
  EXPECT_EQ(parse_via("SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111")->params.find("received"),
            "[2001:db8::9:255]");
  EXPECT_EQ(parse_via("SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3")->params.find("received"),
            "2001:db8::9:255");
  EXPECT_EQ(parse_via("SIP/2.0/UDP a;received=[2001:db8::9:255]")->received(), "2001:db8::9:255");
  EXPECT_EQ(parse_via("SIP/2.0/UDP a;received=2001:db8::9:255")->received(), "2001:db8::9:255");
  EXPECT_EQ(parse_via("SIP/2.0/UDP a;received=192.0.2.1")->received(), "192.0.2.1");
  EXPECT_EQ(parse_via("SIP/2.0/UDP a;received=[")->received(), "[");
  EXPECT_EQ(parse_via("SIP/2.0/UDP a;received")->received(), "");
  EXPECT_EQ(parse_via("SIP/2.0/UDP a")->received(), "");
}

TEST(Via, TransportsOfAllKinds) {  // RFC 4475 s.3.1.1.10
  for (const char* transport : {"UDP", "SCTP", "TLS", "UNKNOWN", "ws", "TLS-SCTP"}) {
    EXPECT_EQ(parse_via(std::string("SIP/2.0/") + transport + " t.example.com;branch=x")->transport, transport);
  }
}

TEST(Via, Sec19Sec26N13BrokenOnesAreRefused) {
  for (const char* text : {"",
                           "SIP",
                           "SIP/",
                           "SIP/2.0",
                           "SIP/2.0/",
                           "SIP/2.0/UDP",
                           "SIP/2.0/UDP ",
                           "SIP/2.0/UDP;branch=x",
                           "SIP/2.0/UDPa",
                           "/2.0/UDP a",
                           "SIP//UDP a",
                           "SIP/2.0/UDP a;;",
                           "SIP/2.0/UDP a;,;,,",
                           "SIP/2.0/UDP a;branch=",
                           "SIP/2.0/UDP a;branch",
                           "SIP/2.0/UDP a:",
                           "SIP/2.0/UDP a:x",
                           "SIP/2.0/UDP a:65536",
                           "SIP/2.0/UDP a;branch=x;branch=y",
                           "SIP/2.0/UDP 2001:db8::9",
                           "SIP/2.0/UDP a b",
                           "SIP/2.0/UDP a,",
                           "SIP/2.0/UDP 10.10.5.93:506\xFF"}) {
    EXPECT_FALSE(is_via(text)) << text;
  }
  EXPECT_FALSE(is_via(std::string("SIP/2.0/UDP 10.10.5.93:506\xFF\0##", 30)));
}

TEST(Via, ErrorTellsWhere) {
  EXPECT_EQ(parse_via("SIP/2.0/UDP a:70000").error().offset, 14U);
  EXPECT_EQ(parse_via("SIP/2.0/UDP").error().offset, 11U);
}

}  // namespace
}  // namespace parley::sip
