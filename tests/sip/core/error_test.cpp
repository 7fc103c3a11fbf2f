// SPDX-License-Identifier: MIT
#include <parley/sip/core/error.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace parley {
namespace {

constexpr std::string_view unknown = "unknown error";

TEST(ErrorText, EachCodeHasWordsOfItsOwn) {
  std::set<std::string_view> words;
  for (int code = 0; code <= static_cast<int>(Errc::WouldDeadlock); ++code) {
    const std::string_view text = to_string(static_cast<Errc>(code));
    EXPECT_NE(text, unknown) << code;
    EXPECT_TRUE(words.insert(text).second) << text;
  }
  EXPECT_EQ(to_string(static_cast<Errc>(static_cast<int>(Errc::WouldDeadlock) + 1)), unknown);
}

TEST(ErrorText, StatusComesBeforeReason) {
  Error error;
  error.status = 486;
  error.detail = "Busy Here";
  EXPECT_EQ(error.text(), "486 Busy Here");
  error.reason = "the callee is in a call";
  EXPECT_EQ(error.text(), "486 Busy Here: the callee is in a call");
  error.detail.clear();
  EXPECT_EQ(error.text(), "486: the callee is in a call");
}

TEST(ErrorText, ReasonTakesThePlaceOfTheCode) {
  Error error;
  error.code = Errc::Unresolved;
  EXPECT_EQ(error.text(), "host name not resolved");
  error.detail = "pbx.example";
  EXPECT_EQ(error.text(), "host name not resolved: pbx.example");
  error.reason = "no such host";
  EXPECT_EQ(error.text(), "no such host: pbx.example");
}

}  // namespace
}  // namespace parley
