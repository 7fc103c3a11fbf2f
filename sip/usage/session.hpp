// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/dialog/dialog.hpp>
#include <parley/sip/usage/agent.hpp>
#include <parley/sip/usage/answered_invites.hpp>
#include <parley/sip/usage/deadlines.hpp>
#include <parley/sip/user_agent.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::sip {

/// One call: the INVITE usage of a dialog from its INVITE to the last answer of its BYE (RFC 3261 s.13-15). It eats the messages that
/// the UserAgent brings, and sends and tells through the Agent. Its end is told once (SessionEnded); after that it lives on unseen
/// until what must still be sent is sent. What only a set-up, a re-INVITE or an end needs is on the heap only meanwhile.
/// Loop thread only.
class Session {
 public:
  Session(Agent& agent, AnsweredInvites& answered, SessionId id);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  SessionId id() const noexcept { return id_; }
  /// SessionEnded was told.
  bool has_ended() const noexcept { return ended_; }
  /// Has ended, and something happened to it: the next sweep looks at it.
  void wants_sweep() noexcept {
    if (!ended_ || swept_for_) return;
    swept_for_ = true;
    next_to_sweep_ = std::exchange(agent_.to_sweep, this);
  }
  /// Takes the first of those.
  static Session* take_to_sweep(Agent& agent) noexcept {
    Session* const first = agent.to_sweep;
    if (first == nullptr) return nullptr;
    agent.to_sweep = std::exchange(first->next_to_sweep_, nullptr);
    first->swept_for_ = false;
    return first;
  }
  /// Nothing is left to do: to be destroyed.
  bool is_finished() const noexcept { return ended_ && !out_ && !in_ && !bye_; }
  std::string_view local_tag() const noexcept { return dialog_.local_tag(); }
  std::string_view call_id() const noexcept { return dialog_.call_id(); }

  // ---- Caller (session_caller.cpp)
  Result<void> call(const InviteRequest& request);
  Result<void> acknowledge(const Body& answer);
  void on_invite_response(TransactionId transaction, FlowId flow, const MessageView& response);
  void on_invite_failed(const Error& error);

  // ---- Callee (session_callee.cpp)
  void arrive(const RequestReceived& request);
  Result<void> ring(StatusCode status, const Body& preview);
  Result<void> accept(const Body& body, const ExtraHeaders& extra_headers);
  Result<void> reject(StatusCode status, const ExtraHeaders& extra_headers);
  /// CANCEL of `transaction`, which may be the re-INVITE's (H14). Its own 200 is sent by the owner.
  void on_cancel(TransactionId transaction, const MessageView& cancel);
  /// The INVITE that we accepted comes again, in a new transaction: the same 2xx again. False: it is acknowledged already.
  bool on_invite_copy(const RequestReceived& request);
  void on_ack(const MessageView& ack);
  bool is_invited_by(TransactionId transaction) const noexcept { return in_ && in_->transaction == transaction; }

  // ---- Both (session_modify.cpp)
  Result<void> reinvite(const Body& offer);
  Result<void> accept_reinvite(const Body& body);
  Result<void> reject_reinvite(StatusCode status, std::string_view warning);
  void on_reinvite(const RequestReceived& request);
  void on_reinvite_response(TransactionId transaction, FlowId flow, const MessageView& response);
  void on_reinvite_failed(const Error& error);
  void on_reinvite_unauthorized(TransactionId transaction, Error error);

  // ---- The end (session_end.cpp)
  Result<void> terminate(std::string_view reason);
  void on_bye(const RequestReceived& request);
  void on_bye_answered(StatusCode status);  ///< 408 for no answer
  void on_bye_lost();                       ///< its flow closed

  // ---- Other requests, flows, time (session.cpp)
  Result<void> send_request(RequestId request, std::string_view method, const Body& body, const ExtraHeaders& extra_headers);
  /// What the answer (or 408 for none) to another request in the dialog means for the call (RFC 5057 s.5.1; G10).
  void on_request_answered(StatusCode status, FailureDetails details = {});
  /// The dialog that a received request belongs to; nullptr: none of ours.
  Dialog* find_dialog(DialogIdView id) noexcept;
  bool is_calling() const noexcept { return state_ == State::Calling; }
  bool is_up() const noexcept { return state_ == State::Accepted || state_ == State::Confirmed; }
  /// Whether a challenge to a request of that kind is worth an answer: an INVITE that was given up is not tried again.
  bool wants_retry(Purpose purpose) const noexcept { return purpose == Purpose::Bye ? bye_ != nullptr : !ended_; }
  /// The dialog that our INVITE would begin at another place.
  Dialog aimed_at(std::string_view target) const { return Dialog::begun(dialog_.call_id(), dialog_.local(), dialog_.remote(), target); }
  /// @param aimed  where it goes now; nullopt: as before.
  void on_retried(Purpose purpose, TransactionId transaction, std::optional<Dialog> aimed) noexcept;
  std::uint32_t next_cseq() noexcept { return dialog_.next_cseq(); }
  void on_flow_closed(FlowId flow, const Error& why);
  void on_flow_set();
  void set_repairing(bool repairing) noexcept { repairing_ = repairing; }
  void on_stray_response(FlowId flow, const MessageView& response);

