// SPDX-License-Identifier: MIT
// Challenges to requests of a user agent: RFC 3261 s.22, RFC 7616, RFC 8760.
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

std::string digest(const std::string& realm, const std::string& nonce, const std::string& more = {}) {
  return "Digest realm=\"" + realm + "\", nonce=\"" + nonce + "\", qop=\"auth\"" + more;
}

struct Challenged : ::testing::Test {
  explicit Challenged(UserAgentOptions options = Probe::alice()) : ua(std::move(options)) {}

  Wire call() {
    InviteRequest request;
    request.target = "sip:bob@example.com";
    request.offer = sdp();
    session = ua->invite(request, ua.now()).value();
    return ua.sent();
  }
  void challenge(const Wire& request, const std::string& nonce, StatusCode status = 407, const std::string& realm = "example.com") {
    const char* header = status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
    ua.answer(request, status, "peer", {{header, digest(realm, nonce)}});
  }
  Wire message() {
    ua->message("sip:bob@example.com", {"text/plain", "hi"}, {}, ua.now());
    return ua.sent();
  }
  /// A call that is up and whose INVITE was challenged.
  void up() {
    challenge(call(), "n1");
    ua.sent();
    ua.answer_ok(ua.sent());
    ua.sent();
    ua.forget_told();
  }

  Probe ua;
  SessionId session{};
};

UserAgentOptions of_realm() {
  auto options = Probe::alice();
  options.identity.realms = {"example.com"};
  options.serve_strangers = true;
  return options;
}
struct ChallengedOfRealm : Challenged {
  ChallengedOfRealm() : Challenged(of_realm()) {}
};

}  // namespace

TEST_F(Challenged, D08RetryKeepsCallIdAndTagsWithNextCSeq) {  // RFC 3261 s.22.2
  const auto invite = call();
  challenge(invite, "n1");
  EXPECT_TRUE(ua.sent().is(Method::Ack));
  const auto again = ua.sent();
  ASSERT_TRUE(again.is(Method::Invite));
  EXPECT_EQ(again.view().call_id(), invite.view().call_id());
  EXPECT_EQ(again.header(HeaderId::From), invite.header(HeaderId::From));
  EXPECT_EQ(again.header(HeaderId::To), invite.header(HeaderId::To));
  EXPECT_EQ(again.view().cseq().number, invite.view().cseq().number + 1);
  EXPECT_NE(again.view().via().branch, invite.view().via().branch);
  EXPECT_EQ(again.view().body(), invite.view().body());
  EXPECT_EQ(again.view().contact().uri.text, invite.view().contact().uri.text);
  EXPECT_THAT(again.header(HeaderId::ProxyAuthorization), HasSubstr("nonce=\"n1\""));
  EXPECT_THAT(again.header(HeaderId::ProxyAuthorization), HasSubstr("uri=\"sip:bob@example.com\""));
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
}

TEST_F(Challenged, J07AckOfA200CarriesTheCredentialsOfTheInvite) {  // RFC 3261 s.13.2.2.4
  challenge(call(), "n1");
  ua.sent();
  const auto invite = ua.sent();
  ua.answer_ok(invite);
  const auto ack = ua.sent();
  EXPECT_EQ(ack.header(HeaderId::ProxyAuthorization), invite.header(HeaderId::ProxyAuthorization));
  EXPECT_EQ(ack.view().cseq().number, invite.view().cseq().number);
}

