// SPDX-License-Identifier: MIT
#include <parley/sip/usage/agent.hpp>

#include <parley/sip/core/tokens.hpp>
#include <parley/sip/dialog/route_set.hpp>

#include <algorithm>
#include <array>

namespace parley::sip {
namespace {

StackOptions stack_options(const UserAgentOptions& options) {
  StackOptions stack = options.stack;
  if (stack.user_agent.empty()) stack.user_agent = options.user_agent;
  return stack;
}

/// Fields that say where a message goes and what it belongs to: another value there would break the protocol, not extend it.
bool is_ours(HeaderId id) {
  switch (id) {
    case HeaderId::Via:
    case HeaderId::From:
    case HeaderId::To:
    case HeaderId::CallId:
    case HeaderId::CSeq:
    case HeaderId::Contact:
    case HeaderId::MaxForwards:
    case HeaderId::Route:
    case HeaderId::RecordRoute:
    case HeaderId::ContentLength:
    case HeaderId::ContentType: return true;
    default: return false;
  }
}

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  for (const char c : text) {
    if (!is_token_char(c)) return false;
  }
  return !text.empty();
}

}  // namespace

Agent::Agent(UserAgentOptions options_in, Crypto& crypto_in)
    : options(std::move(options_in)),
      crypto(crypto_in),
      stack(stack_options(options), crypto),
      sender(stack, crypto, options.identity),
      self(options, crypto) {}

void Agent::rest(const RequestOwner& owner, TransactionId transaction, const FailureDetails& details) {
  if (!flow || sender.flow(transaction) != flow || !details.retry_after) return;
  const TimePoint until = now + std::min(*details.retry_after, options.longest_rest);
  if (owner.purpose == Purpose::Register) return resting.server(until);
  const auto request = Message::parse(sender.request(transaction));
  if (request) resting.target(as_request_uri(request->view().to().uri), until);
}

bool Agent::may_be_forged(FlowId over) const {
  const FlowInfo* const info = stack.flow(over);
  return flow != over && info != nullptr && info->reliable == Reliable::No;
}

std::optional<FlowId> Agent::open_flow() const {
  if (flow && stack.flow(*flow) != nullptr) return flow;
  return std::nullopt;
}

std::string Agent::contact(FlowId over, Secure secure) const { return '<' + self.dialog_contact(stack.flow(over), secure) + '>'; }

std::string Agent::anonymous_contact(FlowId over, Secure secure) const { return '<' + self.flow_contact(stack.flow(over), secure) + '>'; }

Result<Agent::Draft> Agent::draft(std::string_view method, std::string_view target, const DraftOptions& party) {
  if (!is_token(method)) return Error{.code = Errc::BadValue, .reason = "not a method name", .detail = std::string(method)};
  const auto over = open_flow();
  if (!over) return Errc::NotConnected;
  const auto uri = LocalParty::target(target);
  if (!uri) return uri.error();
  const auto request_uri = as_request_uri(*uri);
  if (resting.is_wanted_by(request_uri, now)) {
    return Error{.code = Errc::Declined, .status = 503, .reason = "whoever serves it asked to be left alone for a while (Retry-After)"};
  }
  if (uri->scheme == Scheme::Sips && stack.flow(*over)->secure == Secure::No) {
    return Error{.code = Errc::BadValue, .status = 480, .reason = "a sips URI needs a secure connection (RFC 3261 s.26.2.2)"};
  }
  auto from = self.from(party.display_name, party.anonymous);
  if (!from) return std::move(from).error();

  auto aim = aim_at(request_uri);
  Draft draft{stack.make_request(*over, method, aim.request_uri),
              *over,
              aim.request_uri,
              make_call_id(crypto).text(),
              *from + ";tag=" + make_tag(crypto).text(),
              '<' + request_uri + '>'};
  if (!aim.route.empty()) draft.builder.header(HeaderId::Route, aim.route);
  draft.builder.header(HeaderId::From, draft.from)
      .header(HeaderId::To, draft.to)
      .header(HeaderId::CallId, draft.call_id)
      .header(HeaderId::CSeq, "1 " + std::string(method));
  if (!options.user_agent.empty()) draft.builder.header(HeaderId::UserAgent, options.user_agent);
  return draft;
}

Agent::Draft Agent::draft_in(const Dialog& dialog, FlowId over, std::string_view method, std::uint32_t cseq) {
  const auto aim = dialog.aim();
  Draft draft{stack.make_request(over, method, aim.request_uri), over, aim.request_uri, {}, {}, {}};
  dialog.address(draft.builder, aim.route, cseq, method);
  if (!options.user_agent.empty()) draft.builder.header(HeaderId::UserAgent, options.user_agent);
  return draft;
}

MessageBuilder Agent::response(const MessageView& request, StatusCode status, std::string_view reason) const {
  auto builder = MessageBuilder::response_to(request, status, self.tag_for(request), reason);
  if (!options.user_agent.empty()) builder.header(HeaderId::Server, options.user_agent);
  return builder;
}

void Agent::respond(TransactionId transaction, MessageBuilder builder) {
  auto bytes = std::move(builder).finish();
  // Nobody could repair an answer that cannot be written, and without one an INVITE would wait for ever.
  if (!bytes) return stack.abandon(transaction);
  stack.respond(transaction, *bytes, now);
}

void Agent::respond(TransactionId transaction, const MessageView& request, StatusCode status) {
  respond(transaction, response(request, status));
}

void Agent::respond_once(const RequestReceived& request, MessageBuilder builder) {
  auto bytes = std::move(builder).finish();
  if (bytes) stack.send_raw(request.flow, *bytes);
  stack.abandon(request.transaction);
}

void Agent::send_ack(FlowId over, SharedBytes bytes) {
  if (!stack.misbehaviour().hold_back_ack) stack.send_raw(over, std::move(bytes));
}

std::uint32_t Agent::chance(std::uint32_t most) {
  std::array<std::uint8_t, 4> octets{};
  crypto.random(octets);
  std::uint32_t number = 0;
  for (const std::uint8_t octet : octets) number = number << 8U | octet;
  // The bias of the remainder is below one in a million for the small ranges that are asked for.
  return most == 0xFFFFFFFF ? number : number % (most + 1);
}

Result<void> check_size(Method method, const FlowInfo* flow, std::string_view request) {
  constexpr std::size_t most = 1'300;
  const bool datagrams = flow != nullptr && flow->reliable == Reliable::No;
  if (method != Method::Message || !datagrams || request.size() <= most) return {};
  return Error{.code = Errc::TooLong, .reason = "a MESSAGE of more than 1300 octets needs a stream"};
}

Result<void> check_extra_headers(const ExtraHeaders& headers) {
  const auto bad = [](const char* reason, const std::string& name) {
    return Error{.code = Errc::BadValue, .reason = reason, .detail = name};
  };
  for (const auto& [name, value] : headers) {
    if (!is_token(name)) return bad("not a header name", name);
    if (is_ours(header_id(name))) return bad("this header is written by the library", name);
    if (breaks_line(value)) return bad("CR, LF or NUL in the value of a header", name);
  }
  return {};
}

Result<void> add_extra_headers(MessageBuilder& message, const ExtraHeaders& headers) {
  if (auto fine = check_extra_headers(headers); !fine) return fine;
  for (const auto& [name, value] : headers) message.header(name, value);
  return {};
}

}  // namespace parley::sip
