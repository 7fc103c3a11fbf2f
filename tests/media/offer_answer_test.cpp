// SPDX-License-Identifier: MIT
#include <parley/media/sdp/offer_answer.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/tests/media/sdp_samples.hpp>

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace parley::media::sdp {
namespace {

using samples::replaced;
using samples::without_line;
using samples::without_lines;
using ::testing::ElementsAre;

Result<AudioChoice> choose(const std::string& offer, std::vector<Codec> codecs = Policy{}.codecs) {
  return choose_from_offer(parse(offer).value(), Policy{true, std::move(codecs)});
}

Result<AudioChoice> answered(const std::string& answer, const std::string& offer = samples::webrtcbin_offer()) {
  return choose_from_answer(parse(offer).value(), parse(answer).value());
}

void expect_rejected(const Result<AudioChoice>& choice, const char* warning, const char* what) {
  ASSERT_FALSE(choice) << what;
  EXPECT_EQ(choice.error().code, Errc::MediaRejected) << what;
  EXPECT_EQ(choice.error().status, 488) << what;
  EXPECT_EQ(choice.error().detail, warning) << what;
  EXPECT_NE(choice.error().reason, nullptr) << what;
}

// RFC 3261 s.20.43
constexpr const char* warning304 = "Media type not available";
constexpr const char* warning305 = "Incompatible media format";

struct CodecCase {
  const char* what;
  std::string offer;
  std::vector<Codec> allowed;
  Codec codec;
  std::uint8_t payload_type;
};

TEST(OfferAnswer, I05TakesTheFirstAllowedCodecOfTheOfferUnderItsNumber) {  // RFC 3264 s.6.1
  const std::vector<Codec> all = Policy{}.codecs;
  for (const CodecCase& each : {
           CodecCase{"opus as 111", samples::chromium_offer(), all, Codec::Opus, 111},
           CodecCase{"opus as 109", samples::firefox_offer(), all, Codec::Opus, 109},
           CodecCase{"opus as 96", samples::baresip_offer(), all, Codec::Opus, 96},
           CodecCase{"no opus", samples::asterisk_offer(), all, Codec::Pcmu, 0},
           CodecCase{"opus not allowed", samples::chromium_offer(), {Codec::Pcma, Codec::Pcmu}, Codec::Pcmu, 0},
           CodecCase{"G722 alone allowed", samples::firefox_offer(), {Codec::G722}, Codec::G722, 9},
           CodecCase{"static, without rtpmap", without_line(samples::asterisk_offer(), "a=rtpmap:0"), all, Codec::Pcmu, 0},
           CodecCase{"dynamic number for a static codec",
                     replaced(replaced(samples::asterisk_offer(), "SAVPF 0 8", "SAVPF 99 8"), "a=rtpmap:0 P", "a=rtpmap:99 p"), all,
                     Codec::Pcmu, 99},
       }) {
    const auto choice = choose(each.offer, each.allowed);
    ASSERT_TRUE(choice) << each.what << ": " << choice.error().text();
    EXPECT_EQ(choice->codec, each.codec) << each.what;
    EXPECT_EQ(choice->send.payload_type, each.payload_type) << each.what;
    EXPECT_EQ(choice->receive_payload_type, each.payload_type) << each.what;
  }
}

TEST(OfferAnswer, KeepsTheCodecInUseWhenItIsOfferedAgain) {  // RFC 3264 s.8.3.2
  const auto first = choose(samples::asterisk_offer()).value();
  const auto reordered = parse(replaced(samples::asterisk_offer(), "SAVPF 0 8", "SAVPF 8 0")).value();
  EXPECT_EQ(choose_from_offer(reordered, Policy{})->codec, Codec::Pcma);
  EXPECT_EQ(choose_from_offer(reordered, Policy{}, &first)->codec, Codec::Pcmu);
  const auto gone = parse(replaced(samples::asterisk_offer(), "SAVPF 0 8", "SAVPF 8")).value();
  EXPECT_EQ(choose_from_offer(gone, Policy{}, &first)->codec, Codec::Pcma);
}

TEST(OfferAnswer, I06NoCodecInCommonIs488WithWarning305) {  // RFC 3264 s.6, RFC 3261 s.20.43
  expect_rejected(choose(samples::asterisk_offer(), {Codec::Opus}), warning305, "opus against G.711");
  expect_rejected(choose(replaced(samples::firefox_offer(), "109 9 0 8 101", "18")), warning305, "G.729 only");
}

TEST(OfferAnswer, I17TelephoneEventAloneIsNoCodec) {  // RFC 4733
  expect_rejected(choose(replaced(samples::asterisk_offer(), "SAVPF 0 8 101", "SAVPF 101")), warning305, "telephone-event");
}

TEST(OfferAnswer, I14OnlyDtlsSrtpProfilesAreTaken) {  // RFC 8829 s.5.1.2
  const auto with_profile = [](const char* profile) { return replaced(samples::chromium_offer(), "UDP/TLS/RTP/SAVPF", profile); };
  for (const char* good : {"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF", "TCP/DTLS/RTP/SAVPF", "udp/tls/rtp/savpf"}) {
    EXPECT_TRUE(choose(with_profile(good))) << good;
  }
  for (const char* bad : {"RTP/AVP", "RTP/AVPF", "RTP/SAVP", "UDP/TLS/UDPTL", "udp"})
    expect_rejected(choose(with_profile(bad)), warning305, bad);
  expect_rejected(choose(samples::plain_rtp_offer()), warning305, "plain RTP");
}

TEST(OfferAnswer, I15FingerprintMustBeThereAndStrong) {  // RFC 8122 s.5, RFC 8842 s.5.1
  const std::string offer = samples::chromium_offer();
  expect_rejected(choose(without_line(offer, "a=fingerprint")), warning305, "none");
  const std::string octets19 = "0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:";
  expect_rejected(choose(without_line(replaced(offer, "a=fingerprint", "a=fingerprint:sha-1 " + octets19 + "0A\r\na=was"), "a=was")),
                  warning305, "sha-1");
  const auto both = choose(replaced(offer, "a=fingerprint", "a=fingerprint:sha-1 " + octets19 + "0A\r\na=fingerprint"));
  ASSERT_TRUE(both) << "a strong one beside a weak one";
  ASSERT_EQ(both->transport.fingerprints.size(), 1U);
  EXPECT_EQ(both->transport.fingerprints[0].hash, "sha-256");
}

TEST(OfferAnswer, I15SetupOfAnOfferLeavesUsARole) {  // RFC 4145 s.4.1
  EXPECT_EQ(choose(samples::chromium_offer())->transport.setup, sdp::Setup::ActPass);
  EXPECT_EQ(choose(without_line(samples::chromium_offer(), "a=setup"))->transport.setup, sdp::Setup::Active) << "the default of an offer";
  expect_rejected(choose(replaced(samples::chromium_offer(), "setup:actpass", "setup:holdconn")), warning305, "holdconn");
}

TEST(OfferAnswer, I13IceCredentialsMustBeThere) {  // RFC 8839 s.5.4
  expect_rejected(choose(without_line(samples::chromium_offer(), "a=ice-ufrag")), warning305, "no ufrag");
  expect_rejected(choose(without_line(samples::chromium_offer(), "a=ice-pwd")), warning305, "no pwd");
}

TEST(OfferAnswer, I12UnknownMediaLeavesTheSoundAlone) {  // RFC 3264 s.6
  const std::string unknown = "m=holo 7 QUIC/HOLO x y\r\nc=IN IP4 192.0.2.1\r\n";
  const auto choice = choose(replaced(samples::chromium_offer(), "m=audio", unknown + "m=audio"));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->section, 1U);
}

TEST(OfferAnswer, I18FaxFloorAndMessageMediaAreRefused) {  // RFC 3362, RFC 8856, RFC 4975
  const std::string head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
  for (const char* line :
       {"m=image 4000 udptl t38", "m=application 4001 TCP/BFCP *", "m=message 4002 TCP/MSRP *", "m=text 4003 RTP/AVP 98"}) {
    expect_rejected(choose(head + line + "\r\n"), warning304, line);
    const MediaSection refused = refuse(parse(head + line + "\r\n")->sections[0]);
    EXPECT_EQ(refused.port, 0) << line;
    EXPECT_EQ(refused.formats, parse(head + line + "\r\n")->sections[0].formats) << line;
  }
}

TEST(OfferAnswer, WithoutSoundThereIsNothingToTake) {
  expect_rejected(choose("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"), warning304, "empty session");
  expect_rejected(choose(replaced(samples::chromium_offer(), "audio 51672", "audio 0")), warning304, "ended section");
  expect_rejected(choose_from_offer(parse(samples::chromium_offer()).value(), Policy{false, Policy{}.codecs}), warning304,
                  "no sound wanted");
}

TEST(OfferAnswer, AnOfferCanBeCheckedByItsText) {
  EXPECT_TRUE(check_offer(samples::chromium_offer(), Policy{}));
  EXPECT_EQ(check_offer(samples::plain_rtp_offer(), Policy{}).error().status, 488);
  const auto unreadable = check_offer("v=0\r\nno", Policy{});
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error().code, Errc::MediaRejected);
  EXPECT_EQ(unreadable.error().offset, 5U);
}

