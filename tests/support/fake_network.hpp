// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/unique_function.hpp>
#include <parley/sip/executor.hpp>
#include <parley/sip/transport.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::test {

/// One connection as the far end sees it. Never reused.
using WireId = std::uint64_t;

/// A transport without a network: what a client sends comes out at the far end, one task of the executor later, and the other way
/// round. Tests refuse, silence and cut it. Outlives the connections.
class FakeTransport final : public sip::Transport {
 public:
  struct Logged {
    WireId wire = 0;
    bool to_server = false;
    TimePoint time{};
    std::string text;
  };

  explicit FakeTransport(Executor& executor) : executor_(executor), alive_(std::make_shared<bool>(true)) {}
  FakeTransport(const FakeTransport&) = delete;
  FakeTransport& operator=(const FakeTransport&) = delete;

  // The far end.
  UniqueFunction<void(WireId)> on_open;
  UniqueFunction<void(WireId, std::string_view)> on_receive;
  UniqueFunction<void(WireId)> on_gone;  ///< closed by the client, or cut

  void deliver(WireId wire, std::string bytes) {
    if (!is_open(wire)) return;
    log_.push_back({wire, false, executor_.now(), bytes});
    post([this, wire, bytes = std::move(bytes)] {
      if (Wire* const open = find(wire); open != nullptr && open->open) open->connection->observer().on_message(bytes);
    });
  }
  /// The connection breaks, for this reason.
  void cut(WireId wire, Error why = Error{.code = Errc::ConnectionLost, .reason = "cut by the test"}) {
    Wire* const found = find(wire);
    if (found == nullptr || !std::exchange(found->open, false)) return;
    if (on_gone) on_gone(wire);
    post([this, wire, why] { tell_closed(wire, why); });
  }
  void cut_all() {
    for (const WireId wire : open_wires()) cut(wire);
  }

  // What happens to those that connect.
  std::optional<Error> refuse;      ///< they fail with this
  bool silent = false;              ///< they wait until connect_timeout
  bool never_says_goodbye = false;  ///< a close handshake is not answered

  std::vector<WireId> open_wires() const {
    std::vector<WireId> wires;
    for (const auto& [id, wire] : wires_) {
      if (wire.open) wires.push_back(id);
    }
    return wires;
  }
  bool is_open(WireId wire) const {
    const auto found = wires_.find(wire);
    return found != wires_.end() && found->second.open;
  }
  const std::vector<TimePoint>& attempts() const { return attempts_; }
  const std::vector<Logged>& log() const { return log_; }
  void clear_log() { log_.clear(); }

  std::unique_ptr<sip::Connection> connect(const sip::Server&, const sip::ConnectOptions& options,
                                           sip::ConnectionObserver& observer) override {
    attempts_.push_back(executor_.now());
    const WireId id = ++last_wire_;
    auto connection = std::make_unique<FakeConnection>(*this, id, observer);
    wires_[id].connection = connection.get();
    if (silent) {
      wires_[id].timeout =
          executor_.make_deadline([this, id] { tell_closed(id, Error{.code = Errc::Timeout, .reason = "no answer in time"}); });
      wires_[id].timeout->set(executor_.now() + options.connect_timeout);
    } else if (refuse) {
      post([this, id, why = *refuse] { tell_closed(id, why); });
    } else {
      post([this, id] { open(id); });
    }
    return connection;
  }

  Result<std::unique_ptr<sip::Listener>> listen(const sip::ListenOptions&, sip::ListenerObserver&) override { return Errc::NotSupported; }

 private:
  class FakeConnection final : public sip::Connection {
   public:
    FakeConnection(FakeTransport& transport, WireId wire, sip::ConnectionObserver& observer)
        : transport_(transport), alive_(transport.alive_), wire_(wire), observer_(observer) {}
    ~FakeConnection() override {
      if (!alive_.expired()) transport_.forget(wire_);
    }
    FakeConnection(const FakeConnection&) = delete;
    FakeConnection& operator=(const FakeConnection&) = delete;

    void send(std::string bytes) override { transport_.to_server(wire_, std::move(bytes)); }
    void close() override { transport_.closed_by_client(wire_); }
    sip::ConnectionObserver& observer() { return observer_; }

   private:
    FakeTransport& transport_;
    std::weak_ptr<bool> alive_;
    WireId wire_;
    sip::ConnectionObserver& observer_;
  };

  struct Wire {
    FakeConnection* connection = nullptr;
    bool open = false;
    std::unique_ptr<Deadline> timeout;
  };

  template <class F>
  void post(F f) {
    executor_.post([alive = std::weak_ptr<bool>(alive_), f = std::move(f)]() mutable {
      if (!alive.expired()) f();
    });
  }
  Wire* find(WireId wire) {
    const auto found = wires_.find(wire);
    return found == wires_.end() ? nullptr : &found->second;
  }
  void open(WireId id) {
    Wire* const wire = find(id);
    if (wire == nullptr) return;
    wire->open = true;
    if (on_open) on_open(id);
    wire->connection->observer().on_open(sip::FlowInfo{.reliable = sip::Reliable::Yes,
                                                       .secure = sip::Secure::No,
                                                       .via_transport = "WS",
                                                       .local_name = "client" + std::to_string(id) + ".invalid",
                                                       .peer_address = "192.0.2.1",
                                                       .peer_port = 80});
  }
  void to_server(WireId id, std::string bytes) {
    if (!is_open(id)) return;
    log_.push_back({id, true, executor_.now(), bytes});
    post([this, id, bytes = std::move(bytes)] {
      if (is_open(id) && on_receive) on_receive(id, bytes);
    });
  }
  void closed_by_client(WireId id) {
    Wire* const wire = find(id);
    if (wire == nullptr || never_says_goodbye) return;
    post([this, id] {
      Wire* const closing = find(id);
      if (closing == nullptr) return;
      if (std::exchange(closing->open, false) && on_gone) on_gone(id);
      tell_closed(id, std::nullopt);
    });
  }
  void tell_closed(WireId id, const std::optional<Error>& why) {
    if (Wire* const wire = find(id)) wire->connection->observer().on_closed(why);
  }
  void forget(WireId id) {
    Wire* const wire = find(id);
    if (wire == nullptr) return;
    const bool was_open = wire->open;
    wires_.erase(id);
    if (was_open && on_gone) on_gone(id);
  }

  Executor& executor_;
  std::shared_ptr<bool> alive_;
  WireId last_wire_ = 0;
  std::map<WireId, Wire> wires_;
  std::vector<TimePoint> attempts_;
  std::vector<Logged> log_;
};

}  // namespace parley::test
