// SPDX-License-Identifier: MIT
#include <parley/sip/usage/request_sender.hpp>

#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/message.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

constexpr std::uint8_t most_amendments = 3;  // of one request: somebody finds ever new faults with it

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

bool describes_body(HeaderId id) {
  switch (id) {
    case HeaderId::ContentDisposition:
    case HeaderId::ContentEncoding:
    case HeaderId::ContentLanguage:
    case HeaderId::MimeVersion: return true;
    default: return false;
  }
}

bool lists_extensions(HeaderId id) { return id == HeaderId::Require || id == HeaderId::ProxyRequire || id == HeaderId::Supported; }

/// Require, Proxy-Require and Supported of `old`, less some option tags.
void copy_other_extensions(MessageBuilder& request, const MessageView& old, const std::vector<std::string>& without) {
  for (const HeaderId id : {HeaderId::Require, HeaderId::ProxyRequire, HeaderId::Supported}) {
    std::string left;
    old.for_each(id, [&](std::string_view tag) {
      const auto is_tag = [tag](const std::string& other) { return grammar::equal_nocase(tag, other); };
      if (std::any_of(without.begin(), without.end(), is_tag)) return;
      left.append(left.empty() ? "" : ", ").append(tag);
    });
    if (!left.empty()) request.header(id, left);
  }
}

/// A retry carries the field as it was.
bool is_kept(HeaderId id, const Amendment& amendment) {
  if (is_rewritten(id) || (amendment.target && id == HeaderId::Route)) return false;
  if (amendment.body && describes_body(id)) return false;
  return amendment.without.empty() || !lists_extensions(id);
}

bool includes(Askers askers, bool proxy) noexcept { return proxy ? askers.proxy : askers.server; }

}  // namespace

RequestSender::RequestSender(Stack& stack, Crypto& crypto, DigestIdentity identity) : stack_(stack), digest_(std::move(identity), crypto) {}

Askers askers_of(const CredentialHeaders& credentials) noexcept {
  Askers askers = nobody;
  for (const auto& [id, value] : credentials) (id == HeaderId::ProxyAuthorization ? askers.proxy : askers.server) = true;
  return askers;
}

void RequestSender::add_known_credentials(MessageBuilder& request, FlowId flow, std::string_view method, std::string_view uri,
                                          std::string_view body, Askers askers) {
  if (account_flow_ != flow) return;
  for (const auto& authorization : digest_.authorize(method, uri, body)) {
    if (includes(askers, authorization.proxy)) request.header(header_of(authorization), authorization.value);
  }
}

