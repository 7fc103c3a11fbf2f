// SPDX-License-Identifier: MIT
#include <gst/gst.h>

#include <gtest/gtest.h>

namespace parley::media::testing {
namespace {

/// Ends GStreamer's pools of threads when all is over: LeakSanitizer stumbles over threads that are just about to end.
class Environment final : public ::testing::Environment {
 public:
  void TearDown() override {
    if (gst_is_initialized() != FALSE) gst_deinit();
  }
};

[[maybe_unused]] const auto* const environment = ::testing::AddGlobalTestEnvironment(new Environment);

}  // namespace
}  // namespace parley::media::testing
