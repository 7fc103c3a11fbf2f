// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/crypto.hpp>
#include <parley/sip/dialog/dialog.hpp>
#include <parley/sip/failure_details.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/transaction/timer_wheel.hpp>
#include <parley/sip/usage/local_party.hpp>
#include <parley/sip/usage/outbox.hpp>
#include <parley/sip/usage/request_sender.hpp>
#include <parley/sip/usage/resting.hpp>
#include <parley/sip/user_agent.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sip {

class Session;

/// What the usages of one user agent share: who we are, the way out, the time of the input that is being worked on.
/// Owned by the UserAgent, which all usages live in. Loop thread only.
struct Agent {
  Agent(UserAgentOptions options_in, Crypto& crypto_in);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  UserAgentOptions options;
  Crypto& crypto;
  Stack stack;
  Outbox outbox{stack};
  TimerWheel wheel;
  RequestSender sender;
  LocalParty self;
  std::optional<FlowId> flow;              ///< to the account's server
  std::optional<FlowId> failed_flow;       ///< nothing comes through it any more; who sees it set treats it as closed
  std::vector<std::string> service_route;  ///< of the last 200 to REGISTER (RFC 3608)
  TimePoint now{};
  Resting resting;
  std::size_t live_sessions = 0;  ///< those that have not ended
  Session* to_sweep = nullptr;    ///< a chain of ended sessions that something happened to: perhaps nothing is left to do for them

  const TimerValues& timers() const noexcept { return stack.timers(); }

  /// A 503 with Retry-After to `transaction`, which is out of dialogs: whoever said so gets no new ones for a while, or until there is
  /// another flow. That is the account's server for a REGISTER. Anything else may come from the place that was asked, which has no say in
  /// what others are asked (s.16.7 step 6 lets a proxy pass a 503 on only for itself, but not all know).
  void rest(const RequestOwner& owner, TransactionId transaction, const FailureDetails& details);
  /// Anybody can write any address on a datagram: what we answer to may go to somebody who never asked (N05).
  bool may_be_forged(FlowId over) const;
  /// The account's flow while it is open.
  std::optional<FlowId> open_flow() const;
  std::string contact(FlowId over, Secure secure) const;            ///< Contact value of dialogs, in angle brackets
  std::string anonymous_contact(FlowId over, Secure secure) const;  ///< one that tells nothing of us but the flow

  /// Request-URI and Route of requests out of a dialog to that URI.
  RouteSet::Aim aim_at(std::string_view target) const { return RouteSet::preloaded(options.outbound_proxy, service_route).aim(target); }
  /// Request out of a dialog to `target`: Route, From with a fresh tag, To, Call-ID, CSeq 1, User-Agent.
  struct Draft {
    MessageBuilder builder;
    FlowId flow{};
    std::string request_uri;
    std::string call_id;
    std::string from;
    std::string to;
  };
  struct DraftOptions {
    std::string_view display_name;
    bool anonymous = false;
  };
  Result<Draft> draft(std::string_view method, std::string_view target, const DraftOptions& from);
  /// Request in a dialog with CSeq `cseq` (of the dialog's next_cseq()).
  Draft draft_in(const Dialog& dialog, FlowId over, std::string_view method, std::uint32_t cseq);

  /// Response with our tag and Server.
  MessageBuilder response(const MessageView& request, StatusCode status, std::string_view reason = {}) const;
  void respond(TransactionId transaction, MessageBuilder response);
  void respond(TransactionId transaction, const MessageView& request, StatusCode status);
  /// Once and without a transaction, which is given up: each copy of the request is answered anew (s.8.2.7).
  void respond_once(const RequestReceived& request, MessageBuilder response);
  /// The ACK of a 2xx, which no transaction sends (RFC 3261 s.13.2.2.4); a tester may hold it back.
  void send_ack(FlowId over, SharedBytes bytes);

  /// 0 up to and including `most`, evenly.
  std::uint32_t chance(std::uint32_t most);
};

/// RFC 3428 s.8: a MESSAGE of more than 1300 octets does not go over datagrams, whose congestion nobody controls: Errc::TooLong.
Result<void> check_size(Method method, const FlowInfo* flow, std::string_view request);

/// Adds headers of the application, or none where check_extra_headers() refuses one.
Result<void> add_extra_headers(MessageBuilder& message, const ExtraHeaders& headers);

}  // namespace parley::sip
