// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/message.hpp>

#include <algorithm>
#include <string>

namespace parley::test {

/// Prints a parsed message anew, field by field.
inline Result<std::string> rebuild(const sip::MessageView& message) {
  using sip::MessageBuilder;
  auto builder = message.is_request() ? MessageBuilder::request(message.method_text(), message.request_uri().text)
                                      : MessageBuilder::response(message.status(), message.reason());
  for (std::size_t i = 0; i < message.header_count(); ++i) builder.copy(message, i);
  builder.body(message.body());
  return std::move(builder).finish();
}

namespace detail {

inline bool same(const sip::UriView& a, const sip::UriView& b) {
  return a.scheme == b.scheme && a.text == b.text && a.user == b.user && a.password == b.password && a.host == b.host && a.port == b.port &&
         a.params == b.params && a.headers == b.headers;
}

inline bool same(const sip::NameAddrView& a, const sip::NameAddrView& b) {
  return a.text == b.text && a.display_name == b.display_name && same(a.uri, b.uri) && a.params.text() == b.params.text() &&
         a.tag() == b.tag();
}

inline bool same(const sip::ViaView& a, const sip::ViaView& b) {
  return a.text == b.text && a.transport == b.transport && a.sent_by() == b.sent_by() && a.port == b.port && a.branch == b.branch &&
         a.params.text() == b.params.text();
}

template <class Count, class At>
bool same_lists(const sip::MessageView& a, const sip::MessageView& b, Count count, At at) {
  if ((a.*count)() != (b.*count)()) return false;
  for (std::size_t i = 0; i < (a.*count)(); ++i) {
    if (!same((a.*at)(i), (b.*at)(i))) return false;
  }
  return true;
}

inline bool same_start(const sip::MessageView& a, const sip::MessageView& b) {
  // An empty reason phrase is printed as the RFC's.
  const bool same_reason = a.reason() == b.reason() || a.reason().empty() || b.reason().empty();
  return a.is_request() == b.is_request() && a.method() == b.method() && a.method_text() == b.method_text() &&
         same(a.request_uri(), b.request_uri()) && a.status() == b.status() && same_reason;
}

/// Header fields but Content-Length: name, id, value.
inline bool same_fields(const sip::MessageView& a, const sip::MessageView& b) {
  std::size_t j = 0;
  for (std::size_t i = 0; i < a.header_count(); ++i) {
    const sip::HeaderView field = a.header(i);
    if (field.id == sip::HeaderId::ContentLength) continue;
    while (b.header(j).id == sip::HeaderId::ContentLength) ++j;
    const sip::HeaderView other = b.header(j++);
    if (field.name != other.name || field.id != other.id || field.value != other.value) return false;
  }
  return true;
}

}  // namespace detail

/// Whether two messages say the same (conformance A28): everything but how the body's length is told.
inline bool same_message(const sip::MessageView& a, const sip::MessageView& b) {
  using sip::MessageView;
  const bool same_type =
      a.content_type().has_value() == b.content_type().has_value() &&
      (!a.content_type() || (a.content_type()->type == b.content_type()->type && a.content_type()->subtype == b.content_type()->subtype));
  return detail::same_start(a, b) && detail::same_lists(a, b, &MessageView::via_count, &MessageView::via) &&
         detail::same(a.from(), b.from()) && detail::same(a.to(), b.to()) && a.from_tag() == b.from_tag() && a.to_tag() == b.to_tag() &&
         a.call_id() == b.call_id() && a.cseq().number == b.cseq().number && a.cseq().method_text == b.cseq().method_text &&
         a.max_forwards() == b.max_forwards() && a.contact_is_star() == b.contact_is_star() &&
         detail::same_lists(a, b, &MessageView::contact_count, &MessageView::contact) &&
         detail::same_lists(a, b, &MessageView::route_count, &MessageView::route) &&
         detail::same_lists(a, b, &MessageView::record_route_count, &MessageView::record_route) && same_type && a.body() == b.body() &&
         detail::same_fields(a, b);
}

}  // namespace parley::test
