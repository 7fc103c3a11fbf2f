// SPDX-License-Identifier: MIT
#include <parley/sip/dialog/route_set.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace parley;
using namespace parley::sip;

namespace {

Message response_with(const std::string& headers) {
  return Message::parse(
             "SIP/2.0 200 OK\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>;tag=2\r\n"
             "Call-ID: c\r\nCSeq: 1 INVITE\r\n" +
             headers + "\r\n")
      .value();
}

constexpr const char* two_hops =
    "Record-Route: <sip:p2.example.com;lr;r2=on;x=%20y>,\r\n <sip:p1.example.com;lr>\r\nRecord-Route: "
    "<sip:p0.example.com;transport=tcp;lr=on>\r\n";

}  // namespace

TEST(RouteSet, ARouteStandsInAngleBrackets) {  // RFC 3261 s.20.30, RFC 3608 s.5
  for (const char* route : {"<sip:p.example.com;lr>", "\"Edge\" <sip:p.example.com>;x=y", "Edge <sips:p.example.com;lr>"}) {
    EXPECT_TRUE(is_route(parse_name_addr(route).value())) << route;
  }
  for (const char* address : {"sip:p.example.com", "sip:p.example.com;lr"}) {
    EXPECT_FALSE(is_route(parse_name_addr(address).value())) << address;
  }
}

TEST(RouteSet, G02CalleeKeepsTheOrderAndUnknownParameters) {  // RFC 3261 s.12.1.1
  const auto message = response_with(two_hops);
  const auto set = RouteSet::from_record_route(message.view(), RouteSet::Order::AsWritten);
  EXPECT_EQ(set.text(), "<sip:p2.example.com;lr;r2=on;x=%20y>, <sip:p1.example.com;lr>, <sip:p0.example.com;transport=tcp;lr=on>");
}

TEST(RouteSet, G02CallerTurnsItRound) {  // RFC 3261 s.12.1.2
  const auto message = response_with(two_hops);
  const auto set = RouteSet::from_record_route(message.view(), RouteSet::Order::Reversed);
  const auto aim = set.aim("sip:bob@192.0.2.2");
  EXPECT_EQ(aim.request_uri, "sip:bob@192.0.2.2");
  EXPECT_EQ(aim.route, "<sip:p0.example.com;transport=tcp;lr=on>, <sip:p1.example.com;lr>, <sip:p2.example.com;lr;r2=on;x=%20y>");
}

TEST(RouteSet, G04StrictFirstHopBecomesTheRequestUri) {  // RFC 3261 s.12.2.1.1
  const auto message = response_with("Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;method=INVITE;x=1?Subject=y>\r\n");
  const auto aim = RouteSet::from_record_route(message.view(), RouteSet::Order::Reversed).aim("sip:bob@192.0.2.2");
  EXPECT_EQ(aim.request_uri, "sip:p1.example.com;x=1");
  EXPECT_EQ(aim.route, "<sip:p2.example.com;lr>, <sip:bob@192.0.2.2>");
}

TEST(RouteSet, G04StrictOnlyHopLeavesTheTargetInRoute) {
  const auto message = response_with("Record-Route: <sip:p1.example.com>\r\n");
  const auto aim = RouteSet::from_record_route(message.view(), RouteSet::Order::AsWritten).aim("sip:bob@192.0.2.2");
  EXPECT_EQ(aim.request_uri, "sip:p1.example.com");
  EXPECT_EQ(aim.route, "<sip:bob@192.0.2.2>");
}

TEST(RouteSet, NoneLeavesTheTargetAlone) {
  const auto aim = RouteSet{}.aim("tel:+4930123");
  EXPECT_EQ(aim.request_uri, "tel:+4930123");
  EXPECT_EQ(aim.route, "");
}

TEST(RouteSet, D04OutboundProxyComesBeforeServiceRoute) {  // RFC 3608 s.6.1
  const auto set = RouteSet::preloaded("sip:proxy.example.com;lr", {"<sip:home.example.com;lr>"});
  EXPECT_EQ(set.text(), "<sip:proxy.example.com;lr>, <sip:home.example.com;lr>");
  EXPECT_EQ(RouteSet::preloaded("<sip:proxy.example.com;lr>", {}).text(), "<sip:proxy.example.com;lr>");
}

TEST(AsRequestUri, LeavesOutHeadersAndMethod) {  // RFC 3261 s.19.1.1, table 1
  const auto text = [](const char* uri) { return as_request_uri(parse_uri(uri).value()); };
  EXPECT_EQ(text("sip:bob@x;method=INVITE;user=phone?Subject=a"), "sip:bob@x;user=phone");
  EXPECT_EQ(text("sip:bob@x?Subject=a"), "sip:bob@x");
  EXPECT_EQ(text("sip:bob@x;METHOD=BYE"), "sip:bob@x");
  EXPECT_EQ(text("sip:bob@x;methodical=1"), "sip:bob@x;methodical=1");
  EXPECT_EQ(text("sip:bob@x;method"), "sip:bob@x");
  EXPECT_EQ(text("sip:bob@x;lr;a=b;flag"), "sip:bob@x;lr;a=b;flag");
  EXPECT_EQ(text("sip:bob@x"), "sip:bob@x");
  EXPECT_EQ(text("tel:+49;phone-context=x"), "tel:+49;phone-context=x");
}
