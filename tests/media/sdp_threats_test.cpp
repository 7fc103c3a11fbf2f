// SPDX-License-Identifier: MIT
#include <parley/media/sdp/negotiation.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>
#include <parley/tests/media/sdp_samples.hpp>

#include <gtest/gtest.h>

#include <string>

/// The shapes of threats.md that reach a session description.
namespace parley::media::sdp {
namespace {

using samples::replaced;
using samples::without_line;

Result<Negotiation::Incoming> offered(const std::string& text) { return Negotiation(Policy{}, 1).read_offer(text); }

std::string with_line(const std::string& line) { return replaced(samples::chromium_offer(), "a=sendrecv", line + "\r\na=sendrecv"); }

TEST(SdpThreat, Sec46NulInsideAnAttributeName) {
  const std::string line("a=fmtp\0:101 0-16", 16);
  const auto parsed = parse(with_line(line));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().offset, with_line(line).find('\0'));
  EXPECT_FALSE(offered(with_line(line)));
}

TEST(SdpThreat, Sec47PayloadTypeOfMoreThan32Bits) {
  const auto result = offered(replaced(samples::chromium_offer(), "SAVPF 111 63 9 0 8 13 110 126", "SAVPF 4294967296"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status, 488);
  EXPECT_TRUE(offered(replaced(samples::chromium_offer(), "SAVPF 111", "SAVPF 4294967296 111"))) << "the others live";
}

TEST(SdpThreat, Sec48NumbersOutsideTheMap) {
  for (const char* line :
       {"a=rtpmap:65535 opus/48000/2", "a=fmtp:999 0-16", "a=fmtp:63 999/65535/4294967296", "a=rtpmap:-1 x/8000", "a=rtcp-fb:70000 nack"}) {
    EXPECT_TRUE(offered(with_line(line))) << line;
  }
}

TEST(SdpThreat, Sec49DynamicPayloadTypeWithoutRtpmap) {
  std::string text = replaced(samples::chromium_offer(), "a=rtpmap:111 opus/48000/2\r\n", "");
  text = replaced(text, "a=rtpmap:63 red/48000/2\r\n", "");
  text = replaced(text, "a=rtpmap:110 telephone-event/48000\r\n", "");
  const auto result = offered(text);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->audio.codec, Codec::G722) << "the first that means something";
}

TEST(SdpThreat, Sec50ManyCryptoLines) {
  std::string lines = "a=x";
  for (int i = 0; i < 68; ++i) {
    lines += "\r\na=crypto:" + std::to_string(i) + " AES_CM_128_HMAC_SHA1_80 inline:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk";
  }
  const auto result = offered(with_line(lines));
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->for_backend.sections[0].attributes.has("crypto"));
}

TEST(SdpThreat, Sec51LinesOfOneCharacter) {
  for (const char* line : {"a", "=", "m", "a=", "\r", "a=:"}) EXPECT_FALSE(offered(with_line(line))) << line;
}

