// SPDX-License-Identifier: MIT
#include "../../support/fake_crypto.hpp"

#include <parley/sip/core/tokens.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace parley::sip {
namespace {

TEST(Tokens, N10C01HoldAtLeast64RandomBits) {  // RFC 3261 s.19.3
  test::FakeCrypto crypto;
  EXPECT_EQ(random_token(crypto).size(), 20U);     // 96 bits, 5 a letter
  EXPECT_EQ(random_token(crypto, 1).size(), 13U);  // never fewer than 64
  EXPECT_EQ(random_token(crypto, 64).size(), 103U);
  EXPECT_EQ(random_token(crypto, 20).find_first_not_of("abcdefghijklmnopqrstuvwxyz234567"), std::string::npos);
}

TEST(Tokens, BranchHasTheCookie) {  // s.8.1.1.7
  test::FakeCrypto crypto;
  const Branch branch = make_branch(crypto);
  EXPECT_EQ(branch.text().substr(0, 7), "z9hG4bK");
  EXPECT_EQ(branch.text().size(), 27U);
}

TEST(Tokens, AreAllDifferent) {
  test::FakeCrypto crypto;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.insert(make_tag(crypto).text()).second);
    EXPECT_TRUE(seen.insert(make_call_id(crypto).text()).second);
  }
}

TEST(Method, A03IsCaseSensitive) {  // s.7.1
  for (int i = 1; i <= static_cast<int>(Method::Publish); ++i) {
    const auto method = static_cast<Method>(i);
    EXPECT_EQ(method_from_text(to_string(method)), method);
  }
  EXPECT_EQ(method_from_text("invite"), Method::Other);
  EXPECT_EQ(method_from_text("INVIT"), Method::Other);
  EXPECT_EQ(method_from_text("INVITES"), Method::Other);
  EXPECT_EQ(method_from_text("RE%47ISTER"), Method::Other);
  EXPECT_EQ(method_from_text(""), Method::Other);
}

}  // namespace
}  // namespace parley::sip