TEST_F(Challenged, J07CancelNeedsNone) {
  challenge(call(), "n1");
  ua.sent();
  const auto invite = ua.sent();
  ua->terminate(session, {}, ua.now());
  EXPECT_EQ(ua.unread(), 0U);  // D11: the new transaction has no 1xx yet
  ua.answer(invite, 180);
  const auto cancel = ua.sent();
  EXPECT_TRUE(cancel.is(Method::Cancel));
  EXPECT_FALSE(cancel.view().has(HeaderId::ProxyAuthorization));
  EXPECT_EQ(cancel.view().cseq().number, invite.view().cseq().number);
  challenge(cancel, "n2");
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(Challenged, J06RequestsInTheDialogCarryThemAtOnce) {  // RFC 3261 s.22.3
  up();
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
  EXPECT_THAT(ua.sent().header(HeaderId::ProxyAuthorization), HasSubstr("nc=00000002"));
  ua->terminate(session, {}, ua.now());
  EXPECT_THAT(ua.sent().header(HeaderId::ProxyAuthorization), HasSubstr("nc=00000003"));
}

TEST_F(Challenged, D08RetryInTheDialogHasAFreshCSeq) {  // a known fault of SIP.js: the CSeq is used again
  up();
  EXPECT_TRUE(ua->reinvite(session, sdp(), ua.now()));
  const auto reinvite = ua.sent();
  challenge(reinvite, "n2");
  ua.sent();
  const auto again = ua.sent();
  EXPECT_EQ(again.view().cseq().number, reinvite.view().cseq().number + 1);
  EXPECT_EQ(again.view().to_tag(), "peer");
  ua.answer(again, 200, "peer", {}, sdp_answer);
  const auto ack = ua.sent();
  EXPECT_EQ(ack.view().cseq().number, again.view().cseq().number);
  EXPECT_THAT(ack.header(HeaderId::ProxyAuthorization), HasSubstr("nonce=\"n2\""));  // J07
  ua->terminate(session, {}, ua.now());
  const auto bye = ua.sent();
  EXPECT_EQ(bye.view().cseq().number, again.view().cseq().number + 1);
  challenge(bye, "n3");
  EXPECT_EQ(ua.sent().view().cseq().number, bye.view().cseq().number + 1);
}

TEST_F(Challenged, J05RefusedCredentialsAreNotTriedAgain) {  // RFC 7616 s.3.3
  challenge(call(), "n1");
  ua.sent();
  challenge(ua.sent(), "n2");
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  const auto ended = ua.told<SessionEnded>();
  EXPECT_EQ(ended->cause.kind, EndCause::Kind::Rejected);
  EXPECT_EQ(ended->cause.status, 407);
  challenge(message(), "n3");
  challenge(ua.sent(), "n4");
  const auto done = ua.told<RequestDone>();
  EXPECT_EQ(done->response.error().code, Errc::Unauthorized);
  EXPECT_EQ(done->response.error().status, 407);
}

TEST_F(Challenged, J05StaleIsTriedWithTheNewNonce) {
  challenge(call(), "n1");
  ua.sent();
  ua.answer(ua.sent(), 407, "peer", {{"Proxy-Authenticate", digest("example.com", "n2", ", stale=TrUe")}});
  ua.sent();
  const auto again = ua.sent();
  EXPECT_THAT(again.header(HeaderId::ProxyAuthorization), HasSubstr("nonce=\"n2\""));
  EXPECT_EQ(again.view().cseq().number, 3U);
}

TEST_F(Challenged, Sec63EndlessChallengesEnd) {
  auto wire = message();
  int rounds = 0;
  while (wire && rounds < 20) {
    ua.answer(wire, 401, "peer", {{"WWW-Authenticate", digest("example.com", "n" + std::to_string(rounds++), ", stale=true")}});
    wire = ua.sent();
  }
  EXPECT_LE(rounds, 4);
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Unauthorized);
}

TEST_F(Challenged, J06SeveralRealmsAreAnsweredInOneRequest) {
  ua.answer(message(), 401, "peer",
            {{"WWW-Authenticate", digest("example.com", "w1")}, {"Proxy-Authenticate", digest("example.com", "p1")}});
  const auto again = ua.sent();
  EXPECT_THAT(again.header(HeaderId::Authorization), HasSubstr("nonce=\"w1\""));
  EXPECT_THAT(again.header(HeaderId::ProxyAuthorization), HasSubstr("nonce=\"p1\""));
}

TEST_F(Challenged, Sec62StrongestAlgorithmAndUnknownOnesSkipped) {  // a known fault of SIP.js: SHA-256 is a refusal
  ua.answer(message(), 401, "peer",
            {{"WWW-Authenticate", digest("example.com", "x", ", algorithm=ROT13")},
             {"WWW-Authenticate", digest("example.com", "m", ", algorithm=MD5")},
             {"WWW-Authenticate", digest("example.com", "s", ", algorithm=SHA-256")}});
  EXPECT_THAT(ua.sent().header(HeaderId::Authorization), HasSubstr("algorithm=SHA-256"));
  ua.answer(message(), 401, "peer",
            {{"WWW-Authenticate", digest("example.com", "x", ", algorithm=ROT13")}, {"WWW-Authenticate", "Basic realm=\"example.com\""}});
  EXPECT_EQ(ua.unread(), 0U);  // J12: never Basic
}

