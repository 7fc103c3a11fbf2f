// SPDX-License-Identifier: MIT
#include "../../support/fake_crypto.hpp"

#include <parley/sip/auth/digest.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::sip {
namespace {

using testing::HasSubstr;
using testing::Not;

Challenge challenge(std::string realm, std::string nonce, HashAlgorithm algorithm = HashAlgorithm::Md5) {
  Challenge made;
  made.realm = std::move(realm);
  made.nonce = std::move(nonce);
  made.algorithm = algorithm;
  made.qop_auth = true;
  return made;
}

Challenge stale(Challenge made) {
  made.stale = true;
  return made;
}

class DigestClientTest : public testing::Test {
 protected:
  static DigestIdentity identity() {
    DigestIdentity made;
    made.username = "alice";
    made.password = "secret";
    return made;
  }
  std::string value(std::size_t i = 0) { return client.authorize("INVITE", "sip:bob@example.com", "body").at(i).value; }

  test::FakeCrypto crypto;
  DigestClient client{identity(), crypto};
  DigestClient::Attempts attempts;
};

TEST_F(DigestClientTest, KnowsNothingBeforeTheFirstChallenge) {
  EXPECT_TRUE(client.authorize("INVITE", "sip:bob@example.com", "").empty());
}

TEST_F(DigestClientTest, J03J04WritesCredentials) {  // RFC 7616 s.3.4
  Challenge one = challenge(R"(a \"b\")", "n\\\\1");
  one.opaque = "o";
  one.algorithm_text = "md5";
  ASSERT_TRUE(client.challenged({one}, attempts));
  const std::string text = value();
  const auto read = parse_credentials(text);
  ASSERT_TRUE(read) << text;
  EXPECT_EQ(read->username, "alice");
  EXPECT_EQ(read->realm, one.realm);
  EXPECT_EQ(read->nonce, one.nonce);
  EXPECT_EQ(read->uri, "sip:bob@example.com");
  EXPECT_EQ(read->opaque, "o");
  EXPECT_EQ(read->nonce_count, 1U);
  EXPECT_THAT(text, HasSubstr(", algorithm=md5"));
  EXPECT_THAT(text, HasSubstr(", qop=auth, nc=00000001"));
  EXPECT_GE(read->cnonce->size(), 13U);
}

TEST_F(DigestClientTest, J03OldChallengeGetsNeitherCountNorCnonce) {
  Challenge old = challenge("r", "n");
  old.qop_auth = false;
  ASSERT_TRUE(client.challenged({old}, attempts));
  EXPECT_THAT(value(), Not(HasSubstr("nc=")));
  EXPECT_THAT(value(), Not(HasSubstr("cnonce=")));
  EXPECT_THAT(value(), Not(HasSubstr("qop=")));
  EXPECT_THAT(value(), Not(HasSubstr("algorithm=")));
}

TEST_F(DigestClientTest, J03CountsANonceWithFreshCnonces) {
  ASSERT_TRUE(client.challenged({challenge("r", "n")}, attempts));
  const auto first = parse_credentials(value());
  const auto second = parse_credentials(value());
  EXPECT_EQ(first->nonce_count, 1U);
  EXPECT_EQ(second->nonce_count, 2U);
  EXPECT_NE(first->cnonce, second->cnonce);
}

TEST_F(DigestClientTest, J01SessionVariantKeepsItsCnonce) {  // RFC 7616 s.3.4.2
  Challenge session = challenge("r", "n");
  session.session_variant = true;
  ASSERT_TRUE(client.challenged({session}, attempts));
  EXPECT_EQ(parse_credentials(value())->cnonce, parse_credentials(value())->cnonce);
}

TEST_F(DigestClientTest, J03AuthIntOnlyWhereNothingElseIsOffered) {
  Challenge both = challenge("r", "n");
  both.qop_auth_int = true;
  ASSERT_TRUE(client.challenged({both}, attempts));
  EXPECT_THAT(value(), HasSubstr("qop=auth, "));
  Challenge only = challenge("r", "m");
  only.qop_auth = false;
  only.qop_auth_int = true;
  DigestClient::Attempts others;
  ASSERT_TRUE(client.challenged({only}, others));
  EXPECT_THAT(value(), HasSubstr("qop=auth-int, "));
}

TEST_F(DigestClientTest, Sec62J02TakesTheStrongestOfARealm) {  // RFC 8760 s.2.4
  ASSERT_TRUE(client.challenged(
      {challenge("r", "md5"), challenge("r", "sha", HashAlgorithm::Sha256), challenge("r", "sha512", HashAlgorithm::Sha512_256)},
      attempts));
  ASSERT_EQ(client.authorize("A", "b", "").size(), 1U);
  EXPECT_EQ(parse_credentials(value())->nonce, "sha");  // topmost of those that are equally strong
}

TEST_F(DigestClientTest, J06AnswersAllRealmsTogetherAndLater) {
  Challenge proxy = challenge("p", "2");
  proxy.proxy = true;
  ASSERT_TRUE(client.challenged({challenge("r", "1"), proxy}, attempts));
  const auto headers = client.authorize("BYE", "sip:bob@example.com", "");
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_FALSE(headers[0].proxy);
  EXPECT_TRUE(headers[1].proxy);
  EXPECT_EQ(parse_credentials(headers[0].value)->realm, "r");
  EXPECT_EQ(parse_credentials(headers[1].value)->realm, "p");
}

TEST_F(DigestClientTest, J05WrongPasswordIsNotTriedAgain) {
  ASSERT_TRUE(client.challenged({challenge("r", "1")}, attempts));
  const auto again = client.challenged({challenge("r", "2")}, attempts);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::Unauthorized);
  EXPECT_EQ(again.error().text(), "user name or password refused: r");
}

