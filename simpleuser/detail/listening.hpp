// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/transport.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::detail {

/// Told by a Listening, on the loop thread.
class ListeningEvents {
 public:
  virtual ~ListeningEvents() = default;
  /// Somebody has connected. @return the name of the new flow.
  virtual sip::FlowId inbound_opened(const sip::FlowInfo& info) = 0;
  virtual void inbound_received(sip::FlowId flow, std::string_view bytes) = 0;
  virtual void inbound_closed(sip::FlowId flow, const std::optional<Error>& why) = 0;
};

/// The listeners of an account and whoever has connected to them. Loop thread only.
class Listening final : private sip::ListenerObserver {
 public:
  Listening(sip::Transport& transport, ListeningEvents& events);
  ~Listening() override;

  /// @return the URI with the port that was chosen. Errors of Transport::listen().
  Result<std::string> listen(const sip::ListenOptions& options);
  /// False: no such flow of ours.
  bool send(sip::FlowId flow, std::string_view bytes);
  bool has_listeners() const noexcept { return !listeners_.empty(); }
  /// No listener and no connection any more; nothing is told of them. May be called in what they tell.
  void close();

 private:
  class Inbound;

  sip::ConnectionObserver* on_accept(std::unique_ptr<sip::Connection> connection, const sip::FlowInfo& info) override;
  void closed(sip::FlowId flow, const std::optional<Error>& why);

  sip::Transport& transport_;
  ListeningEvents& events_;
  std::map<sip::FlowId, std::unique_ptr<Inbound>> connections_;
  std::vector<std::unique_ptr<sip::Listener>> listeners_;
};

}  // namespace parley::detail
