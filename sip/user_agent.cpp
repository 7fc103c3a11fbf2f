// SPDX-License-Identifier: MIT
#include <parley/sip/user_agent.hpp>

#include <parley/sip/core/rollback.hpp>
#include <parley/sip/usage/capabilities.hpp>
#include <parley/sip/user_agent_impl.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

/// Methods that have verbs of their own, because they are more than one request and its answer.
bool is_reserved(std::string_view method) {
  switch (method_from_text(method)) {
    case Method::Invite:
    case Method::Ack:
    case Method::Cancel:
    case Method::Bye:
    case Method::Register: return true;
    default: return false;
  }
}

Error reserved_method(std::string_view method) {
  return Error{.code = Errc::BadValue, .reason = "this method has a verb of its own", .detail = std::string(method)};
}

std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

void UserAgent::Impl::settle() {
  behind = true;
  for (agent.outbox.reserve(); StackEvent* const event = agent.outbox.next_stack_event(); agent.outbox.reserve()) {
    std::visit([this](auto& each) { on(each); }, *event);
    agent.outbox.finished();
  }
  behind = false;
  sessions.sweep();
}

Result<RequestId> UserAgent::Impl::send_standalone(std::string_view method, std::string_view target, const Body& body,
                                                   const ExtraHeaders& extra_headers) {
  if (leaving) return Errc::WrongState;
  auto draft = agent.draft(method, target, {});
  if (!draft) return std::move(draft).error();
  auto& builder = draft->builder;
  const Method known = method_from_text(method);
  if (capabilities::has_contact(known)) builder.header(HeaderId::Contact, agent.contact(draft->flow, Secure::No));
  if (known == Method::Options) builder.header(HeaderId::Accept, capabilities::session_type);  // s.11.1
  if (auto added = add_extra_headers(builder, extra_headers); !added) return std::move(added).error();
  if (!body.content_type.empty()) builder.body(body.content_type, body.bytes);
  agent.sender.add_known_credentials(builder, draft->flow, method, draft->request_uri, body.bytes, known_out_of_dialog);
  auto bytes = std::move(builder).finish();
  if (!bytes) return std::move(bytes).error();
  if (auto fits = check_size(known, agent.stack.flow(draft->flow), *bytes); !fits) return std::move(fits).error();
  const RequestId request{++last_request_id};
  auto sent = agent.sender.submit(draft->flow, std::move(*bytes), {Purpose::Standalone, {}, request}, agent.now, body.alternatives);
  if (!sent) return std::move(sent).error();
  return request;
}

Result<RequestId> UserAgent::Impl::send_in_session(SessionId session, std::string_view method, const Body& body,
                                                   const ExtraHeaders& extra_headers) {
  const RequestId request{++last_request_id};
  auto sent = command(session, agent.now, [&](Session& found) { return found.send_request(request, method, body, extra_headers); });
  if (!sent) return std::move(sent).error();
  return request;
}

void UserAgent::Impl::lose_flow(FlowId flow, const Error& why) {
  agent.stack.flow_closed(flow, why, agent.now);
  agent.outbox.collect();  // many transactions may have gone with it
  registration.on_flow_closed(flow);
  sessions.for_each([&](Session& session) { session.on_flow_closed(flow, why); });
}

void UserAgent::Impl::handle_timeout(TimePoint now) {
  agent.now = now;
  agent.stack.handle_timeout(now);
  settle();
  agent.wheel.run(now);
  if (agent.failed_flow) {  // RFC 5626 s.4.4.1
    const Error why{.code = Errc::ConnectionLost, .reason = "the server does not answer keep-alives"};
    agent.outbox.reserve();
    registration.on_flow_failed(*agent.failed_flow, why);
    lose_flow(*agent.failed_flow, why);
    agent.failed_flow.reset();
  }
  settle();
}

UserAgent::UserAgent(UserAgentOptions options, Crypto& crypto) : impl_(std::make_unique<Impl>(std::move(options), crypto)) {}
UserAgent::~UserAgent() = default;

// ---- Inputs

void UserAgent::flow_opened(FlowId flow, FlowInfo info, TimePoint now) {
  impl_->agent.now = now;
  impl_->agent.stack.flow_opened(flow, std::move(info));
}

void UserAgent::flow_closed(FlowId flow, const Error& why, TimePoint now) {
  impl_->agent.now = now;
  impl_->lose_flow(flow, why);
  impl_->settle();
}

void UserAgent::set_flow(std::optional<FlowId> flow, TimePoint now) {
  impl_->agent.now = now;
  if (impl_->agent.flow != flow) impl_->agent.resting.forget();
  impl_->agent.flow = flow;
  impl_->agent.sender.set_account_flow(flow);
  if (impl_->agent.open_flow()) impl_->sessions.for_each([](Session& session) { session.on_flow_set(); });
  impl_->settle();
}

void UserAgent::receive(FlowId flow, std::string_view bytes, TimePoint now) {
  impl_->agent.now = now;
  impl_->registration.on_received(flow);
  impl_->agent.stack.receive(flow, bytes, now);
  impl_->settle();
}

void UserAgent::handle_timeout(TimePoint now) { impl_->handle_timeout(now); }

// ---- Outputs

std::optional<TimePoint> UserAgent::next_timeout() const {
  if (impl_->behind) return impl_->agent.now + TimerWheel::second_try;  // what else is due would not get through either
  return earlier(impl_->agent.stack.next_timeout(), impl_->agent.wheel.next_timeout());
}

