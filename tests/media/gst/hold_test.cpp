// SPDX-License-Identifier: MIT
#include "pair.hpp"

namespace parley::media::testing {
namespace {

bool has_line(const std::string& text, const std::string& line) { return text.find(line + "\r\n") != std::string::npos; }

class Hold : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(pair_.connect()); }

  /// A re-INVITE of `from`. @return offer and answer.
  std::pair<std::string, std::string> renegotiate(End& from, End& to) {
    const auto offer = from.offer();
    EXPECT_TRUE(offer) << offer.error().text();
    const auto answer = to.answer_to(*offer);
    EXPECT_TRUE(answer) << answer.error().text();
    const auto taken = from.take_answer(*answer);
    EXPECT_TRUE(taken) << taken.error().text();
    return {*offer, *answer};
  }

  void expect_sound_both_ways() {
    EXPECT_TRUE(pair_.a.hears(880.0));
    EXPECT_TRUE(pair_.b.hears(440.0));
  }

  Pair pair_;
  End& a_ = pair_.a;
  End& b_ = pair_.b;
};

TEST_F(Hold, HolderHearsNothingAndSendsSilence) {  // RFC 3264 s.8.4
  a_.session().set_held(true);
  const auto [offer, answer] = renegotiate(a_, b_);
  EXPECT_TRUE(has_line(offer, "a=sendonly")) << offer;
  EXPECT_TRUE(has_line(answer, "a=recvonly")) << answer;
  EXPECT_EQ(a_.session().agreed().direction, Direction::SendOnly);
  EXPECT_FALSE(a_.session().agreed().remote_hold);
  EXPECT_EQ(b_.session().agreed().direction, Direction::RecvOnly);
  EXPECT_TRUE(b_.session().agreed().remote_hold);

  EXPECT_TRUE(a_.hears_silence());
  EXPECT_TRUE(b_.hears_silence());
  EXPECT_FALSE(a_.receives_packets()) << "the held side goes on sending";
  EXPECT_TRUE(b_.receives_packets()) << "the holder's RTP stopped";

  a_.session().set_held(false);
  renegotiate(a_, b_);
  expect_sound_both_ways();
}

TEST_F(Hold, AnswererHoldsToo) {
  b_.session().set_held(true);
  renegotiate(b_, a_);
  EXPECT_TRUE(a_.hears_silence());
  EXPECT_TRUE(b_.hears_silence());
  EXPECT_TRUE(a_.session().agreed().remote_hold);
  b_.session().set_held(false);
  renegotiate(b_, a_);
  expect_sound_both_ways();
}

TEST_F(Hold, BothHoldAndNothingFlows) {
  a_.session().set_held(true);
  renegotiate(a_, b_);
  b_.session().set_held(true);
  const auto [offer, answer] = renegotiate(b_, a_);
  EXPECT_TRUE(has_line(offer, "a=inactive")) << offer;
  EXPECT_TRUE(has_line(answer, "a=inactive")) << answer;
  pair_.executor.run_for(200ms);
  EXPECT_FALSE(a_.receives_packets());
  EXPECT_FALSE(b_.receives_packets());

  a_.session().set_held(false);
  renegotiate(a_, b_);
  b_.session().set_held(false);
  renegotiate(b_, a_);
  expect_sound_both_ways();
}

TEST_F(Hold, ManyRoundsFromEitherSideBringTheSoundBack) {
  for (int round = 0; round < 3; ++round) {
    End& holder = round % 2 == 0 ? a_ : b_;
    End& other = round % 2 == 0 ? b_ : a_;
    holder.session().set_held(true);
    renegotiate(holder, other);
    EXPECT_TRUE(other.hears_silence());
    holder.session().set_held(false);
    renegotiate(holder, other);
    expect_sound_both_ways();
  }
}

TEST_F(Hold, OffersAfterRoleChangeAreActpassAndOfSameTransport) {  // RFC 8842 s.5.2
  const auto first = a_.offer();
  ASSERT_TRUE(first);
  a_.session().rollback();
  const auto [offer, answer] = renegotiate(b_, a_);
  EXPECT_TRUE(has_line(offer, "a=setup:actpass")) << offer;
  EXPECT_FALSE(has_line(answer, "a=setup:actpass")) << answer;
  EXPECT_EQ(answer.find("trickle"), std::string::npos);
}

TEST_F(Hold, RefusedReofferLeavesEverythingAndHoldWorksAfterwards) {
  a_.session().set_held(true);
  ASSERT_TRUE(a_.offer());
  a_.session().rollback();
  EXPECT_EQ(a_.session().agreed().direction, Direction::SendRecv);
  expect_sound_both_ways();

  renegotiate(a_, b_);
  EXPECT_TRUE(b_.hears_silence());
  a_.session().set_held(false);
  renegotiate(a_, b_);
  expect_sound_both_ways();
}

TEST_F(Hold, WishAloneChangesNothing) {
  a_.session().set_held(true);
  pair_.executor.run_for(600ms);
  expect_sound_both_ways();
}

TEST_F(Hold, OfferDuringOurOwnIsBusyAndHarmless) {  // glare, RFC 3261 s.14.1
  const auto ours = a_.offer();
  const auto theirs = b_.offer();
  ASSERT_TRUE(ours && theirs);
  const auto answer = a_.answer_to(*theirs);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::Busy);
  a_.session().rollback();
  b_.session().rollback();
  renegotiate(a_, b_);
  expect_sound_both_ways();
}

TEST_F(Hold, MuteIsSilenceWhileRtpGoesOnAndSurvivesHold) {
  a_.session().set_muted(true);
  EXPECT_TRUE(b_.hears_silence());
  EXPECT_TRUE(b_.receives_packets());
  EXPECT_TRUE(a_.hears(880.0));
  EXPECT_FALSE(a_.session().local_stream()->tracks.front().enabled);

  a_.session().set_held(true);
  renegotiate(a_, b_);
  a_.session().set_held(false);
  renegotiate(a_, b_);
  EXPECT_TRUE(a_.hears(880.0));
  EXPECT_TRUE(b_.hears_silence());

  a_.session().set_muted(false);
  EXPECT_TRUE(b_.hears(440.0));
  EXPECT_TRUE(a_.session().local_stream()->tracks.front().enabled);
}

TEST(Mute, WishBeforeTheCallIsRemembered) {
  Pair pair;
  pair.a.session().set_muted(true);
  ASSERT_TRUE(pair.connect());
  EXPECT_TRUE(pair.a.hears(880.0));
  EXPECT_TRUE(pair.b.hears_silence());
  EXPECT_TRUE(pair.b.receives_packets());
  pair.a.session().set_muted(false);
  EXPECT_TRUE(pair.b.hears(440.0));
}

TEST_F(Hold, StreamsAndTracksTellWhatFlows) {
  const auto local = a_.session().local_stream();
  const auto remote = a_.session().remote_stream();
  ASSERT_TRUE(local && remote);
  EXPECT_FALSE(local->id.empty());
  ASSERT_EQ(local->tracks.size(), 1U);
  EXPECT_EQ(local->tracks.front().codec, "opus");
  EXPECT_FALSE(local->tracks.front().muted);
  EXPECT_FALSE(remote->tracks.front().muted);
  EXPECT_GT(local->tracks.front().level, -30.0);
  a_.session().set_held(true);
  renegotiate(a_, b_);
  EXPECT_TRUE(a_.session().remote_stream()->tracks.front().muted);
  EXPECT_TRUE(b_.session().local_stream()->tracks.front().muted);
}

}  // namespace
}  // namespace parley::media::testing