TEST_F(Challenged, J01SeveralChallengesInOneFieldAreAllRead) {  // RFC 9110 s.11.6.1: a list of challenges, whatever RFC 3261 s.20.44 says
  ua.answer(
      message(), 401, "peer",
      {{"WWW-Authenticate", digest("example.com", "x", ", algorithm=ROT13") + ", " + digest("example.com", "s", ", algorithm=SHA-256")}});
  EXPECT_THAT(ua.sent().header(HeaderId::Authorization), HasSubstr("nonce=\"s\""));
}

TEST_F(Challenged, Sec64OptionsAndUnregisteredRequestsAreAnsweredToo) {
  ua->options("sip:bob@example.com", ua.now());
  challenge(ua.sent(), "n1", 401);
  EXPECT_TRUE(ua.sent().view().has(HeaderId::Authorization));
  ua.answer(message(), 401);  // without any challenge
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Unauthorized);
  ua.answer(call(), 407);
  EXPECT_EQ(ua.told<SessionEnded>()->cause.status, 407);
}

TEST_F(Challenged, J08Sec61FirstRealmOfTheServerIsKept) {
  challenge(message(), "n1", 401, "provider");
  EXPECT_TRUE(ua.sent().view().has(HeaderId::Authorization));
  challenge(message(), "n2", 401, "evil");
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Unauthorized);
}

TEST_F(Challenged, J08Sec61ADialogTeachesNoRealm) {
  ua.answer_ok(call());
  ua.sent();
  ua->reinvite(session, sdp(), ua.now());
  challenge(ua.sent(), "n1", 401, "evil");
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  EXPECT_EQ(ua.told<ReinviteRefused>()->error.code, Errc::Unauthorized);
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
  challenge(ua.sent(), "n1", 401, "evil");
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Unauthorized);
  ua->terminate(session, {}, ua.now());
  challenge(ua.sent(), "n2", 401, "evil");
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
  challenge(message(), "n3", 401, "provider");  // the account's own server still may
  EXPECT_TRUE(ua.sent().view().has(HeaderId::Authorization));
}

TEST_F(ChallengedOfRealm, J08Sec61CredentialsGoOnlyToTheNamedRealm) {
  challenge(message(), "n1", 401, "evil");
  EXPECT_EQ(ua.unread(), 0U);
  challenge(message(), "n1", 401);
  EXPECT_TRUE(ua.sent().view().has(HeaderId::Authorization));
}

TEST_F(ChallengedOfRealm, J08Sec61CredentialsLeaveOnTheAccountsFlowOnly) {  // a stranger challenges our BYE with our provider's realm
  const FlowId strange{7};
  ua->flow_opened(strange, websocket("alice.invalid"), ua.now());
  ua.receive(peer_invite().text(), strange);
  session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {}, ua.now());
  ua.sent();
  const auto ok = ua.sent();
  ua.receive(in_dialog(ok, "ACK", 1, "z9hG4bKack").text(), strange);
  challenge(message(), "n1", 407);  // the provider's own: known from now on
  ua.sent();
  ua->terminate(session, {}, ua.now());
  const auto bye = ua.sent();
  EXPECT_EQ(ua.flow_of_last_sent(), strange);
  EXPECT_FALSE(bye.view().has(HeaderId::ProxyAuthorization));
  ua.answer(bye, 401, "peer", {{"WWW-Authenticate", digest("example.com", "n9")}}, {}, strange);
  EXPECT_EQ(ua.unread(), 0U);
}

TEST_F(Challenged, Sec61AServersCredentialsDoNotTravelOnToThePeer) {
  challenge(message(), "n1", 401);
  ua.answer(ua.sent(), 200);
  EXPECT_FALSE(message().view().has(HeaderId::Authorization));
  challenge(message(), "p1", 407);
  const auto retry = ua.sent();
  EXPECT_TRUE(retry.view().has(HeaderId::ProxyAuthorization));
  EXPECT_FALSE(retry.view().has(HeaderId::Authorization));          // the proxy's challenge brings no others along
  EXPECT_TRUE(message().view().has(HeaderId::ProxyAuthorization));  // our proxy takes them out
}

