// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>

namespace parley::sip::grammar {

namespace {

/// Dotted decimal at the end of an IPv6 address (RFC 4291 s.2.2): four numbers up to 255.
bool read_ipv4_tail(Cursor& in) noexcept {
  for (int i = 0; i < 4; ++i) {
    std::uint32_t value = 0;
    if (i > 0 && !in.take('.')) return in.fail("four numbers expected in an IPv4 address");
    if (!in.number(255, value)) return false;
  }
  return true;
}

/// IPv6address of RFC 3986 (as RFC 5954 corrects RFC 3261): eight groups, or fewer with one "::". The cursor stands behind "[".
bool read_ipv6(Cursor& in) noexcept {
  int groups = 0;
  bool compressed = false;
  if (in.at(':')) {
    in.take(':');
    if (!in.take(':')) return in.fail("\"::\" expected");
    compressed = true;
  }
  while (!in.at(']')) {
    const entry::Span group = in.run(hex_digit);
    if (in.at('.')) {
      in.return_to(group.begin);
      if (!read_ipv4_tail(in)) return false;
      groups += 2;
      break;
    }
    if (group.empty() || group.end - group.begin > 4) return in.fail("one to four hexadecimal digits expected in an IPv6 address");
    if (++groups > 8) return in.fail("too many groups in an IPv6 address");
    if (!in.take(':')) break;
    if (in.take(':')) {
      if (compressed) return in.fail("second \"::\" in an IPv6 address");
      compressed = true;
    } else if (in.at(']')) {
      return in.fail("IPv6 address ends with \":\"");
    }
  }
  const bool complete = compressed ? groups <= 7 : groups == 8;
  return complete || in.fail("wrong number of groups in an IPv6 address");
}

}  // namespace

bool read_ipv6_reference(Cursor& in, entry::Span& out) noexcept {
  out.begin = in.offset();
  in.take('[');
  if (!read_ipv6(in)) return false;
  if (!in.take(']')) return in.fail("\"]\" expected");
  out.end = in.offset();
  return true;
}

}  // namespace parley::sip::grammar
