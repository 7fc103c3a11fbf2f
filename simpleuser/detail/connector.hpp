// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/account.hpp>
#include <parley/simpleuser/async.hpp>
#include <parley/simpleuser/detail/account_shared.hpp>
#include <parley/simpleuser/detail/reconnect_policy.hpp>
#include <parley/simpleuser/detail/settings.hpp>
#include <parley/sip/executor.hpp>
#include <parley/sip/transport.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::detail {

/// Told by a Connector, on the loop thread.
class ConnectorEvents {
 public:
  virtual ~ConnectorEvents() = default;
  virtual void connection_opened(const sip::FlowInfo& info) = 0;
  /// An open connection is gone; `why` is set unless close() asked for it.
  virtual void connection_closed(const std::optional<Error>& why) = 0;
  virtual void connection_received(std::string_view bytes) = 0;
  virtual void connection_attempt(unsigned number) = 0;
  /// An attempt did not succeed; whether another follows, reconnecting() tells.
  virtual void connection_failed(const Error& why) = 0;
  /// No further attempt: the options ask for no more.
  virtual void connection_given_up(const Error& last) = 0;
};

/// Keeps the connection to the account's server: makes it, makes it anew when it breaks, closes it. Loop thread only.
class Connector final : private sip::ConnectionObserver {
 public:
  Connector(const Settings& settings, const Ports& ports, AccountShared& shared, ConnectorEvents& events);

  /// Completes when it is open, or when this attempt has failed.
  void connect(AsyncSource<void> done);
  /// Says goodbye; connection_closed() follows. While there is none open: stops trying, at once.
  void close();
  /// Drops an open connection without waiting for the goodbye; connection_closed(nullopt) comes inside this call.
  void abort();
  void send(std::string bytes);

  bool is_open() const noexcept { return state_ == State::Open; }
  bool is_idle() const noexcept { return state_ == State::Idle; }
  /// Number of the attempt that is waited for or running; 0: none, or the first connect.
  unsigned reconnecting() const noexcept;

 private:
  enum class State : std::uint8_t { Idle, Connecting, Open, Closing, Waiting };

  void on_open(const sip::FlowInfo& info) override;
  void on_message(std::string_view bytes) override;
  void on_closed(const std::optional<Error>& why) override;

  void attempt();
  void attempt_failed(const Error& why);
  void lost(const std::optional<Error>& why);
  bool wait_for_next();
  void finish(const Result<void>& outcome);

  const Settings& settings_;
  const Ports& ports_;
  AccountShared& shared_;
  ConnectorEvents& events_;
  ReconnectPolicy policy_;
  State state_ = State::Idle;
  bool again_ = false;  ///< this attempt follows another one by itself
  std::vector<AsyncSource<void>> waiting_;
  std::unique_ptr<Deadline> retry_;
  std::unique_ptr<sip::Connection> connection_;
};

}  // namespace parley::detail