TEST_F(Challenged, J08Sec61ACallerLearnsNothingFromUs) {  // the dialog is the peer's: its challenges are nobody's business of ours
  challenge(message(), "n1", 407);                        // the proxy and its realm are known
  ua.sent();
  ua.receive(peer_invite().text());
  session = ua.told<IncomingSession>()->session;
  ua->accept(session, sdp(sdp_answer), {}, ua.now());
  ua.sent();
  ua.receive(in_dialog(ua.sent(), "ACK", 1, "z9hG4bKack").text());
  ua->reinvite(session, sdp(), ua.now());
  const auto reinvite = ua.sent();
  EXPECT_FALSE(reinvite.view().has(HeaderId::ProxyAuthorization));
  challenge(reinvite, "n2", 401);
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  EXPECT_EQ(ua.told<ReinviteRefused>()->error.code, Errc::Unauthorized);
  ua->terminate(session, {}, ua.now());
  challenge(ua.sent(), "n3", 407);
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(Challenged, J08Sec61InACallOnlyWhoAskedAtItsBeginningMayAsk) {
  EXPECT_TRUE(ua->register_({}, ua.now()));
  challenge(ua.sent(), "r1", 401);  // a registrar in the same realm
  ua.answer(ua.sent(), 200);
  up();  // the proxy's 407
  ua->info(session, {"application/dtmf-relay", "Signal=5"}, {}, ua.now());
  const auto info = ua.sent();
  EXPECT_TRUE(info.view().has(HeaderId::ProxyAuthorization));
  EXPECT_FALSE(info.view().has(HeaderId::Authorization));  // the registrar's would travel on to the peer
  challenge(info, "evil", 401);                            // as the peer would
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Unauthorized);
  ua->terminate(session, {}, ua.now());
  challenge(ua.sent(), "n9", 407);
  EXPECT_TRUE(ua.sent().view().has(HeaderId::ProxyAuthorization));
}

TEST_F(Challenged, J08Sec61AServerThatAskedAtTheBeginningMayAskAgain) {  // a PBX that challenges as the far end
  challenge(call(), "n1", 401);
  ua.sent();
  ua.answer_ok(ua.sent());
  ua.sent();
  ua->reinvite(session, sdp(), ua.now());
  const auto reinvite = ua.sent();
  EXPECT_TRUE(reinvite.view().has(HeaderId::Authorization));
  ua.answer(reinvite, 401, "peer", {{"WWW-Authenticate", digest("example.com", "n2", ", stale=true")}});
  ua.sent();
  EXPECT_THAT(ua.sent().header(HeaderId::Authorization), HasSubstr("nonce=\"n2\""));
}

TEST_F(Challenged, J08Sec61ARealmIsLearntOnlyWhereThatIsWanted) {
  auto options = Probe::alice();
  options.identity.learn_realm = false;
  Probe strict(options);
  strict->message("sip:bob@example.com", {"text/plain", "hi"}, {}, strict.now());
  strict.answer(strict.sent(), 407, "peer", {{"Proxy-Authenticate", digest("example.com", "n1")}});
  EXPECT_EQ(strict.unread(), 0U);
  EXPECT_EQ(strict.told<RequestDone>()->response.error().code, Errc::Unauthorized);
}

TEST_F(Challenged, Sec61PeersAreAnsweredOnlyInDanger) {
  auto options = Probe::alice();
  options.danger_answer_peers_challenges = true;
  Probe rash(options);
  rash.receive(peer_invite().text());
  const auto incoming = rash.told<IncomingSession>()->session;
  rash->accept(incoming, sdp(sdp_answer), {}, rash.now());
  rash.sent();
  rash.receive(in_dialog(rash.sent(), "ACK", 1, "z9hG4bKack").text());
  rash->terminate(incoming, {}, rash.now());
  rash.answer(rash.sent(), 401, "peer", {{"WWW-Authenticate", digest("example.com", "n1")}});
  EXPECT_TRUE(rash.sent().view().has(HeaderId::Authorization));
}

TEST_F(Challenged, Sec64AChallengeToACancelOrAckIsNoReasonToSendAnything) {
  const auto invite = call();
  ua.answer(invite, 180);
  ua->terminate(session, {}, ua.now());
  const auto cancel = ua.sent();
  challenge(cancel, "n1", 401);
  EXPECT_EQ(ua.unread(), 0U);
  ua.answer(invite, 487);
  const auto ack = ua.sent();
  ASSERT_TRUE(ack.is(Method::Ack));
  ua.receive(Probe::response(ack, 407, "peer", {{"Proxy-Authenticate", digest("example.com", "n1")}}));
  EXPECT_EQ(ua.unread(), 0U);
  ua->request("SUBSCRIBE", "sip:bob@example.com", {}, {{"Event", "presence"}}, ua.now());
  challenge(ua.sent(), "n1", 401);
  EXPECT_TRUE(ua.sent().view().has(HeaderId::Authorization));
}