std::optional<UserAgentOutput> UserAgent::poll_output() {
  impl_->settle();  // what a tester did to the stack directly comes along
  return impl_->agent.outbox.poll();
}

// ---- Calls

Result<SessionId> UserAgent::invite(const InviteRequest& request, TimePoint now) {
  impl_->begin(now);
  if (impl_->leaving) return Errc::WrongState;
  auto& sessions = impl_->sessions;
  Session& session = sessions.add();
  Rollback discard([&]() noexcept { sessions.discard(session); });
  if (auto called = session.call(request); !called) return std::move(called).error();
  discard.done();
  sessions.admit(session);
  return session.id();
}

Result<void> UserAgent::ring(SessionId session, StatusCode status, TimePoint now) { return ring(session, status, Body{}, now); }

Result<void> UserAgent::ring(SessionId session, StatusCode status, const Body& preview, TimePoint now) {
  return impl_->command(session, now, [&](Session& found) { return found.ring(status, preview); });
}

Result<void> UserAgent::accept(SessionId session, Body body, const ExtraHeaders& extra_headers, TimePoint now) {
  return impl_->command(session, now, [&](Session& found) { return found.accept(body, extra_headers); });
}

Result<void> UserAgent::reject(SessionId session, StatusCode status, const ExtraHeaders& extra_headers, TimePoint now) {
  return impl_->command(session, now, [&](Session& found) { return found.reject(status, extra_headers); });
}

Result<void> UserAgent::acknowledge(SessionId session, Body answer, TimePoint now) {
  return impl_->command(session, now, [&](Session& found) { return found.acknowledge(answer); });
}

Result<void> UserAgent::reinvite(SessionId session, Body offer, TimePoint now) {
  return impl_->command(session, now, [&](Session& found) { return found.reinvite(offer); });
}

Result<void> UserAgent::accept_reinvite(SessionId session, Body body, TimePoint now) {
  return impl_->command(session, now, [&](Session& found) { return found.accept_reinvite(body); });
}

Result<void> UserAgent::reject_reinvite(SessionId session, StatusCode status, std::string_view warning, TimePoint now) {
  return impl_->command(session, now, [&](Session& found) { return found.reject_reinvite(status, warning); });
}

Result<void> UserAgent::terminate(SessionId session, std::string_view reason, TimePoint now) {
  return impl_->command(session, now, [&](Session& found) { return found.terminate(reason); });
}

void UserAgent::set_repairing(SessionId session, bool repairing) {
  if (Session* const found = impl_->sessions.find(session)) found->set_repairing(repairing);
}

void UserAgent::set_availability(StatusCode status) { impl_->availability = status; }

void UserAgent::shut_down(TimePoint now) {
  impl_->agent.now = now;
  impl_->leaving = true;
  impl_->sessions.for_each([](Session& session) { session.terminate({}); });  // NoSession: it is at its end already
  impl_->settle();
}

// ---- Registration

Result<void> UserAgent::register_(RegisterRequest request, TimePoint now) {
  impl_->begin(now);
  return impl_->registration.register_(std::move(request));
}

Result<void> UserAgent::unregister(bool all, TimePoint now) {
  impl_->begin(now);
  return impl_->registration.unregister(all);
}

Result<RequestId> UserAgent::query_bindings(TimePoint now) {
  impl_->begin(now);
  const RequestId request{++impl_->last_request_id};
  auto asked = impl_->registration.query(request);
  if (!asked) return std::move(asked).error();
  return request;
}

bool UserAgent::is_registered() const { return impl_->registration.is_registered(); }
bool UserAgent::is_registering() const { return impl_->registration.is_registering(); }

std::string UserAgent::contact_uri() const {
  const auto flow = impl_->agent.flow;
  return impl_->agent.self.dialog_contact(flow ? impl_->agent.stack.flow(*flow) : nullptr, Secure::No);
}

// ---- Requests

Result<RequestId> UserAgent::message(std::string_view target, const Body& body, const ExtraHeaders& extra_headers, TimePoint now) {
  impl_->begin(now);
  return impl_->send_standalone("MESSAGE", target, body, extra_headers);
}

Result<RequestId> UserAgent::options(std::string_view target, TimePoint now) {
  impl_->begin(now);
  return impl_->send_standalone("OPTIONS", target, {}, {});
}

Result<RequestId> UserAgent::info(SessionId session, const Body& body, const ExtraHeaders& extra_headers, TimePoint now) {
  impl_->begin(now);
  return impl_->send_in_session(session, "INFO", body, extra_headers);
}

Result<RequestId> UserAgent::request(std::string_view method, std::string_view target, const Body& body, const ExtraHeaders& extra_headers,
                                     TimePoint now) {
  if (is_reserved(method)) return reserved_method(method);
  impl_->begin(now);
  return impl_->send_standalone(method, target, body, extra_headers);
}

Result<RequestId> UserAgent::request(SessionId session, std::string_view method, const Body& body, const ExtraHeaders& extra_headers,
                                     TimePoint now) {
  if (is_reserved(method)) return reserved_method(method);
  impl_->begin(now);
  return impl_->send_in_session(session, method, body, extra_headers);
}

std::size_t UserAgent::session_count() const { return impl_->agent.live_sessions; }

std::size_t UserAgent::unfinished_session_count() const { return impl_->sessions.size(); }

Stack& UserAgent::stack() { return impl_->agent.stack; }

}  // namespace parley::sip
