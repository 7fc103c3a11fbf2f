// SPDX-License-Identifier: MIT
#include <parley/sip/usage/request_sender.hpp>

#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/message/message.hpp>

namespace parley::sip {
namespace {

HeaderId header_of(const DigestClient::Authorization& authorization) {
  return authorization.proxy ? HeaderId::ProxyAuthorization : HeaderId::Authorization;
}

/// Fields that a retry writes anew; all others are copied as they were.
bool is_rewritten(HeaderId id) {
  switch (id) {
    case HeaderId::Via:
    case HeaderId::MaxForwards:
    case HeaderId::CSeq:
    case HeaderId::ContentLength:
    case HeaderId::ContentType:
    case HeaderId::Authorization:
    case HeaderId::ProxyAuthorization: return true;
    default: return false;
  }
}

bool is_in_dialog(Purpose purpose) {
  return purpose == Purpose::Reinvite || purpose == Purpose::Bye || purpose == Purpose::ForkBye || purpose == Purpose::InSession;
}

}  // namespace

RequestSender::RequestSender(Stack& stack, Crypto& crypto, DigestIdentity identity)
    : stack_(stack), digest_(identity, crypto), realm_known_(!identity.realms.empty()) {}

void RequestSender::add_known_credentials(MessageBuilder& request, FlowId flow, std::string_view method, std::string_view uri,
                                          std::string_view body, Known known) {
  if (account_flow_ != flow) return;
  for (const auto& authorization : digest_.authorize(method, uri, body)) {
    if (authorization.proxy || known == Known::All) request.header(header_of(authorization), authorization.value);
  }
}

Result<TransactionId> RequestSender::submit(FlowId flow, std::string bytes, RequestOwner owner, TimePoint now) {
  Sent sent{owner, flow, bytes, {}};
  auto transaction = stack_.send_request(flow, std::move(bytes), now);
  if (transaction) sent_.emplace(*transaction, std::move(sent));
  return transaction;
}

const RequestOwner* RequestSender::owner(TransactionId transaction) const noexcept {
  const auto found = sent_.find(transaction);
  return found == sent_.end() ? nullptr : &found->second.owner;
}

std::string_view RequestSender::request(TransactionId transaction) const noexcept {
  const auto found = sent_.find(transaction);
  return found == sent_.end() ? std::string_view{} : std::string_view(found->second.bytes);
}

CredentialHeaders RequestSender::credentials(TransactionId transaction) const {
  CredentialHeaders headers;
  const auto message = Message::parse(request(transaction));
  if (!message) return headers;
  const auto view = message->view();
  for (std::size_t i = 0; i < view.header_count(); ++i) {
    const auto field = view.header(i);
    if (field.id == HeaderId::Authorization || field.id == HeaderId::ProxyAuthorization) headers.emplace_back(field.id, field.value);
  }
  return headers;
}

bool RequestSender::may_answer(const Sent& sent) const noexcept {
  return account_flow_ == sent.flow && (realm_known_ || !is_in_dialog(sent.owner.purpose));
}

Result<std::string> RequestSender::with_credentials(const Sent& sent, const MessageView& response, std::uint32_t cseq) {
  const auto message = Message::parse(sent.bytes);
  if (!message) return message.error();
  const auto old = message->view();
  // What a proxy asks for says nothing of the server: credentials for that one would travel on to the peer (SEC-61).
  const bool server_asked = response.has(HeaderId::WwwAuthenticate) || old.has(HeaderId::Authorization);
  auto request = stack_.make_request(sent.flow, old.method_text(), old.request_uri().text);
  for (std::size_t i = 0; i < old.header_count(); ++i) {
    const auto field = old.header(i);
    if (!is_rewritten(field.id)) request.header(field.name, field.value);
  }
  request.header(HeaderId::CSeq, std::to_string(cseq) + ' ' + std::string(old.method_text()));
  for (const auto& authorization : digest_.authorize(old.method_text(), old.request_uri().text, old.body())) {
    if (authorization.proxy || server_asked) request.header(header_of(authorization), authorization.value);
  }
  if (const auto type = old.content_type()) request.body(type->text, old.body());
  return std::move(request).finish();
}

Result<TransactionId> RequestSender::answer_challenge(TransactionId transaction, const MessageView& response, std::uint32_t cseq,
                                                      TimePoint now) {
  const auto found = sent_.find(transaction);
  if (found == sent_.end()) return Errc::WrongState;
  Sent& sent = found->second;
  const Error refused{.code = Errc::Unauthorized, .status = response.status()};
  if (!may_answer(sent)) {
    Error error = refused;
    error.reason = "challenged by a server that is not the account's own";
    return error;
  }
  if (auto accepted = digest_.challenged(parse_challenges(response), sent.attempts); !accepted) {
    accepted.error().status = response.status();
    return std::move(accepted).error();
  }
  realm_known_ = true;
  auto bytes = with_credentials(sent, response, cseq);
  if (!bytes) return std::move(bytes).error();
  Sent again{sent.owner, sent.flow, *bytes, std::move(sent.attempts)};
  auto retry = stack_.send_request(again.flow, std::move(*bytes), now);
  if (!retry) return retry;
  sent_.erase(found);
  sent_.emplace(*retry, std::move(again));
  return retry;
}

}  // namespace parley::sip
