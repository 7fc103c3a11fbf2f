// SPDX-License-Identifier: MIT
#include "../../support/fake_crypto.hpp"

#include <parley/sip/auth/digest.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace parley::sip {
namespace {

using namespace std::chrono_literals;
using Outcome = DigestServer::Outcome;

class DigestServerTest : public testing::Test {
 protected:
  /// Credentials of a client that knows `password` and was challenged at `made`.
  Credentials credentials(const Secret& password, TimePoint made, std::size_t algorithm = 0) {
    DigestIdentity identity;
    identity.username = "alice";
    identity.password = password;
    DigestClient client(identity, crypto);
    DigestClient::Attempts attempts;
    EXPECT_TRUE(client.challenged({*parse_challenge(server.challenges(made).at(algorithm))}, attempts));
    return *parse_credentials(client.authorize("REGISTER", "sip:example.com", "").at(0).value);
  }
  Outcome check(const Credentials& given, TimePoint when) { return server.check(given, &right, "REGISTER", "", when); }

  test::FakeCrypto crypto;
  DigestServer server{"exa\"mple", crypto};
  const TimePoint start{1h};
  const Secret right = "secret";
};

TEST_F(DigestServerTest, J09ChallengesStrongestFirst) {
  const auto values = server.challenges(start);
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(parse_challenge(values[0])->algorithm, HashAlgorithm::Sha512_256);
  EXPECT_EQ(parse_challenge(values[1])->algorithm, HashAlgorithm::Sha256);
  EXPECT_EQ(parse_challenge(values[2])->algorithm, HashAlgorithm::Md5);
  EXPECT_TRUE(parse_challenge(values[0])->qop_auth);
  EXPECT_FALSE(parse_challenge(values[0])->stale);
  EXPECT_TRUE(parse_challenge(server.challenges(start, true)[0])->stale);
  EXPECT_NE(parse_challenge(values[0])->nonce, parse_challenge(server.challenges(start)[0])->nonce);
}

TEST_F(DigestServerTest, J09RightPasswordIsGrantedForEachAlgorithm) {
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(check(credentials("secret", start, i), start + 1s), Outcome::Granted);
}

TEST_F(DigestServerTest, J09WrongUserAndWrongPasswordAlike) {
  EXPECT_EQ(check(credentials("guess", start), start), Outcome::Refused);
  EXPECT_EQ(server.check(credentials("secret", start), nullptr, "REGISTER", "", start), Outcome::Refused);
}

TEST_F(DigestServerTest, J09ReplayIsNotGranted) {
  const Credentials once = credentials("secret", start);
  EXPECT_EQ(check(once, start), Outcome::Granted);
  EXPECT_EQ(check(once, start + 1s), Outcome::Stale);
}

TEST_F(DigestServerTest, J09NonceRunsOut) {
  EXPECT_EQ(check(credentials("secret", start), start + 5min), Outcome::Granted);
  EXPECT_EQ(check(credentials("secret", start), start + 5min + 1ms), Outcome::Stale);
  EXPECT_EQ(check(credentials("guess", start), start + 6min), Outcome::Refused);
}

TEST_F(DigestServerTest, J09NonceOfAnotherObjectIsStale) {
  DigestServer other("exa\"mple", crypto);
  EXPECT_EQ(other.check(credentials("secret", start), &right, "REGISTER", "", start), Outcome::Stale);
}

TEST_F(DigestServerTest, J10HiddenAndExtendedUserNamesAreResolved) {  // RFC 7616 s.3.4.4
  Challenge hiding = *parse_challenge(server.challenges(start).at(0));
  hiding.userhash = true;
  DigestIdentity identity;
  identity.username = "J\xC3\xA4s";
  identity.password = right;
  DigestClient client(identity, crypto);
  DigestClient::Attempts attempts;
  ASSERT_TRUE(client.challenged({hiding}, attempts));
  Credentials given = *parse_credentials(client.authorize("REGISTER", "sip:example.com", "").at(0).value);
  EXPECT_FALSE(server.resolve(given, "alice"));
  EXPECT_EQ(check(given, start), Outcome::Refused);  // the hash is no name
  EXPECT_TRUE(server.resolve(given, "J\xC3\xA4s"));
  EXPECT_EQ(check(given, start), Outcome::Granted);
  Credentials plain = credentials("secret", start);
  EXPECT_FALSE(server.resolve(plain, "bob"));
  EXPECT_TRUE(server.resolve(plain, "alice"));
}

TEST_F(DigestServerTest, MethodAndBodyBelongToTheAnswer) {
  EXPECT_EQ(server.check(credentials("secret", start), &right, "INVITE", "", start), Outcome::Refused);
}

TEST_F(DigestServerTest, Sec60ResponseOfWrongLengthIsRefused) {
  for (const char* text : {"", "0", "abc"}) {
    Credentials given = credentials("secret", start);
    given.response = text;
    EXPECT_EQ(check(given, start), Outcome::Refused);
  }
  Credentials longer = credentials("secret", start);
  longer.response += '0';
  EXPECT_EQ(check(longer, start), Outcome::Refused);
}

TEST_F(DigestServerTest, WithoutQopOrCountIsRefused) {
  Credentials given = credentials("secret", start);
  given.qop.reset();
  EXPECT_EQ(check(given, start), Outcome::Refused);
  given = credentials("secret", start);
  given.nonce_count.reset();
  EXPECT_EQ(check(given, start), Outcome::Refused);
  given = credentials("secret", start);
  given.realm = "other";
  EXPECT_EQ(check(given, start), Outcome::Refused);
}

TEST_F(DigestServerTest, J09ManyNoncesForgetTheOldestAndLetNoReplayThrough) {
  const Credentials first = credentials("secret", start);
  EXPECT_EQ(check(first, start), Outcome::Granted);
  for (int i = 0; i < 4096; ++i) ASSERT_EQ(check(credentials("secret", start), start), Outcome::Granted);
  EXPECT_EQ(check(first, start), Outcome::Stale);
}

}  // namespace
}  // namespace parley::sip
