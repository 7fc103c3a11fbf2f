// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/executor.hpp>
#include <parley/transport/loop_core.hpp>

#include <libwebsockets.h>

#include <memory>
#include <optional>

namespace parley::transport {

/// A Deadline on the timer list of the context. Never early; outliving the loop it is merely dead.
class Alarm final : public Deadline, private Guest {
 public:
  Alarm(std::shared_ptr<LoopCore> core, UniqueFunction<void()> on_due);
  ~Alarm() override;

  void set(std::optional<TimePoint> due) override;

 private:
  /// The list entry knows its owner by standing first in a standard-layout struct.
  struct Entry {
    lws_sorted_usec_list_t sul{};
    Alarm* owner = nullptr;
  };

  static void ring(lws_sorted_usec_list_t* sul);
  void arm();
  void loop_ended() override;

  Entry entry_;
  std::optional<TimePoint> due_;
  std::shared_ptr<UniqueFunction<void()>> on_due_;  ///< shared with the running call, which may destroy this object
};

}  // namespace parley::transport
