// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/usage/agent.hpp>
#include <parley/sip/usage/answered_invites.hpp>
#include <parley/sip/usage/merge_guard.hpp>
#include <parley/sip/usage/registration.hpp>
#include <parley/sip/usage/session_table.hpp>
#include <parley/sip/usage/uas_checks.hpp>
#include <parley/sip/user_agent.hpp>

#include <cstdint>

namespace parley::sip {

/// What is behind a UserAgent: brings each event of the stack to the usage that it concerns.
struct UserAgent::Impl {
  Impl(UserAgentOptions options, Crypto& crypto) : agent(std::move(options), crypto) {}

  /// Works on everything that the last input has caused. Each input ends with it. Where memory runs out, the rest is worked on in the
  /// next input: next_timeout() asks for it. So the handlers below may be called again for an event whose handling failed.
  void settle();
  /// Before a command is worked on.
  void begin(TimePoint now) {
    agent.now = now;
    agent.outbox.reserve();
  }
  /// A command to a live session, at `now`. What it causes is taken up by poll_output(): nothing fails behind its success.
  template <class F>
  Result<void> command(SessionId session, TimePoint now, F f) {
    begin(now);
    Session* const found = sessions.find(session);
    if (found == nullptr || found->has_ended()) return Errc::NoSession;
    Result<void> result = f(*found);
    sessions.sweep();
    return result;
  }

  // Answers to our requests: user_agent_responses.cpp.
  void on(ResponseReceived& event);
  void on(const StrayResponse& event);
  void on(const TransactionFailed& event);
  bool goes_on(const RequestOwner& owner, TransactionId transaction, const std::optional<Amendment>& amendment);
  bool answer_challenge(const RequestOwner& owner, const ResponseReceived& event);
  std::uint32_t next_cseq(const RequestOwner& owner, TransactionId transaction);
  void on_unauthorized(const RequestOwner& owner, const ResponseReceived& event, Error error);
  void deliver(const RequestOwner& owner, ResponseReceived& event);
  void forget(const RequestOwner& owner, TransactionId transaction);
  void deliver_to_session(const RequestOwner& owner, ResponseReceived& event);
  void fail(const RequestOwner& owner, const Error& error);
  void finish_request(RequestId request, Result<Message> outcome);

  // Requests of others: user_agent_requests.cpp.
  void on(RequestReceived& event);
  void on(const AckReceived& event);
  void on(Dropped& event);
  void on_cancel(const RequestReceived& event);
  bool is_copy_of_answered(const RequestReceived& event);
  void on_new_request(RequestReceived& event);
  void on_request_in_dialog(RequestReceived& event);
  void serve_in_dialog(RequestReceived& event, Session& session);
  void serve_options(const RequestReceived& event, StatusCode status);
  void serve_message(RequestReceived& event);
  void serve_info(const RequestReceived& event, Session& session);
  std::optional<Refusal> check_new(const RequestReceived& event);
  std::optional<Refusal> check_in_dialog(const MessageView& request, Dialog& dialog);
  void refuse(const RequestReceived& event, const Refusal& refusal);
  bool may_be_forged(const RequestReceived& event);

  /// The flow is gone: it was closed, or found dead.
  void lose_flow(FlowId flow, const Error& why);
  void handle_timeout(TimePoint now);

  // Requests of ours: user_agent.cpp.
  Result<RequestId> send_standalone(std::string_view method, std::string_view target, const Body& body, const ExtraHeaders& extra_headers);
  Result<RequestId> send_in_session(SessionId session, std::string_view method, const Body& body, const ExtraHeaders& extra_headers);

  Agent agent;
  AnsweredInvites answered{agent};
  SessionTable sessions{agent, answered};
  Registration registration{agent};
  MergeGuard merged{agent.self.derived_secret("merged requests")};
  std::uint64_t last_request_id = 0;
  StatusCode availability = 200;  ///< what an INVITE would get now (s.11.2)
  bool leaving = false;           ///< shut_down() was called
  bool behind = false;            ///< memory ran out in settle(): there is work left
};

}  // namespace parley::sip
