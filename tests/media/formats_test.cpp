// SPDX-License-Identifier: MIT
#include <parley/media/sdp/formats.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/tests/media/sdp_samples.hpp>

#include <gmock/gmock.h>

#include <string>

namespace parley::media::sdp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

MediaSection section(std::string_view formats, std::string_view attributes) {
  return parse("v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 5 RTP/AVP " + std::string(formats) + '\n' +
               std::string(attributes))
      .value()
      .sections[0];
}

TEST(SdpFormats, I05StaticNumbersNeedNoRtpmap) {  // RFC 3551 s.6
  EXPECT_THAT(formats_of(section("0 8 9 18", "")),
              ElementsAre(PayloadFormat{0, "PCMU", 8'000, 1, ""}, PayloadFormat{8, "PCMA", 8'000, 1, ""},
                          PayloadFormat{9, "G722", 8'000, 1, ""}, PayloadFormat{18, "G729", 8'000, 1, ""}));
}

TEST(SdpFormats, I05RtpmapAndFmtpAreJoined) {  // RFC 8866 s.6.6, s.6.15
  EXPECT_THAT(formats_of(section("111 0", "a=fmtp:111 useinbandfec=1\na=rtpmap:111 OPUS/48000/2\n")),
              ElementsAre(PayloadFormat{111, "OPUS", 48'000, 2, "useinbandfec=1"}, PayloadFormat{0, "PCMU", 8'000, 1, ""}));
}

TEST(SdpFormats, I05WhatIsNoPayloadTypeIsLeftOut) {
  EXPECT_THAT(formats_of(section("96 128 255 4294967296 x -1", "a=rtpmap:128 opus/48000/2\n")), IsEmpty());
  EXPECT_THAT(formats_of(section("0 0 00", "")), ElementsAre(PayloadFormat{0, "PCMU", 8'000, 1, ""})) << "one number once";
}

TEST(SdpFormats, I05TheFirstRtpmapOfANumberCounts) {
  EXPECT_THAT(formats_of(section("0", "a=rtpmap:0 opus/48000/2\na=rtpmap:0 PCMA/8000\n")),
              ElementsAre(PayloadFormat{0, "opus", 48'000, 2, ""}));
}

TEST(SdpFormats, I05CodecsAreToldByNameWithoutCaseRateAndChannels) {  // RFC 7587 s.7, RFC 3551 s.4.5.2
  EXPECT_EQ(codec_of({96, "OPUS", 48'000, 2, ""}), Codec::Opus);
  EXPECT_EQ(codec_of({96, "opus", 48'000, 1, ""}), std::nullopt);
  EXPECT_EQ(codec_of({96, "opus", 16'000, 2, ""}), std::nullopt);
  EXPECT_EQ(codec_of({9, "g722", 8'000, 1, ""}), Codec::G722);
  EXPECT_EQ(codec_of({9, "G722", 16'000, 1, ""}), std::nullopt);
  EXPECT_EQ(codec_of({0, "pcmu", 8'000, 1, ""}), Codec::Pcmu);
  EXPECT_EQ(codec_of({8, "PCMA", 8'000, 1, ""}), Codec::Pcma);
  EXPECT_EQ(codec_of({18, "G729", 8'000, 1, ""}), std::nullopt);
}

TEST(SdpFormats, EveryCodecIsOfferedAsItIsRecognised) {
  for (const Codec codec : {Codec::Opus, Codec::G722, Codec::Pcmu, Codec::Pcma}) {
    MediaSection made;
    add_format(made, format_of(codec));
    ASSERT_EQ(formats_of(made).size(), 1U);
    EXPECT_EQ(formats_of(made)[0], format_of(codec));
    EXPECT_EQ(codec_of(formats_of(made)[0]), codec);
  }
}

TEST(SdpFormats, I17TelephoneEventHasItsOwnClockAndIsNoCodec) {  // RFC 4733 s.2.4
  const auto formats = formats_of(parse(samples::chromium_offer()).value().sections[0]);
  std::vector<std::uint32_t> clocks;
  for (const PayloadFormat& format : formats) {
    if (!is_telephone_event(format)) continue;
    EXPECT_EQ(codec_of(format), std::nullopt);
    clocks.push_back(format.clock_rate);
  }
  EXPECT_THAT(clocks, ElementsAre(48'000U, 8'000U));
  EXPECT_EQ(formats_of(parse(samples::baresip_offer()).value().sections[0])[3].parameters, "0-15");
}

TEST(SdpFormats, OneFormatIsKeptWithAllThatSpeaksOfIt) {
  MediaSection made = section("111 0 8",
                              "a=rtpmap:111 opus/48000/2\na=fmtp:111 x=1\na=rtcp-fb:111 nack\na=rtcp-fb:* ccm\na=rtpmap:0 PCMU/8000\n"
                              "a=fmtp:0 y=1\na=rtcp-fb:0 nack\na=rtpmap\na=ptime:20\n");
  keep_only_format(made, 111);
  EXPECT_THAT(made.formats, ElementsAre("111"));
  EXPECT_THAT(made.attributes, ElementsAre(Attribute{"rtpmap", "111 opus/48000/2"}, Attribute{"fmtp", "111 x=1"},
                                           Attribute{"rtcp-fb", "111 nack"}, Attribute{"rtcp-fb", "* ccm"}, Attribute{"ptime", "20"}));
}

}  // namespace
}  // namespace parley::media::sdp