TEST_F(Challenged, J06NextNonceIsUsed) {  // RFC 7616 s.3.5
  challenge(message(), "p1", 407);
  ua.answer(ua.sent(), 200, "peer", {{"Proxy-Authentication-Info", "nextnonce=\"p2\", qop=auth"}});
  const auto later = message();
  EXPECT_THAT(later.header(HeaderId::ProxyAuthorization), HasSubstr("nonce=\"p2\""));
  EXPECT_THAT(later.header(HeaderId::ProxyAuthorization), HasSubstr("nc=00000001"));
  ua.answer(later, 200, "peer", {{"Authentication-Info", "nextnonce=\"evil\""}});  // of one that got no credentials
  EXPECT_THAT(message().header(HeaderId::ProxyAuthorization), HasSubstr("nonce=\"p2\""));
}

TEST_F(Challenged, Sec61OnlyTheFlowOfTheAccountIsAnsweredCredentials) {
  up();
  ua.open(FlowId{2}, websocket("again.invalid"));  // the account moves; the call stays on its flow while that is open
  ASSERT_TRUE(ua->info(session, {"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"}, {}, ua.now()));
  const auto info = ua.sent();
  EXPECT_EQ(ua.flow_of_last_sent(), Probe::first_flow);
  EXPECT_FALSE(info.view().has(HeaderId::ProxyAuthorization));
  challenge(info, "n2");
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Unauthorized);
}

TEST_F(Challenged, J06Sec61WhoGotNoCredentialsDoesNotChooseTheNextNonce) {
  const auto register_ = [this] {
    EXPECT_TRUE(ua->register_({}, ua.now()));
    return ua.sent();
  };
  challenge(register_(), "n1", 401);
  ua.answer(ua.sent(), 200, "reg", {{"Expires", "600"}});
  const auto plain = message();
  EXPECT_FALSE(plain.view().has(HeaderId::Authorization));
  ua.answer(plain, 200, "peer", {{"Authentication-Info", "nextnonce=\"evil\""}});
  const auto again = register_();
  EXPECT_THAT(again.header(HeaderId::Authorization), HasSubstr("nonce=\"n1\""));
  ua.answer(again, 200, "reg", {{"Expires", "600"}, {"Authentication-Info", "nextnonce=\"n2\""}});
  EXPECT_THAT(register_().header(HeaderId::Authorization), HasSubstr("nonce=\"n2\""));
}

TEST_F(Challenged, J12NeverBasic) {  // RFC 3261 s.22.1, RFC 7617
  for (const char* header : {"WWW-Authenticate", "Proxy-Authenticate"}) {
    ua.answer(message(), header[0] == 'W' ? 401 : 407, "peer",
              {{header, "Basic realm=\"example.com\""}, {header, "Bearer realm=\"example.com\""}});
    EXPECT_EQ(ua.unread(), 0U);
    EXPECT_EQ(ua.told<RequestDone>()->response.error().code, Errc::Unauthorized);
  }
  ua.answer(message(), 401, "peer",
            {{"WWW-Authenticate", "Basic realm=\"example.com\""}, {"WWW-Authenticate", digest("example.com", "n1")}});
  EXPECT_THAT(ua.sent().header(HeaderId::Authorization), testing::StartsWith("Digest "));
}

TEST_F(Challenged, WithoutPasswordTheRefusalIsTold) {
  auto options = Probe::alice();
  options.identity.password = "";
  Probe poor(options);
  poor->message("sip:bob@example.com", {"text/plain", "hi"}, {}, poor.now());
  poor.answer(poor.sent(), 401, "peer", {{"WWW-Authenticate", digest("example.com", "n1")}});
  const auto done = poor.told<RequestDone>();
  EXPECT_EQ(done->response.error().code, Errc::Unauthorized);
  EXPECT_THAT(done->response.error().text(), Not(HasSubstr("secret")));
}

TEST_F(Challenged, CancelWantedBeforeTheChallengeSendsNothingMore) {
  const auto invite = call();
  ua->terminate(session, {}, ua.now());
  challenge(invite, "n1");
  EXPECT_THAT(ua.labels(), ElementsAre("ACK"));
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}
