// SPDX-License-Identifier: MIT
#include <parley/sip/core/shared_bytes.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

TEST(SharedBytes, DefaultAndEmptyTextAreEmpty) {
  EXPECT_TRUE(SharedBytes{}.empty());
  EXPECT_TRUE(SharedBytes{""}.empty());
  EXPECT_EQ(SharedBytes{}.view(), "");
}

TEST(SharedBytes, KeepsItsOwnCopyOfTheText) {
  std::string text = "INVITE";
  const SharedBytes bytes{text};
  text = "CANCEL";
  EXPECT_EQ(bytes, "INVITE");
  EXPECT_EQ(bytes.size(), 6U);
  EXPECT_EQ(std::string(bytes), "INVITE");
}

TEST(SharedBytes, CopiesShareAndTheLastOneFrees) {
  SharedBytes last;
  {
    const SharedBytes first{"BYE"};
    SharedBytes second = first;
    last = second;
    EXPECT_EQ(first.view().data(), last.view().data());
    second = SharedBytes{"ACK"};
    EXPECT_EQ(second, "ACK");
  }
  EXPECT_EQ(last, "BYE");
  last = static_cast<const SharedBytes&>(last);
  EXPECT_EQ(last, "BYE");
}

TEST(SharedBytes, MovedFromIsEmpty) {
  SharedBytes from{"BYE"};
  const SharedBytes to = std::move(from);
  EXPECT_EQ(to, "BYE");
  EXPECT_TRUE(from.empty());
}

}  // namespace
}  // namespace parley
