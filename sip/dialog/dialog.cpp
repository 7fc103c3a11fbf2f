// SPDX-License-Identifier: MIT
#include <parley/sip/dialog/dialog.hpp>

#include <parley/sip/message/name_addr.hpp>

namespace parley::sip {
namespace {

struct TagPlace {
  std::uint16_t at = 0;
  std::uint16_t size = 0;
};

/// Where the tag of a From or To value stands inside `text`.
TagPlace tag_place(std::string_view text, std::string_view value) {
  const auto party = parse_name_addr(value);
  if (!party) return {};
  const auto tag = party->tag();
  if (tag.empty()) return {};
  return {static_cast<std::uint16_t>(tag.data() - text.data()), static_cast<std::uint16_t>(tag.size())};
}

}  // namespace

std::string Dialog::contact_of(const MessageView& message) {
  if (message.contact_is_star() || message.contact_count() == 0) return {};
  const auto uri = message.contact(0).uri;
  return uri.is_sip() ? as_request_uri(uri) : std::string{};
}

void Dialog::set_parties(std::string_view call_id, std::string_view local, std::string_view remote) {
  std::string text;
  text.reserve(call_id.size() + local.size() + remote.size());
  text.append(call_id).append(local).append(remote);
  text_ = std::move(text);
  call_id_end_ = static_cast<std::uint16_t>(call_id.size());
  local_end_ = static_cast<std::uint16_t>(call_id.size() + local.size());
  const auto local_tag = tag_place(text_, this->local());
  const auto remote_tag = tag_place(text_, this->remote());
  local_tag_at_ = local_tag.at;
  local_tag_size_ = local_tag.size;
  remote_tag_at_ = remote_tag.at;
  remote_tag_size_ = remote_tag.size;
}

Dialog Dialog::begun(std::string_view call_id, std::string_view local, std::string_view remote, std::string_view target) {
  Dialog dialog;
  dialog.set_parties(call_id, local, remote);
  dialog.remote_target_ = target;
  return dialog;
}

Dialog Dialog::as_uac(const MessageView& response, std::string_view fallback_target, std::uint32_t local_cseq) {
  Dialog dialog;
  dialog.set_parties(response.call_id(), unfolded(response.from().text), unfolded(response.to().text));
  dialog.remote_target_ = contact_of(response);
  if (dialog.remote_target_.empty()) dialog.remote_target_ = fallback_target;
  dialog.route_set_ = RouteSet::from_record_route(response, RouteSet::Order::Reversed);
  dialog.local_cseq_ = local_cseq;
  return dialog;
}

Dialog Dialog::as_uas(const MessageView& request, std::string_view local_tag) {
  Dialog dialog;
  std::string local = unfolded(request.to().text);
  // An addr-spec's parameters belong to the header, so the tag can stand behind either form (s.20.10).
  local.append(";tag=").append(local_tag);
  dialog.set_parties(request.call_id(), local, unfolded(request.from().text));
  dialog.remote_target_ = contact_of(request);
  if (dialog.remote_target_.empty()) dialog.remote_target_ = as_request_uri(request.from().uri);
  dialog.route_set_ = RouteSet::from_record_route(request, RouteSet::Order::AsWritten);
  dialog.take_remote_cseq(request.cseq().number);
  return dialog;
}

bool Dialog::is_secure() const noexcept {
  const auto uri = parse_uri(remote_target_);
  return uri && uri->scheme == Scheme::Sips;
}

bool Dialog::take_remote_cseq(std::uint32_t number) noexcept {
  if (has_remote_cseq_ && number <= remote_cseq_) return false;
  has_remote_cseq_ = true;
  remote_cseq_ = number;
  return true;
}

void Dialog::continue_from(const Dialog& early) noexcept {
  has_remote_cseq_ = early.has_remote_cseq_;
  remote_cseq_ = early.remote_cseq_;
}

void Dialog::address(MessageBuilder& request, std::string_view route, std::uint32_t cseq, std::string_view method) const {
  if (!route.empty()) request.header(HeaderId::Route, route);
  request.header(HeaderId::From, local())
      .header(HeaderId::To, remote())
      .header(HeaderId::CallId, call_id())
      .header(HeaderId::CSeq, std::to_string(cseq) + ' ' + std::string(method));
}

}  // namespace parley::sip
