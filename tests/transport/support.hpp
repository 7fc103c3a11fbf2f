// SPDX-License-Identifier: MIT
#pragma once

#include <parley/transport/loop.hpp>
#include <parley/transport/network.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace parley::transport::test {

using namespace std::chrono_literals;

/// No wait of a test is longer; reaching it is a failure.
inline constexpr auto limit = 20s;

/// Runs `f` on the loop and waits for its result.
template <class F>
auto on_loop(Loop& loop, F f) -> std::invoke_result_t<F&> {
  std::packaged_task<std::invoke_result_t<F&>()> task(std::move(f));
  auto result = task.get_future();
  loop.post([task = std::move(task)]() mutable { task(); });
  return result.get();
}

/// A value that the loop thread sets and the test waits for.
class Gate {
 public:
  template <class Change>
  void update(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }
  template <class Ready>
  [[nodiscard]] bool wait(Ready ready) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, ready);
  }
  /// Also false when `over` comes before `ready`.
  template <class Ready, class Over>
  [[nodiscard]] bool wait(Ready ready, Over over) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [&] { return ready() || over(); });
    return ready();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// Keeps what one connection tells. Lives on the test's stack, outlives the loop's use of it.
class Inbox final : public sip::ConnectionObserver {
 public:
  void on_open(const sip::FlowInfo& info) override;
  void on_message(std::string_view bytes) override;
  void on_closed(const std::optional<Error>& why) override;

  /// Runs on the loop thread after the event was noted.
  std::function<void()> when_open{};
  std::function<void(std::string_view)> when_message{};
  std::function<void()> when_closed{};

  [[nodiscard]] bool wait_open();
  [[nodiscard]] bool wait_messages(std::size_t count);
  [[nodiscard]] bool wait_closed();

  std::unique_ptr<sip::Connection> keep{};  ///< a place for the connection, for tests that destroy it in its own callbacks
  sip::FlowInfo info{};
  bool open = false;
  std::vector<std::string> messages{};
  int closings = 0;
  std::optional<Error> why{};
  /// Error::text() of on_closed, or "" without one.
  std::string words() const { return why ? why->text() : std::string(); }

 private:
  Gate gate_;
};

/// Takes connections and keeps them, each with an Inbox.
class Acceptor final : public sip::ListenerObserver {
 public:
  struct Peer {
    std::unique_ptr<sip::Connection> connection;
    sip::FlowInfo info;
    Inbox inbox;
  };
  sip::ConnectionObserver* on_accept(std::unique_ptr<sip::Connection> connection, const sip::FlowInfo& info) override;

  /// The n-th connection, once it is there; nullptr after the limit.
  [[nodiscard]] Peer* wait_peer(std::size_t index = 0);

  std::function<sip::ConnectionObserver*(std::unique_ptr<sip::Connection>&)> instead{};  ///< when set: decides itself
  std::vector<std::unique_ptr<Peer>> peers{};

 private:
  Gate gate_;
};

/// A loop with a network on it; every connection and listener is gone before the loop ends.
class Fixture {
 public:
  explicit Fixture(LoopOptions options = {});
  ~Fixture();

  Loop& loop() { return *loop_; }
  Network& network() { return network_; }
  std::unique_ptr<sip::Connection> connect(const sip::Server& server, const sip::ConnectOptions& options, Inbox& inbox);
  /// Starts a listener; ends the test's process when it cannot.
  std::unique_ptr<sip::Listener> listen(Acceptor& acceptor, sip::ListenOptions options = {});
  template <class F>
  auto run(F f) {
    return on_loop(*loop_, std::move(f));
  }
  /// Destroys on the loop thread.
  template <class T>
  void drop(std::unique_ptr<T>& object) {
    run([&] { object.reset(); });
  }

 private:
  std::unique_ptr<Loop> loop_;
  Network network_;
};

/// Where a listener's uri() points.
sip::Server server_at(const std::string& uri);

/// Connects, waits for the end and returns what was told. For connections that are not to come about.
Inbox& closing_words(Fixture& fixture, const sip::Server& server, const sip::ConnectOptions& options, Inbox& inbox);

}  // namespace parley::transport::test
