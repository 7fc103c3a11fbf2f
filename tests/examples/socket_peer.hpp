// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/wiring.hpp>
#include <parley/sip/testing/scripted_peer.hpp>
#include <parley/sip/transport.hpp>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::test {

/// A ScriptedPeer on a real connection, in real time. One script each; destroyed off the loop thread.
class SocketPeer final : public sip::ConnectionObserver {
 public:
  SocketPeer(std::shared_ptr<Runtime> runtime, sip::testing::Script script, sip::testing::PeerOptions options)
      : runtime_(std::move(runtime)), peer_(std::move(script), std::move(options)) {}
  ~SocketPeer() override {
    on_loop([this] {
      alarm_.reset();
      connection_.reset();
    });
  }
  SocketPeer(const SocketPeer&) = delete;
  SocketPeer& operator=(const SocketPeer&) = delete;

  /// Connects and plays. Empty: passed; else the failure with its ladder.
  std::string play(const sip::Server& server) {
    on_loop([&] {
      alarm_ = runtime_->executor().make_deadline([this] {
        peer_.handle_timeout(now());
        pump();
      });
      connection_ = runtime_->transport().connect(server, {}, *this);
    });
    return outcome_.get_future().get();
  }

 private:
  using Outcome = sip::testing::ScriptedPeer::Outcome;

  void on_open(const sip::FlowInfo&) override {
    peer_.start(now());
    pump();
  }
  void on_message(std::string_view bytes) override {
    peer_.receive(bytes, now());
    pump();
  }
  void on_closed(const std::optional<Error>& why) override { finish("the connection is gone: " + (why ? why->text() : "closed")); }

  void pump() {
    while (auto bytes = peer_.poll_output()) connection_->send(*std::move(bytes));
    alarm_->set(peer_.next_timeout());
    if (peer_.outcome() != Outcome::Running) finish(peer_.failure());
  }
  void finish(const std::string& outcome) {
    if (std::exchange(finished_, true)) return;
    alarm_->set(std::nullopt);
    outcome_.set_value(outcome);
  }
  TimePoint now() { return runtime_->executor().now(); }
  template <class F>
  void on_loop(F f) {
    std::promise<void> done;
    if (!runtime_->executor().post([&] {
          f();
          done.set_value();
        })) {
      return;
    }
    done.get_future().wait();
  }

  std::shared_ptr<Runtime> runtime_;
  sip::testing::ScriptedPeer peer_;
  std::promise<std::string> outcome_;
  bool finished_ = false;
  std::unique_ptr<sip::Connection> connection_;
  std::unique_ptr<Deadline> alarm_;
};

}  // namespace parley::test
