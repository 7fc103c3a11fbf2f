// SPDX-License-Identifier: MIT
#include "../message/parse_support.hpp"

#include <parley/sip/auth/authentication_info.hpp>
#include <parley/sip/auth/challenge.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::sip {
namespace {

TEST(Challenge, J03ReadsAllParameters) {  // RFC 7616 s.3.3
  const auto challenge = parse_challenge(
      "Digest realm=\"atlanta.com\", domain=\"sip:boxesbybob.com\", qop=\"auth , auth-int\", nonce=\"f84f1cec41e6cbe5aea9c8e88d359\","
      "\r\n opaque=\"\", stale=TRUE, algorithm=sha-256-SESS, charset=UTF-8");
  ASSERT_TRUE(challenge);
  EXPECT_EQ(challenge->realm, "atlanta.com");
  EXPECT_EQ(challenge->nonce, "f84f1cec41e6cbe5aea9c8e88d359");
  EXPECT_EQ(challenge->opaque, "");
  EXPECT_EQ(challenge->algorithm, HashAlgorithm::Sha256);
  EXPECT_TRUE(challenge->session_variant);
  EXPECT_EQ(challenge->algorithm_text, "sha-256-SESS");
  EXPECT_TRUE(challenge->qop_auth);
  EXPECT_TRUE(challenge->qop_auth_int);
  EXPECT_TRUE(challenge->stale);
}

TEST(Challenge, J03OldOneHasNoQop) {  // RFC 2069
  const auto challenge = parse_challenge("digest nonce = \"n\" , realm = \"r\"");
  ASSERT_TRUE(challenge);
  EXPECT_FALSE(challenge->qop_auth);
  EXPECT_FALSE(challenge->qop_auth_int);
  EXPECT_FALSE(challenge->algorithm_text);
  EXPECT_EQ(challenge->algorithm, HashAlgorithm::Md5);
  EXPECT_FALSE(challenge->opaque);
}

TEST(Challenge, J04KeepsEscapesAsWritten) {
  const auto challenge = parse_challenge(R"(Digest realm="a \"b\", c", nonce="\\n", opaque="\o")");
  ASSERT_TRUE(challenge);
  EXPECT_EQ(challenge->realm, R"(a \"b\", c)");
  EXPECT_EQ(challenge->nonce, R"(\\n)");
  EXPECT_EQ(challenge->opaque, R"(\o)");
}

TEST(Challenge, A06FoldsInQuotedValuesAreBlanks) {  // RFC 3261 s.7.3.1; what is answered stands on one line
  const auto challenge = parse_challenge("Digest realm=\"a\r\n b\", nonce=\"n \r\n\tm\", opaque=\"o\r\n p\"");
  ASSERT_TRUE(challenge);
  EXPECT_EQ(challenge->realm, "a b");
  EXPECT_EQ(challenge->nonce, "n m");
  EXPECT_EQ(challenge->opaque, "o p");
}

TEST(Challenge, Sec34NulCannotBeRepeatedAndIsRefused) {
  constexpr std::string_view with_nul("Digest realm=\"r\", nonce=\"n\", opaque=\"\\\0\"", 40);
  const auto challenge = parse_challenge(with_nul);
  ASSERT_FALSE(challenge);
  EXPECT_EQ(challenge.error().code, Errc::BadSyntax);
  EXPECT_EQ(challenge.error().offset, with_nul.find('\0'));
}

TEST(Challenge, J01UnknownSchemesAndAlgorithmsAreNotSupported) {
  for (const char* text : {"Basic realm=\"x\"", "Bearer realm=\"x\", authz_server=x", "NewScheme abc", "",
                           "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512", "Digest realm=\"r\", nonce=\"n\", algorithm=-sess",
                           "Digest realm=\"r\", nonce=\"n\", qop=\"token\""}) {
    const auto challenge = parse_challenge(text);
    ASSERT_FALSE(challenge) << text;
    EXPECT_EQ(challenge.error().code, Errc::NotSupported) << text;
  }
}

TEST(Challenge, Sec59BrokenParametersAreRefused) {
  for (const char* text :
       {"Digest", "Digest ", "Digest realm", "Digest realm=", "Digest realm=\"r", "Digest realm=\"r\\", "Digest realm=\"r\\\"",
        "Digest realm=\"r\", nonce=\"n\",", "Digest realm=\"r\" nonce=\"n\"", "Digest realm=\"r\",, nonce=\"n\"",
        "Digest =\"r\", nonce=\"n\"", "Digest realm=\"r\"", "Digest nonce=\"n\"", "Digest realm=\"r\", nonce=\"n\", realm=\"s\"",
        "Digest realm=\"r\", nonce=\"n\"x", "Digest realm=\"r\", nonce=\"n\nm\"", "Digest\"realm\"=\"r\", nonce=\"n\""}) {
    const auto challenge = parse_challenge(text);
    ASSERT_FALSE(challenge) << text;
    EXPECT_EQ(challenge.error().code, Errc::BadSyntax) << text;
    EXPECT_NE(challenge.error().reason, nullptr) << text;
  }
  const auto error = parse_challenge("Digest realm=\"r\", nonce").error();
  EXPECT_EQ(error.offset, 23U);
}

TEST(Challenge, J02CollectsThoseOfAllFields) {
  const test::Parsed response(test::response_with("SIP/2.0 401 Unauthorized",
                                                  "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\", algorithm=SHA-512, qop=\"auth\"\r\n"
                                                  "WWW-Authenticate: Digest realm=\"a\", nonce=\"2\", algorithm=SHA-256, "
                                                  "qop=\"auth,auth-int\", Digest nonce=\"3\",realm=\"a, Digest b\"\r\n"
                                                  "Proxy-Authenticate: Digest realm=\"p\", nonce=\"4\"\r\n"
                                                  "WWW-Authenticate: Bearer realm=\"x\"\r\n"
                                                  "WWW-Authenticate: Digest realm=\"broken\", nonce\r\n"));
  ASSERT_EQ(response.verdict(), Verdict::Ok) << response.why();
  const auto challenges = parse_challenges(response.view());
  ASSERT_EQ(challenges.size(), 3U);
  EXPECT_EQ(challenges[0].nonce, "2");
  EXPECT_TRUE(challenges[0].qop_auth_int);
  EXPECT_FALSE(challenges[0].proxy);
  EXPECT_EQ(challenges[1].nonce, "3");
  EXPECT_EQ(challenges[1].realm, "a, Digest b");
  EXPECT_EQ(challenges[2].nonce, "4");
  EXPECT_TRUE(challenges[2].proxy);
}

TEST(Credentials, ReadAllParameters) {  // RFC 7616 s.3.4
  const auto credentials =
      parse_credentials(R"(Digest username="b\"ob", realm="b\"r", nonce="n", uri="sip:a@b", response="0123", algorithm=MD5, )"
                        R"(cnonce="c", opaque="o", qop=auth, nc=0000001F)");
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->username, "b\"ob");
  EXPECT_EQ(credentials->realm, "b\\\"r");
  EXPECT_EQ(credentials->nonce, "n");
  EXPECT_EQ(credentials->uri, "sip:a@b");
  EXPECT_EQ(credentials->response, "0123");
  EXPECT_EQ(credentials->cnonce, "c");
  EXPECT_EQ(credentials->opaque, "o");
  EXPECT_EQ(credentials->qop, "auth");
  EXPECT_EQ(credentials->nonce_count, 0x1FU);
}