TEST(OfferAnswer, TheSecondSectionOfSoundIsTakenWhenTheFirstCannotBe) {
  const std::string plain = "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n";
  EXPECT_EQ(choose(replaced(samples::chromium_offer(), "m=audio", plain + "m=audio"))->section, 1U);
}

TEST(OfferAnswer, I04RefusalKeepsProfileFormatAndMid) {  // RFC 3264 s.6, RFC 8829 s.5.3.1
  const MediaSection refused = refuse(parse(samples::chromium_audio_video_offer())->sections[1]);
  EXPECT_EQ(refused.media, "video");
  EXPECT_EQ(refused.port, 0);
  EXPECT_EQ(refused.protocol, "UDP/TLS/RTP/SAVPF");
  EXPECT_THAT(refused.formats, ElementsAre("96"));
  EXPECT_EQ(refused.attributes.value("mid"), "1");
  EXPECT_TRUE(is_rejected(refused)) << "bundle-only must not survive";
  MediaSection formatless;
  formatless.formats.clear();
  EXPECT_THAT(refuse(formatless).formats, ElementsAre("0"));
}

struct DirectionCase {
  Direction remote;
  Direction answer;
  Direction answer_when_held;
};

TEST(OfferAnswer, I07DirectionsMirrorAndHoldTakesReceivingAway) {  // RFC 3264 s.6.1, s.8.4
  for (const DirectionCase& each : {DirectionCase{Direction::SendRecv, Direction::SendRecv, Direction::SendOnly},
                                    {Direction::SendOnly, Direction::RecvOnly, Direction::Inactive},
                                    {Direction::RecvOnly, Direction::SendOnly, Direction::SendOnly},
                                    {Direction::Inactive, Direction::Inactive, Direction::Inactive}}) {
    EXPECT_EQ(reversed(each.remote), each.answer);
    EXPECT_EQ(with_hold(reversed(each.remote), true), each.answer_when_held);
    EXPECT_EQ(reversed(reversed(each.remote)), each.remote);
    EXPECT_EQ(common(each.remote, Direction::SendRecv), each.remote);
  }
  EXPECT_EQ(common(Direction::SendOnly, Direction::RecvOnly), Direction::Inactive);
}

