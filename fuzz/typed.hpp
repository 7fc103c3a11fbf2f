// SPDX-License-Identifier: MIT
#pragma once

#include <parley/fuzz/check.hpp>

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/header_values.hpp>

#include <cstddef>
#include <string_view>

namespace parley::fuzz {

/// Looks at what the readers of a field give: all of it lies in the field's value, and what a writer makes of it reads the same.
class TypedValue {
 public:
  explicit TypedValue(std::string_view field) : field_(field) {}

  void operator()(const sip::ItemView& item) {
    inside(item.value);
    inside(item.comment);
    params(item.params);
    if (item.number()) inside(item.value);
    require(item.is(item.value));
  }
  void operator()(const sip::NameAddrView& address) {
    inside(address.text);
    inside(address.uri.text);
    inside(address.display_name);
    params(address.params);
    for (std::string_view rest = address.uri.headers; const auto header = sip::next_uri_header(rest);) inside(header->value);
    sip::CopyableHeaders copied(address.uri);
    while (const auto header = copied.next()) inside(header->value);
    inside(sip::without_headers(address.uri));
    sip::is_anonymous(address);
  }
  void operator()(const sip::ViaView& via) {
    inside(via.text);
    inside(via.sent_by());
    params(via.params);
  }
  void operator()(const sip::ContentTypeView& type) {
    inside(type.type);
    inside(type.subtype);
    params(type.params);
  }
  void operator()(const sip::AcceptView& accept) {
    inside(accept.type);
    inside(accept.subtype);
    require(accept.q <= 1000);
  }
  void operator()(const sip::CSeqView& cseq) { inside(cseq.method_text); }
  void operator()(const sip::RAckView& rack) {
    const auto written = sip::format_rack(rack);
    if (!written) return;
    const auto again = sip::parse_rack(*written);
    require(again && again->response_number == rack.response_number && again->cseq.number == rack.cseq.number &&
            again->cseq.method_text == rack.cseq.method_text);
  }
  void operator()(sip::UnixSeconds date) {
    const auto written = sip::format_date(date);
    const auto again = sip::parse_date(*written);
    require(again && *again == date);
  }
  void operator()(const sip::TimestampView& timestamp) {
    inside(timestamp.time);
    inside(timestamp.delay);
  }
  void operator()(const sip::WarningView& warning) {
    inside(warning.agent);
    inside(warning.text);
    require(warning.code <= 999);
  }
  void operator()(const sip::ReasonView& reason) {
    inside(reason.protocol);
    inside(reason.text);
  }
  void operator()(const sip::IdentityView& identity) {
    inside(identity.digest);
    inside(identity.info);
    inside(identity.params);
  }
  void operator()(const sip::RetryAfterView& retry) { inside(retry.comment); }
  void operator()(const sip::SessionExpiresView&) {}
  void operator()(const sip::EventView& event) {
    inside(event.package);
    inside(event.id);
  }
  void operator()(const sip::SubscriptionStateView& state) {
    inside(state.state_text);
    inside(state.reason);
  }
  void operator()(const sip::DialogReferenceView& dialog) {
    for (const std::string_view part : {dialog.call_id, dialog.to_tag, dialog.from_tag}) inside(part);
    const auto written = sip::format_replaces(dialog);
    if (!written) return;
    const auto again = sip::parse_replaces(*written);
    require(again && again->call_id == dialog.call_id && again->to_tag == dialog.to_tag && again->from_tag == dialog.from_tag &&
            again->early_only == dialog.early_only);
  }
  void operator()(const sip::UnreadableValue& value) {
    inside(value.text);
    require(value.error.offset == Error::no_offset || value.error.offset <= value.text.size());
  }
  void operator()(sip::HeaderShape, std::string_view text) { inside(text); }

  /// A reading that may have failed, within the value.
  template <class T>
  void check(const sip::Reading<T>& reading) {
    if (reading) {
      (*this)(*reading);
    } else {
      require(reading.error().offset <= field_.size());
    }
  }

 private:
  void inside(std::string_view part) const { require(lies_in(part, field_)); }
  void params(const sip::ParamsView& list) const {
    std::string_view rest = list.text();
    while (const auto param = sip::ParamsView::next(rest)) {
      inside(param->name);
      inside(param->value);
    }
    require(sip::grammar::trim(rest).empty());
  }

  std::string_view field_;
};

/// Asks each reader that is meant for the header, by its shape and by its name.
inline void read_typed(const sip::HeaderView& field) {
  using sip::HeaderId;
  TypedValue value(field.value);
  sip::visit_values(field, value);
  switch (field.id) {
    case HeaderId::ContentType: return value.check(sip::parse_media_type(field.value));
    case HeaderId::Event: return value.check(sip::parse_event(field.value));
    case HeaderId::Join:
    case HeaderId::Replaces: return value.check(sip::parse_replaces(field.value));
    case HeaderId::TargetDialog: return value.check(sip::parse_target_dialog(field.value));
    case HeaderId::RetryAfter: return value.check(sip::parse_retry_after(field.value));
    case HeaderId::SessionExpires:
    case HeaderId::MinSe: return value.check(sip::parse_session_expires(field.value));
    case HeaderId::SubscriptionState: return value.check(sip::parse_subscription_state(field.value));
    case HeaderId::Reason:
      for (std::string_view rest = field.value; const auto one = sip::next_element(rest);) value.check(sip::parse_reason(*one));
      return;
    default: return;
  }
}

/// What is asked of a message as a whole.
inline void read_typed(const sip::MessageView& message) {
  using sip::HeaderId;
  for (std::size_t i = 0; i < message.header_count(); ++i) read_typed(message.header(i));
  for (const HeaderId id : {HeaderId::Expires, HeaderId::MinExpires, HeaderId::FlowTimer}) sip::delta_seconds(message, id);
  sip::accepts(message, "application/sdp");
  sip::answer_wish(message);
  sip::wants_subscription(message);
  sip::wants_privacy(message, "id");
  require(!sip::asserted_identity(message, sip::NextHop::Untrusted));
  require(!sip::caller_to_show(message, sip::NextHop::Untrusted).asserted);
  sip::caller_to_show(message, sip::NextHop::Trusted);
}

}  // namespace parley::fuzz
