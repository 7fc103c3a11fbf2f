// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/auth/digest.hpp>
#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/crypto.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/user_agent_events.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::sip {

using ExtraHeaders = std::vector<std::pair<std::string, std::string>>;  ///< name, value; CR, LF, NUL refused

/// Errc::BadValue for what no message takes: a name that is no token or that the library writes itself (Via, Contact, ...), a value with
/// CR, LF or NUL. Value function.
PARLEY_EXPORT Result<void> check_extra_headers(const ExtraHeaders& headers);

/// A message body with its Content-Type. Empty type: no body.
struct Body {
  std::string content_type;
  std::string bytes;
  /// Of a request: the same in other types. Where the peer answers 415, the first that its Accept names is sent (RFC 3261 s.8.1.3.5).
  std::vector<Body> alternatives{};
};

struct UserAgentOptions {
  std::string aor;  ///< "sip:alice@example.com"
  std::string display_name;
  std::string contact_user;  ///< user part of our Contact; empty: random
  std::string instance_id;   ///< "urn:uuid:…" for +sip.instance; constant for a device
  DigestIdentity identity;
  std::string user_agent = "parley";
  std::string outbound_proxy;          ///< URI that becomes the first Route of every request out of a dialog; empty: none
  Duration no_answer_timeout{60'000};  ///< incoming call unanswered: 480
  bool accept_any_user = false;        ///< Request-URI user that is not ours: served (true) or 404
  /// Requests that belong to no dialog and come on another flow than set_flow()'s: served (true) or 403. Who has no account but listens
  /// sets it.
  bool serve_strangers = false;
  /// Places that an INVITE, MESSAGE or the like may be redirected to by 3xx, all in all; 0: a 3xx is a refusal. Whoever is called can send
  /// it anywhere, also where calls cost money.
  std::size_t most_redirects = 0;
  /// Credentials also for challenges in dialogs whose INVITE was not ours or needed none: any peer could ask for them then.
  bool danger_answer_peers_challenges = false;
  /// Option tags without which an INVITE is no use to us: where the caller does not list them, 421 (s.21.4.16 warns against it).
  std::vector<std::string> needed_extensions;
  /// A 503 with Retry-After to a REGISTER keeps back all new requests out of dialogs for as long, to another request those to the same
  /// target, but no longer than this (s.21.5.4).
  Duration longest_rest{300'000};
  /// REGISTERs offer keep-alives to the server (`keep` of RFC 6223); where it agrees, CRLF pings follow. On streams and WebSockets only.
  /// No pong within 10 s: the flow counts as closed (RFC 5626 s.4.4.1), Unregistered with ConnectionLost tells it. Open another one.
  bool offer_keep = false;
  StackOptions stack;
  std::vector<std::string> accepted_message_types{"text/plain"};  ///< of MESSAGE; others get 415
};

struct InviteRequest {
  std::string target;        ///< URI
  std::string display_name;  ///< of our From; empty: the options'
  bool anonymous = false;    ///< From of RFC 3323 and Privacy: id
  /// URI, as whom our provider is to vouch for us: P-Preferred-Identity (RFC 3325 s.9.2); empty: none. An anonymous call tells it as well,
  /// to the next hop, which must not pass it on.
  std::string preferred_identity{};
  std::optional<Body> offer;  ///< nullopt: the offer is asked for in the 200
  ExtraHeaders extra_headers;
  Duration ring_timeout{180'000};  ///< no final answer: CANCEL, cause NoAnswer
};

/// When a registration is refreshed: the smaller of `share` of what was granted and granted − `margin`, at least `least_share`, less up to
/// `jitter_share` at random. Shares are percent.
struct RefreshPolicy {
  int share = 99;
  Duration margin{40'000};
  int least_share = 50;
  int jitter_share = 5;
};

struct RegisterRequest {
  Duration expires{600'000};
  ExtraHeaders extra_headers{};
  std::string contact_params{};  ///< ";q=0.5": added to the Contact
  std::string registrar{};       ///< URI; empty: the AOR's domain
  std::optional<int> reg_id{};
  RefreshPolicy refresh{};
};

/// Errc::BadValue for what UserAgent::register_() would refuse whatever the connection is. Value function.
PARLEY_EXPORT Result<void> check(const RegisterRequest& request);

/// Signalling of one identity, without media: any number of sessions, one registration, messages, requests. Sans-IO like Stack.
///
/// Bodies are bytes: an event brings the peer's offer or answer, a command brings ours. Drain poll_output() after every input
/// and command. Digest challenges, 423, forks, CANCEL races, glare, ACKs, 2xx retransmission happen inside.
/// Requests leave on the flow of set_flow(); in-dialog requests on the dialog's flow while it is open, else on set_flow()'s.
/// In-dialog requests are taken from any flow (network.md: after a reconnect), matched by Call-ID and tags.
/// Where memory runs out (std::bad_alloc), a command has not happened and an event waits: next_timeout() asks for it. Only flow_opened(),
/// flow_closed() and set_flow() must be called again then. Loop thread only.
class PARLEY_EXPORT UserAgent {
 public:
  UserAgent(UserAgentOptions options, Crypto& crypto);
  ~UserAgent();
  UserAgent(const UserAgent&) = delete;
  UserAgent& operator=(const UserAgent&) = delete;

  // Inputs.
  void flow_opened(FlowId flow, FlowInfo info, TimePoint now);
  void flow_closed(FlowId flow, const Error& why, TimePoint now);
  /// The flow to the account's server, once open; nullopt while there is none. Sends BYEs that waited for it.
  void set_flow(std::optional<FlowId> flow, TimePoint now);
  void receive(FlowId flow, std::string_view bytes, TimePoint now);
  void handle_timeout(TimePoint now);

  // Outputs.
  std::optional<TimePoint> next_timeout() const;
  std::optional<UserAgentOutput> poll_output();

  // Calls. Commands on an ended or unknown session give Errc::NoSession; at a wrong moment Errc::WrongState or Busy.
  Result<SessionId> invite(const InviteRequest& request, TimePoint now);
  /// 101..199 of an incoming call.
  Result<void> ring(SessionId session, StatusCode status, TimePoint now);
  /// With a preview of our answer, for early media: accept() must bring the same one (H16). Errc::WrongState where the INVITE has no offer.
  Result<void> ring(SessionId session, StatusCode status, const Body& preview, TimePoint now);
  /// 200 of an incoming call; `body` is the answer, or our offer where the INVITE had none. Repeated until the ACK (H03).
  Result<void> accept(SessionId session, Body body, const ExtraHeaders& extra_headers, TimePoint now);
  /// 300..699 of an incoming call.
  Result<void> reject(SessionId session, StatusCode status, const ExtraHeaders& extra_headers, TimePoint now);
  /// The answer that an offer in a 200 wants: goes out in the ACK (OfferReceived with Place::Response2xx).
  Result<void> acknowledge(SessionId session, Body answer, TimePoint now);
  /// Re-INVITE. Outcome: AnswerReceived, or ReinviteRefused. Errc::Busy while one is pending in either direction.
  Result<void> reinvite(SessionId session, Body offer, TimePoint now);
  /// Answers the peer's re-INVITE (OfferReceived with Place::Reinvite): 200 with our answer, or our offer where it had none.
  Result<void> accept_reinvite(SessionId session, Body body, TimePoint now);
  /// 488 and the like: the session stays as it was. `warning`: value of a Warning header, may be empty.
  Result<void> reject_reinvite(SessionId session, StatusCode status, std::string_view warning, TimePoint now);
  /// Ends it as its state demands: CANCEL (after the first 1xx), 480, BYE (a callee's after the ACK), nothing. SessionEnded follows
  /// at once; what must still be sent (CANCEL, ACK and BYE of a crossing 200, BYE without a flow for up to 32 s) is sent later by itself.
  /// `reason`: value of a Reason header (RFC 3326), may be empty.
  Result<void> terminate(SessionId session, std::string_view reason, TimePoint now);
  /// While the way to the peer may be broken (after a reconnect), 408, 404, 480, 5xx and silence to an in-dialog request do not end the
  /// session: they come as ReinviteRefused and the owner tries again (network.md s.1). 481 always ends it.
  void set_repairing(SessionId session, bool repairing);

  /// What an INVITE would be answered just now, for those who ask by OPTIONS (RFC 3261 s.11.2): 200, or 486 while busy, 480, ...
  void set_availability(StatusCode status);
  /// No more calls: those that are up get their BYE, those that ring 480 or CANCEL, and whoever comes anew 503 with Retry-After; invite(),
  /// message() and the like give Errc::WrongState. It is over when unfinished_session_count() is 0 and, over datagrams, the stack's
  /// transaction_count() is: what refuses an INVITE is repeated until its ACK, also now. unregister() is a word of its own.
  void shut_down(TimePoint now);

  // Registration: one, refreshed by itself while there is a flow.
  /// Errc::Busy: one is in flight. Behind unregister() or query_bindings() it waits for their answer.
  Result<void> register_(RegisterRequest request, TimePoint now);
  Result<void> unregister(bool all, TimePoint now);  ///< all: "Contact: *"
  /// Asks which bindings the AOR has: a REGISTER without Contact (RFC 3261 s.10.2.3). Ends in one RequestDone, whose Contacts are those.
  Result<RequestId> query_bindings(TimePoint now);  ///< Errc::Busy: a REGISTER is in flight
  bool is_registered() const;
  bool is_registering() const;  ///< the answer to register_() is awaited
  /// Whole Contact URI used in dialogs now: pub-gruu where granted, else the flow's.
  std::string contact_uri() const;

  // Requests that stand alone or in a dialog; each ends in one RequestDone.
  Result<RequestId> message(std::string_view target, const Body& body, const ExtraHeaders& extra_headers, TimePoint now);
  Result<RequestId> options(std::string_view target, TimePoint now);
  Result<RequestId> info(SessionId session, const Body& body, const ExtraHeaders& extra_headers, TimePoint now);
  /// Any method out of a dialog / inside one. Not INVITE, ACK, CANCEL, BYE, REGISTER.
  Result<RequestId> request(std::string_view method, std::string_view target, const Body& body, const ExtraHeaders& extra_headers,
                            TimePoint now);
  Result<RequestId> request(SessionId session, std::string_view method, const Body& body, const ExtraHeaders& extra_headers, TimePoint now);

  std::size_t session_count() const;
  /// With those that have ended and whose CANCEL or BYE is not answered yet: 0 is the moment to leave.
  std::size_t unfinished_session_count() const;
  /// For tracing, raw sending and testers (hooks, switches).
  Stack& stack();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley::sip