 private:
  enum class State : std::uint8_t {
    Calling,    ///< caller: no final answer yet
    Answering,  ///< caller: the 200 brought an offer, acknowledge() is awaited
    Incoming,   ///< callee: no final answer yet
    Accepted,   ///< callee: the 200 is out, its ACK is awaited
    Confirmed,
  };
  enum class Due : std::uint8_t {
    RingTimeout,
    NoAnswer,
    InviteExpires,
    RepeatRinging,  // set-up
    RepeatOk,
    AckTimeout,    // a 2xx of ours
    Acknowledge,   // an offer in a 2xx that nobody answers
    GiveUpInvite,  // an INVITE of ours that never gets a final answer
    Glare,
    ByeRetry,
    ByeGiveUp,
  };

  /// Our INVITE or re-INVITE, until its final answer.
  struct OurInvite {
    TransactionId transaction{};
    std::uint32_t cseq = 0;
    bool has_offer = false;
    bool provisional = false;  ///< a 1xx came: CANCEL is allowed (s.9.1)
    bool cancel_wanted = false;
    bool cancelled = false;
    std::string cancel_reason;  ///< for its CANCEL (RFC 3326)
    std::vector<Dialog> early;  ///< one for each To tag (s.12.1.2)
  };
  /// The peer's INVITE or re-INVITE, until our final answer, or until the ACK of our 2xx.
  struct TheirInvite {
    TransactionId transaction{};
    FlowId flow{};
    Message request;  ///< until the final answer
    std::uint32_t cseq = 0;
    bool has_offer = false;
    StatusCode ringing = 0;  ///< last 1xx, repeated each minute
    Body preview;            ///< of our answer, in each 1xx; none: empty type
    SharedBytes ok;          ///< our 2xx, repeated until the ACK; empty: not answered
    Duration interval{0};
    /// Octets that its 2xx may be repeated with: its sender may be forged (N05). nullopt: as many as it takes.
    std::optional<std::size_t> repeatable{};
  };
  struct Bye {
    std::string reason;
    TimePoint retry_until;
    Duration pause{500};
    bool in_flight = false;
    bool patient = false;  ///< the way was broken when it was wanted: refusals may only mean a dead flow
  };

  // session.cpp
  void end(EndCause cause);
  std::optional<FlowId> usable_flow();
  std::string contact(FlowId over) const;  ///< Contact value
  bool our_invite_runs() const noexcept { return out_ != nullptr; }
  bool their_invite_waits() const noexcept { return in_ && in_->ok.empty(); }
  bool ack_is_awaited() const noexcept { return in_ && !in_->ok.empty(); }
  Askers askers() const noexcept;
  void on_deadline(Due due);
  friend class Deadlines<Session, Due, Due::ByeGiveUp>;
  // session_caller.cpp
  bool is_of_ours(const MessageView& response) const noexcept;
  void on_mangled();
  void on_provisional(const MessageView& response);
  void on_accepted(TransactionId transaction, FlowId flow, const MessageView& response);
  enum class Answered : bool { No, Yes };
  struct Description {
    std::string content_type;
    std::string body;
    std::string remote_tag;
    bool is_acknowledged = true;      ///< else the 2xx brings an offer, whose answer goes into the ACK
    std::optional<EndCause> failure;  ///< there is none, where there must be one
  };
  Description describe(const MessageView& response, Answered offer) const;
  void tell(Description description, TransactionId transaction);
  void on_refused(const MessageView& response);
  void send_ack(TransactionId transaction, const Dialog& dialog, const Body& answer);
  void cancel_ours(std::string_view reason = {});
  void give_up_invite();
  void on_invite_overdue();
  // session_callee.cpp
  Result<void> send_ok(const Body& body, const ExtraHeaders& extra_headers);
  Result<void> send_ringing(StatusCode status, const Body& preview);
  void refuse_theirs(StatusCode status);
  Result<std::string> ok_for(const RequestReceived& invite);
  void repeat_ok();
  static std::unique_ptr<TheirInvite> take_invite(const RequestReceived& request);
  void on_ack_missing();
  void hang_up_without_ack(bool first);
  void end_without_bye();
  // session_modify.cpp
  void start_glare_delay();
  void on_reinvite_refused(Error error, FailureDetails details = {});
  bool ends_call(StatusCode status) const noexcept;
  // session_end.cpp
  std::unique_ptr<Bye> new_bye(std::string reason) const;
  void start_bye(std::unique_ptr<Bye> bye);
  void send_bye();
  void retry_bye_later() noexcept;
  void finish_bye() noexcept;
  void leave_invites(StatusCode refusal);
  void hang_up(EndCause cause, std::string reason);

  Agent& agent_;
  AnsweredInvites& answered_;
  const SessionId id_;
  FlowId flow_{};
  Dialog dialog_;
  State state_ = State::Calling;
  bool is_caller_ = false;  ///< owner of the Call-ID (s.14.1)
  bool anonymous_ = false;  ///< the peer is not to know who we are (RFC 3323)
  bool ended_ = false;
  bool repairing_ = false;
  bool swept_for_ = false;
  std::uint8_t strays_ = 0;  ///< forks that answered when nobody waited for them any more
  Session* next_to_sweep_ = nullptr;
  Askers askers_ = nobody;                       ///< whom its INVITE brought credentials: later requests carry them at once (J06)
  std::optional<TransactionId> unacknowledged_;  ///< INVITE whose 2xx brought an offer and waits for acknowledge()
  std::unique_ptr<OurInvite> out_;
  std::unique_ptr<TheirInvite> in_;
  std::unique_ptr<Bye> bye_;
  Deadlines<Session, Due, Due::ByeGiveUp> deadlines_;
};

/// There is an offer or answer in it: not so where a body of another type may be left out.
bool has_session_body(const MessageView& message);
/// The offer of an INVITE as an event; empty where it has none.
OfferReceived offer_of(SessionId session, OfferPlace place, const MessageView& invite);

}  // namespace parley::sip
