// SPDX-License-Identifier: MIT
#include <parley/media/gst/engine.hpp>

#include <parley/media/gst/warm_up.hpp>

#include <gst/gst.h>

#include <utility>

namespace parley::media::gst {
namespace {

/// GStreamer may have been started by the application; that is fine.
Result<void> start_gstreamer() {
  GError* error = nullptr;
  if (gst_init_check(nullptr, nullptr, &error) != FALSE) return {};
  Error result{Errc::MediaFailed, 0, Error::no_offset, "GStreamer does not start"};
  if (error != nullptr) {
    result.detail = error->message;
    g_error_free(error);
  }
  return result;
}

}  // namespace

std::shared_ptr<Engine> Engine::shared() {
  static std::mutex mutex;
  static std::weak_ptr<Engine> current;
  const std::lock_guard lock(mutex);
  if (auto engine = current.lock()) return engine;
  auto engine = std::make_shared<Engine>();
  current = engine;
  return engine;
}

Engine::Engine() : ready_(started_.get_future().share()), thread_([this] { run(); }) {}

Engine::~Engine() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Engine::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Engine::warm_up() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(warm_, true)) return;
  }
  post([this] {
    if (wait_ready()) gst::warm_up();
  });
}

void Engine::run() {
  started_.set_value(start_gstreamer());
  run_tasks();
}

void Engine::run_tasks() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    {
      const Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }  // what the task owned dies here, unlocked
    lock.lock();
  }
}

}  // namespace parley::media::gst
