// SPDX-License-Identifier: MIT
#pragma once

#include <parley/transport/loop.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

struct lws_context;
struct lws_context_creation_info;
struct lws_vhost;

namespace parley::transport {

class LoopCore;
class Vhosts;

/// An object that hangs on the loop and may outlive it: told once, on the loop thread, when the loop ends. Loop thread only.
class Guest {
 public:
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;

  /// Lets go of everything that belongs to the loop. May destroy *this and other guests.
  virtual void loop_ended() = 0;

 protected:
  explicit Guest(std::shared_ptr<LoopCore> core);
  virtual ~Guest();
  LoopCore& core() const { return *core_; }

 private:
  std::shared_ptr<LoopCore> core_;
};

/// What Loop, its thread and all guests share: the context, the queue, the registry of guests.
/// The object outlives the loop as long as somebody holds it; context() is null from then on.
class LoopCore : public std::enable_shared_from_this<LoopCore> {
 public:
  static Result<std::shared_ptr<LoopCore>> create(LoopOptions options);
  explicit LoopCore(LoopOptions options);
  ~LoopCore();

  bool post(UniqueFunction<void()> task);
  TimePoint now() const;
  bool is_loop_thread() const { return thread_.load() == std::this_thread::get_id(); }

  /// Closes the door: later posts fail, the thread ends when the queue is empty. Thread-safe.
  void end();
  /// The thread's main function.
  void run();

  /// Runs what was posted: in a callback that is nobody's but the loop's, so tasks may destroy whatever they like.
  void run_posted();

  /// Null once the loop has ended.
  lws_context* context() const { return context_; }
  /// For descriptors that are not connections. Null once the loop has ended.
  lws_vhost* house_vhost() const { return house_vhost_; }
  /// Makes a vhost whose info names everything but what all have in common. Null: not possible.
  lws_vhost* create_vhost(lws_context_creation_info& info);
  const std::string& dns_servers() const { return options_.dns_servers; }
  Duration upgrade_limit() const { return options_.upgrade_limit; }
  Vhosts& vhosts() { return *vhosts_; }
  void log(LogLevel level, std::string_view line);

 private:
  friend class Guest;

  bool create_context();
  void shut_down();

  LoopOptions options_;
  lws_context* context_ = nullptr;
  lws_vhost* house_vhost_ = nullptr;
  std::unique_ptr<Vhosts> vhosts_;
  std::atomic<std::thread::id> thread_{};
  std::unordered_set<Guest*> guests_;
  bool closed_to_guests_ = false;  ///< the loop is ending: guests that come now are dead on arrival
  bool shut_ = false;
  bool ended_ = false;

  std::mutex mutex_;  ///< guards what follows, and the context against a wake-up during its end
  std::vector<UniqueFunction<void()>> queue_;
  bool ending_ = false;
};

/// Runs `f`; nothing that it throws (bad_alloc, an application's callback) unwinds through the C library beneath.
template <class F>
bool run_guarded(F&& f) noexcept {
  try {
    f();
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace parley::transport
