// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/core/unique_function.hpp>

#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

namespace parley::media::gst {

/// GStreamer made ready, and the one thread that may block in it. Thread-safe.
///
/// All calls into webrtcbin and pipelines come from this thread; GStreamer's own threads only copy and post to it. One Engine serves
/// all sessions of a process.
class Engine {
 public:
  using Task = UniqueFunction<void()>;

  /// The process's engine: made by the first that asks, ended (queue emptied, thread joined) by the last that lets go.
  /// Must not be let go of on the engine's own thread. Returns at once: GStreamer starts in the background.
  static std::shared_ptr<Engine> shared();

  Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  /// Waits until GStreamer has started: some milliseconds, the very first time on a machine (no registry cache) more.
  /// Errc::MediaFailed when it does not.
  Result<void> wait_ready() const { return ready_.get(); }

  /// Runs `task` on the engine's thread, after those posted before.
  void post(Task task);

  /// Makes, in the background and once in a process, what the first call would wait for: the DTLS certificate (an RSA key) and the
  /// plugins. Sessions made meanwhile queue behind it; they would wait for the same key anyway.
  void warm_up();

 private:
  void run();
  void run_tasks();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;  // guarded by mutex_
  bool ending_ = false;     // guarded by mutex_
  bool warm_ = false;       // guarded by mutex_
  std::promise<Result<void>> started_;
  std::shared_future<Result<void>> ready_;
  std::thread thread_;
};

}  // namespace parley::media::gst
