// SPDX-License-Identifier: MIT
#include "pair.hpp"

#include <cstdio>

namespace parley::media::testing {
namespace {

/// The offer carries all codecs; the other side knows one, and so takes it.
void expect_sound_both_ways(Codec codec) {
  Options one_codec = tone_options(880.0);
  one_codec.codecs = {codec};
  Pair pair(tone_options(440.0), one_codec);
  ASSERT_TRUE(pair.connect());
  EXPECT_TRUE(pair.a.hears(880.0));
  EXPECT_TRUE(pair.b.hears(440.0));
  for (End* end : {&pair.a, &pair.b}) {
    const auto stats = end->stats();
    EXPECT_EQ(stats.codec, to_string(codec));
    EXPECT_GT(stats.packets_sent, 1U);
    EXPECT_GT(stats.packets_received, 1U);
    EXPECT_EQ(end->session().agreed().codec, codec);
    EXPECT_EQ(end->session().agreed().direction, Direction::SendRecv);
    EXPECT_EQ(end->states(), (std::vector{State::Connecting, State::Connected}));
  }
}

TEST(GstSession, OpusGivesSoundBothWays) { expect_sound_both_ways(Codec::Opus); }
TEST(GstSession, G722GivesSoundBothWays) { expect_sound_both_ways(Codec::G722); }
TEST(GstSession, PcmuGivesSoundBothWays) { expect_sound_both_ways(Codec::Pcmu); }
TEST(GstSession, PcmaGivesSoundBothWays) { expect_sound_both_ways(Codec::Pcma); }

TEST(GstSession, OfferNamesTheCodecsInTheOrderOfTheOption) {
  Options options = tone_options(440.0);
  options.codecs = {Codec::Pcma, Codec::Opus, Codec::G722, Codec::Pcmu};
  Pair pair(options);
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer) << offer.error().text();
  EXPECT_NE(offer->find(" UDP/TLS/RTP/SAVPF 8 111 9 0\r\n"), std::string::npos) << *offer;
}

TEST(GstSession, FirstSoundComesSoonAfterTheOffer) {
  Pair pair;
  pair.factory->warm_up();
  ASSERT_TRUE(pair.connect());  // whatever is loaded at first use is loaded now
  Pair warm;
  const auto start = warm.executor.now();
  ASSERT_TRUE(warm.connect());
  const auto took = warm.executor.now() - start;
  std::printf("offer to first decoded sound at both ends: %d ms\n", static_cast<int>(took.count()));
  ::testing::Test::RecordProperty("setup_ms", static_cast<int>(took.count()));
  EXPECT_LT(took, 2s);  // about 90 ms; a loaded machine and sanitizers take longer
}

}  // namespace
}  // namespace parley::media::testing
