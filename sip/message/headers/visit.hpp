// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/headers/caller.hpp>
#include <parley/sip/message/headers/date.hpp>
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/media_type.hpp>
#include <parley/sip/message/headers/rack.hpp>
#include <parley/sip/message/headers/warning.hpp>

#include <string_view>

namespace parley::sip {

/// A value that cannot be read: the element, and what is wrong with it (offset from its first octet).
struct UnreadableValue {
  std::string_view text;
  Error error;
};

namespace detail {

template <class Reader, class Visitor>
void visit_one(std::string_view element, Reader&& read, Visitor& visit) {
  auto value = read(element);
  if (value) {
    visit(*value);
  } else {
    visit(UnreadableValue{element, value.error()});
  }
}

}  // namespace detail

/// Reads one element by the shape of its header and calls visit(view): with ItemView, NameAddrView, ViaView, AcceptView,
/// CSeqView, RAckView, UnixSeconds, TimestampView, WarningView, IdentityView, UnreadableValue; or visit(shape, text) where nothing is
/// taken apart here: text, named values, challenges and credentials (sip/auth reads those).
template <class Visitor>
void visit_element(HeaderId id, std::string_view element, Visitor&& visit) {
  using detail::visit_one;
  switch (const HeaderShape shape = header_shape(id)) {
    case HeaderShape::Token:
    case HeaderShape::Callid:
    case HeaderShape::Number:
      return visit_one(
          element, [id](std::string_view text) { return parse_item(id, text); }, visit);
    case HeaderShape::MediaRange: return visit_one(element, parse_accept, visit);
    case HeaderShape::NameAddr: return visit_one(element, parse_name_addr, visit);
    case HeaderShape::Via: return visit_one(element, parse_via, visit);
    case HeaderShape::CSeq: return visit_one(element, parse_cseq, visit);
    case HeaderShape::RAck: return visit_one(element, parse_rack, visit);
    case HeaderShape::Date: return visit_one(element, parse_date, visit);
    case HeaderShape::Timestamp: return visit_one(element, parse_timestamp, visit);
    case HeaderShape::Warning: return visit_one(element, parse_warning, visit);
    case HeaderShape::Identity: return visit_one(element, parse_identity, visit);
    case HeaderShape::Text:
    case HeaderShape::NamedValues:
    case HeaderShape::Challenge:
    case HeaderShape::Credentials: return visit(shape, element);
  }
}

/// The same for each element of a field: comma lists split, all else whole (A07). An empty field has none.
template <class Visitor>
void visit_values(const HeaderView& field, Visitor&& visit) {
  if (!is_comma_list(field.id) || field.id == HeaderId::Other) {
    if (!field.value.empty()) visit_element(field.id, field.value, visit);
    return;
  }
  for (std::string_view rest = field.value; const auto element = next_element(rest, field.id);) visit_element(field.id, *element, visit);
}

}  // namespace parley::sip
