// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/transaction/timer_wheel.hpp>

#include <optional>

namespace parley::sip {

struct Agent;

/// Keep-alives by agreement (RFC 6223; F18): our REGISTER offers them by `keep` in its Via, the server agrees by giving it a value in the
/// answer. From then on CRLF CRLF goes out on that flow, as often as the value says (RFC 5626 s.3.5.1), and where nothing comes back within
/// ten seconds the flow has failed (s.4.4.1): Agent::failed_flow. Loop thread only.
class KeepAlive {
 public:
  explicit KeepAlive(Agent& agent) noexcept : agent_(agent) {}

  /// What the Via of a REGISTER says; empty: nothing. Datagrams would need STUN, so there none are offered.
  std::string_view offer(FlowId flow) const;
  /// The 2xx of a REGISTER: with a value it starts or changes the pings, without one it ends them.
  void on_registered(FlowId flow, const MessageView& response);
  void on_flow_closed(FlowId flow) noexcept;
  /// Anything that came is a sign of life.
  void on_received(FlowId flow) noexcept;
  void stop() noexcept;

 private:
  void ping(TimePoint now);
  void on_pong_missing(TimePoint now);
  Duration pause();

  Agent& agent_;
  FlowId flow_{};
  Duration interval_{0};  ///< the server's wish; 0: it has none
  MemberTimer<KeepAlive, &KeepAlive::ping> timer_{*this};
  MemberTimer<KeepAlive, &KeepAlive::on_pong_missing> pong_timer_{*this};
};

}  // namespace parley::sip
