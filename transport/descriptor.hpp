// SPDX-License-Identifier: MIT
#pragma once

#include <parley/transport/loop_core.hpp>

#include <memory>

struct lws;
struct lws_protocols;

namespace parley::transport {

/// The protocol table of the house vhost: wake-ups, and the handles of Descriptors. Static storage.
const lws_protocols* house_protocols();

/// A file descriptor that the loop watches for input. Loop thread only.
class Descriptor final : private Guest {
 public:
  /// Takes over `fd`. `on_readable` runs on the loop thread and may destroy this object.
  Descriptor(std::shared_ptr<LoopCore> core, int fd, UniqueFunction<void()> on_readable);
  /// The descriptor is closed when the loop comes round.
  ~Descriptor() override;

  /// False when the loop could not take the descriptor.
  bool is_watched() const { return wsi_ != nullptr; }
  void readable();

 private:
  void loop_ended() override;
  void let_go();

  lws* wsi_ = nullptr;
  std::shared_ptr<UniqueFunction<void()>> on_readable_;
};

}  // namespace parley::transport
