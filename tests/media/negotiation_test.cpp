// SPDX-License-Identifier: MIT
#include <parley/media/sdp/negotiation.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>
#include <parley/tests/media/sdp_samples.hpp>

#include <gmock/gmock.h>

#include <string>

namespace parley::media::sdp {
namespace {

using samples::replaced;
using ::testing::HasSubstr;

constexpr std::uint64_t session_id = 4'242'424'242'424'242'424U >> 2;

SessionDescription read(const Result<std::string>& text) {
  EXPECT_TRUE(text) << text.error().text();
  return parse(text.value()).value();
}

Direction direction(const SessionDescription& description) { return direction_of(description, description.sections[0]); }
std::string version(const SessionDescription& description) { return description.origin.session_version; }
std::string setup(const SessionDescription& description) { return std::string(*description.sections[0].attributes.value("setup")); }

/// A description of the browser's as answer or new offer: our own offers are webrtcbin's in shape.
std::string browser(std::string_view direction_name = "sendrecv", std::string_view setup_name = "active") {
  return replaced(replaced(samples::answer_to_webrtcbin_offer(), "a=sendrecv", "a=" + std::string(direction_name)), "setup:active",
                  "setup:" + std::string(setup_name));
}

/// After our offer and the browser's answer: PCMU, the browser is active.
Negotiation agreed_as_offerer() {
  Negotiation negotiation(Policy{}, session_id);
  EXPECT_TRUE(negotiation.commit_offer(samples::webrtcbin_offer()));
  auto answer = negotiation.read_answer(browser());
  EXPECT_TRUE(answer) << answer.error().text();
  EXPECT_TRUE(answer->needs_backend);
  negotiation.commit_remote_answer(std::move(*answer));
  return negotiation;
}

/// What the backend says to Chromium's offer.
std::string backend_answer() { return replaced(samples::webrtcbin_offer(), "setup:actpass", "setup:active"); }

Negotiation agreed_as_answerer(const std::string& offer = samples::chromium_offer()) {
  Negotiation negotiation(Policy{}, session_id);
  auto incoming = negotiation.read_offer(offer);
  EXPECT_TRUE(incoming) << incoming.error().text();
  EXPECT_TRUE(incoming->needs_backend);
  EXPECT_TRUE(negotiation.commit_answer(std::move(*incoming), backend_answer()));
  return negotiation;
}

Result<std::string> answer_again(Negotiation& negotiation, const std::string& offer) {
  auto incoming = negotiation.read_offer(offer);
  if (!incoming) return incoming.error();
  EXPECT_FALSE(incoming->needs_backend);
  return negotiation.commit_answer(std::move(*incoming));
}

void accept(Negotiation& negotiation, const std::string& answer) {
  auto incoming = negotiation.read_answer(answer);
  ASSERT_TRUE(incoming) << incoming.error().text();
  EXPECT_FALSE(incoming->needs_backend);
  negotiation.commit_remote_answer(std::move(*incoming));
}

TEST(Negotiation, I08OriginIsOursAndStaysOurs) {  // RFC 3264 s.5, s.8
  Negotiation negotiation(Policy{}, session_id);
  const auto offer = read(negotiation.commit_offer(samples::webrtcbin_offer()));
  EXPECT_EQ(offer.origin, (Origin{"-", std::to_string(session_id), "1", "IN", "IP4", "127.0.0.1"}));
  auto answerer = agreed_as_answerer();
  EXPECT_EQ(answerer.local()->origin.session_id, std::to_string(session_id)) << "not the offer's";
}

TEST(Negotiation, I08VersionRisesByOneExactlyWhenTheTextChanges) {  // RFC 3264 s.8
  Negotiation negotiation = agreed_as_offerer();
  const auto same = read(negotiation.reoffer());
  EXPECT_EQ(version(same), "1");
  EXPECT_EQ(same, *parse(write(*negotiation.local()).value())) << "a refresh repeats the same description";
  accept(negotiation, browser());
  negotiation.set_held(true);
  EXPECT_EQ(version(read(negotiation.reoffer())), "2");
  accept(negotiation, browser("recvonly"));
  EXPECT_EQ(version(read(negotiation.reoffer())), "2");
  accept(negotiation, browser("recvonly"));
  negotiation.set_held(false);
  EXPECT_EQ(version(read(negotiation.reoffer())), "3");
}

TEST(Negotiation, I08VersionOfARefusedOfferIsNotUsedForAnotherText) {  // RFC 3264 s.8: greater than the one sent before
  Negotiation negotiation = agreed_as_offerer();
  negotiation.set_held(true);
  const std::string hold = negotiation.reoffer().value();
  EXPECT_EQ(version(*parse(hold)), "2");
  negotiation.rollback();
  EXPECT_EQ(negotiation.reoffer().value(), hold) << "the same text again after a 491";
  negotiation.rollback();
  negotiation.set_held(false);
  EXPECT_EQ(version(read(negotiation.reoffer())), "3");
}

TEST(Negotiation, I07HoldTakesReceivingAwayAndUnholdGivesItBack) {  // RFC 3264 s.8.4
  Negotiation negotiation = agreed_as_offerer();
  negotiation.set_held(true);
  EXPECT_EQ(direction(read(negotiation.reoffer())), Direction::SendOnly);
  EXPECT_EQ(negotiation.agreed().direction, Direction::SendRecv) << "not before the answer";
  accept(negotiation, browser("recvonly"));
  EXPECT_EQ(negotiation.agreed().direction, Direction::SendOnly);
  EXPECT_FALSE(negotiation.agreed().remote_hold);
  negotiation.set_held(false);
  EXPECT_EQ(direction(read(negotiation.reoffer())), Direction::SendRecv);
  accept(negotiation, browser());
  EXPECT_EQ(negotiation.agreed().direction, Direction::SendRecv);
}

TEST(Negotiation, I07HoldByThePeerIsAnsweredRecvonlyOrInactive) {  // RFC 3264 s.8.4
  struct Case {
    const char* offered;
    bool held;
    Direction answer;
    bool remote_hold;
  };
  for (const Case& each : {Case{"sendonly", false, Direction::RecvOnly, true},
                           {"sendonly", true, Direction::Inactive, true},
                           {"recvonly", false, Direction::SendOnly, false},
                           {"recvonly", true, Direction::SendOnly, false},
                           {"inactive", false, Direction::Inactive, true},
                           {"sendrecv", false, Direction::SendRecv, false},
                           {"sendrecv", true, Direction::SendOnly, false}}) {
    Negotiation negotiation = agreed_as_offerer();
    negotiation.set_held(each.held);
    const auto answer = read(answer_again(negotiation, browser(each.offered, "actpass")));
    EXPECT_EQ(direction(answer), each.answer) << each.offered << each.held;
    EXPECT_EQ(negotiation.agreed().direction, each.answer) << each.offered << each.held;
    EXPECT_EQ(negotiation.agreed().remote_hold, each.remote_hold) << each.offered << each.held;
  }
}

TEST(Negotiation, I07WhileThePeerHoldsOurHoldMakesRecvonlyInactive) {  // RFC 3264 s.8.4
  Negotiation negotiation = agreed_as_offerer();
  ASSERT_TRUE(answer_again(negotiation, browser("sendonly", "actpass")));
  EXPECT_EQ(direction(read(negotiation.reoffer())), Direction::RecvOnly) << "a refresh changes nothing";
  accept(negotiation, browser("sendonly"));
  EXPECT_TRUE(negotiation.agreed().remote_hold);
  negotiation.set_held(true);
  EXPECT_EQ(direction(read(negotiation.reoffer())), Direction::Inactive);
  accept(negotiation, browser("inactive"));
  negotiation.set_held(false);
  EXPECT_EQ(direction(read(negotiation.reoffer())), Direction::RecvOnly);
  accept(negotiation, browser("sendonly"));
  ASSERT_TRUE(answer_again(negotiation, browser("sendrecv", "actpass")));
  EXPECT_EQ(negotiation.agreed().direction, Direction::SendRecv);
}

TEST(Negotiation, I07APeerThatAnswersOurHoldInactiveDoesNotKeepUsThere) {
  Negotiation negotiation = agreed_as_offerer();
  negotiation.set_held(true);
  ASSERT_TRUE(negotiation.reoffer());
  accept(negotiation, browser("inactive"));
  EXPECT_EQ(negotiation.agreed().direction, Direction::Inactive);
  negotiation.set_held(false);
  EXPECT_EQ(direction(read(negotiation.reoffer())), Direction::SendRecv);
}

TEST(Negotiation, I07AnAnswerThatTakesOurReceivingAwayIsAHold) {
  Negotiation negotiation = agreed_as_offerer();
  ASSERT_TRUE(negotiation.reoffer());
  accept(negotiation, browser("sendonly"));
  EXPECT_TRUE(negotiation.agreed().remote_hold);
  EXPECT_EQ(negotiation.agreed().direction, Direction::RecvOnly);
}

TEST(Negotiation, RollbackLeavesAllAsItWas) {  // RFC 3264 s.4, RFC 6337 s.3.4
  Negotiation negotiation = agreed_as_offerer();
  const auto local = negotiation.local();
  negotiation.set_held(true);
  ASSERT_TRUE(negotiation.reoffer());
  EXPECT_TRUE(negotiation.has_open_offer());
  negotiation.rollback();
  negotiation.set_held(false);
  EXPECT_FALSE(negotiation.has_open_offer());
  EXPECT_EQ(negotiation.local(), local);
  EXPECT_EQ(negotiation.agreed().direction, Direction::SendRecv);
  EXPECT_TRUE(answer_again(negotiation, browser("sendrecv", "actpass")));
}

TEST(Negotiation, I10TwoOffersAreNeverOpen) {  // RFC 3264 s.4
  Negotiation negotiation = agreed_as_offerer();
  ASSERT_TRUE(negotiation.reoffer());
  EXPECT_EQ(negotiation.reoffer().error().code, Errc::WrongState);
  EXPECT_EQ(negotiation.commit_offer(samples::webrtcbin_offer()).error().code, Errc::WrongState);
  EXPECT_EQ(negotiation.read_offer(browser("sendonly", "actpass")).error().code, Errc::Busy);
  accept(negotiation, browser());
}

TEST(Negotiation, I15OffersLeaveTheRoleOpenAndAnswersKeepIt) {  // RFC 8842 s.5.2, s.5.3
  Negotiation offerer = agreed_as_offerer();                    // the browser is active
  EXPECT_EQ(setup(read(answer_again(offerer, browser("sendrecv", "actpass")))), "passive");
  EXPECT_EQ(setup(read(offerer.reoffer())), "actpass");

  Negotiation answerer = agreed_as_answerer();  // we are active
  EXPECT_EQ(setup(*answerer.local()), "active");
  EXPECT_EQ(setup(read(answerer.reoffer())), "actpass");
  accept(answerer, replaced(samples::chromium_offer(), "actpass", "passive"));
  EXPECT_EQ(setup(read(answer_again(answerer, samples::chromium_offer()))), "active");
  EXPECT_EQ(setup(read(answer_again(answerer, replaced(samples::chromium_offer(), "actpass", "passive")))), "active");
}

TEST(Negotiation, I15RoleIsTheOppositeOfWhatThePeerTakes) {  // RFC 4145 s.4.1
  Negotiation negotiation(Policy{}, session_id);
  auto incoming = negotiation.read_offer(replaced(samples::chromium_offer(), "actpass", "active")).value();
  const std::string undecided = replaced(samples::webrtcbin_offer(), "a=setup:actpass\r\n", "");
  EXPECT_EQ(setup(read(negotiation.commit_answer(std::move(incoming), undecided))), "passive");
}

TEST(Negotiation, AnAnswerFromTheStoredTextHasTheOneCodecThatIsAgreed) {
  Negotiation negotiation = agreed_as_offerer();  // we offered four, PCMU was taken
  const auto answer = read(answer_again(negotiation, browser("sendonly", "actpass")));
  EXPECT_THAT(answer.sections[0].formats, ::testing::ElementsAre("0"));
  EXPECT_EQ(answer.sections[0].port, 43210) << "the same candidate";
  EXPECT_EQ(answer.sections[0].attributes.value("ice-ufrag"), "T8hQ2mRzLw0Jc5Vx");
}

TEST(Negotiation, I04I09MediaAddedByThePeerIsRefusedAndKeepsItsPlace) {  // RFC 3264 s.8.1, s.8.2
  Negotiation negotiation = agreed_as_answerer();
  const auto answer = read(answer_again(negotiation, samples::chromium_audio_video_offer()));
  ASSERT_EQ(answer.sections.size(), 2U);
  EXPECT_EQ(answer.sections[1].port, 0);
  EXPECT_EQ(version(answer), "2");
  const auto offer = read(negotiation.reoffer());
  ASSERT_EQ(offer.sections.size(), 2U);
  EXPECT_TRUE(is_rejected(offer.sections[1]));
  negotiation.rollback();
  const auto fresh = read(negotiation.commit_offer(samples::webrtcbin_offer()));
  ASSERT_EQ(fresh.sections.size(), 2U) << "also with a new backend";
  EXPECT_TRUE(is_rejected(fresh.sections[1]));
}

TEST(Negotiation, I16AnIceRestartOrNewFingerprintIsTheBackendsBusiness) {  // RFC 8839 s.4.4.1.1.1
  Negotiation negotiation = agreed_as_answerer();
  EXPECT_TRUE(negotiation.read_offer(replaced(samples::chromium_offer(), "ufrag:Qx7k", "ufrag:Qx7l"))->needs_backend);
  EXPECT_TRUE(negotiation.read_offer(replaced(samples::chromium_offer(), "sha-256 0A", "sha-256 0B"))->needs_backend);
  EXPECT_FALSE(negotiation.read_offer(replaced(samples::chromium_offer(), "336 2 IN", "336 3 IN"))->needs_backend);
}

TEST(Negotiation, ARefusedOfferOfThePeerChangesNothing) {  // simpleuser.md: unusable SDP 488, dialog unharmed
  Negotiation negotiation = agreed_as_answerer();
  const auto local = negotiation.local();
  for (const std::string& bad : {std::string("this is no sdp"), samples::plain_rtp_offer(), std::string()}) {
    const auto refused = negotiation.read_offer(bad);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::MediaRejected);
    EXPECT_EQ(refused.error().status, 488);
    EXPECT_EQ(refused.error().detail, "Incompatible media format");
  }
  EXPECT_EQ(negotiation.local(), local);
  EXPECT_EQ(version(read(negotiation.reoffer())), "2") << "actpass instead of active, nothing else";
}

TEST(Negotiation, AnswerWithoutOfferAndOfferBeforeTheFirstAreRefused) {
  Negotiation negotiation(Policy{}, session_id);
  EXPECT_EQ(negotiation.read_answer(browser()).error().code, Errc::WrongState);
  EXPECT_EQ(negotiation.reoffer().error().code, Errc::WrongState);
  EXPECT_EQ(negotiation.commit_answer(Negotiation::Incoming{}).error().code, Errc::WrongState);
}

TEST(Negotiation, ABackendThatMakesNonsenseIsAMediaFailure) {
  Negotiation negotiation(Policy{}, session_id);
  EXPECT_FALSE(negotiation.commit_offer("this is no sdp"));
  EXPECT_EQ(negotiation.commit_offer("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n").error().code, Errc::MediaFailed);
  EXPECT_FALSE(negotiation.has_open_offer());
}

TEST(Negotiation, I14PeersOfAllShapesAreAnswered) {
  for (const std::string& offer : {samples::chromium_offer(), samples::chromium_audio_video_offer(), samples::firefox_offer(),
                                   samples::baresip_offer(), samples::asterisk_offer()}) {
    Negotiation negotiation = agreed_as_answerer(offer);
    const std::string text = write(*negotiation.local()).value();
    EXPECT_EQ(negotiation.local()->sections.size(), parse(offer)->sections.size());
    EXPECT_EQ(negotiation.local()->sections[0].attributes.has("mid"), parse(offer)->sections[0].attributes.has("mid"));
    EXPECT_FALSE(negotiation.reoffer().value().empty());
    EXPECT_THAT(text, HasSubstr("m=audio 43210 "));
  }
}

}  // namespace
}  // namespace parley::media::sdp
