// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/core/shared_bytes.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/core/unique_function.hpp>
#include <parley/sip/crypto.hpp>
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/transaction/timers.hpp>
#include <parley/sip/transport.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace parley::sip {

/// Names one transaction inside a Stack. Never reused; a name whose transaction has ended is harmless.
enum class TransactionId : std::uint64_t {};

struct StackOptions {
  TimerValues timers;                     ///< T1, T2, T4
  std::size_t max_transactions = 10'000;  ///< C21: over it new requests get 503 with Retry-After
  std::string user_agent;                 ///< Server header of the answers the stack gives itself; empty: none
  /// The user forwards: a response may carry further Vias below ours. A user agent drops such a one (RFC 3261 s.8.1.3.3).
  bool proxy = false;
};

/// Switches for testers who must misbehave. All off by default; they work alike under a UserAgent, which sends the ACK and the
/// repetitions of a 2xx itself.
struct Misbehaviour {
  bool hold_back_ack = false;              ///< no ACK is sent, neither that of a non-2xx (by the Stack) nor that of a 2xx
  bool hold_back_trying = false;           ///< no 100 by itself
  bool hold_back_retransmissions = false;  ///< of requests, of responses, of a 2xx; copies of a request get no answer again
};

// ---- What a Stack gives out -------------------------------------------------------------------------------------------------

/// Put these bytes on this flow. They are shared with the transaction that may have to send them again: reads as a string_view.
struct Send {
  FlowId flow{};
  SharedBytes bytes;
};

/// A request opened a server transaction, which waits for respond(). CANCEL comes here too, with the INVITE it names.
struct RequestReceived {
  TransactionId transaction{};
  FlowId flow{};
  Message message;
  std::optional<TransactionId> cancelled;  ///< CANCEL only: the INVITE's server transaction; nullopt: none matched
};

/// An ACK that no server transaction took: the one of a 2xx (RFC 6026), or a stray. Never answered (C18).
struct AckReceived {
  FlowId flow{};
  Message message;
};

/// A response to one of our requests. A 2xx to INVITE comes once for each copy and each fork (C08); others once.
struct ResponseReceived {
  TransactionId transaction{};
  FlowId flow{};
  Message message;
};

/// A 2xx to an INVITE whose client transaction is gone (B13). Other strays are dropped.
struct StrayResponse {
  FlowId flow{};
  Message message;
};

/// A transaction ended without the answer it wanted: timers B, F (client), H (server: no ACK), a request that respond() did not
/// answer within 64·T1 (server, not INVITE: RFC 4320 forbids an answer from then on), or its flow closed before it was done.
struct TransactionFailed {
  TransactionId transaction{};
  Error error;  ///< Errc::Timeout (status 408) or ConnectionLost (status 503)
};

/// Something malformed came and was answered or dropped: for the log. Control characters are masked.
struct Dropped {
  FlowId flow{};
  std::string text;
};

using StackEvent = std::variant<RequestReceived, AckReceived, ResponseReceived, StrayResponse, TransactionFailed, Dropped>;
using StackOutput = std::variant<Send, StackEvent>;

/// The sans-IO heart: parser and transactions (RFC 3261 s.17, RFC 6026). It eats bytes and time and yields bytes and events.
///
/// After each input (receive, flow_closed, handle_timeout, a command) drain poll_output() until nullopt. The stack never calls
/// upward, except the two hooks. It keeps no dialogs: user_agent.hpp does, on top.
/// Malformed requests are answered here (400, 413, 505, 513 ...) without a transaction, as are pings (CRLFCRLF → CRLF).
/// `now` never goes back. Loop thread only; no locks, no globals.
class PARLEY_EXPORT Stack {
 public:
  Stack(StackOptions options, Crypto& crypto);
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  // Inputs.
  void flow_opened(FlowId flow, FlowInfo info);
  /// Ends the transactions on it as if by 503 (B15).
  void flow_closed(FlowId flow, const Error& why, TimePoint now);
  /// One whole message, or a keep-alive.
  void receive(FlowId flow, std::string_view bytes, TimePoint now);
  void handle_timeout(TimePoint now);

  // Outputs.
  /// When handle_timeout() is wanted next; nullopt if no timer runs. May change after any non-const call; early calls are harmless.
  std::optional<TimePoint> next_timeout() const;
  std::optional<StackOutput> poll_output();

  // Commands of the transaction user.
  /// Begins a request for this flow: request line, Via with a fresh branch, Max-Forwards 70. nullopt-like builders do not exist: a flow
  /// that is not open shows at send_request().
  /// @param via_params  more parameters of the Via, each with its semicolon.
  MessageBuilder make_request(FlowId flow, std::string_view method, std::string_view request_uri, std::string_view via_params = {});
  /// Opens a client transaction (INVITE or not) and sends. Not for ACK and CANCEL. Errc::NotConnected: no such flow.
  Result<TransactionId> send_request(FlowId flow, std::string_view bytes, TimePoint now);
  /// CANCEL of a running INVITE client transaction: built from its request (D12). Errc::WrongState before a 1xx, after a final, and
  /// when it has been cancelled already (D14). Without a final response the INVITE fails with Timeout 64·T1 later (s.9.1).
  /// `reason`: value of a Reason header (RFC 3326); empty: none.
  Result<TransactionId> cancel(TransactionId invite, TimePoint now, std::string_view reason = {});
  /// A response of a server transaction; retransmitted as its machine asks. Errc::WrongState when it has ended or had a final.
  Result<void> respond(TransactionId transaction, std::string_view bytes, TimePoint now);
  /// Ends a transaction at once: nothing is sent, told or awaited for it any more. For a request that cannot be answered: an INVITE
  /// would wait for respond() for ever. What still comes is as if it had never been, so a copy of the request begins anew.
  void abandon(TransactionId transaction);
  /// No transaction: ACK of a 2xx, stateless answers, a proxy's ACK, and testers who must misbehave.
  void send_raw(FlowId flow, std::string_view bytes);
  void send_raw(FlowId flow, SharedBytes bytes);  ///< what may be sent again: allocates nothing

  const FlowInfo* flow(FlowId flow) const;  ///< nullptr: not open. Valid until the next non-const call
  std::size_t transaction_count() const;
  bool is_running(TransactionId transaction) const;  ///< it has not ended; copies and ACKs may still be waited for
  const TimerValues& timers() const noexcept;        ///< as they were given, within reason: 1 ms to a day each

  // For tracing and for testers. A hook may change or empty (drop) the bytes; called inside receive() / poll_output().
  void set_send_hook(UniqueFunction<void(FlowId, std::string& bytes)> hook);
  void set_receive_hook(UniqueFunction<void(FlowId, std::string_view bytes)> hook);
  void set_misbehaviour(Misbehaviour misbehaviour);
  const Misbehaviour& misbehaviour() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley::sip
