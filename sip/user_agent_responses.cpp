// SPDX-License-Identifier: MIT
// What came of our requests: RFC 3261 s.8.1.3, s.13.2.2, s.22.
#include <parley/sip/user_agent_impl.hpp>

namespace parley::sip {
namespace {

bool is_challenge(StatusCode status) { return status == 401 || status == 407; }

/// In a dialog a 503 is no word on new requests.
bool asks_for_rest(Purpose purpose, StatusCode status) {
  return status == 503 && (purpose == Purpose::Invite || purpose == Purpose::Standalone || purpose == Purpose::Register);
}

}  // namespace

void UserAgent::Impl::on(ResponseReceived& event) {
  const auto response = event.message.view();
  // A 2xx after the first one belongs to no session: a copy, or a fork that nobody wants.
  if (response.method() == Method::Invite && response.status() / 100 == 2 && answered.take(event.transaction, response)) return;
  const RequestOwner* const found = agent.sender.owner(event.transaction);
  if (found == nullptr) return;  // of a CANCEL: what counts is the INVITE's answer
  const RequestOwner owner = *found;
  if (response.status() / 100 == 2) agent.sender.on_success(event.transaction, response);
  if (is_challenge(response.status()) && answer_challenge(owner, event)) return;
  if (asks_for_rest(owner.purpose, response.status())) agent.rest(owner, event.transaction, failure_details(response));
  if (goes_on(owner, event.transaction,
              agent.sender.another_way(event.transaction, response, agent.options.most_redirects, agent.self.home())))
    return;
  deliver(owner, event);
}

/// D07, D09: the request goes out again. False: what was answered stands.
bool UserAgent::Impl::goes_on(const RequestOwner& owner, TransactionId transaction, const std::optional<Amendment>& amendment) {
  if (!amendment) return false;
  Session* const session = sessions.find(owner.session);
  if (session != nullptr && !session->wants_retry(owner.purpose)) return false;
  const auto aim = amendment->target ? agent.aim_at(*amendment->target) : RouteSet::Aim{};
  Diagnostic told{amendment->target ? "the request goes on to " + *amendment->target : std::string()};
  std::optional<Dialog> aimed;
  if (session != nullptr && amendment->target) aimed = session->aimed_at(*amendment->target);
  const auto retry = agent.sender.resend(transaction, *amendment, aim, next_cseq(owner, transaction), agent.now);
  if (!retry) return false;
  if (session != nullptr) session->on_retried(owner.purpose, *retry, std::move(aimed));
  if (amendment->target) agent.outbox.emit(std::move(told));
  return true;
}

bool UserAgent::Impl::answer_challenge(const RequestOwner& owner, const ResponseReceived& event) {
  Session* const session = sessions.find(owner.session);
  if (session != nullptr && !session->wants_retry(owner.purpose)) return false;
  auto retry = agent.sender.answer_challenge(event.transaction, event.message.view(), next_cseq(owner, event.transaction), agent.now);
  if (retry) {
    if (session != nullptr) session->on_retried(owner.purpose, *retry, {});
    return true;
  }
  on_unauthorized(owner, event, std::move(retry).error());
  forget(owner, event.transaction);
  return true;
}

/// D08: every retry has a CSeq of its own, taken from whoever counts.
std::uint32_t UserAgent::Impl::next_cseq(const RequestOwner& owner, TransactionId transaction) {
  if (owner.purpose == Purpose::Register) return registration.next_cseq();
  Session* const session = sessions.find(owner.session);
  if (session != nullptr) return session->next_cseq();
  const auto sent = Message::parse(agent.sender.request(transaction));
  return sent ? sent->view().cseq().number + 1 : 1;
}

/// It is over for the sender. An INVITE that was not accepted so far may yet be, by another place that a proxy forked it to.
void UserAgent::Impl::forget(const RequestOwner& owner, TransactionId transaction) {
  if (owner.purpose == Purpose::Invite) answered.refused(transaction);
  agent.sender.forget(transaction);
}

void UserAgent::Impl::on_unauthorized(const RequestOwner& owner, const ResponseReceived& event, Error error) {
  const auto response = event.message.view();
  if (error.detail.empty()) error.detail = response.reason();
  Session* const session = sessions.find(owner.session);
  switch (owner.purpose) {
    case Purpose::Register: return registration.on_unauthorized(error);
    case Purpose::Standalone:
    case Purpose::InSession: return finish_request(owner.request, std::move(error));
    case Purpose::Invite:
      if (session != nullptr) session->on_invite_response(event.transaction, event.flow, response);
      return;
    case Purpose::Reinvite:
      if (session != nullptr) session->on_reinvite_unauthorized(event.transaction, std::move(error));
      return;
    case Purpose::Bye:
      if (session != nullptr) session->on_bye_answered(response.status());
      return;
    case Purpose::ForkBye: return;
  }
}

void UserAgent::Impl::deliver(const RequestOwner& owner, ResponseReceived& event) {
  const auto response = event.message.view();
  const auto status = response.status();
  const bool is_invite = owner.purpose == Purpose::Invite || owner.purpose == Purpose::Reinvite;
  if (owner.purpose == Purpose::Register) {
    registration.on_response(response);
  } else if (owner.purpose != Purpose::Standalone) {
    deliver_to_session(owner, event);
  } else if (status >= 200) {
    finish_request(owner.request, std::move(event.message));
  }
  // Last of all: nobody takes the answer of a request that is forgotten. The ACK of a 2xx to INVITE still needs it.
  if (status >= 300 || (status >= 200 && !is_invite)) forget(owner, event.transaction);
}

void UserAgent::Impl::deliver_to_session(const RequestOwner& owner, ResponseReceived& event) {
  const auto response = event.message.view();
  const auto status = response.status();
  Session* const session = sessions.find(owner.session);
  if (owner.purpose == Purpose::InSession) {
    if (session != nullptr && status >= 300) session->on_request_answered(status, failure_details(response));
    if (status >= 200) finish_request(owner.request, std::move(event.message));
    return;
  }
  if (session == nullptr) return;
  switch (owner.purpose) {
    case Purpose::Invite: return session->on_invite_response(event.transaction, event.flow, response);
    case Purpose::Reinvite: return session->on_reinvite_response(event.transaction, event.flow, response);
    case Purpose::Bye: return status >= 200 ? session->on_bye_answered(status) : void();
    case Purpose::InSession:
    case Purpose::ForkBye:
    case Purpose::Standalone:
    case Purpose::Register: return;
  }
}

void UserAgent::Impl::finish_request(RequestId request, Result<Message> outcome) {
  agent.outbox.emit(RequestDone{request, std::move(outcome)});
}

void UserAgent::Impl::on(const StrayResponse& event) {
  const auto response = event.message.view();
  if (answered.take_late(response)) return;
  Session* const session = sessions.find_by_tag(response.call_id(), response.from_tag());
  if (session != nullptr) session->on_stray_response(event.flow, response);
}

void UserAgent::Impl::on(const TransactionFailed& event) {
  const RequestOwner* const found = agent.sender.owner(event.transaction);
  if (found == nullptr) return;  // a CANCEL, a 2xx that was taken, or a request of the peer: its session has its own clock
  const RequestOwner owner = *found;
  // s.8.1.3.4: a place that does not answer is followed by the next.
  if (event.error.code == Errc::Timeout && goes_on(owner, event.transaction, agent.sender.another_place(event.transaction))) return;
  if (owner.purpose == Purpose::Invite) answered.refused(event.transaction);  // while the sender knows of it
  fail(owner, event.error);
  agent.sender.forget(event.transaction);
}

void UserAgent::Impl::fail(const RequestOwner& owner, const Error& error) {
  const bool lost = error.code == Errc::ConnectionLost;
  Session* const session = sessions.find(owner.session);
  switch (owner.purpose) {
    case Purpose::Register: return registration.on_failed(error);
    case Purpose::Standalone: return finish_request(owner.request, error);
    case Purpose::InSession:
      if (session != nullptr && !lost) session->on_request_answered(408);  // s.8.1.3.1: a time-out counts as 408
      return finish_request(owner.request, error);
    case Purpose::Invite: return session != nullptr ? session->on_invite_failed(error) : void();
    case Purpose::Reinvite: return session != nullptr ? session->on_reinvite_failed(error) : void();
    case Purpose::Bye:
      if (session == nullptr) return;
      return lost ? session->on_bye_lost() : session->on_bye_answered(408);
    case Purpose::ForkBye: return;
  }
}

}  // namespace parley::sip
