// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/program/switch.hpp>
#include <parley/simpleuser/wiring.hpp>

#include <memory>
#include <string>

namespace parley::program {

/// A Switch on the loop of a Runtime, used from another thread. Destroying it waits until it is gone from the loop.
class EmbeddedSwitch {
 public:
  EmbeddedSwitch(std::shared_ptr<Runtime> runtime, SwitchOptions options);
  ~EmbeddedSwitch();
  EmbeddedSwitch(const EmbeddedSwitch&) = delete;
  EmbeddedSwitch& operator=(const EmbeddedSwitch&) = delete;

  /// @return the URI with the port that was chosen.
  Result<std::string> listen(sip::ListenOptions options);

 private:
  template <class F>
  void on_loop(F work);

  std::shared_ptr<Runtime> runtime_;
  std::unique_ptr<Switch> switch_;  ///< loop thread only
};

}  // namespace parley::program
