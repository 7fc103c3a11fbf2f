// SPDX-License-Identifier: MIT
// Stands beside the tests of limits where these are compiled with limits of their own (small_limits/parley-config/limits.hpp).
#include <parley/sip/message/message_index.hpp>

#include <gtest/gtest.h>

namespace parley::sip {
namespace {

TEST(SmallLimits, A26AreWhatTheLibraryIsCompiledWith) {
  EXPECT_EQ(limits::message, 30'000U);
  EXPECT_EQ(limits::headers, 40U);
  EXPECT_LT(sizeof(MessageIndex), 2'500U);
}

}  // namespace
}  // namespace parley::sip
