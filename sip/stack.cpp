// SPDX-License-Identifier: MIT
#include <parley/sip/core/tokens.hpp>
#include <parley/sip/stack_impl.hpp>
#include <parley/sip/transaction/detail/derived.hpp>
#include <parley/sip/transaction/detail/keys.hpp>

#include <algorithm>
#include <bit>

namespace parley::sip {

namespace {

Error failure(Errc code, const char* why, StatusCode status = 0) { return Error{code, status, Error::no_offset, why}; }

/// Timers that make sense whatever was configured: none of zero, which would ring for ever, none that overflows (threats SEC-80).
TimerValues sane(TimerValues timers) {
  constexpr Duration longest{24 * 3'600'000};
  for (Duration* value : {&timers.t1, &timers.t2, &timers.t4}) *value = std::clamp(*value, Duration{1}, longest);
  timers.t2 = std::max(timers.t1, timers.t2);
  return timers;
}

std::array<std::uint64_t, 2> random_secret(Crypto& crypto) {
  std::array<std::uint8_t, 16> octets{};
  crypto.random(octets);
  return std::bit_cast<std::array<std::uint64_t, 2>>(octets);
}

/// Status of a response in wire form; 0: it is none.
StatusCode status_of(std::string_view response) noexcept {
  constexpr std::string_view version = "SIP/2.0 ";
  if (!response.starts_with(version) || response.size() < version.size() + 4) return 0;
  unsigned status = 0;
  for (const char c : response.substr(version.size(), 3)) {
    if (c < '0' || c > '9') return 0;
    status = 10 * status + static_cast<unsigned>(c - '0');
  }
  return status < 100 || status > 699 || response[version.size() + 3] != ' ' ? StatusCode{0} : static_cast<StatusCode>(status);
}

Result<Effects> respond_on(InviteServerTransaction& machine, StatusCode status, SharedBytes bytes, TimePoint now) {
  return machine.respond(status, std::move(bytes), now);
}
Result<Effects> respond_on(NonInviteServerTransaction& machine, StatusCode status, SharedBytes bytes, TimePoint now) {
  return machine.respond(status, std::move(bytes), now);
}
template <class ClientMachine>
Result<Effects> respond_on(ClientMachine&, StatusCode, const SharedBytes&, TimePoint) {
  return failure(Errc::WrongState, "not a server transaction");
}

}  // namespace

// ---- Impl

Stack::Impl::Impl(StackOptions given_options, Crypto& given_crypto)
    : options(std::move(given_options)), crypto(given_crypto), secret(random_secret(given_crypto)), table(secret), refused(secret) {
  options.timers = sane(options.timers);
}

Result<TransactionId> Stack::Impl::send_request(FlowId flow, std::string_view bytes, TimePoint now) {
  const auto found = flows.find(flow);
  if (found == flows.end()) return failure(Errc::NotConnected, "the flow is not open", 503);
  if (bytes.size() > limits::message) return failure(Errc::TooLong, "the request is too long");
  if (ParseResult parsed = parse(bytes, index); parsed.verdict != Verdict::Ok) {
    return Error{Errc::BadValue, 0, parsed.error.offset, "not a request that can be sent", parsed.error.text()};
  }
  const MessageView request{bytes, index};
  if (!request.is_request() || request.method() == Method::Ack || request.method() == Method::Cancel) {
    return failure(Errc::BadValue, "only requests other than ACK and CANCEL open a transaction");
  }
  return open_client(flow, found->second, request, now);
}

Result<TransactionId> Stack::Impl::open_client(FlowId flow, const FlowInfo& info, const MessageView& request, TimePoint now) {
  keys::write_client_key(key, request);
  if (table.find(key)) return failure(Errc::BadValue, "the branch is in use");  // C01
  SharedBytes entry_key{key};
  SharedBytes bytes{request.bytes()};
  auto entry = request.method() == Method::Invite
                   ? make_transaction<InviteClientTransaction>(flow, info.reliable, std::move(entry_key), std::move(bytes))
                   : make_transaction<NonInviteClientTransaction>(flow, info.reliable, std::move(entry_key), std::move(bytes));
  table.reserve_one();
  outputs.reserve(1);

  Transaction& transaction = table.insert(std::move(entry));
  if (auto* invite = std::get_if<InviteClientTransaction>(&transaction.machine)) emit(flow, invite->begin(now));
  if (auto* other = std::get_if<NonInviteClientTransaction>(&transaction.machine)) emit(flow, other->begin(now));
  settle(transaction);
  return transaction.id;
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the table owns it

Result<TransactionId> Stack::Impl::cancel(TransactionId invite, std::string_view reason, TimePoint now) {
  Transaction* const transaction = table.find(invite);
  auto* const machine = transaction ? std::get_if<InviteClientTransaction>(&transaction->machine) : nullptr;
  if (!machine || !machine->can_cancel()) return failure(Errc::WrongState, "no INVITE that can be cancelled now");
  const Result<std::string> bytes = derived::cancel(machine->request(), reason);
  if (!bytes) return bytes.error();
  if (parse(*bytes, index).verdict != Verdict::Ok) return failure(Errc::BadValue, "the INVITE cannot be cancelled");
  const auto found = flows.find(transaction->flow);
  if (found == flows.end()) return failure(Errc::NotConnected, "the flow is not open", 503);
  Result<TransactionId> id = open_client(transaction->flow, found->second, MessageView{*bytes, index}, now);
  if (!id) return id;
  machine->cancelled(now);
  settle(*transaction);
  return id;
}

Result<void> Stack::Impl::respond(TransactionId id, std::string_view bytes, TimePoint now) {
  Transaction* const transaction = table.find(id);
  if (!transaction) return failure(Errc::WrongState, "the transaction has ended");
  const StatusCode status = status_of(bytes);
  if (status == 0 || bytes.size() > limits::message) return failure(Errc::BadValue, "not a response that can be sent");
  SharedBytes response{bytes};
  outputs.reserve(1);
  Result<Effects> effects =
      std::visit([&](auto& machine) { return respond_on(machine, status, std::move(response), now); }, transaction->machine);
  if (!effects) return std::move(effects).error();
  emit(transaction->flow, *std::move(effects));
  settle(*transaction);
  return {};
}

void Stack::Impl::close_flow(FlowId flow, const Error& why) {
  std::size_t ending = 0;
  table.for_each([&](const Transaction& transaction) { ending += transaction.flow == flow ? 1 : 0; });
  outputs.reserve(ending);
  flows.erase(flow);
  table.for_each([&](Transaction& transaction) {
    if (transaction.flow != flow) return;
    // B15, RFC 3261 s.8.1.3.1: as if by 503. Who only waited for copies has nothing to tell.
    if (std::visit([](const auto& machine) { return machine.is_pending(); }, transaction.machine)) {
      outputs.push(StackEvent{TransactionFailed{transaction.id, failure(Errc::ConnectionLost, why.reason, 503)}});
    }
    table.erase(transaction);
  });
}

void Stack::Impl::on_transaction_due(Transaction& transaction, TimePoint now) {
  outputs.reserve(2);
  TransactionMachine next = transaction.machine;
  Effects effects = std::visit([&](auto& machine) { return machine.expire(now); }, next);
  transaction.machine = std::move(next);
  const bool timed_out = effects.telling == Effects::Telling::Timeout;
  emit(transaction.flow, std::move(effects));
  if (timed_out) {
    outputs.push(StackEvent{TransactionFailed{transaction.id, failure(Errc::Timeout, "no answer in time", 408)}});
  }
  settle(transaction);
}

void Stack::Impl::settle(Transaction& transaction) noexcept {
  if (std::visit([](const auto& machine) { return machine.is_terminated(); }, transaction.machine)) {
    table.erase(transaction);
    return;
  }
  const auto deadline = std::visit([](const auto& machine) { return machine.deadline(); }, transaction.machine);
  if (!deadline) {
    transaction.stop();
  } else if (!transaction.is_running() || transaction.due() != *deadline) {
    wheel.start(transaction, *deadline);
  }
}

void Stack::Impl::emit(FlowId flow, Effects effects) noexcept {
  using Sending = Effects::Sending;
  const bool held_back = (effects.sending == Sending::Ack && misbehaviour.hold_back_ack) ||
                         (effects.sending == Sending::Trying && misbehaviour.hold_back_trying) ||
                         (effects.sending == Sending::Retransmission && misbehaviour.hold_back_retransmissions);
  if (effects.sending == Sending::Nothing || held_back || effects.bytes.empty()) return;
  outputs.push(Send{flow, std::move(effects.bytes)});
}

// ---- Stack

Stack::Stack(StackOptions options, Crypto& crypto) : impl_(std::make_unique<Impl>(std::move(options), crypto)) {}
Stack::~Stack() = default;

void Stack::flow_opened(FlowId flow, FlowInfo info) { impl_->flows.insert_or_assign(flow, std::move(info)); }
void Stack::flow_closed(FlowId flow, const Error& why, TimePoint) { impl_->close_flow(flow, why); }
void Stack::receive(FlowId flow, std::string_view bytes, TimePoint now) { impl_->receive(flow, bytes, now); }
void Stack::handle_timeout(TimePoint now) { impl_->wheel.run(now); }
std::optional<TimePoint> Stack::next_timeout() const { return impl_->wheel.next_timeout(); }

std::optional<StackOutput> Stack::poll_output() {
  while (!impl_->outputs.empty()) {
    StackOutput output = impl_->outputs.pop();
    auto* const send = std::get_if<Send>(&output);
    if (!send || !impl_->send_hook) return output;
    std::string bytes(send->bytes);
    impl_->send_hook(send->flow, bytes);
    if (bytes.empty()) continue;
    if (bytes != send->bytes.view()) send->bytes = SharedBytes{bytes};
    return output;
  }
  return std::nullopt;
}

MessageBuilder Stack::make_request(FlowId flow, std::string_view method, std::string_view request_uri, std::string_view via_params) {
  MessageBuilder builder = MessageBuilder::request(method, request_uri);
  const FlowInfo* const info = this->flow(flow);
  std::string via = "SIP/2.0/";
  via.append(info ? info->via_transport : "WS").append(" ").append(info ? info->local_name : "closed.invalid");
  via.append(";branch=").append(make_branch(impl_->crypto).text());
  if (info && info->reliable == Reliable::No) via.append(";rport");  // B10, RFC 3581 s.3
  via.append(via_params);
  builder.header(HeaderId::Via, via).header(HeaderId::MaxForwards, 70);
  return builder;
}

Result<TransactionId> Stack::send_request(FlowId flow, std::string_view bytes, TimePoint now) {
  return impl_->send_request(flow, bytes, now);
}

Result<TransactionId> Stack::cancel(TransactionId invite, TimePoint now, std::string_view reason) {
  return impl_->cancel(invite, reason, now);
}

Result<void> Stack::respond(TransactionId transaction, std::string_view bytes, TimePoint now) {
  return impl_->respond(transaction, bytes, now);
}

void Stack::abandon(TransactionId transaction) {
  if (Transaction* const found = impl_->table.find(transaction)) impl_->table.erase(*found);
}

void Stack::send_raw(FlowId flow, std::string_view bytes) {
  if (this->flow(flow)) send_raw(flow, SharedBytes{bytes});
}

void Stack::send_raw(FlowId flow, SharedBytes bytes) {
  if (!this->flow(flow) || bytes.empty()) return;
  impl_->outputs.reserve(1);
  impl_->outputs.push(Send{flow, std::move(bytes)});
}

const FlowInfo* Stack::flow(FlowId flow) const {
  const auto found = impl_->flows.find(flow);
  return found == impl_->flows.end() ? nullptr : &found->second;
}

std::size_t Stack::transaction_count() const { return impl_->table.size(); }
bool Stack::is_running(TransactionId transaction) const { return impl_->table.find(transaction) != nullptr; }
const TimerValues& Stack::timers() const noexcept { return impl_->options.timers; }
void Stack::set_send_hook(UniqueFunction<void(FlowId, std::string& bytes)> hook) { impl_->send_hook = std::move(hook); }
void Stack::set_receive_hook(UniqueFunction<void(FlowId, std::string_view bytes)> hook) { impl_->receive_hook = std::move(hook); }
void Stack::set_misbehaviour(Misbehaviour misbehaviour) { impl_->misbehaviour = misbehaviour; }
const Misbehaviour& Stack::misbehaviour() const noexcept { return impl_->misbehaviour; }

}  // namespace parley::sip
