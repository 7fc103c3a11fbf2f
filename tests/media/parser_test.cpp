// SPDX-License-Identifier: MIT
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>
#include <parley/tests/media/sdp_samples.hpp>

#include <gmock/gmock.h>

#include <string>

namespace parley::media::sdp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* head = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\n";

std::string session(std::string_view lines) { return std::string(head) + std::string(lines); }
std::string with_media(std::string_view lines) { return session("c=IN IP4 192.0.2.1\r\nt=0 0\r\n") + std::string(lines); }

struct Refused {
  const char* what;
  std::string text;
  std::string at;  // the offset is where this begins, its first occurrence
};

void expect_refused(const Refused& each, Errc code = Errc::BadSyntax) {
  const auto result = parse(each.text);
  ASSERT_FALSE(result) << each.what;
  EXPECT_EQ(result.error().code, code) << each.what;
  EXPECT_NE(result.error().reason, nullptr) << each.what;
  EXPECT_EQ(result.error().offset, each.text.find(each.at)) << each.what;
}

TEST(SdpParser, ReadsEveryLineOfADescription) {  // RFC 8866 s.5
  const auto parsed = parse(
      "v=0\r\no=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\ns=Call to John Smith\r\ni=SDP Offer #1\r\nu=http://www.jdoe.example/\r\n"
      "e=Jane Doe <jane@jdoe.example.com>\r\np=+1 617 555-6011\r\nc=IN IP4 198.51.100.1\r\nb=CT:128\r\nt=2873397496 2873404696\r\n"
      "r=7d 1h 0 25h\r\nz=2882844526 -1h 2898848070 0\r\na=recvonly\r\nm=audio 49170/2 RTP/AVP 0 96\r\ni=sound\r\n"
      "c=IN IP4 233.252.0.1/127/3\r\nb=AS:64\r\na=rtpmap:96 L8/8000\r\n");
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->origin, (Origin{"jdoe", "3724394400", "3724394405", "IN", "IP4", "198.51.100.1"}));
  EXPECT_EQ(parsed->session_name, "Call to John Smith");
  EXPECT_EQ(parsed->information, "SDP Offer #1");
  EXPECT_EQ(parsed->uri, "http://www.jdoe.example/");
  EXPECT_THAT(parsed->emails, ElementsAre("Jane Doe <jane@jdoe.example.com>"));
  EXPECT_THAT(parsed->phones, ElementsAre("+1 617 555-6011"));
  EXPECT_EQ(parsed->connection->address, "198.51.100.1");
  EXPECT_THAT(parsed->bandwidths, ElementsAre(Bandwidth{"CT", 128}));
  EXPECT_THAT(parsed->times, ElementsAre(TimeLine{'t', "2873397496 2873404696"}, TimeLine{'r', "7d 1h 0 25h"},
                                         TimeLine{'z', "2882844526 -1h 2898848070 0"}));
  EXPECT_TRUE(parsed->attributes.has("recvonly"));
  ASSERT_EQ(parsed->sections.size(), 1U);
  const MediaSection& section = parsed->sections[0];
  EXPECT_EQ(section.port, 49170);
  EXPECT_EQ(section.port_count, 2);
  EXPECT_EQ(section.protocol, "RTP/AVP");
  EXPECT_THAT(section.formats, ElementsAre("0", "96"));
  EXPECT_EQ(section.information, "sound");
  EXPECT_THAT(section.connections, ElementsAre(Connection{"IN", "IP4", "233.252.0.1", 127, 3}));
  EXPECT_EQ(section.attributes.value("rtpmap"), "96 L8/8000");
}

TEST(SdpParser, I01TakesLfAloneAndALastLineWithoutEnd) {  // RFC 8866 s.5
  EXPECT_TRUE(parse("v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 5 RTP/AVP 0\n"));
  EXPECT_TRUE(parse("v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nt=0 0"));
  EXPECT_TRUE(parse(session("t=0 0\r\n\r\n\r\n"))) << "blank lines at the end";
}

TEST(SdpParser, I01RefusesWrongOrderAtTheHeadAndUnknownLetters) {  // RFC 8866 s.5
  EXPECT_FALSE(parse(""));
  expect_refused({"not v first", "o=- 1 2 IN IP4 192.0.2.1\r\nv=0\r\n", "o="});
  expect_refused({"s before o", "v=0\r\ns=-\r\no=- 1 2 IN IP4 192.0.2.1\r\nt=0 0\r\n", "s="});
  expect_refused({"other version", "v=1\r\n", "1"});
  expect_refused({"unknown letter", session("t=0 0\r\nx=1\r\n"), "x="});
  expect_refused({"unknown letter in a section", with_media("m=audio 5 RTP/AVP 0\r\nx=1\r\n"), "x="});
  expect_refused({"session line in a section", with_media("m=audio 5 RTP/AVP 0\r\nt=1 1\r\n"), "t=1"});
  expect_refused({"capital letter", session("t=0 0\r\nA=x\r\n"), "A="});
  expect_refused({"blank line inside", session("\r\nt=0 0\r\n"), "\r\nt="});
  expect_refused({"r before t", session("r=7d 1h 0\r\nt=0 0\r\n"), "r="});
}

