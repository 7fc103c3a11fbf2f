// SPDX-License-Identifier: MIT
#include <parley/sip/usage/local_party.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

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

TEST(LocalParty, ContactUserIsEscapedUnlessTheApplicationHasDoneSo) {  // RFC 3261 s.19.1.2
  for (const auto& [given, written] : {std::pair{"door", "sip:door@"}, std::pair{"front%20door", "sip:front%20door@"},
                                       std::pair{"front door", "sip:front%20door@"}, std::pair{"door:1", "sip:door%3A1@"}}) {
    test::FakeCrypto crypto;
    UserAgentOptions options;
    options.contact_user = given;
    EXPECT_EQ(LocalParty(options, crypto).flow_contact(nullptr, Secure::No), written + std::string("anonymous.invalid"));
  }
}

}  // namespace
}  // namespace parley::sip