Result<TransactionId> RequestSender::submit(FlowId flow, std::string bytes, RequestOwner owner, TimePoint now,
                                            std::vector<Body> alternatives) {
  // What takes memory comes first: the entry is made under no name, gets its name when the request is out, and moving it takes none.
  auto entry = sent_.extract(sent_.emplace(TransactionId{}, Sent{owner, flow, bytes, {}, std::move(alternatives), nullptr, 0}).first);
  auto transaction = stack_.send_request(flow, std::move(bytes), now);
  if (!transaction) return transaction;
  entry.key() = *transaction;
  sent_.insert(std::move(entry));
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

std::optional<FlowId> RequestSender::flow(TransactionId transaction) const noexcept {
  const auto found = sent_.find(transaction);
  return found == sent_.end() ? std::nullopt : std::optional(found->second.flow);
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

std::vector<Challenge> RequestSender::answerable(const Sent& sent, const MessageView& response) const {
  if (account_flow_ != sent.flow) return {};
  auto challenges = parse_challenges(response);
  std::erase_if(challenges, [&](const Challenge& challenge) { return !includes(sent.owner.askers, challenge.proxy); });
  return challenges;
}

void RequestSender::on_success(TransactionId transaction, const MessageView& response) {
  const auto found = sent_.find(transaction);
  const auto of_server = response.header(HeaderId::AuthenticationInfo);
  const auto of_proxy = response.header("Proxy-Authentication-Info");
  if (found == sent_.end() || found->second.flow != account_flow_ || !(of_server || of_proxy)) return;
  const Askers asked = askers_of(credentials(transaction));  // who got none has no say in what comes next
  if (of_server && asked.server) digest_.next_nonce(*of_server, false);
  if (of_proxy && asked.proxy) digest_.next_nonce(*of_proxy, true);
}

std::optional<Amendment> RequestSender::another_way(TransactionId transaction, const MessageView& response, std::size_t most_redirects,
                                                    std::string_view home) {
  const auto found = sent_.find(transaction);
  const auto status = response.status();
  if (found == sent_.end() || status < 300 || status >= 600) return std::nullopt;  // a 6xx speaks for all places (s.21.6)
  Sent& sent = found->second;
  const bool movable = sent.owner.purpose == Purpose::Invite || sent.owner.purpose == Purpose::Standalone;
  if (movable && Redirection::is_by(status) && most_redirects > 0) learn_places(sent, response, most_redirects);
  if (auto place = another_place(transaction)) return place;
  const bool changeable = movable || sent.owner.purpose == Purpose::InSession || sent.owner.purpose == Purpose::Reinvite;
  if (!changeable || sent.amended == most_amendments) return std::nullopt;
  const auto request = Message::parse(sent.bytes);
  auto amendment = request ? amend(request->view(), response, sent.alternatives, home) : std::nullopt;
  if (amendment && amendment->target && !movable) return std::nullopt;  // s.12.2.1.1: a dialog says where its requests go
  if (amendment) ++sent.amended;
  return amendment;
}

void RequestSender::learn_places(Sent& sent, const MessageView& response, std::size_t most_redirects) {
  if (!sent.redirection) {
    const auto request = Message::parse(sent.bytes);
    if (!request) return;
    sent.redirection = std::make_unique<Redirection>(as_request_uri(request->view().to().uri));
  }
  const FlowInfo* const flow = stack_.flow(sent.flow);
  sent.redirection->learn(response, flow != nullptr ? flow->secure : Secure::No, most_redirects);
}

std::optional<Amendment> RequestSender::another_place(TransactionId transaction) {
  const auto found = sent_.find(transaction);
  if (found == sent_.end() || !found->second.redirection) return std::nullopt;
  auto place = found->second.redirection->next();
  if (!place) return std::nullopt;
  // J08: who redirects us chooses the server at the end, so that one gets no credentials. The proxy on the way is still ours.
  found->second.owner.askers.server = false;
  Amendment amendment;
  amendment.target = std::move(place);
  return amendment;
}

Result<std::string> RequestSender::rewritten(const Sent& sent, const MessageView& old, const Amendment& amendment, const RouteSet::Aim& aim,
                                             std::uint32_t cseq, Askers carried) {
  const std::string_view uri = amendment.target ? std::string_view(aim.request_uri) : old.request_uri().text;
  auto request = stack_.make_request(sent.flow, old.method_text(), uri, old.via().params.has("keep") ? ";keep" : "");
  if (amendment.target && !aim.route.empty()) request.header(HeaderId::Route, aim.route);
  for (std::size_t i = 0; i < old.header_count(); ++i) {
    const auto field = old.header(i);
    if (is_kept(field.id, amendment)) request.header(field.name, field.value);
  }
  if (!amendment.without.empty()) copy_other_extensions(request, old, amendment.without);
  request.header(HeaderId::CSeq, std::to_string(cseq) + ' ' + std::string(old.method_text()));
  const auto old_type = old.content_type();
  const std::string_view type = amendment.body ? std::string_view(amendment.body->content_type) : old_type ? old_type->text : "";
  const std::string_view body = amendment.body ? std::string_view(amendment.body->bytes) : old.body();
  add_known_credentials(request, sent.flow, old.method_text(), uri, body, carried);
  if (!type.empty()) request.body(type, body);
  return std::move(request).finish();
}

Result<TransactionId> RequestSender::replace(TransactionId transaction, std::string bytes, TimePoint now) {
  const auto found = sent_.find(transaction);
  auto retry = stack_.send_request(found->second.flow, bytes, now);
  if (!retry) return retry;
  auto entry = sent_.extract(found);
  entry.key() = *retry;
  entry.mapped().bytes = std::move(bytes);
  sent_.insert(std::move(entry));
  return retry;
}

Result<TransactionId> RequestSender::resend(TransactionId transaction, const Amendment& amendment, const RouteSet::Aim& aim,
                                            std::uint32_t cseq, TimePoint now) {
  const auto found = sent_.find(transaction);
  if (found == sent_.end()) return Errc::WrongState;
  const auto message = Message::parse(found->second.bytes);
  if (!message) return message.error();
  // What it carried it carries again, but for those who must not ask any more.
  Askers carried = askers_of(credentials(transaction));
  carried.server = carried.server && found->second.owner.askers.server;
  auto bytes = rewritten(found->second, message->view(), amendment, aim, cseq, carried);
  if (!bytes) return std::move(bytes).error();
  return replace(transaction, std::move(*bytes), now);
}

Result<TransactionId> RequestSender::answer_challenge(TransactionId transaction, const MessageView& response, std::uint32_t cseq,
                                                      TimePoint now) {
  const auto found = sent_.find(transaction);
  if (found == sent_.end()) return Errc::WrongState;
  Sent& sent = found->second;
  const auto challenges = answerable(sent, response);
  if (challenges.empty() && !parse_challenges(response).empty()) {
    return Error{
        .code = Errc::Unauthorized, .status = response.status(), .reason = "challenged by somebody who is not the account's own server"};
  }
  auto attempts = sent.attempts;  // taken over when the retry is out: where memory runs out, the challenge is answered again
  if (auto accepted = digest_.challenged(challenges, attempts); !accepted) {
    accepted.error().status = response.status();
    return std::move(accepted).error();
  }
  const auto message = Message::parse(sent.bytes);
  if (!message) return message.error();
  // What a proxy asks for says nothing of the server: credentials for that one would travel on to the peer (SEC-61).
  Askers carried = sent.owner.askers;
  carried.server = carried.server && (response.has(HeaderId::WwwAuthenticate) || message->view().has(HeaderId::Authorization));
  auto bytes = rewritten(sent, message->view(), {}, {}, cseq, carried);
  if (!bytes) return std::move(bytes).error();
  auto retry = replace(transaction, std::move(*bytes), now);
  if (retry) sent_.find(*retry)->second.attempts = std::move(attempts);
  return retry;
}

}  // namespace parley::sip
