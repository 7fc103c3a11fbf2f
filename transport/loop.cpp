// SPDX-License-Identifier: MIT
#include <parley/transport/loop.hpp>

#include <parley/transport/deadline.hpp>
#include <parley/transport/loop_core.hpp>

#include <pthread.h>
#include <csignal>
#include <mutex>
#include <system_error>
#include <utility>

namespace parley::transport {

namespace {

/// Signals belong to the application's threads: ours is born with all of them blocked.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

Loop::Loop(std::shared_ptr<LoopCore> core) : core_(std::move(core)) {}

Result<std::unique_ptr<Loop>> Loop::start(LoopOptions options) {
  auto core = LoopCore::create(std::move(options));
  if (!core) return std::move(core).error();
  std::unique_ptr<Loop> loop(new Loop(*core));
  const SignalsBlocked blocked;
  try {
    loop->thread_ = std::thread([core = *core] {
      pthread_setname_np(pthread_self(), "parley-loop");
      core->run();
    });
  } catch (const std::system_error&) {
    (*core)->end();
    (*core)->run();  // nobody has seen this loop yet: it ends here and now
    return Error{.code = Errc::OutOfMemory, .reason = "no thread for the loop"};
  }
  return loop;
}

Result<std::shared_ptr<Loop>> Loop::shared() {
  static std::mutex mutex;
  static std::weak_ptr<Loop> common;
  const std::lock_guard lock(mutex);
  if (auto loop = common.lock()) return loop;
  auto started = start();
  if (!started) return std::move(started).error();
  std::shared_ptr<Loop> loop = std::move(*started);
  common = loop;
  return loop;
}

Loop::~Loop() { stop(); }

void Loop::stop() {
  core_->end();
  if (!thread_.joinable()) return;
  if (is_loop_thread()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

bool Loop::post(UniqueFunction<void()> task) { return core_->post(std::move(task)); }

TimePoint Loop::now() const { return core_->now(); }

std::unique_ptr<Deadline> Loop::make_deadline(UniqueFunction<void()> on_due) { return std::make_unique<Alarm>(core_, std::move(on_due)); }

bool Loop::is_loop_thread() const { return core_->is_loop_thread(); }

}  // namespace parley::transport
