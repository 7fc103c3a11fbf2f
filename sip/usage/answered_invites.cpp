// SPDX-License-Identifier: MIT
#include <parley/sip/usage/answered_invites.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

/// Told to the losers of a fork, so that they show no missed call (RFC 3326 s.2; H18).
constexpr std::string_view fork_lost = "SIP;cause=200;text=\"Call completed elsewhere\"";

}  // namespace

/// Nothing behind it fails but what its callers do.
AnsweredInvites::Entry& AnsweredInvites::keep(TransactionId transaction, FlowId flow, std::uint32_t cseq) {
  auto credentials = agent_.sender.credentials(transaction);
  const auto [place, added] = entries_.try_emplace(transaction, *this, transaction);
  Timed& timed = place->second;
  if (!added) return timed.entry;
  timed.entry.flow = flow;
  timed.entry.cseq = cseq;
  timed.entry.credentials = std::move(credentials);
  agent_.wheel.start(timed.expiry, agent_.now + agent_.timers().transaction_timeout());
  return timed.entry;
}

Askers AnsweredInvites::begin(TransactionId transaction, FlowId flow, const MessageView& response) {
  std::vector<Ack> acks;
  acks.push_back({std::string(response.to_tag()), {}});
  Entry& entry = keep(transaction, flow, response.cseq().number);
  if (entry.acks.empty()) entry.acks = std::move(acks);
  return askers_of(entry.credentials);
}

void AnsweredInvites::refused(TransactionId transaction) {
  const auto flow = agent_.sender.flow(transaction);
  const auto request = Message::parse(agent_.sender.request(transaction));
  if (!flow || !request || entries_.count(transaction) != 0) return;
  const auto invite = request->view();
  Refused refusal{transaction, std::string(invite.via().branch), std::string(invite.call_id()), std::string(invite.from_tag())};
  refused_.reserve(refused_.size() + 1);
  keep(transaction, *flow, invite.cseq().number);
  refused_.push_back(std::move(refusal));
}

bool AnsweredInvites::take_late(const MessageView& response) {
  const auto found = std::find_if(refused_.begin(), refused_.end(), [&](const Refused& each) {
    return each.branch == response.via().branch && each.call_id == response.call_id() && each.local_tag == response.from_tag();
  });
  return found != refused_.end() && take(found->transaction, response);
}

SharedBytes AnsweredInvites::ack(FlowId flow, const Dialog& dialog, std::uint32_t cseq, const CredentialHeaders& credentials,
                                 const Body& answer) {
  // RFC 3261 s.13.2.2.4: a request in the dialog, with the INVITE's CSeq number and credentials, and a branch of its own.
  auto draft = agent_.draft_in(dialog, flow, "ACK", cseq);
  for (const auto& [id, value] : credentials) draft.builder.header(id, value);
  if (!answer.content_type.empty()) draft.builder.body(answer.content_type, answer.bytes);
  auto bytes = std::move(draft.builder).finish();
  return bytes ? SharedBytes{*bytes} : SharedBytes{};
}

void AnsweredInvites::acknowledge(TransactionId transaction, FlowId flow, const Dialog& dialog, const Body& answer) {
  const auto found = entries_.find(transaction);
  if (found == entries_.end()) return;  // 64*T1 have passed: nobody waits for it any more
  Entry& entry = found->second.entry;
  SharedBytes bytes = ack(flow, dialog, entry.cseq, entry.credentials, answer);
  agent_.send_ack(flow, bytes);
  entry.flow = flow;
  const auto same =
      std::find_if(entry.acks.begin(), entry.acks.end(), [&](const Ack& each) { return each.remote_tag == dialog.remote_tag(); });
  if (same != entry.acks.end()) same->bytes = std::move(bytes);
}

bool AnsweredInvites::take(TransactionId transaction, const MessageView& response) {
  const auto found = entries_.find(transaction);
  if (found == entries_.end()) return false;
  Entry& entry = found->second.entry;
  if (response.cseq().number != entry.cseq) return true;  // changed on the way
  const auto tag = response.to_tag();
  const auto same = std::find_if(entry.acks.begin(), entry.acks.end(), [tag](const Ack& each) { return each.remote_tag == tag; });
  if (same != entry.acks.end()) {
    if (!same->bytes.empty()) agent_.send_ack(entry.flow, same->bytes);
    return true;
  }
  if (entry.acks.size() >= most_forks) return true;
  auto dialog = Dialog::as_uac(response, as_request_uri(response.to().uri), entry.cseq);
  Ack fork{std::string(tag), ack(entry.flow, dialog, entry.cseq, entry.credentials, {})};
  entry.acks.reserve(entry.acks.size() + 1);
  agent_.send_ack(entry.flow, fork.bytes);
  end_fork(entry.flow, std::move(dialog), askers_of(entry.credentials));
  entry.acks.push_back(std::move(fork));
  return true;
}

void AnsweredInvites::take_stray(FlowId flow, const MessageView& response, bool wanted) {
  auto dialog = Dialog::as_uac(response, as_request_uri(response.to().uri), response.cseq().number);
  agent_.send_ack(flow, ack(flow, dialog, response.cseq().number, {}, {}));
  if (!wanted) end_fork(flow, std::move(dialog), nobody);
}

void AnsweredInvites::end_fork(FlowId flow, Dialog dialog, Askers askers) {
  const auto cseq = dialog.next_cseq();
  auto draft = agent_.draft_in(dialog, flow, "BYE", cseq);
  draft.builder.header(HeaderId::Reason, fork_lost);
  auto bytes = std::move(draft.builder).finish();
  if (bytes) agent_.sender.submit(flow, std::move(*bytes), {.purpose = Purpose::ForkBye, .askers = askers}, agent_.now);
}

void AnsweredInvites::keep_early(TransactionId transaction, std::vector<Dialog>& early, std::string_view confirmed_tag) {
  if (early.empty()) return;
  early_.reserve(early_.size() + early.size());
  for (auto& dialog : early) {
    if (dialog.remote_tag() != confirmed_tag) early_.push_back({transaction, std::move(dialog)});
  }
}

Dialog* AnsweredInvites::find_early(DialogIdView id) noexcept {
  const auto found = std::find_if(early_.begin(), early_.end(), [&](const EarlyFork& fork) { return fork.dialog.id() == id; });
  return found == early_.end() ? nullptr : &found->dialog;
}

void AnsweredInvites::end(TransactionId transaction) noexcept {
  std::erase_if(refused_, [transaction](const Refused& each) { return each.transaction == transaction; });
  std::erase_if(early_, [transaction](const EarlyFork& fork) { return fork.transaction == transaction; });
  entries_.erase(transaction);  // destroys the timer that rang, which the wheel allows
}

}  // namespace parley::sip