TEST(SdpThreat, Sec52LongMediaTypeAndLongAddress) {
  EXPECT_FALSE(offered(replaced(samples::chromium_offer(), "m=audio", "m=" + std::string(200, 'a'))));
  EXPECT_FALSE(offered(replaced(samples::chromium_offer(), "c=IN IP4 192.0.2.17", "c=IN IP4 " + std::string(1'000, 'a'))));
  EXPECT_FALSE(offered(replaced(samples::chromium_offer(), "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
                                "o=- 4611731400430051336 2 IN IP4 " + std::string(1'000, '1'))));
}

TEST(SdpThreat, Sec53LongCandidateAndLongUfrag) {
  const auto long_candidate = offered(with_line("a=candidate:" + std::string(5'000, '1') + " 1 udp 1 192.0.2.1 9 typ host"));
  ASSERT_TRUE(long_candidate);
  for (const Attribute& attribute : long_candidate->for_backend.sections[0].attributes) {
    EXPECT_LT(attribute.value.value_or("").size(), 1'000U) << "not handed on";
  }
  EXPECT_FALSE(offered(replaced(samples::chromium_offer(), "ice-ufrag:Qx7k", "ice-ufrag:" + std::string(5'000, 'a'))));
  EXPECT_FALSE(offered(replaced(samples::chromium_offer(), "ice-pwd:m4", "ice-pwd:" + std::string(5'000, 'a'))));
}

TEST(SdpThreat, Sec54PacketTimesThatOverflowAProduct) {
  for (const char* line : {"a=ptime:4294967295", "a=maxptime:99999999999999999999", "a=ptime:-20", "a=ptime:"})
    EXPECT_TRUE(offered(with_line(line)));
}

TEST(SdpThreat, Sec55MoreMediaLinesThanTheLimit) {
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "m=audio 0 RTP/AVP 0\r\n";
  EXPECT_EQ(parse(samples::chromium_offer() + many).error().code, Errc::TooLong);
  EXPECT_EQ(offered(samples::chromium_offer() + many).error().status, 488);
  Negotiation negotiation(Policy{}, 1);
  ASSERT_TRUE(negotiation.commit_offer(samples::webrtcbin_offer()));
  EXPECT_FALSE(negotiation.read_answer(samples::answer_to_webrtcbin_offer() + many));
  EXPECT_TRUE(negotiation.read_answer(samples::answer_to_webrtcbin_offer())) << "the good one is still welcome";
}

TEST(SdpThreat, Sec56AnswersThatFailComeTwiceOrUnasked) {
  Negotiation negotiation(Policy{}, 1);
  EXPECT_EQ(negotiation.read_answer(samples::answer_to_webrtcbin_offer()).error().code, Errc::WrongState);
  ASSERT_TRUE(negotiation.commit_offer(samples::webrtcbin_offer()));
  EXPECT_EQ(negotiation.read_answer(samples::plain_rtp_offer()).error().code, Errc::MediaRejected);
  auto answer = negotiation.read_answer(samples::answer_to_webrtcbin_offer());
  ASSERT_TRUE(answer);
  const Negotiation::Incoming again = *answer;
  negotiation.commit_remote_answer(std::move(*answer));
  EXPECT_EQ(negotiation.read_answer(samples::answer_to_webrtcbin_offer()).error().code, Errc::WrongState);
  negotiation.commit_remote_answer(again);  // without an open offer: no effect
  EXPECT_EQ(negotiation.agreed().codec, Codec::Pcmu);
}

TEST(SdpThreat, Sec57ADescriptionThatGrowsBeyondAllMessagesIsNotWritten) {
  std::string text = "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\n";
  while (text.size() < limits::text - 100) text += "a=0123456789\n";
  const auto parsed = parse(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(write(*parsed).error().code, Errc::TooLong) << "CRLF for LF makes it longer than a message may be";
}

TEST(SdpThreat, Sec58FingerprintMissingWeakOrSdesInstead) {
  EXPECT_FALSE(offered(without_line(samples::chromium_offer(), "a=fingerprint")));
  EXPECT_FALSE(
      offered(replaced(samples::chromium_offer(), "a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:", "a=fingerprint:sha-1 ")));
  EXPECT_FALSE(offered(samples::sdes_offer()));
}

TEST(SdpThreat, Sec58AChangedFingerprintIsNeverTakenForTheOldTransport) {
  Negotiation negotiation(Policy{}, 1);
  auto incoming = negotiation.read_offer(samples::chromium_offer()).value();
  ASSERT_TRUE(negotiation.commit_answer(std::move(incoming), samples::webrtcbin_offer()));
  const auto changed = negotiation.read_offer(replaced(samples::chromium_offer(), "sha-256 0A:1B", "sha-256 0A:1C"));
  ASSERT_TRUE(changed);
  EXPECT_TRUE(changed->needs_backend);
  EXPECT_FALSE(negotiation.read_offer(without_line(samples::chromium_offer(), "a=fingerprint")));
}

TEST(SdpThreat, I19EmptyValuesAreTakenOrRefusedButNeverMore) {
  for (const char* line : {"a=rtpmap:", "a=fmtp:", "a=candidate:", "a=group:", "a=ssrc:", "a=msid:", "a=rtcp:", "a=ice-options:", "a=fmtp",
                           "a=candidate", "a=rtpmap", "a=ice-options", "a=mid:", "a=extmap:"}) {
    EXPECT_TRUE(offered(with_line(line))) << line;
  }
}

}  // namespace
}  // namespace parley::media::sdp
