// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/usage/agent.hpp>
#include <parley/sip/usage/deadlines.hpp>
#include <parley/sip/usage/keep_alive.hpp>
#include <parley/sip/user_agent.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace parley::sip {

/// The binding of one AOR to our Contact: REGISTER, refresh, un-REGISTER (RFC 3261 s.10; GRUU RFC 5627, Service-Route RFC 3608).
/// One Call-ID for its life, CSeq rising, never two REGISTERs at a time (F02), also across connections. Loop thread only.
class Registration {
 public:
  explicit Registration(Agent& agent);

  /// Errc::Busy while one is in flight and nothing is to follow it, NotConnected, BadValue. Behind an un-REGISTER or a query the wish
  /// is kept, the last one counts; it ends in Registered or Unregistered.
  Result<void> register_(RegisterRequest request);
  /// While a REGISTER is in flight the wish is kept and follows its answer, in the place of a register_() that was kept.
  Result<void> unregister(bool all);
  /// REGISTER without Contact; ends in RequestDone. Errc::Busy while a REGISTER is in flight.
  Result<void> query(RequestId request);
  bool is_registered() const noexcept { return registered_; }
  bool is_registering() const noexcept { return is_binding() || bind_afterwards_; }

  void on_response(const MessageView& response);
  void on_unauthorized(const Error& error);  ///< a challenge that no credentials answer
  void on_failed(const Error& error);        ///< no answer, or the connection broke
  void on_flow_closed(FlowId flow);
  /// The flow is dead, and nobody but us knows: Unregistered says so.
  void on_flow_failed(FlowId flow, const Error& why);
  void on_received(FlowId flow) noexcept { keep_alive_.on_received(flow); }
  std::uint32_t next_cseq() noexcept { return ++cseq_; }

 private:
  enum class Asked : std::uint8_t { Nothing, Bind, Refresh, Unbind, UnbindAll, Query };
  enum class Due : std::uint8_t { Refresh, Expiry };

  bool is_binding() const noexcept { return in_flight_ == Asked::Bind || in_flight_ == Asked::Refresh; }
  Secure own_scheme() const;
  Result<void> send(Asked what);
  Result<std::string> contact_value(FlowId flow, Asked what) const;
  bool take_response(const MessageView& response);
  void on_bound(const MessageView& response, Asked what);
  bool retry_with_longer_expires(const MessageView& response, Asked what);
  void on_refused(Asked what, Error error, FailureDetails details = {});
  void on_temporary_failure(Asked what, Error error, FailureDetails details = {});
  void drop(std::optional<Error> why, FailureDetails details = {});
  void send_what_waits();
  void on_deadline(Due due);
  friend class Deadlines<Registration, Due, Due::Expiry>;

  Agent& agent_;
  RegisterRequest request_;
  std::string call_id_;
  std::string from_tag_;
  std::uint32_t cseq_ = 0;
  Duration expires_{0};  ///< asked for; raised by 423
  Asked in_flight_ = Asked::Nothing;
  Asked waiting_ = Asked::Nothing;
  std::optional<RegisterRequest> bind_afterwards_;  ///< what waits behind `waiting_`
  RequestId query_{};                               ///< of the query in flight
  FlowId flow_{};                                   ///< of the last REGISTER
  std::string bound_uri_;                           ///< Contact of the last REGISTER
  bool registered_ = false;
  int longer_expires_tries_ = 0;
  int failures_ = 0;  ///< of refreshes, in a row
  KeepAlive keep_alive_{agent_};
  Deadlines<Registration, Due, Due::Expiry> deadlines_;
};

/// When to refresh a binding of `granted` (F04).
/// @param chance  0 .. 1000, even.
Duration refresh_delay(Duration granted, std::uint32_t chance, const RefreshPolicy& policy = {});

}  // namespace parley::sip