TEST_F(DigestClientTest, J06ProxyAndServerMayHaveTheSameRealm) {  // RFC 3261 s.22.3: both in turn, or both at once
  Challenge proxy = challenge("r", "1");
  proxy.proxy = true;
  ASSERT_TRUE(client.challenged({proxy}, attempts));
  ASSERT_TRUE(client.challenged({challenge("r", "2")}, attempts));
  EXPECT_FALSE(client.challenged({challenge("r", "3")}, attempts));
  proxy.nonce = "4";
  EXPECT_FALSE(client.challenged({proxy}, attempts));
  DigestClient::Attempts others;
  ASSERT_TRUE(client.challenged({challenge("r", "5"), proxy}, others));
  proxy.nonce = "6";
  EXPECT_TRUE(client.challenged({stale(proxy)}, others));
  EXPECT_TRUE(client.challenged({stale(challenge("r", "7"))}, others));
}

TEST_F(DigestClientTest, Sec63J05StaleIsTriedOnceMoreFromCountOne) {
  ASSERT_TRUE(client.challenged({challenge("r", "1")}, attempts));
  EXPECT_EQ(parse_credentials(value())->nonce_count, 1U);
  ASSERT_TRUE(client.challenged({stale(challenge("r", "2"))}, attempts));
  EXPECT_EQ(parse_credentials(value())->nonce, "2");
  EXPECT_EQ(parse_credentials(value())->nonce_count, 2U);
  EXPECT_FALSE(client.challenged({stale(challenge("r", "3"))}, attempts));
  EXPECT_EQ(attempts.count, 2);
}

TEST_F(DigestClientTest, Sec63StaleWithTheSameNonceEnds) {
  ASSERT_TRUE(client.challenged({challenge("r", "1")}, attempts));
  EXPECT_FALSE(client.challenged({stale(challenge("r", "1"))}, attempts));
}

TEST_F(DigestClientTest, Sec63NewNonceWithoutStaleForALaterRequestIsTaken) {
  ASSERT_TRUE(client.challenged({challenge("r", "1")}, attempts));
  value();
  DigestClient::Attempts later;
  ASSERT_TRUE(client.challenged({challenge("r", "2")}, later));
  EXPECT_EQ(parse_credentials(value())->nonce, "2");
  EXPECT_EQ(parse_credentials(value())->nonce_count, 2U);
}

TEST_F(DigestClientTest, Sec61J08ForeignRealmGetsNothing) {
  ASSERT_TRUE(client.challenged({challenge("own", "1")}, attempts));
  DigestClient::Attempts other;
  const auto foreign = client.challenged({challenge("evil", "2")}, other);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().text(), "credentials are not for this realm: evil");
  EXPECT_EQ(client.authorize("BYE", "sip:x@y", "").size(), 1U);
}

TEST_F(DigestClientTest, Sec61J08OnlyNamedRealms) {
  DigestIdentity named = identity();
  named.realms = {"b"};
  DigestClient strict(named, crypto);
  EXPECT_FALSE(strict.challenged({challenge("a", "1")}, attempts));
  EXPECT_TRUE(strict.challenged({challenge("a", "1"), challenge("b", "2")}, attempts));
  ASSERT_EQ(strict.authorize("A", "b", "").size(), 1U);
  strict.forget();
  EXPECT_TRUE(strict.authorize("A", "b", "").empty());
}

TEST_F(DigestClientTest, WithoutPasswordSaysSo) {
  DigestClient none(DigestIdentity{"alice", {}, {}, HashAlgorithm::Md5, {}}, crypto);
  EXPECT_FALSE(none.challenged({challenge("r", "1")}, attempts));
  EXPECT_FALSE(client.challenged({}, attempts));
}

TEST_F(DigestClientTest, Ha1AnswersItsAlgorithmOnly) {
  DigestClient with_ha1(DigestIdentity{"alice", {}, "0123456789abcdef0123456789abcdef", HashAlgorithm::Md5, {}}, crypto);
  EXPECT_FALSE(with_ha1.challenged({challenge("r", "1", HashAlgorithm::Sha256)}, attempts));
  EXPECT_TRUE(with_ha1.challenged({challenge("r", "1", HashAlgorithm::Sha256), challenge("r", "2")}, attempts));
  EXPECT_EQ(parse_credentials(with_ha1.authorize("A", "b", "").at(0).value)->nonce, "2");
}

}  // namespace
}  // namespace parley::sip
