// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/executor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace parley::transport {

class LoopCore;

enum class LogLevel : std::uint8_t { Error, Warning };

struct LoopOptions {
  /// Lines of the socket library and of this room, control characters escaped. Runs on the loop thread, and on the caller's inside start().
  UniqueFunction<void(LogLevel, std::string_view)> log{};
  /// Name servers, "192.0.2.1:53,[2001:db8::1]:53"; empty: the system's.
  std::string dns_servers{};
  /// How long a listener gives a client for its TLS handshake, and again for its whole upgrade request: octets that trickle in do
  /// not extend it. Whole seconds.
  Duration upgrade_limit = std::chrono::seconds{10};
};

/// The thread that owns sockets, alarms and callbacks (one libwebsockets context).
///
/// Destroying it runs what was posted before, tells every connection that is left that it is closed, and joins the thread.
/// On the loop thread itself (an application that lets go of everything inside a callback) it does not join: the thread
/// ends by itself as soon as the callback returns.
class PARLEY_EXPORT Loop final : public Executor {
 public:
  /// Errc::OutOfMemory when neither a context nor a thread can be had.
  static Result<std::unique_ptr<Loop>> start(LoopOptions options = {});
  /// The loop that all users in this process share: started for the first, ended with the last. Thread-safe.
  static Result<std::shared_ptr<Loop>> shared();

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() override;

  /// What the destructor does. Idempotent; not from two threads at once.
  void stop();

  bool post(UniqueFunction<void()> task) override;
  TimePoint now() const override;
  std::unique_ptr<Deadline> make_deadline(UniqueFunction<void()> on_due) override;
  bool is_loop_thread() const override;

  /// For the classes of this room.
  const std::shared_ptr<LoopCore>& core() const { return core_; }

 private:
  explicit Loop(std::shared_ptr<LoopCore> core);

  std::shared_ptr<LoopCore> core_;
  std::thread thread_;
};

}  // namespace parley::transport