TEST(SdpParser, I01RefusesADescriptionWithoutTime) {  // RFC 8866 s.5.9
  const auto result = parse(head);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().offset, std::string(head).size());
}

TEST(SdpParser, I01KeepsUnknownAttributesInTheirOrder) {  // RFC 8866 s.5.13
  const auto parsed = parse(session("t=0 0\r\na=zebra:9\r\na=flag\r\na=empty:\r\na=zebra:8\r\n"));
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->attributes,
              ElementsAre(Attribute{"zebra", "9"}, Attribute{"flag", std::nullopt}, Attribute{"empty", ""}, Attribute{"zebra", "8"}));
}

TEST(SdpParser, I01DropsTheObsoleteKeyLine) {  // RFC 8866 s.5.12
  const auto parsed = parse(session("c=IN IP4 192.0.2.1\r\nt=0 0\r\nk=clear:secret\r\nm=audio 5 RTP/AVP 0\r\nk=prompt\r\n"));
  ASSERT_TRUE(parsed);
  EXPECT_THAT(write(*parsed).value(), Not(HasSubstr("k=")));
}

TEST(SdpParser, I02TakesAConnectionPerSessionOrPerMedia) {  // RFC 8866 s.5.7
  const std::string media = "m=audio 5 RTP/AVP 0\r\n";
  EXPECT_TRUE(parse(session("c=IN IP4 192.0.2.1\r\nt=0 0\r\n" + media)));
  EXPECT_TRUE(parse(session("t=0 0\r\n" + media + "c=IN IP4 192.0.2.1\r\n")));
  EXPECT_TRUE(parse(session("t=0 0\r\nm=audio 0 RTP/AVP 0\r\n"))) << "refused sections need none";
  expect_refused({"neither", session("t=0 0\r\n" + media), "m="});
  expect_refused({"two of the session", session("c=IN IP4 1.2.3.4\r\nc=IN IP4 4.3.2.1\r\nt=0 0\r\n"), "IN IP4 4.3.2.1"});
}

struct AddressCase {
  const char* connection;
  bool good;
};

TEST(SdpParser, I02ChecksAddressesOfIp4Ip6AndNames) {  // RFC 8866 s.5.7, s.9
  for (const AddressCase& each : {
           AddressCase{"IN IP4 192.0.2.1", true},
           {"IN IP4 phone.example.com", true},
           {"IN IP4 224.2.36.42/127", true},
           {"IN IP4 224.2.36.42/127/3", true},
           {"IN IP6 2001:db8::1", true},
           {"IN IP6 ::", true},
           {"IN IP6 ::ffff:192.0.2.1", true},
           {"IN IP6 1:2:3:4:5:6:7:8", true},
           {"IN IP6 ff15::101/3", true},
           {"IN IP6 phone.example.com", true},
           {"ATM NSAP 47.0091/8/1", true},
           {"IN IP4 192.0.2.1 ", true},
           {"IN IP4", false},
           {"IN", false},
           {"", false},
           {"IN IP4 192.0.2.1 x", false},
           {"IN IP4 256.0.0.1", false},
           {"IN IP4 1.2.3", false},
           {"IN IP4 1.2.3.4.5", false},
           {"IN IP4 2001:db8::1", false},
           {"IN IP4 224.2.36.42/256", false},
           {"IN IP4 224.2.36.42/", false},
           {"IN IP4 224.2.36.42/1/0", false},
           {"IN IP4 224.2.36.42/1/99999999999", false},
           {"IN IP6 192.0.2.1", false},
           {"IN IP6 1::2::3", false},
           {"IN IP6 1:2:3:4:5:6:7", false},
           {"IN IP6 1:2:3:4:5:6:7:8:9", false},
           {"IN IP6 12345::", false},
           {"IN IP6 :1:2:3:4:5:6:7", false},
           {"IN IP6 ff15::101/0", false},
           {"IN IP4 a b", false},
           {"IN IP4 bad!name", false},
       }) {
    const auto parsed = parse(session("c=" + std::string(each.connection) + "\r\nt=0 0\r\n"));
    EXPECT_EQ(parsed.has_value(), each.good) << each.connection;
  }
}

