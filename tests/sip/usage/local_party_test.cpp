// SPDX-License-Identifier: MIT
#include <parley/sip/usage/local_party.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <gtest/gtest.h>

namespace parley::sip {
namespace {

TEST(LocalParty, DerivedSecretsAreTheirOwnForEachPurposeAndParty) {
  test::FakeCrypto crypto;
  const LocalParty one({}, crypto);
  const LocalParty other({}, crypto);
  const auto secret = one.derived_secret("tea");
  EXPECT_EQ(secret, one.derived_secret("tea"));
  EXPECT_NE(secret, one.derived_secret("coffee"));
  EXPECT_NE(secret, other.derived_secret("tea"));
  EXPECT_NE(secret[0], 0U);
  EXPECT_NE(secret[1], 0U);
  EXPECT_NE(secret[0], secret[1]);
}

}  // namespace
}  // namespace parley::sip