TEST(OfferAnswer, I05AnswerTellsWhichCodecAndItsNumbers) {  // RFC 3264 s.6.1, s.7
  const auto choice = answered(samples::answer_to_webrtcbin_offer());
  ASSERT_TRUE(choice) << choice.error().text();
  EXPECT_EQ(choice->codec, Codec::Pcmu);
  EXPECT_EQ(choice->transport.setup, sdp::Setup::Active);
  const std::string renumbered =
      replaced(replaced(samples::answer_to_webrtcbin_offer(), "SAVPF 0 8", "SAVPF 96 8"), "rtpmap:0 PCMU/8000", "rtpmap:96 opus/48000/2");
  const auto other = answered(renumbered);
  ASSERT_TRUE(other) << other.error().text();
  EXPECT_EQ(other->codec, Codec::Opus);
  EXPECT_EQ(other->send.payload_type, 96) << "we send by the answer's number";
  EXPECT_EQ(other->receive_payload_type, 111) << "and receive by ours";
}

TEST(OfferAnswer, I05SameNumberWithAnotherCodecInTheAnswerIsTheOtherCodec) {  // RFC 3264 s.6.1
  const auto choice =
      answered(replaced(replaced(samples::answer_to_webrtcbin_offer(), "SAVPF 0 8", "SAVPF 111"), "rtpmap:0 PCMU", "rtpmap:111 PCMU"));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->codec, Codec::Pcmu);
  EXPECT_EQ(choice->send.payload_type, 111);
  EXPECT_EQ(choice->receive_payload_type, 0);
}

