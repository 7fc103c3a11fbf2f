// SPDX-License-Identifier: MIT
#include <parley/media/null/null_factory.hpp>
#include <parley/media/sdp/attributes.hpp>
#include <parley/media/sdp/formats.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/tests/media/sdp_samples.hpp>
#include <parley/tests/support/virtual_executor.hpp>

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parley::media {
namespace {

using samples::replaced;
using ::testing::ElementsAre;

struct Observer final : SessionObserver {
  void on_media_state(State state, const std::optional<Error>&) override {
    states.push_back(state);
    if (on_state) on_state();
  }
  void on_first_media() override { ++first_media; }

  std::vector<State> states;
  int first_media = 0;
  UniqueFunction<void()> on_state;
};

class NullMedia : public ::testing::Test {
 protected:
  std::unique_ptr<Session> make(Options options = {}) { return factory.create(options, executor, observer).value(); }

  Result<std::string> offer(Session& session) {
    std::optional<Result<std::string>> got;
    session.make_offer([&](Result<std::string> sdp) { got = std::move(sdp); });
    EXPECT_FALSE(got) << "never inside the call";
    executor.run_until_idle();
    return got.value();
  }
  Result<std::string> answer(Session& session, const std::string& offered) {
    std::optional<Result<std::string>> got;
    session.accept_offer(offered, [&](Result<std::string> sdp) { got = std::move(sdp); });
    EXPECT_FALSE(got) << "never inside the call";
    executor.run_until_idle();
    return got.value();
  }
  Result<void> accept(Session& session, const std::string& answered) {
    std::optional<Result<void>> got;
    session.accept_answer(answered, [&](Result<void> done) { got = std::move(done); });
    EXPECT_FALSE(got) << "never inside the call";
    executor.run_until_idle();
    return got.value();
  }
  /// One offers, the other answers.
  void negotiate(Session& one, Session& other) {
    const auto offered = offer(one);
    ASSERT_TRUE(offered) << offered.error().text();
    const auto answered = answer(other, *offered);
    ASSERT_TRUE(answered) << answered.error().text();
    const auto done = accept(one, *answered);
    ASSERT_TRUE(done) << done.error().text();
  }

  testing::VirtualExecutor executor;
  Observer observer;
  NullFactory factory;
};

std::string version(const std::string& text) { return sdp::parse(text)->origin.session_version; }

TEST_F(NullMedia, OfferIsWhatAWebrtcEndPointWrites) {
  const auto session = make();
  const auto description = sdp::parse(offer(*session).value()).value();
  ASSERT_EQ(description.sections.size(), 1U);
  const sdp::MediaSection& section = description.sections[0];
  EXPECT_THAT(section.formats, ElementsAre("111", "9", "0", "8"));
  EXPECT_EQ(section.protocol, "UDP/TLS/RTP/SAVPF");
  const auto transport = sdp::transport_of(description, section);
  EXPECT_TRUE(sdp::is_ice_ufrag(transport.ice_ufrag));
  EXPECT_TRUE(sdp::is_ice_pwd(transport.ice_pwd));
  EXPECT_EQ(transport.setup, sdp::Setup::ActPass);
  ASSERT_EQ(transport.fingerprints.size(), 1U);
  EXPECT_TRUE(sdp::is_strong(transport.fingerprints[0]));
  EXPECT_EQ(section.connections[0].address, "127.0.0.1");
  EXPECT_EQ(sdp::parse_candidate(*section.attributes.value("candidate"))->port, section.port);
  EXPECT_TRUE(section.attributes.has("rtcp-mux"));
  EXPECT_EQ(description.attributes.value("group"), "BUNDLE 0");
}

TEST_F(NullMedia, OfferHasTheCodecsOfTheOptionInItsOrder) {
  const auto session = make({.audio_source = {}, .audio_sink = {}, .codecs = {Codec::Pcma, Codec::Opus, Codec::Pcma}});
  EXPECT_THAT(sdp::parse(offer(*session).value())->sections[0].formats, ElementsAre("8", "111"));
}

TEST_F(NullMedia, TwoSessionsAgreeAndTellTheirState) {
  const auto alice = make();
  const auto bob = make({.audio_source = {}, .audio_sink = {}, .codecs = {Codec::Pcmu}});
  EXPECT_FALSE(alice->local_stream());
  EXPECT_FALSE(alice->remote_stream());
  negotiate(*alice, *bob);
  EXPECT_EQ(alice->agreed().codec, Codec::Pcmu);
  EXPECT_EQ(bob->agreed().codec, Codec::Pcmu);
  EXPECT_EQ(alice->agreed().direction, Direction::SendRecv);
  EXPECT_THAT(observer.states, ElementsAre(State::Connecting, State::Connected, State::Connecting, State::Connected));
  EXPECT_EQ(observer.first_media, 0) << "there is none";
  EXPECT_EQ(alice->remote_stream()->id, bob->local_stream()->id);
  EXPECT_EQ(alice->remote_stream()->tracks[0].id, bob->local_stream()->tracks[0].id);
  EXPECT_EQ(alice->local_stream()->tracks[0].codec, "PCMU");
}

TEST_F(NullMedia, TwoSessionsOfOneFactoryDifferInAllThatMustBeUnique) {
  const auto one = sdp::parse(offer(*make()).value()).value();
  const auto other = sdp::parse(offer(*make()).value()).value();
  const auto transport = [](const auto& description) { return sdp::transport_of(description, description.sections[0]); };
  EXPECT_NE(one.origin.session_id, other.origin.session_id);
  EXPECT_NE(transport(one).ice_ufrag, transport(other).ice_ufrag);
  EXPECT_NE(transport(one).fingerprints, transport(other).fingerprints);
}

TEST_F(NullMedia, ChanceComesFromOutside) {
  const auto text = [&](std::uint64_t number) {
    NullFactory fixed([number] { return number; });
    return offer(*fixed.create({}, executor, observer).value()).value();
  };
  EXPECT_EQ(text(7), text(7));
  EXPECT_NE(text(7), text(8));
}

TEST_F(NullMedia, AnswersWhatPeersOffer) {
  for (const std::string& offered : {samples::chromium_offer(), samples::chromium_audio_video_offer(), samples::firefox_offer(),
                                     samples::baresip_offer(), samples::asterisk_offer(), samples::webrtcbin_offer()}) {
    const auto session = make();
    const auto answered = answer(*session, offered);
    ASSERT_TRUE(answered) << answered.error().text();
    const auto description = sdp::parse(*answered).value();
    EXPECT_EQ(description.sections.size(), sdp::parse(offered)->sections.size());
    EXPECT_EQ(description.sections[0].formats[0], sdp::parse(offered)->sections[0].formats[0]);
    EXPECT_EQ(description.sections[0].attributes.value("setup"), "active");
  }
}

TEST_F(NullMedia, TakesABrowsersAnswer) {
  const auto session = make();
  ASSERT_TRUE(offer(*session));
  ASSERT_TRUE(accept(*session, samples::answer_to_webrtcbin_offer()));
  EXPECT_EQ(session->agreed().codec, Codec::Pcmu);
}

TEST_F(NullMedia, I06WhatCannotBeUsedIsRefusedAndTheCallGoesOn) {
  const auto alice = make();
  const auto bob = make();
  negotiate(*alice, *bob);
  for (const std::string& bad : {samples::plain_rtp_offer(), samples::sdes_offer(), std::string("no sdp"), std::string()}) {
    const auto refused = answer(*bob, bad);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::MediaRejected);
    EXPECT_EQ(refused.error().status, 488);
  }
  EXPECT_EQ(bob->agreed().direction, Direction::SendRecv);
  negotiate(*alice, *bob);
}

TEST_F(NullMedia, TellsFromTheOfferAloneWhetherItCouldBeAnswered) {
  EXPECT_TRUE(factory.check_offer({}, samples::chromium_offer()));
  EXPECT_EQ(factory.check_offer({}, samples::plain_rtp_offer()).error().status, 488);
  const Options opus_only{.audio_source = {}, .audio_sink = {}, .codecs = {Codec::Opus}};
  EXPECT_EQ(factory.check_offer(opus_only, samples::asterisk_offer()).error().code, Errc::MediaRejected);
}

TEST_F(NullMedia, I07HoldAndUnholdByEachSide) {  // RFC 3264 s.8.4
  const auto alice = make();
  const auto bob = make();
  negotiate(*alice, *bob);
  alice->set_held(true);
  negotiate(*alice, *bob);
  EXPECT_EQ(alice->agreed().direction, Direction::SendOnly);
  EXPECT_EQ(bob->agreed().direction, Direction::RecvOnly);
  EXPECT_TRUE(bob->agreed().remote_hold);
  EXPECT_FALSE(alice->agreed().remote_hold);
  EXPECT_TRUE(alice->remote_stream()->tracks[0].muted);
  EXPECT_FALSE(alice->local_stream()->tracks[0].muted);
  bob->set_held(true);
  negotiate(*bob, *alice);
  EXPECT_EQ(alice->agreed().direction, Direction::Inactive);
  EXPECT_EQ(bob->agreed().direction, Direction::Inactive);
  alice->set_held(false);
  negotiate(*alice, *bob);
  EXPECT_EQ(alice->agreed().direction, Direction::RecvOnly);
  bob->set_held(false);
  negotiate(*bob, *alice);
  EXPECT_EQ(alice->agreed().direction, Direction::SendRecv);
  EXPECT_EQ(bob->agreed().direction, Direction::SendRecv);
}

TEST_F(NullMedia, I08ARefreshRepeatsTheDescriptionWithItsVersion) {
  const auto alice = make();
  const auto bob = make();
  const std::string first = offer(*alice).value();
  ASSERT_TRUE(accept(*alice, answer(*bob, first).value()));
  EXPECT_EQ(offer(*alice).value(), first);
}

TEST_F(NullMedia, RollbackForgetsTheOfferAndGlareIsRefusedUntilThen) {  // RFC 3264 s.4
  const auto alice = make();
  const auto bob = make();
  negotiate(*alice, *bob);
  alice->set_held(true);
  const std::string hold = offer(*alice).value();
  EXPECT_EQ(answer(*alice, offer(*bob).value()).error().code, Errc::Busy);
  bob->rollback();
  alice->rollback();
  alice->set_held(false);
  EXPECT_EQ(accept(*alice, hold).error().code, Errc::WrongState);
  EXPECT_EQ(alice->agreed().direction, Direction::SendRecv);
  EXPECT_EQ(version(answer(*alice, offer(*bob).value()).value()), "3") << "2 was said with the hold";
}

TEST_F(NullMedia, RollbackBeforeTheOfferWasHandedOverCancelsIt) {
  const auto alice = make();
  std::optional<Result<std::string>> got;
  alice->make_offer([&](Result<std::string> sdp) { got = std::move(sdp); });
  alice->rollback();
  executor.run_until_idle();
  EXPECT_EQ(got->error().code, Errc::Cancelled);
  EXPECT_TRUE(offer(*alice));
}

TEST_F(NullMedia, OneOperationAtATime) {
  const auto alice = make();
  std::vector<bool> outcomes;
  alice->make_offer([&](Result<std::string> sdp) { outcomes.push_back(sdp.has_value()); });
  alice->make_offer([&](Result<std::string> sdp) {
    outcomes.push_back(sdp.has_value());
    EXPECT_EQ(sdp.error().code, Errc::Busy);
  });
  executor.run_until_idle();
  EXPECT_THAT(outcomes, ElementsAre(true, false));
}

TEST_F(NullMedia, ACompletionMayStartTheNextOperationOrDestroyTheSession) {
  auto alice = make();
  const auto bob = make();
  std::string offered;
  alice->make_offer([&](Result<std::string>) {
    alice->rollback();
    alice->make_offer([&](Result<std::string> again) { offered = again.value(); });
  });
  executor.run_until_idle();
  EXPECT_FALSE(offered.empty());
  alice->accept_answer(answer(*bob, offered).value(), [&](Result<void>) { alice.reset(); });
  observer.states.clear();
  executor.run_until_idle();
  EXPECT_FALSE(alice);
  EXPECT_TRUE(observer.states.empty()) << "nothing after destruction";
}

TEST_F(NullMedia, TheObserverMayDestroyTheSession) {
  auto alice = make();
  observer.on_state = [&] { alice.reset(); };
  ASSERT_TRUE(answer(*alice, samples::chromium_offer()));
  EXPECT_THAT(observer.states, ElementsAre(State::Connecting));
}

TEST_F(NullMedia, NothingIsToldAfterDestruction) {
  auto alice = make();
  bool told = false;
  alice->make_offer([&](Result<std::string>) { told = true; });
  alice->stats([&](Stats) { told = true; });
  alice.reset();
  executor.run_until_idle();
  EXPECT_FALSE(told);
}

TEST_F(NullMedia, SessionsOutliveTheirFactory) {
  auto passing = std::make_unique<NullFactory>();
  const auto session = passing->create({}, executor, observer).value();
  passing.reset();
  EXPECT_TRUE(answer(*session, samples::chromium_offer()));
  EXPECT_TRUE(answer(*session, replaced(samples::chromium_offer(), "ufrag:Qx7k", "ufrag:Qx7l"))) << "draws new credentials";
}

TEST_F(NullMedia, I16AnIceRestartGetsNewCredentials) {  // RFC 8445 s.9
  const auto session = make();
  const auto ufrag = [](const Result<std::string>& text) {
    return std::string(*sdp::parse(text.value())->sections[0].attributes.value("ice-ufrag"));
  };
  const std::string before = ufrag(answer(*session, samples::chromium_offer()));
  EXPECT_EQ(ufrag(answer(*session, samples::chromium_offer())), before);
  EXPECT_NE(ufrag(answer(*session, replaced(samples::chromium_offer(), "ufrag:Qx7k", "ufrag:Qx7l"))), before);
}

TEST_F(NullMedia, MuteShowsInTheLocalTrackAndStatsAreZeros) {
  const auto session = make();
  ASSERT_TRUE(answer(*session, samples::chromium_offer()));
  session->set_muted(true);
  EXPECT_FALSE(session->local_stream()->tracks[0].enabled);
  EXPECT_TRUE(session->remote_stream()->tracks[0].enabled);
  session->set_muted(false);
  EXPECT_TRUE(session->local_stream()->tracks[0].enabled);
  std::optional<Stats> stats;
  session->stats([&](Stats got) { stats = std::move(got); });
  executor.run_until_idle();
  EXPECT_EQ(stats->packets_sent, 0U);
  EXPECT_EQ(stats->codec, "opus");
  EXPECT_EQ(session->send_dtmf('5', Duration{100}).error().code, Errc::NotSupported);
}

TEST_F(NullMedia, OptionsThatMakeNoSenseAreRefused) {
  EXPECT_EQ(factory.create({.video = true, .audio_source = {}, .audio_sink = {}}, executor, observer).error().code, Errc::NotSupported);
  EXPECT_EQ(factory.create({.audio = false, .audio_source = {}, .audio_sink = {}}, executor, observer).error().code, Errc::BadValue);
  EXPECT_EQ(factory.create({.audio_source = {}, .audio_sink = {}, .codecs = {}}, executor, observer).error().code, Errc::BadValue);
}

TEST(VirtualExecutor, RunsTasksInOrderAndAlarmsAtTheirTime) {
  testing::VirtualExecutor executor;
  const TimePoint start = executor.now();
  std::vector<std::string> log;
  std::unique_ptr<Deadline> once;
  once = executor.make_deadline([&] {
    log.push_back("alarm at " + std::to_string((executor.now() - start).count()));
    once.reset();
  });
  once->set(start + Duration{5});
  const auto past = executor.make_deadline([&] { log.push_back("past"); });
  past->set(start - Duration{1});
  executor.post([&] {
    log.push_back("first");
    executor.post([&] { log.push_back("posted by first"); });
  });
  executor.advance(Duration{4});
  EXPECT_THAT(log, ElementsAre("first", "posted by first", "past"));
  executor.advance(Duration{10});
  EXPECT_EQ(log.back(), "alarm at 5");
  EXPECT_EQ(executor.now() - start, Duration{14});
  EXPECT_EQ(executor.next_due(), std::nullopt);
  executor.close();
  EXPECT_FALSE(executor.post([] {}));
}

}  // namespace
}  // namespace parley::media
