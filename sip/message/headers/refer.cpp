// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/refer.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace parley::sip {

namespace {

constexpr HeaderId copyable[] = {HeaderId::AcceptContact, HeaderId::InReplyTo, HeaderId::Join,    HeaderId::Priority,
                                 HeaderId::RejectContact, HeaderId::Replaces,  HeaderId::Subject, HeaderId::RequestDisposition};

/// %00, %0A, %0D: a parsed URI holds them in no other form.
bool breaks_line(std::string_view escaped) noexcept {
  for (std::size_t i = 0; i + 2 < escaped.size(); ++i) {
    if (escaped[i] == '%' && escaped[i + 1] == '0' && std::string_view("0aAdD").find(escaped[i + 2]) != std::string_view::npos) return true;
  }
  return false;
}

bool names_dialog(HeaderId id) noexcept { return id == HeaderId::Replaces || id == HeaderId::Join; }

}  // namespace

bool wants_subscription(const MessageView& refer) noexcept {
  const auto item = first_item(refer, HeaderId::ReferSub);
  return !item || !item->is("false");
}

std::optional<UriHeader> next_uri_header(std::string_view& rest) noexcept {
  while (!rest.empty()) {
    const auto one = grammar::take_uri_part(rest, '&');
    if (!one.name.empty()) return UriHeader{one.name, one.value};
  }
  return std::nullopt;
}

std::string_view without_headers(const UriView& uri) noexcept {
  if (uri.headers.empty()) return uri.text;
  return {uri.text.data(), static_cast<std::size_t>(uri.headers.data() - uri.text.data()) - 1};
}

std::optional<CopyableHeader> CopyableHeaders::next() noexcept {
  while (const auto header = next_uri_header(rest_)) {
    const HeaderId id = header_id(header->name);
    if (std::find(std::begin(copyable), std::end(copyable), id) == std::end(copyable) || breaks_line(header->value)) continue;
    if (names_dialog(id) && std::exchange(dialog_named_, true)) continue;
    return CopyableHeader{id, header->value};
  }
  return std::nullopt;
}

}  // namespace parley::sip
