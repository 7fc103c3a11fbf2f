// SPDX-License-Identifier: MIT
#include <parley/media/session.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::media {
namespace {

using Kind = AudioEndpoint::Kind;

TEST(AudioEndpoint, IsReadFromItsText) {
  EXPECT_EQ(AudioEndpoint::from_text("device")->kind, Kind::Device);
  EXPECT_EQ(AudioEndpoint::from_text("silence")->kind, Kind::Silence);
  EXPECT_EQ(AudioEndpoint::from_text("tone")->tone_hz, 440.0);
  EXPECT_EQ(AudioEndpoint::from_text("tone:880")->kind, Kind::Tone);
  EXPECT_EQ(AudioEndpoint::from_text("tone:880.5")->tone_hz, 880.5);
  EXPECT_EQ(AudioEndpoint::from_text("tone:20")->tone_hz, 20.0);
  EXPECT_EQ(AudioEndpoint::from_text("file:/var/ring.wav")->kind, Kind::File);
  EXPECT_EQ(AudioEndpoint::from_text("file:/var/ring.wav")->argument, "/var/ring.wav");
  EXPECT_EQ(AudioEndpoint::from_text("alsasrc device=hw:1 ! audioconvert")->kind, Kind::Gst);
  EXPECT_EQ(AudioEndpoint::from_text("alsasrc device=hw:1 ! audioconvert")->argument, "alsasrc device=hw:1 ! audioconvert");
}

TEST(AudioEndpoint, ThatMakesNoSenseIsRefusedWithASentence) {
  for (const std::string& bad : {std::string(), std::string("tone:"), std::string("tone:loud"), std::string("tone:19.9"),
                                 std::string("tone:20001"), std::string("tone:nan"), std::string("tone:inf"), std::string("tone:-440"),
                                 std::string("tone:440Hz"), std::string("file:"), std::string("a\0b", 3)}) {
    const auto result = AudioEndpoint::from_text(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().code, Errc::BadValue) << bad;
    EXPECT_NE(result.error().reason, nullptr) << bad;
  }
}

TEST(Codec, IsReadInAnyCase) {
  for (const Codec codec : {Codec::Opus, Codec::G722, Codec::Pcmu, Codec::Pcma}) EXPECT_EQ(codec_from_text(to_string(codec)), codec);
  EXPECT_EQ(codec_from_text("OPUS"), Codec::Opus);
  EXPECT_EQ(codec_from_text("g.722"), Codec::G722);
  EXPECT_EQ(codec_from_text("g729"), std::nullopt);
  EXPECT_EQ(codec_from_text(""), std::nullopt);
}

TEST(MediaState, HasANameInLowerCase) {
  EXPECT_EQ(to_string(State::New), "new");
  EXPECT_EQ(to_string(State::Disconnected), "disconnected");
  EXPECT_EQ(to_string(Direction::RecvOnly), "recvonly");
}

}  // namespace
}  // namespace parley::media
