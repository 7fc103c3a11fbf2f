// SPDX-License-Identifier: MIT
// What the 200 to a REGISTER gives, and what is made of it: RFC 3261 s.10.2.4, RFC 3608, RFC 5627.
#include "registration_support.hpp"

namespace parley::test {
namespace {

using RegistrationGrant = RegistrationTest;

UserAgentOptions behind_proxy() {
  auto options = device();
  options.outbound_proxy = "sip:proxy.example.com;lr";
  return options;
}

struct RegistrationGrantBehindProxy : RegistrationTest {
  RegistrationGrantBehindProxy() : RegistrationTest(behind_proxy()) {}
};

/// More than a request can carry, behind more that is no route at all.
std::string many_service_routes() {
  std::string many = "sip:bare";
  for (std::size_t i = 1; i < 2 * limits::routes; ++i) many += ", sip:bare";
  for (int i = 0; i < 500; ++i) many += ", <sip:p" + std::to_string(i) + ";lr>";
  return many;
}

TEST_F(RegistrationGrant, F03OwnBindingIsFoundAmongOthers) {  // RFC 3261 s.10.2.4
  const auto wire = send();
  ua.answer(wire, 200, "reg",
            {{"Contact", "<sip:other@192.0.2.9>;expires=30, <sip:%61%31@ALICE.invalid;transport=WS>;expires=300;q=1"}, {"Expires", "99"}});
  EXPECT_EQ(ua.told<Registered>()->expires, 300s);
}

TEST_F(RegistrationGrant, F03OwnBindingIsFoundByItsInstance) {  // a proxy rewrote the URI
  const auto wire = send();
  ua.answer(wire, 200, "reg",
            {{"Contact", "<sip:a1@192.0.2.1:4711;alias=x>;+sip.instance=\"<" + std::string(instance) + ">\";expires=222"}});
  EXPECT_EQ(ua.told<Registered>()->expires, 222s);
}

TEST_F(RegistrationGrant, F03OwnBindingIsFoundBehindAnyNumberOfOthers) {
  for (const std::size_t others : {limits::contacts - 1, limits::contacts, 10 * limits::contacts}) {
    std::string contacts;
    for (std::size_t i = 0; i < others; ++i) contacts += "<sip:a1@d" + std::to_string(i) + ".invalid>;expires=9, ";
    ua.answer(send(), 200, "reg", {{"Contact", contacts + "<sip:a1@alice.invalid;transport=ws>;expires=60"}});
    EXPECT_EQ(ua.told<Registered>()->expires, 60s) << others;
  }
}

TEST_F(RegistrationGrant, F03LifetimeFromExpiresElse3600) {
  const auto wire = send();
  const std::string contact = "<sip:a1@alice.invalid;transport=ws>";
  ua.answer(wire, 200, "reg", {{"Contact", contact}, {"Expires", "77"}});
  EXPECT_EQ(ua.told<Registered>()->expires, 77s);
  ua.answer(send(), 200, "reg", {{"Contact", contact}});
  EXPECT_EQ(ua.told<Registered>()->expires, 3600s);
}

TEST_F(RegistrationGrant, F03A200WithoutOurContactIsAnAnswer) {  // a known fault of SIP.js: it waits for ever
  ua.answer(send(), 200, "reg");
  EXPECT_EQ(ua.told<Registered>()->expires, 600s);
  EXPECT_TRUE(ua->is_registered());
  ua.answer(send(), 200, "reg", {{"Contact", "<sip:other@192.0.2.9>;expires=30"}});
  EXPECT_EQ(ua.told<Registered>()->expires, 600s);
  EXPECT_TRUE(ua->register_({}, ua.now()));
}

TEST_F(RegistrationGrant, F03ZeroGrantedIsNoRegistration) {
  grant(send(), "0");
  EXPECT_FALSE(ua->is_registered());
  EXPECT_EQ(ua.told<Unregistered>()->error->code, Errc::ProtocolViolation);
}

TEST_F(RegistrationGrant, F10ServiceRouteIsPreloadedAndReplaced) {                                   // RFC 3608 s.6.1
  grant(send(), "600", {{"Service-Route", "<sip:p1;lr>, <sip:p2;lr>"}, {"Path", "<sip:edge;lr>"}});  // F11: Path is tolerated
  EXPECT_THAT(ua.told<Registered>()->service_route, ElementsAre("<sip:p1;lr>", "<sip:p2;lr>"));
  ua->message("sip:bob@example.com", {"text/plain", "hi"}, {}, ua.now());
  EXPECT_EQ(ua.sent().header(HeaderId::Route), "<sip:p1;lr>, <sip:p2;lr>");
  const auto refresh = send();
  EXPECT_EQ(refresh.header(HeaderId::Route), "");
  grant(refresh, "600", {{"Service-Route", "<sip:p3;lr>"}});
  ua->options("sip:bob@example.com", ua.now());
  EXPECT_EQ(ua.sent().header(HeaderId::Route), "<sip:p3;lr>");
  grant(send());
  ua->options("sip:bob@example.com", ua.now());
  EXPECT_EQ(ua.sent().header(HeaderId::Route), "");
}

TEST_F(RegistrationGrant, F10AServiceRouteThatIsNoneIsLeftOut) {  // RFC 3608 s.5: name-addr; else "lr" would be the header's
  grant(send(), "600", {{"Service-Route", "sip:p1;lr, <sip:p2;lr>, \"Edge\" <sip:p3;lr>;x=y, p4"}, {"Service-Route", "<sip:p5;lr"}});
  EXPECT_TRUE(ua.told<Diagnostic>());
  EXPECT_THAT(ua.told<Registered>()->service_route, ElementsAre("<sip:p2;lr>", "\"Edge\" <sip:p3;lr>;x=y"));
  ua->options("sip:bob@example.com", ua.now()).value();
  const auto wire = ua.sent();
  EXPECT_EQ(wire.view().request_uri().text, "sip:bob@example.com");
  EXPECT_EQ(wire.header(HeaderId::Route), "<sip:p2;lr>, \"Edge\" <sip:p3;lr>;x=y");
  grant(send(), "600", {{"Service-Route", "<sip:p2;lr>"}});
  EXPECT_EQ(ua.count<Diagnostic>(), 0U);
}

TEST_F(RegistrationGrant, Sec29ManyServiceRoutesAreBounded) {
  grant(send(), "600", {{"Service-Route", many_service_routes()}});
  EXPECT_TRUE(ua.told<Diagnostic>());
  const auto route = ua.told<Registered>()->service_route;
  ASSERT_EQ(route.size(), limits::routes);
  EXPECT_EQ(route.front(), "<sip:p0;lr>");
  ua->options("sip:bob@example.com", ua.now()).value();
  EXPECT_EQ(ua.sent().view().route_count(), limits::routes);
}

TEST_F(RegistrationGrantBehindProxy, Sec29ManyServiceRoutesLeaveRoomForTheProxy) {
  grant(send(), "600", {{"Service-Route", many_service_routes()}});
  EXPECT_TRUE(ua.told<Diagnostic>());
  EXPECT_EQ(ua.told<Registered>()->service_route.size(), limits::routes - 1);
  ua->options("sip:bob@example.com", ua.now()).value();
  const auto wire = ua.sent();
  ASSERT_EQ(wire.view().route_count(), limits::routes);
  EXPECT_EQ(wire.view().route(0).uri.host, "proxy.example.com");
  EXPECT_EQ(wire.view().route(1).uri.host, "p0");
}

TEST_F(RegistrationGrant, Sec29ServiceRoutesThatAreCutAreTold) {
  std::string hops = "<sip:p0;lr>";
  for (std::size_t i = 1; i < limits::routes; ++i) hops += ", <sip:p" + std::to_string(i) + ";lr>";
  grant(send(), "600", {{"Service-Route", hops}});
  EXPECT_EQ(ua.count<Diagnostic>(), 0U);
  grant(send(), "600", {{"Service-Route", hops + ", <sip:last;lr>"}});
  EXPECT_TRUE(ua.told<Diagnostic>());
}

TEST_F(RegistrationGrant, F15PublicGruuIsTheContactOfDialogs) {  // RFC 5627 s.4.4
  const auto wire = send();
  ua.answer(wire, 200, "reg",
            {{"Contact",
              "<sip:a1@alice.invalid;transport=ws>;expires=600;pub-gruu=\"sip:alice@example.com;gr=urn:uuid:1\";"
              "temp-gruu=\"sip:tgruu.7hatz6cn@example.com;gr\""}});
  EXPECT_EQ(ua.told<Registered>()->pub_gruu, "sip:alice@example.com;gr=urn:uuid:1");
  EXPECT_EQ(ua->contact_uri(), "sip:alice@example.com;gr=urn:uuid:1");
  InviteRequest request;
  request.target = "sip:bob@example.com";
  request.offer = sdp();
  ua->invite(request, ua.now());
  EXPECT_EQ(ua.sent().view().contact().uri.text, "sip:alice@example.com;gr=urn:uuid:1");
  auto invite = peer_invite();
  invite.uri = "sip:alice@example.com;gr=urn:uuid:1";
  ua.receive(invite.text());
  EXPECT_TRUE(ua.sent().is(100));
  ua->ring(ua.told<IncomingSession>()->session, 180, ua.now());
  EXPECT_EQ(ua.sent().view().contact().uri.text, "sip:alice@example.com;gr=urn:uuid:1");
  EXPECT_EQ(send().view().contact().uri.text, "sip:a1@alice.invalid;transport=ws");  // REGISTER binds the flow's
}

TEST_F(RegistrationGrant, M16AnonymousCallsDoNotShowTheGruu) {  // RFC 3323 s.4.1.1.3; it names the AOR and the device
  const auto wire = send();
  ua.answer(wire, 200, "reg",
            {{"Contact", "<sip:a1@alice.invalid;transport=ws>;expires=600;pub-gruu=\"sip:alice@example.com;gr=urn:uuid:1\""}});
  InviteRequest request;
  request.target = "sip:bob@example.com";
  request.offer = sdp();
  request.anonymous = true;
  const auto session = ua->invite(request, ua.now()).value();
  const auto hidden = [this] {
    const auto sent = ua.sent();
    return sent.text().find("sip:alice@") == std::string::npos && sent.view().contact().uri.text == "sip:a1@alice.invalid;transport=ws";
  };
  const auto invite = ua.sent();
  EXPECT_EQ(invite.text().find("sip:alice@"), std::string::npos) << invite.text();
  EXPECT_EQ(invite.view().contact().uri.text, "sip:a1@alice.invalid;transport=ws");
  ua.answer_ok(invite);
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  ua->reinvite(session, sdp(), ua.now()).value();
  EXPECT_TRUE(hidden());
  ua->request(session, "UPDATE", {}, {}, ua.now()).value();
  EXPECT_TRUE(hidden());
}

TEST_F(RegistrationGrant, F10F15WhatTheRegistrarGaveEndsWithTheBinding) {  // RFC 3608 s.6.1, RFC 5627 s.4.2
  const auto wire = send();
  ua.answer(wire, 200, "reg",
            {{"Contact", "<sip:a1@alice.invalid;transport=ws>;expires=600;pub-gruu=\"sip:alice@example.com;gr=urn:uuid:1\""},
             {"Service-Route", "<sip:edge.example.com;lr>"}});
  ua->unregister(false, ua.now()).value();
  ua.answer(ua.sent(), 200, "reg");
  EXPECT_TRUE(ua.told<Unregistered>());
  EXPECT_EQ(ua->contact_uri(), "sip:a1@alice.invalid;transport=ws");
  ua->options("sip:bob@example.com", ua.now()).value();
  EXPECT_FALSE(ua.sent().view().has(HeaderId::Route));
}

TEST_F(RegistrationGrant, F15NonsenseGruuIsNotUsed) {
  ua.answer(send(), 200, "reg", {{"Contact", "<sip:a1@alice.invalid;transport=ws>;expires=600;pub-gruu=\"http://x/\""}});
  EXPECT_EQ(ua->contact_uri(), "sip:a1@alice.invalid;transport=ws");
}

TEST_F(RegistrationGrant, F17AssociatedUrisAreTold) {  // RFC 7315 s.4.1
  grant(send(), "600", {{"P-Associated-URI", "<sip:alice@example.com>, <tel:+4930123>"}});
  EXPECT_THAT(ua.told<Registered>()->associated_uris, ElementsAre("<sip:alice@example.com>", "<tel:+4930123>"));
}

TEST_F(RegistrationGrant, RequireOutboundAndFlowTimerAreTolerated) {  // network.md s.1
  grant(send(), "600", {{"Require", "outbound"}, {"Flow-Timer", "120"}});
  EXPECT_TRUE(ua->is_registered());
}

TEST_F(RegistrationGrant, Sec80AbsurdLifetimesAreHarmless) {
  grant(send(), "4294967295");
  EXPECT_LE(ua.told<Registered>()->expires, 604'800s);
  grant(send(), "1");
  EXPECT_EQ(ua.told<Registered>()->expires, 1s);
  ua.advance(499ms);
  EXPECT_TRUE(ua.sent().is(Method::Register));
}

}  // namespace
}  // namespace parley::test
