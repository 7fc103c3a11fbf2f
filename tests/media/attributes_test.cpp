// SPDX-License-Identifier: MIT
#include <parley/media/sdp/attributes.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/tests/media/sdp_samples.hpp>

#include <gmock/gmock.h>

#include <string>

namespace parley::media::sdp {
namespace {

using ::testing::ElementsAre;

TEST(SdpAttribute, I05RtpmapIsReadAndWritten) {  // RFC 8866 s.6.6
  const auto map = parse_rtpmap("111 opus/48000/2");
  ASSERT_TRUE(map);
  EXPECT_EQ(map->payload_type, 111);
  EXPECT_EQ(map->encoding, "opus");
  EXPECT_EQ(map->clock_rate, 48'000U);
  EXPECT_EQ(map->channels, 2);
  EXPECT_EQ(to_text(*map), "111 opus/48000/2");
  EXPECT_EQ(to_text(*parse_rtpmap("0 PCMU/8000/1")), "0 PCMU/8000");
}

TEST(SdpAttribute, I05RtpmapThatIsNoneIsRefused) {
  for (const char* bad : {"", "128 x/8000", "65535 x/8000", "-1 x/8000", "0", "0 PCMU", "0 PCMU/", "0 PCMU/0", "0 /8000", "0 PCMU/8000/",
                          "0 PCMU/8000/0", "0 PCMU/8000/65536", "0 PCMU/4294967296", "0 PCMU/8000 x", "x PCMU/8000"}) {
    EXPECT_FALSE(parse_rtpmap(bad)) << bad;
  }
}

TEST(SdpAttribute, I19N13FmtpKeepsItsParametersAsTheyStand) {  // RFC 8866 s.6.15
  const auto fmtp = parse_fmtp("111 minptime=10; useinbandfec=1");
  ASSERT_TRUE(fmtp);
  EXPECT_EQ(fmtp->format, "111");
  EXPECT_EQ(fmtp->parameters, "minptime=10; useinbandfec=1");
  for (const char* bad : {"", "111", "111 "}) EXPECT_FALSE(parse_fmtp(bad)) << bad;
}

std::string digest(std::size_t octets, const std::string& octet = "ab") {
  std::string text = octet;
  for (std::size_t i = 1; i < octets; ++i) text += ':' + octet;
  return text;
}

TEST(SdpAttribute, I13FingerprintIsBroughtIntoOneSpelling) {  // RFC 8122 s.5
  const auto fingerprint = parse_fingerprint("SHA-256 " + digest(32));
  ASSERT_TRUE(fingerprint);
  EXPECT_EQ(*fingerprint, (Fingerprint{"sha-256", digest(32, "AB")}));
  EXPECT_TRUE(is_strong(*fingerprint));
  EXPECT_TRUE(is_strong(*parse_fingerprint("sha-384 " + digest(48))));
  EXPECT_TRUE(is_strong(*parse_fingerprint("sha-512 " + digest(64))));
  EXPECT_FALSE(is_strong(*parse_fingerprint("sha-1 " + digest(20))));
  EXPECT_FALSE(is_strong(*parse_fingerprint("md5 " + digest(16))));
  EXPECT_FALSE(is_strong(*parse_fingerprint("sha-9 " + digest(5)))) << "not known";
}

TEST(SdpAttribute, I13FingerprintThatIsNoneIsRefused) {
  for (const std::string& bad :
       {std::string(), std::string("sha-256"), "sha-256 " + digest(31), "sha-256 " + digest(33), "sha-256 " + digest(32, "xy"),
        "sha-256 " + digest(32) + ":", "sha-256 " + digest(32) + " x", std::string("sha-256 abcdef"), std::string("sha-256 a:b:c")}) {
    EXPECT_FALSE(parse_fingerprint(bad)) << bad;
  }
}

TEST(SdpAttribute, I15SetupKnowsItsFourRoles) {  // RFC 4145 s.4
  for (const sdp::Setup setup : {sdp::Setup::ActPass, sdp::Setup::Active, sdp::Setup::Passive, sdp::Setup::HoldConn})
    EXPECT_EQ(setup_from_text(to_string(setup)), setup);
  EXPECT_EQ(setup_from_text("ACTPASS"), sdp::Setup::ActPass);
  EXPECT_EQ(setup_from_text("both"), std::nullopt);
}

TEST(SdpAttribute, I13CandidateIsReadAndWritten) {  // RFC 8839 s.5.1
  const std::string text = "842163049 1 udp 1677729535 203.0.113.4 46154 typ srflx raddr 10.0.0.17 rport 46154 generation 0";
  const auto candidate = parse_candidate(text);
  ASSERT_TRUE(candidate);
  EXPECT_EQ(candidate->foundation, "842163049");
  EXPECT_EQ(candidate->component, 1);
  EXPECT_TRUE(candidate->is_udp());
  EXPECT_EQ(candidate->priority, 1'677'729'535U);
  EXPECT_EQ(candidate->address, "203.0.113.4");
  EXPECT_EQ(candidate->port, 46154);
  EXPECT_EQ(candidate->type, "srflx");
  EXPECT_EQ(candidate->rest, "raddr 10.0.0.17 rport 46154 generation 0");
  EXPECT_EQ(to_text(*candidate), text);
  EXPECT_TRUE(parse_candidate("1 1 UDP 1 2001:db8::1 9 typ host"));
  EXPECT_TRUE(parse_candidate("1 1 UDP 1 3fa1c2d4.local 9 typ host"));
  EXPECT_FALSE(parse_candidate("1 1 TCP 1 192.0.2.1 9 typ host tcptype active")->is_udp());
}

TEST(SdpAttribute, I13CandidateThatIsNoneIsRefused) {
  for (const char* bad :
       {"", "1", "1 1 udp 1 192.0.2.1 9", "1 1 udp 1 192.0.2.1 9 typ", "1 1 udp 1 192.0.2.1 9 type host", "1 0 udp 1 192.0.2.1 9 typ host",
        "1 257 udp 1 192.0.2.1 9 typ host", "1 1 udp 4294967296 192.0.2.1 9 typ host", "1 1 udp 1 192.0.2.1 65536 typ host",
        "1 1 udp 1 192.0.2.999 9 typ host", "123456789012345678901234567890123 1 udp 1 192.0.2.1 9 typ host"}) {
    EXPECT_FALSE(parse_candidate(bad)) << bad;
  }
}

TEST(SdpAttribute, I13GroupSsrcAndMsidAreRead) {  // RFC 5888 s.5, RFC 5576 s.4.1, RFC 8830 s.2
  const auto group = parse_group("BUNDLE audio video");
  ASSERT_TRUE(group);
  EXPECT_EQ(group->semantics, "BUNDLE");
  EXPECT_THAT(group->mids, ElementsAre("audio", "video"));
  EXPECT_EQ(to_text(*group), "BUNDLE audio video");
  EXPECT_FALSE(parse_group(""));

  const auto ssrc = parse_ssrc("4294967295 cname:a b");
  ASSERT_TRUE(ssrc);
  EXPECT_EQ(ssrc->id, 4'294'967'295U);
  EXPECT_EQ(ssrc->attribute, "cname");
  EXPECT_EQ(ssrc->value, "a b");
  for (const char* bad : {"", "1", "4294967296 cname:x", "x cname:y"}) EXPECT_FALSE(parse_ssrc(bad)) << bad;

  EXPECT_EQ(parse_msid("stream track")->track, "track");
  EXPECT_EQ(parse_msid("stream")->track, "");
  EXPECT_FALSE(parse_msid(""));
  EXPECT_FALSE(parse_msid("a b c"));
}

TEST(SdpAttribute, I13IceCredentialsHaveTheirLengthsAndLetters) {  // RFC 8839 s.5.4
  EXPECT_TRUE(is_ice_ufrag("aB1+"));
  EXPECT_TRUE(is_ice_ufrag(std::string(256, 'a')));
  EXPECT_FALSE(is_ice_ufrag("abc"));
  EXPECT_FALSE(is_ice_ufrag(std::string(257, 'a')));
  EXPECT_FALSE(is_ice_ufrag("ab c"));
  EXPECT_TRUE(is_ice_pwd(std::string(22, 'a')));
  EXPECT_FALSE(is_ice_pwd(std::string(21, 'a')));
}

SessionDescription with(std::string_view session_lines, std::string_view section_lines) {
  return parse("v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n" + std::string(session_lines) + "m=audio 5 RTP/AVP 0\n" +
               std::string(section_lines))
      .value();
}

Direction direction(std::string_view session_lines, std::string_view section_lines) {
  const auto description = with(session_lines, section_lines);
  return direction_of(description, description.sections[0]);
}

TEST(SdpAttribute, I07DirectionIsTheSectionsElseTheSessionsElseBoth) {  // RFC 3264 s.5.1
  EXPECT_EQ(direction("", ""), Direction::SendRecv);
  EXPECT_EQ(direction("a=sendonly\n", ""), Direction::SendOnly);
  EXPECT_EQ(direction("a=sendonly\n", "a=recvonly\n"), Direction::RecvOnly);
  EXPECT_EQ(direction("", "a=inactive\n"), Direction::Inactive);
}

TEST(SdpAttribute, I07NullAddressIsTheOldHoldUnlessIceIsThere) {  // RFC 3264 s.8.4, RFC 8839 s.4.3.1
  EXPECT_EQ(direction("", "c=IN IP4 0.0.0.0\n"), Direction::SendOnly);
  EXPECT_EQ(direction("", "c=IN IP4 0.0.0.0\na=recvonly\n"), Direction::Inactive);
  EXPECT_EQ(direction("", "c=IN IP4 0.0.0.0\na=inactive\n"), Direction::Inactive);
  EXPECT_EQ(direction("", "c=IN IP4 0.0.0.0\na=ice-ufrag:abcd\n"), Direction::SendRecv);
}

TEST(SdpAttribute, DirectionIsReplacedWhereItStands) {
  auto description = with("", "a=x\na=sendrecv\na=y\na=recvonly\n");
  MediaSection& section = description.sections[0];
  set_direction(section, Direction::SendOnly);
  EXPECT_THAT(section.attributes,
              ElementsAre(Attribute{"x", std::nullopt}, Attribute{"sendonly", std::nullopt}, Attribute{"y", std::nullopt}));
  auto bare = with("", "");
  set_direction(bare.sections[0], Direction::Inactive);
  EXPECT_TRUE(bare.sections[0].attributes.has("inactive"));
}

TEST(SdpAttribute, I13PortZeroOfABundledSectionIsNoRefusal) {  // RFC 9143 s.6
  MediaSection section;
  EXPECT_FALSE(is_rejected(section));
  section.port = 0;
  EXPECT_TRUE(is_rejected(section));
  section.attributes.add("bundle-only");
  EXPECT_FALSE(is_rejected(section));
}

TEST(SdpAttribute, I13TransportIsTheSectionsElseTheSessions) {  // RFC 8839 s.5.4, RFC 8122 s.5
  const auto baresip = parse(samples::baresip_offer()).value();
  const auto transport = transport_of(baresip, baresip.sections[0]);
  EXPECT_EQ(transport.ice_ufrag, "Wb3p");
  EXPECT_EQ(transport.ice_pwd, "Xn7cRt2vLm9kQj4hZs6dFg");
  EXPECT_EQ(transport.setup, sdp::Setup::ActPass);
  ASSERT_EQ(transport.fingerprints.size(), 1U);
  EXPECT_EQ(transport.fingerprints[0].hash, "sha-256");

  const auto own = with("a=setup:active\na=ice-ufrag:abcd\n", "a=setup:passive\na=ice-ufrag:efgh\n");
  EXPECT_EQ(transport_of(own, own.sections[0]).setup, sdp::Setup::Passive);
  EXPECT_EQ(transport_of(own, own.sections[0]).ice_ufrag, "efgh");
}

}  // namespace
}  // namespace parley::media::sdp
