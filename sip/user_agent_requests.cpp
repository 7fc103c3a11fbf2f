// SPDX-License-Identifier: MIT
// What others ask of us: RFC 3261 s.8.2, s.9.2, s.11.2, s.12.2.2; MESSAGE RFC 3428; INFO RFC 6086.
#include <parley/sip/core/rollback.hpp>
#include <parley/sip/usage/capabilities.hpp>
#include <parley/sip/usage/dtmf_info.hpp>
#include <parley/sip/user_agent_impl.hpp>

namespace parley::sip {
namespace {

constexpr std::string_view leaving_retry_after = "30";  // seconds: who is shut down now may be back then

}  // namespace

void UserAgent::Impl::on(RequestReceived& event) {
  const auto request = event.message.view();
  if (request.method() == Method::Cancel) return on_cancel(event);
  if (request.to_tag().empty()) return on_new_request(event);
  on_request_in_dialog(event);
}

void UserAgent::Impl::on(Dropped& event) { agent.outbox.emit(Diagnostic{std::move(event.text)}); }

void UserAgent::Impl::on(const AckReceived& event) {
  const auto ack = event.message.view();
  const auto found = sessions.find(dialog_id_of_request(ack));
  if (found.session != nullptr) found.session->on_ack(ack);  // one of no dialog is dropped (G09)
}

void UserAgent::Impl::on_cancel(const RequestReceived& event) {
  const auto cancel = event.message.view();
  // s.9.2: no other reason refuses it (E13), and its To tag is that of the INVITE's answers (E12).
  if (!event.cancelled) return agent.respond(event.transaction, cancel, 481);
  agent.respond(event.transaction, cancel, 200);
  const auto tag = cancel.to_tag().empty() ? agent.self.tag_for(cancel) : std::string(cancel.to_tag());
  Session* const session = sessions.find_by_tag(cancel.call_id(), tag);
  if (session != nullptr) session->on_cancel(*event.cancelled, cancel);
}

void UserAgent::Impl::refuse(const RequestReceived& event, const Refusal& refusal) {
  auto builder = agent.response(event.message.view(), refusal.status);
  for (const auto& [id, value] : refusal.headers) builder.header(id, value);
  may_be_forged(event) ? agent.respond_once(event, std::move(builder)) : agent.respond(event.transaction, std::move(builder));
  agent.outbox.emit(Diagnostic{"answered " + std::to_string(refusal.status) + ' ' + std::string(reason_phrase(refusal.status)) + " to a " +
                               std::string(event.message.view().method_text())});
}

/// Who is not the account's server and knows no dialog of ours gets one answer for one datagram: timer G would send a refusal eleven
/// times to somebody who never asked (N05, SEC-86).
bool UserAgent::Impl::may_be_forged(const RequestReceived& event) {
  if (!agent.may_be_forged(event.flow)) return false;
  return sessions.find(dialog_id_of_request(event.message.view())).dialog == nullptr;
}

/// The order of s.8.2 (E01).
std::optional<Refusal> UserAgent::Impl::check_new(const RequestReceived& event) {
  const auto request = event.message.view();
  if (event.flow != agent.flow && !agent.options.serve_strangers) return Refusal{403, {}};
  if (leaving) return Refusal{503, {{HeaderId::RetryAfter, std::string(leaving_retry_after)}}};
  if (auto refusal = uas::check_method(request)) return refusal;
  const FlowInfo* const flow = agent.stack.flow(event.flow);
  const auto secure = flow != nullptr ? flow->secure : Secure::No;
  if (auto refusal = uas::check_request_uri(request, agent.self, agent.options.accept_any_user, secure)) return refusal;
  if (merged.is_merged(request, event.transaction, agent.stack)) return Refusal{482, {}};
  // Both live only in dialogs (s.15.1.2, RFC 6086 s.4.2.2).
  if (request.method() == Method::Bye || request.method() == Method::Info) return Refusal{481, {}};
  if (auto refusal = uas::check_require(request, agent.options.needed_extensions)) return refusal;
  if (auto refusal = uas::check_extensions(request, agent.options.needed_extensions)) return refusal;
  if (auto refusal = uas::check_replaces(request)) return refusal;
  return uas::check_content(request, agent.options.accepted_message_types);
}

/// An INVITE comes once more after its transaction went with a connection, but not the call that we had accepted: a second call of the
/// same Call-ID and tags must not begin.
bool UserAgent::Impl::is_copy_of_answered(const RequestReceived& event) {
  const auto invite = event.message.view();
  const std::string our_tag = agent.self.tag_for(invite);
  Session* const session = sessions.find(DialogIdView{invite.call_id(), our_tag, invite.from_tag()}).session;
  if (session == nullptr) return false;
  if (!session->on_invite_copy(event)) refuse(event, {482, {}});
  return true;
}

void UserAgent::Impl::on_new_request(RequestReceived& event) {
  if (const auto refusal = check_new(event)) return refuse(event, *refusal);
  switch (event.message.view().method()) {
    case Method::Options: return serve_options(event, availability);
    case Method::Message: return serve_message(event);
    default: break;  // INVITE: check_method() lets nothing else through
  }
  if (is_copy_of_answered(event)) return;
  // At once, not after 200 ms: who rings first may take longer (s.8.2.6.1; s.17.2.1).
  if (!agent.stack.misbehaviour().hold_back_trying) agent.respond(event.transaction, event.message.view(), 100);
  Session& session = sessions.add();
  Rollback discard([&]() noexcept { sessions.discard(session); });
  session.arrive(event);
  discard.done();
  sessions.admit(session);
}

std::optional<Refusal> UserAgent::Impl::check_in_dialog(const MessageView& request, Dialog& dialog) {
  if (auto refusal = uas::check_method(request)) return refusal;
  if (!dialog.take_remote_cseq(request.cseq().number)) return Refusal{500, {}};  // s.12.2.2: out of order
  if (auto refusal = uas::check_require(request, agent.options.needed_extensions)) return refusal;
  return uas::check_content(request, agent.options.accepted_message_types);
}

void UserAgent::Impl::on_request_in_dialog(RequestReceived& event) {
  const auto request = event.message.view();
  const auto id = dialog_id_of_request(request);
  // Matched by Call-ID and tags alone: after a reconnect it comes on another flow and to another Contact of ours (network.md s.1).
  const auto found = sessions.find(id);
  Dialog* const dialog = found.dialog != nullptr ? found.dialog : answered.find_early(id);
  if (request.method() != Method::Other && dialog == nullptr) return refuse(event, {481, {}});
  if (request.method() == Method::Other) return refuse(event, *uas::check_method(request));
  Rollback undo([dialog, before = dialog->remote_cseq()]() noexcept { dialog->restore(before); });  // to take it again is no repetition
  if (const auto refusal = check_in_dialog(request, *dialog)) {
    refuse(event, *refusal);
  } else if (found.session != nullptr) {
    serve_in_dialog(event, *found.session);
  } else if (request.method() == Method::Options) {  // of a fork that lost: its BYE is on the way, or it has not answered yet
    serve_options(event, 200);
  } else {
    refuse(event, {481, {}});
  }
  undo.done();
}

void UserAgent::Impl::serve_in_dialog(RequestReceived& event, Session& session) {
  const Method method = event.message.view().method();
  if (method == Method::Options) return serve_options(event, 200);
  if (method == Method::Bye && !session.is_calling()) return session.on_bye(event);
  // What is left of an ended call only ends; and a callee must not end an early dialog by BYE (s.15).
  if (session.has_ended() || method == Method::Bye) return refuse(event, {481, {}});
  switch (method) {
    case Method::Invite: return session.on_reinvite(event);
    case Method::Info: return serve_info(event, session);
    default: return serve_message(event);
  }
}

void UserAgent::Impl::serve_options(const RequestReceived& event, StatusCode status) {
  auto builder = agent.response(event.message.view(), status);
  builder.header(HeaderId::Allow, capabilities::allow)
      .header(HeaderId::Accept, capabilities::session_type)
      .header(HeaderId::AcceptEncoding, capabilities::content_encoding)
      .header(HeaderId::AcceptLanguage, capabilities::language)
      .header(HeaderId::Supported, capabilities::supported);
  agent.respond(event.transaction, std::move(builder));
}

void UserAgent::Impl::serve_message(RequestReceived& event) {
  // RFC 3428 s.7: no body, no Contact, no dialog.
  agent.respond(event.transaction, event.message.view(), 200);
  agent.outbox.emit(MessageReceived{event.flow, std::move(event.message)});
}

void UserAgent::Impl::serve_info(const RequestReceived& event, Session& session) {
  const auto info = event.message.view();
  // RFC 6086 s.4.2.2: we receive no Info Package; an INFO without package and body is only a sign of life (s.4.2.1, legacy use).
  if (info.has(HeaderId::InfoPackage)) return refuse(event, {469, {{HeaderId::RecvInfo, {}}}});
  if (info.body().empty() && !info.content_type()) return agent.respond(event.transaction, info, 200);
  const auto type = info.content_type();
  const auto key = parse_dtmf_info(type ? type->text : std::string_view{}, info.body());
  if (key) {
    agent.respond(event.transaction, info, 200);
    return agent.outbox.emit(DtmfReceived{session.id(), key->tone, key->duration});
  }
  if (key.error().status == 415) return refuse(event, {415, {{HeaderId::Accept, std::string(capabilities::dtmf_types)}}});
  refuse(event, {key.error().status, {}});
}

}  // namespace parley::sip