TEST(SdpParser, I03ChecksTheNumbersOfOriginBandwidthAndTime) {  // RFC 8866 s.5.2, 5.8, 5.9
  const auto with_origin = [](const char* origin) { return "v=0\r\no=" + std::string(origin) + "\r\ns=-\r\nt=0 0\r\n"; };
  EXPECT_TRUE(parse(with_origin("- 18446744073709551615 18446744073709551615 IN IP4 192.0.2.1")));
  EXPECT_TRUE(parse(with_origin("- 123456789012345678901234567890 1 IN IP4 192.0.2.1"))) << "more than 64 bits";
  EXPECT_TRUE(parse(with_origin("- 1 2 IN IP6 2001:db8::1")));
  for (const char* bad : {"- x 2 IN IP4 h", "- 1 -2 IN IP4 h", "- 1 2 IN IP4", "- 1 2", "", "- 1 2 IN IP4 h extra", "- 0x1 2 IN IP4 h"}) {
    EXPECT_FALSE(parse(with_origin(bad))) << bad;
  }
  for (const char* bad : {"b=AS", "b=:1", "b=AS:", "b=AS:-1", "b=AS:1.5", "b=AS:99999999999999999999999"}) {
    EXPECT_FALSE(parse(session(std::string(bad) + "\r\nt=0 0\r\n"))) << bad;
  }
  for (const char* bad : {"t=", "t=0", "t=0 0 0", "t=a 0", "t=0 -1"}) EXPECT_FALSE(parse(session(std::string(bad) + "\r\n"))) << bad;
}

TEST(SdpParser, I03ChecksThePortOfAMediaLine) {  // RFC 8866 s.5.14
  const auto two = parse(with_media("m=audio 5/2 RTP/AVP 0\r\n"));
  ASSERT_TRUE(two);
  EXPECT_EQ(two->sections[0].port, 5);
  EXPECT_EQ(two->sections[0].port_count, 2);
  EXPECT_TRUE(parse(with_media("m=audio 65535 RTP/AVP 0\r\n")));
  for (const char* bad : {"65536", "-1", "4294967301", "5/", "5/0", "/2", "5/65536", "x", "+5", "5.0"}) {
    expect_refused({bad, with_media("m=audio " + std::string(bad) + " RTP/AVP 0\r\n"),
                    std::string(bad).starts_with("5/") ? std::string(bad).substr(2) + " RTP" : std::string(bad) + " RTP"});
  }
}

TEST(SdpParser, I19N13RefusesAMediaLineWithoutFormatsUnlessRefused) {  // RFC 8866 s.5.14
  expect_refused({"no format", with_media("m=audio 5 RTP/AVP\r\n"), "audio"});
  expect_refused({"no protocol", with_media("m=audio 5\r\na=x\r\n"), "\r\na=x"});
  EXPECT_FALSE(parse(with_media("m=\r\n")));
}

TEST(SdpParser, I19TakesARefusedMediaLineWithoutFormats) {  // written so by peers, against the grammar
  const auto parsed = parse(with_media("m=video 0 RTP/AVP\r\n"));
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->sections[0].formats.empty());
}

TEST(SdpParser, I19RefusesTenThousandAttributes) {
  std::string text = session("t=0 0\r\n");
  for (int i = 0; i < 10'000; ++i) text += "a=x\n";
  const auto result = parse(text);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::TooLong);
}

TEST(SdpParser, TakesAttributesUpToTheLimit) {
  std::string text = session("t=0 0\r\n");
  for (std::size_t i = 0; i < limits::attributes; ++i) text += "a=x\n";
  const auto result = parse(text);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->attributes.size(), limits::attributes);
  EXPECT_EQ(parse(text + "a=x\n").error().code, Errc::TooLong);
}

TEST(SdpParser, RefusesMoreThanTheLimits) {
  EXPECT_EQ(parse(std::string(limits::text + 1, 'a')).error().code, Errc::TooLong);
  std::string formats;
  for (std::size_t i = 0; i <= limits::formats; ++i) formats += " 0";
  EXPECT_EQ(parse(with_media("m=audio 5 RTP/AVP" + formats + "\r\n")).error().code, Errc::TooLong);
  std::string times;
  for (std::size_t i = 0; i <= limits::lines; ++i) times += "t=0 0\n";
  EXPECT_EQ(parse(session(times)).error().code, Errc::TooLong);
}

TEST(SdpParser, ReadsWhatCommonPeersWrite) {
  for (const std::string& text : {samples::chromium_offer(), samples::chromium_audio_video_offer(), samples::firefox_offer(),
                                  samples::baresip_offer(), samples::asterisk_offer(), samples::plain_rtp_offer(), samples::sdes_offer(),
                                  samples::webrtcbin_offer(), samples::answer_to_webrtcbin_offer()}) {
    const auto parsed = parse(text);
    ASSERT_TRUE(parsed) << parsed.error().text() << '\n' << text;
    EXPECT_EQ(write(*parsed).value(), text);
  }
}

}  // namespace
}  // namespace parley::media::sdp
