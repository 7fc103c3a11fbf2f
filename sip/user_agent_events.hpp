// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/error.hpp>
#include <parley/sip/core/ids.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/failure_details.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/stack.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parley::sip {

/// Names one call inside a UserAgent. Never reused; the name of an ended call is harmless.
enum class SessionId : std::uint64_t {};
/// Names one request that ends in RequestDone.
enum class RequestId : std::uint64_t {};

/// Why a session ended. Exactly one SessionEnded for each session.
struct EndCause {
  enum class Kind : std::uint8_t {
    LocalHangup,     ///< terminate()
    RemoteHangup,    ///< BYE
    Cancelled,       ///< the caller gave up (CANCEL), or we cancelled ours
    Rejected,        ///< a final 3xx–6xx, ours or theirs; status
    NoAnswer,        ///< ring_timeout, no_answer_timeout, Expires over, 408
    ConnectionLost,  ///< the flow closed before the call was up, or repair gave up
    Gone,            ///< 481 or 408 to a request in the dialog
    Failed,          ///< protocol: no ACK, unusable answer, ...
  };
  Kind kind = Kind::LocalHangup;
  StatusCode status = 0;     ///< 0: none
  std::string reason;        ///< reason phrase, or the text of a Reason header; a sentence of ours where there is neither
  FailureDetails details{};  ///< of the response that ended it
};

/// Where an offer came.
enum class OfferPlace : std::uint8_t { Invite, Response2xx, Reinvite };

/// A new incoming call: 100 has been sent. Answer with ring(), accept(), reject(). The offer, if any, follows as OfferReceived.
struct IncomingSession {
  SessionId session{};
  FlowId flow{};
  Message invite;
};

/// 101..199 of our INVITE. `has_body`: early media is announced (not played yet). The body is a preview of the answer and nothing more:
/// what counts is the one in the 2xx, which comes as AnswerReceived (RFC 3261 s.13.2.1; H16). Forks are told apart by the response's
/// To tag, and the one that is confirmed wins (H17). Alert-Info and the like are data in the response; nothing fetches a URI (H19).
struct SessionProgress {
  SessionId session{};
  StatusCode status = 0;
  std::string reason;
  bool has_body = false;
  Message response{};
};

/// The peer's offer. Answer with accept() (Invite), acknowledge() (Response2xx), accept_reinvite() (Reinvite).
/// Empty body with place Invite or Reinvite: the peer wants our offer in the 200.
struct OfferReceived {
  SessionId session{};
  OfferPlace place = OfferPlace::Invite;
  std::string content_type;
  std::string body;
};

/// The peer's answer to our last offer: in its 200 (then the ACK has been sent) or in its ACK.
struct AnswerReceived {
  SessionId session{};
  std::string content_type;
  std::string body;
  std::string remote_tag{};  ///< whose of the forks
};

/// Caller: the 200 came, the ACK is out (with an offer in the 200: after acknowledge()). Callee: the 200 is out.
struct SessionEstablished {
  SessionId session{};
};

/// Callee: the ACK came; hold, BYE and the like are possible from now on without waiting.
struct SessionConfirmed {
  SessionId session{};
};

/// Our re-INVITE got a non-2xx (or none while repairing). Session and dialog are as before (H10).
/// 491: ReinviteDue follows after RFC 3261 s.14.1's random delay; nothing else is retried by itself.
struct ReinviteRefused {
  SessionId session{};
  Error error;
  FailureDetails details{};
};

/// The glare's delay is over: make the offer anew and call reinvite() again, if it is still wanted.
struct ReinviteDue {
  SessionId session{};
};

struct SessionEnded {
  SessionId session{};
  EndCause cause;
};

/// DTMF by INFO (application/dtmf-relay, application/dtmf); 200 has been sent.
struct DtmfReceived {
  SessionId session{};
  char tone = 0;
  Duration duration{0};
};

/// MESSAGE taken; 200 has been sent.
struct MessageReceived {
  FlowId flow{};
  Message message;
};

struct Registered {
  bool refresh = false;  ///< a refresh of a registration that was up
  Duration expires{0};   ///< granted
  std::string pub_gruu;  ///< empty: none
  std::vector<std::string> service_route;
  std::vector<std::string> associated_uris;
};

/// No registration (any more): unregister() was answered, it was refused, or it ran out.
struct Unregistered {
  std::optional<Error> error;  ///< nullopt: we asked for it
  FailureDetails details{};
};

/// The answer to message(), options(), info(), request(), or why there is none.
struct RequestDone {
  RequestId request{};
  Result<Message> response;  ///< a final response of any class; Error: Timeout, ConnectionLost, Unauthorized, ...
};

/// For the log: malformed or refused input in a sentence.
struct Diagnostic {
  std::string text;
};

using UserAgentEvent =
    std::variant<IncomingSession, SessionProgress, OfferReceived, AnswerReceived, SessionEstablished, SessionConfirmed, ReinviteRefused,
                 ReinviteDue, SessionEnded, DtmfReceived, MessageReceived, Registered, Unregistered, RequestDone, Diagnostic>;
using UserAgentOutput = std::variant<Send, UserAgentEvent>;

}  // namespace parley::sip