TEST(Credentials, J10ExtendedUserName) {  // RFC 7616 s.3.4, RFC 8187
  const std::string rest = R"(, realm="r", nonce="n", uri="sip:a@b", response="0")";
  EXPECT_EQ(parse_credentials("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe" + rest)->username, "J\xC3\xA4s\xC3\xB8n Doe");
  EXPECT_EQ(parse_credentials("Digest username*=utf-8'de'J%C3%A4s" + rest)->username, "J\xC3\xA4s");
  for (const char* bad : {"J%C3%A4s", "UTF-8'", "ISO-8859-1''J%E4s"}) {
    EXPECT_FALSE(parse_credentials(std::string("Digest username*=") + bad + rest)) << bad;
  }
  EXPECT_FALSE(parse_credentials("Digest username=\"u\", username*=UTF-8''u" + rest));
}

TEST(Credentials, A06FoldsInQuotedValuesAreBlanks) {  // RFC 3261 s.7.3.1
  const auto credentials = parse_credentials(
      "Digest username=\"u\r\n v\", realm=\"a \r\n\tb\", nonce=\"n\r\n m\", uri=\"sip:a@b\", response=\"0\r\n 1\", opaque=\"o\r\n p\", "
      "cnonce=\"c\r\n d\"");
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->username, "u v");
  EXPECT_EQ(credentials->realm, "a b");
  EXPECT_EQ(credentials->nonce, "n m");
  EXPECT_EQ(credentials->response, "0 1");
  EXPECT_EQ(credentials->opaque, "o p");
  EXPECT_EQ(credentials->cnonce, "c d");
}

TEST(Credentials, Sec59BrokenOnesAreRefused) {
  const std::string good = R"(Digest username="u", realm="r", nonce="n", uri="sip:a@b", response="0")";
  EXPECT_TRUE(parse_credentials(good));
  EXPECT_FALSE(parse_credentials(good + ", nc=1"));
  EXPECT_FALSE(parse_credentials(good + ", nc=0000000g"));
  EXPECT_FALSE(parse_credentials(good + ", username=\"v\""));
  EXPECT_FALSE(parse_credentials(good + ","));
  EXPECT_FALSE(parse_credentials(R"(Digest username="u", realm="r", nonce="n", uri="sip:a@b")"));
  EXPECT_EQ(parse_credentials(good + ", algorithm=TOKEN").error().code, Errc::NotSupported);
  EXPECT_EQ(parse_credentials("NoOneKnowsThisScheme opaque-data=here").error().code, Errc::NotSupported);
}

TEST(AuthenticationInfo, A07CommasPartItsParameters) {  // RFC 3261 s.20.6, RFC 7616 s.3.5
  const auto info = parse_authentication_info("nextnonce=\"a,b\", qop=auth ,rspauth=\"0f\", cnonce=\"c\",nc=00000001, x=y");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->next_nonce, "a,b");
  EXPECT_EQ(info->qop, "auth");
  EXPECT_EQ(info->response_auth, "0f");
  EXPECT_EQ(info->cnonce, "c");
  EXPECT_EQ(info->nonce_count, "00000001");
  for (const char* text :
       {"", "nextnonce", "nextnonce=", "=a", "qop=auth qop=auth", "nextnonce=\"a", "qop=auth,", "nextnonce=\"a\", NextNonce=\"b\""}) {
    EXPECT_FALSE(parse_authentication_info(text)) << text;
  }
  EXPECT_EQ(parse_authentication_info("qop=auth,,").error().offset, 9U);
}

}  // namespace
}  // namespace parley::sip
