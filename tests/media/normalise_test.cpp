// SPDX-License-Identifier: MIT
#include <parley/media/sdp/normalise.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>
#include <parley/tests/media/sdp_samples.hpp>

#include <gmock/gmock.h>

#include <string>

namespace parley::media::sdp {
namespace {

using samples::replaced;
using samples::without_line;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

SessionDescription normalised(const std::string& text) {
  const auto remote = parse(text).value();
  const auto choice = choose_from_offer(remote, Policy{}).value();
  const auto result = normalise_remote(remote, choice);
  EXPECT_TRUE(write(result)) << "a backend gets it as text";
  return result;
}

TEST(NormaliseRemote, I13SessionAttributesGoIntoTheSectionAndAMidIsAdded) {  // what webrtcbin asks for
  const auto result = normalised(samples::baresip_offer());
  for (const char* name : {"setup", "fingerprint", "ice-ufrag", "ice-pwd"}) EXPECT_FALSE(result.attributes.has(name)) << name;
  const Attributes& section = result.sections[0].attributes;
  EXPECT_EQ(section.value("setup"), "actpass");
  EXPECT_EQ(section.value("ice-ufrag"), "Wb3p");
  EXPECT_EQ(section.value("ice-pwd"), "Xn7cRt2vLm9kQj4hZs6dFg");
  EXPECT_THAT(std::string(*section.value("fingerprint")), ::testing::StartsWith("sha-256 2A:3B:"));
  EXPECT_EQ(section.value("mid"), "0");
  EXPECT_FALSE(result.attributes.has("group")) << "a group that was not offered";
}

TEST(NormaliseRemote, OnlyTheChosenFormatStaysWithoutItsSprop) {
  const auto result = normalised(samples::baresip_offer());
  EXPECT_THAT(result.sections[0].formats, ElementsAre("96"));
  EXPECT_EQ(result.sections[0].attributes.value("rtpmap"), "96 opus/48000/2");
  EXPECT_EQ(result.sections[0].attributes.value("fmtp"), "96 stereo=1");
  const auto bare = normalised(replaced(samples::baresip_offer(), "stereo=1;sprop-stereo=1", "sprop-stereo=1; SPROP-x=2"));
  EXPECT_FALSE(bare.sections[0].attributes.has("fmtp"));
  EXPECT_EQ(normalised(samples::chromium_offer()).sections[0].attributes.value("fmtp"), "111 minptime=10;useinbandfec=1");
}

TEST(NormaliseRemote, I04RefusedAndOtherSectionsAreKeptAway) {
  const auto result = normalised(samples::chromium_audio_video_offer());
  ASSERT_EQ(result.sections.size(), 1U);
  EXPECT_EQ(result.sections[0].media, "audio");
  EXPECT_EQ(result.attributes.value("group"), "BUNDLE 0");
}

TEST(NormaliseRemote, I13ABundleOnlySectionGetsAPort) {  // RFC 9143 s.6
  const std::string bundled =
      replaced(replaced(samples::chromium_offer(), "audio 51672", "audio 0"), "a=mid:0", "a=bundle-only\r\na=mid:0");
  const auto result = normalised(bundled);
  EXPECT_NE(result.sections[0].port, 0);
  EXPECT_FALSE(result.sections[0].attributes.has("bundle-only"));
}

TEST(NormaliseRemote, I07DirectionIsAlwaysSendrecv) {
  EXPECT_TRUE(normalised(replaced(samples::chromium_offer(), "a=sendrecv", "a=inactive")).sections[0].attributes.has("sendrecv"));
  const auto session_level =
      normalised(replaced(without_line(samples::chromium_offer(), "a=sendrecv"), "a=group", "a=recvonly\r\na=group"));
  EXPECT_FALSE(session_level.attributes.has("recvonly"));
  EXPECT_TRUE(session_level.sections[0].attributes.has("sendrecv"));
}

TEST(NormaliseRemote, TrickleTcpAndUnreadableCandidatesAreTakenOut) {
  const auto chromium = normalised(replaced(samples::chromium_offer(), "a=mid:0", "a=candidate:junk\r\na=mid:0"));
  std::size_t candidates = 0;
  for (const Attribute& attribute : chromium.sections[0].attributes) {
    if (attribute.name != "candidate") continue;
    EXPECT_TRUE(parse_candidate(*attribute.value)->is_udp());
    ++candidates;
  }
  EXPECT_EQ(candidates, 2U);
  EXPECT_FALSE(chromium.sections[0].attributes.has("ice-options"));
  EXPECT_EQ(normalised(samples::firefox_offer()).attributes.value("ice-options"), "ice2");
}

TEST(DefaultCandidate, IsUdpLiteralRelayedFirstIpv4First) {  // RFC 8839 s.4.2.1.2
  const auto of = [](std::string_view candidates) {
    MediaSection section;
    for (std::size_t end; !candidates.empty(); candidates.remove_prefix(end + 1)) {
      end = candidates.find('\n');
      section.attributes.add("candidate", candidates.substr(0, end));
    }
    const auto best = default_candidate(section);
    return best ? best->address : "";
  };
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("1 1 TCP 900 192.0.2.1 9 typ host\n1 1 UDP 1 192.0.2.2 5 typ host\n"), "192.0.2.2");
  EXPECT_EQ(of("1 1 UDP 9 2001:db8::1 5 typ host\n1 1 UDP 1 192.0.2.2 5 typ host\n"), "192.0.2.2");
  EXPECT_EQ(of("1 1 UDP 1 192.0.2.1 5 typ host\n1 1 UDP 9 192.0.2.2 5 typ host\n"), "192.0.2.2");
  EXPECT_EQ(of("1 1 UDP 9 192.0.2.1 5 typ host\n1 1 UDP 1 192.0.2.2 5 typ srflx\n"), "192.0.2.2");
  EXPECT_EQ(of("1 1 UDP 9 192.0.2.1 5 typ srflx\n1 1 UDP 1 192.0.2.2 5 typ relay\n"), "192.0.2.2");
  EXPECT_EQ(of("1 2 UDP 9 192.0.2.1 5 typ host\n"), "") << "RTCP's";
  EXPECT_EQ(of("1 1 UDP 9 abcd.local 5 typ host\n"), "") << "mDNS";
  EXPECT_EQ(of("1 1 UDP 9 2001:db8::1 5 typ host\n"), "2001:db8::1");
}

TEST(FinishLocal, AddressOfTheDefaultCandidateStandsInMAndC) {
  const auto result = finish_local(parse(samples::webrtcbin_offer()).value(), Direction::SendOnly, sdp::Setup::ActPass);
  const MediaSection& section = result.sections[0];
  EXPECT_EQ(section.port, 43210);
  EXPECT_THAT(section.connections, ElementsAre(Connection{"IN", "IP4", "192.0.2.30", std::nullopt, std::nullopt}));
  EXPECT_TRUE(section.attributes.has("sendonly"));
  const std::string text = write(result).value();
  EXPECT_THAT(text, Not(HasSubstr("TCP ")));
  EXPECT_THAT(text, Not(HasSubstr("trickle")));
  EXPECT_THAT(text, HasSubstr("a=rtcp-mux\r\n"));
  EXPECT_THAT(text, HasSubstr("a=rtcp-rsize\r\n"));
  EXPECT_THAT(text, HasSubstr("a=group:BUNDLE audio0\r\n"));
}

TEST(FinishLocal, AnIpv6CandidateGivesAnIp6Connection) {
  const std::string only6 = without_line(samples::webrtcbin_offer(), "a=candidate:1 ");
  const auto result = finish_local(parse(only6).value(), Direction::SendRecv, sdp::Setup::ActPass);
  EXPECT_EQ(result.sections[0].connections[0], (Connection{"IN", "IP6", "2001:db8::30", std::nullopt, std::nullopt}));
  EXPECT_EQ(result.sections[0].port, 43211);
}

TEST(FinishLocal, WithoutCandidatesTheDummyAddressStays) {  // RFC 8839 s.4.3.1
  const std::string none = samples::without_lines(samples::webrtcbin_offer(), "a=candidate");
  const auto result = finish_local(parse(none).value(), Direction::SendRecv, sdp::Setup::ActPass);
  EXPECT_EQ(result.sections[0].port, 9);
  EXPECT_EQ(result.sections[0].connections[0].address, "0.0.0.0");
}

TEST(FinishLocal, SetupIsAsAskedFor) {  // RFC 8842 s.5.2: actpass in every offer
  const std::string active = replaced(samples::webrtcbin_offer(), "setup:actpass", "setup:active");
  EXPECT_EQ(finish_local(parse(active).value(), Direction::SendRecv, sdp::Setup::ActPass).sections[0].attributes.value("setup"), "actpass");
}

TEST(FinishLocal, I04I09RefusedSectionsAreBackInTheirPlaces) {  // RFC 3264 s.6
  const std::string video = "m=video 7 RTP/AVP 31 34\r\nc=IN IP4 192.0.2.1\r\n";
  const auto offer = parse(replaced(samples::chromium_audio_video_offer(), "m=audio", video + "m=audio")).value();
  const auto answer = finish_local(parse(samples::webrtcbin_offer()).value(), Direction::SendRecv, sdp::Setup::Active, &offer, 1);
  ASSERT_EQ(answer.sections.size(), 3U);
  EXPECT_EQ(answer.sections[0].protocol, "RTP/AVP");
  EXPECT_EQ(answer.sections[0].port, 0);
  EXPECT_THAT(answer.sections[0].formats, ElementsAre("31"));
  EXPECT_EQ(answer.sections[1].media, "audio");
  EXPECT_EQ(answer.sections[1].attributes.value("mid"), "0") << "the offer's, not the backend's";
  EXPECT_EQ(answer.sections[1].attributes.value("setup"), "active");
  EXPECT_EQ(answer.sections[2].port, 0);
  EXPECT_EQ(answer.attributes.value("group"), "BUNDLE 0");
}

TEST(FinishLocal, I13MidGroupAndMuxGoWhenTheOfferHadNone) {  // RFC 9143 s.7.3, RFC 5761 s.5.1.1
  const auto offer = parse(without_line(samples::baresip_offer(), "a=rtcp-mux")).value();
  const auto answer = finish_local(parse(samples::webrtcbin_offer()).value(), Direction::SendRecv, sdp::Setup::Active, &offer, 0);
  EXPECT_FALSE(answer.attributes.has("group"));
  EXPECT_FALSE(answer.sections[0].attributes.has("mid"));
  EXPECT_FALSE(answer.sections[0].attributes.has("rtcp-mux"));
  EXPECT_FALSE(answer.sections[0].attributes.has("rtcp-rsize"));
}

TEST(FinishLocal, I14TheProfileOfTheOfferIsKept) {  // RFC 8829 s.5.3.1
  const auto offer = parse(replaced(samples::chromium_offer(), "UDP/TLS/RTP/SAVPF", "RTP/SAVPF")).value();
  const auto answer = finish_local(parse(samples::webrtcbin_offer()).value(), Direction::SendRecv, sdp::Setup::Active, &offer, 0);
  EXPECT_EQ(answer.sections[0].protocol, "RTP/SAVPF");
  EXPECT_EQ(normalise_remote(offer, choose_from_offer(offer, Policy{}).value()).sections[0].protocol, "UDP/TLS/RTP/SAVPF");
}

}  // namespace
}  // namespace parley::media::sdp
