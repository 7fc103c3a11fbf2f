// SPDX-License-Identifier: MIT
#include <parley/sip/stack_impl.hpp>
#include <parley/sip/transaction/detail/keys.hpp>
#include <parley/sip/transaction/detail/source_via.hpp>

#include <algorithm>

namespace parley::sip {

namespace {

constexpr std::size_t room_for_answer = 2'048;      // what an answer says beyond its request's own fields, a description aside
constexpr std::uint64_t overload_retry_after = 10;  // seconds (C21, RFC 3261 s.21.5.4)

bool equal_any_case(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string masked(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  return out;
}

bool is_invite_success(const MessageView& response) noexcept { return response.method() == Method::Invite && response.status() / 100 == 2; }

Effects receive_on(InviteClientTransaction& machine, const MessageView& response, TimePoint now) { return machine.receive(response, now); }
Effects receive_on(NonInviteClientTransaction& machine, const MessageView& response, TimePoint now) {
  return machine.receive(response, now);
}
template <class ServerMachine>
Effects receive_on(ServerMachine&, const MessageView&, TimePoint) {
  return {};  // no response has the key of a server transaction
}

/// Answers repeat fields of the request (RFC 3261 s.8.2.6.2, s.12.1.1). One that fills a message with them could never be answered, and
/// an INVITE that is not answered never ends.
bool leaves_room_for_answer(const MessageView& request) noexcept {
  return request.bytes().size() - request.body().size() <= limits::message - room_for_answer;
}

/// The To tag of a response in wire form is `tag`.
bool has_to_tag(std::string_view response, std::string_view tag) {
  MessageIndex index;
  return parse(response, index).verdict == Verdict::Ok && MessageView{response, index}.to_tag() == tag;
}

}  // namespace

void Stack::Impl::receive(FlowId flow, std::string_view bytes, TimePoint now) {
  const auto found = flows.find(flow);
  if (found == flows.end()) return;
  const FlowInfo& info = found->second;
  if (receive_hook) receive_hook(flow, bytes);
  if (take_keep_alive(flow, info, bytes)) return;

  // Also more than a message may have: the parser alone knows what that means, and it may be surplus (RFC 3261 s.18.3).
  const ParseResult parsed = parse(bytes, index);
  const MessageView message{bytes, index};
  switch (parsed.verdict) {
    case Verdict::Ok: return message.is_request() ? on_request(flow, info, message, now) : on_response(flow, info, message, now);
    case Verdict::Bad: return answer_stateless(flow, info, message, parsed.error.status, parsed.error.reason ? parsed.error.reason : "");
    case Verdict::Drop: return drop(flow, parsed.error.text());
  }
}

/// CRLF CRLF on a stream or WebSocket is a ping, answered by CRLF; CRLF is a pong (RFC 5626 s.4.4.1). NULs are a datagram's keep-alive.
bool Stack::Impl::take_keep_alive(FlowId flow, const FlowInfo& info, std::string_view bytes) {
  if (bytes.find_first_not_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) return false;
  if (info.reliable == Reliable::No || !bytes.starts_with("\r\n\r\n")) return true;
  SharedBytes pong{"\r\n"};
  outputs.reserve(1);
  outputs.push(Send{flow, std::move(pong)});
  return true;
}

// ---- Requests

void Stack::Impl::on_request(FlowId flow, const FlowInfo& info, const MessageView& request, TimePoint now) {
  if (request.method() == Method::Ack) return on_ack(flow, info, request, now);
  if (!leaves_room_for_answer(request)) return answer_stateless(flow, info, request, 513, "a head that leaves no room for an answer");
  keys::write_server_key(key, request, request.method_text(), request.to_tag());
  if (Transaction* const transaction = table.find(key)) return on_copy(*transaction);
  if (request.method() == Method::Invite && refused.holds(key, request, now)) return;
  if (table.size() >= options.max_transactions) {  // C21
    return answer_stateless(flow, info, request, 503, {});
  }
  open_server(flow, info, request, now);
}

void Stack::Impl::on_copy(Transaction& transaction) {
  outputs.reserve(1);
  if (const auto* invite = std::get_if<InviteServerTransaction>(&transaction.machine)) emit(transaction.flow, invite->receive_copy());
  if (const auto* other = std::get_if<NonInviteServerTransaction>(&transaction.machine)) emit(transaction.flow, other->receive_copy());
}

void Stack::Impl::open_server(FlowId flow, const FlowInfo& info, const MessageView& received, TimePoint now) {
  SharedBytes entry_key{key};
  std::optional<TransactionId> cancelled;
  if (received.method() == Method::Cancel) {
    if (const Transaction* const invite = find_cancelled(received)) cancelled = invite->id;
  }
  const MessageView request = with_source(received, info);
  SharedBytes bytes{request.bytes()};
  Message message{request};
  auto entry = request.method() == Method::Invite
                   ? make_transaction<InviteServerTransaction>(flow, info.reliable, std::move(entry_key), std::move(bytes))
                   : make_transaction<NonInviteServerTransaction>(flow, info.reliable, std::move(entry_key), std::move(bytes));
  table.reserve_one();
  outputs.reserve(1);

  Transaction& transaction = table.insert(std::move(entry));
  if (auto* invite = std::get_if<InviteServerTransaction>(&transaction.machine)) invite->begin(now);
  if (auto* other = std::get_if<NonInviteServerTransaction>(&transaction.machine)) other->begin(now);
  settle(transaction);
  outputs.push(StackEvent{RequestReceived{transaction.id, flow, std::move(message), cancelled}});
}

/// The INVITE that a CANCEL means (RFC 3261 s.9.2).
Transaction* Stack::Impl::find_cancelled(const MessageView& cancel) {
  keys::write_server_key(key, cancel, to_string(Method::Invite), cancel.to_tag());
  return table.find(key);
}

/// The transaction that an ACK ends; nullptr: it acknowledges a 2xx, or nothing (RFC 3261 s.17.2.3).
Transaction* Stack::Impl::find_acknowledged(const MessageView& ack) {
  if (ack.via().has_rfc3261_branch()) {
    keys::write_server_key(key, ack, to_string(Method::Invite), {});
    return table.find(key);
  }
  // RFC 2543: the To tag is that of our response, which the INVITE itself had only inside a dialog.
  keys::write_server_key(key, ack, to_string(Method::Invite), ack.to_tag());
  if (Transaction* const inside_dialog = table.find(key)) return inside_dialog;
  keys::write_server_key(key, ack, to_string(Method::Invite), {});
  Transaction* const initial = table.find(key);
  const auto* const machine = initial ? std::get_if<InviteServerTransaction>(&initial->machine) : nullptr;
  if (!machine || machine->state() != InviteServerTransaction::State::Completed) return nullptr;
  return has_to_tag(machine->final_response(), ack.to_tag()) ? initial : nullptr;
}

void Stack::Impl::on_ack(FlowId flow, const FlowInfo& info, const MessageView& ack, TimePoint now) {
  Transaction* const transaction = find_acknowledged(ack);
  auto* const machine = transaction ? std::get_if<InviteServerTransaction>(&transaction->machine) : nullptr;
  if (machine && machine->state() != InviteServerTransaction::State::Accepted) {
    machine->receive_ack(now);
    // A client repeats an INVITE for so long at most (timer B).
    if (machine->is_terminated()) refused.add(transaction->key, ack, now + options.timers.transaction_timeout());
    return settle(*transaction);
  }
  Message message{with_source(ack, info)};
  outputs.reserve(1);
  outputs.push(StackEvent{AckReceived{flow, std::move(message)}});
}

MessageView Stack::Impl::with_source(const MessageView& request, const FlowInfo& info) {
  if (!write_source(rewritten, request, info)) return request;
  parse(rewritten, index);
  return MessageView{rewritten, index};
}

void Stack::Impl::answer_stateless(FlowId flow, const FlowInfo& info, const MessageView& received, StatusCode status,
                                   std::string_view reason) {
  if (received.method() == Method::Ack) return drop(flow, "an ACK that is not answered");  // C18
  const MessageView request = with_source(received, info);
  std::string seed(request.call_id());
  seed.append("\n").append(request.from().text).append("\n").append(request.via().branch);
  const std::string to_tag = std::to_string(keys::hash(secret, seed));  // E11, RFC 3261 s.8.2.7
  MessageBuilder builder = MessageBuilder::response_to(request, status, to_tag, status == 400 ? reason : std::string_view{});
  if (!options.user_agent.empty()) builder.header(HeaderId::Server, options.user_agent);
  if (status == 503) builder.header(HeaderId::RetryAfter, overload_retry_after);
  const Result<std::string> response = std::move(builder).finish();
  if (!response) return drop(flow, "a request that cannot be answered");
  SharedBytes bytes{*response};
  Dropped dropped{flow, "answered " + std::to_string(status) + ": " + masked(reason)};
  outputs.reserve(2);
  outputs.push(Send{flow, std::move(bytes)});
  outputs.push(StackEvent{std::move(dropped)});
}

void Stack::Impl::drop(FlowId flow, std::string_view why) {
  Dropped dropped{flow, masked(why)};
  outputs.reserve(1);
  outputs.push(StackEvent{std::move(dropped)});
}

// ---- Responses

bool Stack::Impl::is_ours(const FlowInfo& info, std::string_view sent_by) const noexcept {
  if (equal_any_case(sent_by, info.local_name)) return true;
  return std::ranges::any_of(flows, [&](const auto& entry) { return equal_any_case(sent_by, entry.second.local_name); });
}

void Stack::Impl::on_response(FlowId flow, const FlowInfo& info, const MessageView& response, TimePoint now) {
  // B12: RFC 3261 s.18.1.2 for the first check, s.8.1.3.3 for the second.
  if (!is_ours(info, response.via().sent_by())) return drop(flow, "a response to somebody else's Via");
  if (!options.proxy && response.via_count() != 1) return drop(flow, "a response with several Vias");
  keys::write_client_key(key, response);
  Transaction* const transaction = table.find(key);
  if (!transaction) return on_stray_response(flow, response);

  TransactionMachine next = transaction->machine;
  Effects effects = std::visit([&](auto& machine) { return receive_on(machine, response, now); }, next);
  const bool deliver = effects.telling == Effects::Telling::Deliver;
  if (!deliver && is_invite_success(response)) return on_stray_response(flow, response);
  Message message = deliver ? Message{response} : Message{};
  outputs.reserve(2);

  transaction->machine = std::move(next);
  emit(transaction->flow, std::move(effects));
  if (deliver) outputs.push(StackEvent{ResponseReceived{transaction->id, flow, std::move(message)}});
  settle(*transaction);
}

/// A 2xx that no transaction takes, also one that comes after a refusal which a proxy passed on before it, has set up a session at the
/// peer, which the core must end (B13; RFC 3261 s.13.2.2.4, s.16.7 step 10).
void Stack::Impl::on_stray_response(FlowId flow, const MessageView& response) {
  if (!is_invite_success(response)) return drop(flow, "a response that nobody waits for");
  Message message{response};
  outputs.reserve(1);
  outputs.push(StackEvent{StrayResponse{flow, std::move(message)}});
}

}  // namespace parley::sip