TEST(OfferAnswer, I06AnswerWithAForeignCodecIsRefused) {
  const std::string g729 = replaced(samples::answer_to_webrtcbin_offer(), "SAVPF 0 8", "SAVPF 18");
  expect_rejected(answered(g729), warning305, "G.729 was not offered");
}

TEST(OfferAnswer, I04AnswerHasTheMediaLinesOfTheOffer) {  // RFC 3264 s.6
  const std::string answer = samples::answer_to_webrtcbin_offer();
  expect_rejected(answered(answer + "m=video 0 RTP/AVP 31\r\n"), warning305, "one more");
  expect_rejected(answered(replaced(answer, "m=audio", "m=video")), warning305, "another kind");
  expect_rejected(answered(replaced(answer, "audio 52110", "audio 0")), warning304, "refused");
  const std::string ended = replaced(samples::webrtcbin_offer(), "audio 9", "audio 0");
  expect_rejected(answered(answer, ended), warning305, "takes what was not offered");
}

TEST(OfferAnswer, I15AnswerTakesOneRole) {  // RFC 4145 s.4.1, RFC 8842 s.5.3
  const std::string answer = samples::answer_to_webrtcbin_offer();
  EXPECT_EQ(answered(replaced(answer, "setup:active", "setup:passive"))->transport.setup, sdp::Setup::Passive);
  EXPECT_EQ(answered(without_line(answer, "a=setup"))->transport.setup, sdp::Setup::Passive) << "the default of an answer";
  expect_rejected(answered(replaced(answer, "setup:active", "setup:actpass")), warning305, "actpass");
  expect_rejected(answered(replaced(answer, "setup:active", "setup:holdconn")), warning305, "holdconn");
  expect_rejected(answered(without_line(answer, "a=fingerprint")), warning305, "no fingerprint");
}

TEST(OfferAnswer, I16NewIceCredentialsFingerprintOrCodecAreAnotherTransport) {  // RFC 8839 s.4.4.1.1.1
  const auto before = choose(samples::chromium_offer()).value();
  EXPECT_TRUE(same_transport(before, choose(replaced(samples::chromium_offer(), "a=sendrecv", "a=sendonly")).value()));
  EXPECT_TRUE(same_transport(before, choose(without_lines(samples::chromium_offer(), "a=candidate")).value()));
  EXPECT_TRUE(same_transport(before, choose(replaced(samples::chromium_offer(), "setup:actpass", "setup:active")).value()));
  EXPECT_FALSE(same_transport(before, choose(replaced(samples::chromium_offer(), "ufrag:Qx7k", "ufrag:Qx7l")).value()));
  EXPECT_FALSE(same_transport(before, choose(replaced(samples::chromium_offer(), "pwd:m4", "pwd:m5")).value()));
  EXPECT_FALSE(same_transport(before, choose(replaced(samples::chromium_offer(), "sha-256 0A", "sha-256 0B")).value()));
  EXPECT_FALSE(same_transport(before, choose(samples::chromium_offer(), {Codec::Pcmu}).value()));
}

}  // namespace
}  // namespace parley::media::sdp
