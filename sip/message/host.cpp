// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>

#include <utility>

namespace parley::sip::grammar {

namespace {

/// Dotted decimal at the end of an IPv6 address (RFC 4291 s.2.2): four numbers up to 255, two a group.
bool read_ipv4_tail(Cursor& in, std::uint16_t* groups) noexcept {
  for (int i = 0; i < 4; ++i) {
    std::uint32_t value = 0;
    if (i > 0 && !in.take('.')) return in.fail("four numbers expected in an IPv4 address");
    const char* const digits = in.rest().data();
    if (!in.number(255, value)) return false;
    if (in.rest().data() - digits > 3) return in.fail("one to three digits expected in an IPv4 address");
    groups[i / 2] = static_cast<std::uint16_t>(groups[i / 2] * 256 + value);
  }
  return true;
}

/// IPv6address of RFC 3986 (as RFC 5954 corrects RFC 3261): eight groups, or fewer with one "::". The cursor stands behind "[".
// NOLINTNEXTLINE(readability-function-cognitive-complexity): groups, "::" and the IPv4 tail are one walk
bool read_ipv6(Cursor& in, Ipv6& out) noexcept {
  constexpr std::size_t no_gap = 9;
  std::size_t count = 0;     // groups
  std::size_t gap = no_gap;  // groups before "::"
  if (in.take(':')) {
    if (!in.take(':')) return in.fail("\"::\" expected");
    gap = 0;
  }
  while (!in.at(']')) {
    const std::string_view group = in.word(hex_digit);
    if (in.at('.') && count < out.size() - 1) {
      in.return_to(group.data());
      if (!read_ipv4_tail(in, &out[count])) return false;
      count += 2;
      break;
    }
    if (group.empty() || group.size() > 4) return in.fail("one to four hexadecimal digits expected in an IPv6 address");
    if (count == out.size()) return in.fail("too many groups in an IPv6 address");
    for (const char digit : group) out[count] = static_cast<std::uint16_t>(out[count] * 16 + hex_value(digit));
    ++count;
    if (!in.take(':')) break;
    if (in.take(':')) {
      if (gap != no_gap) return in.fail("second \"::\" in an IPv6 address");
      gap = count;
    } else if (in.at(']')) {
      return in.fail("IPv6 address ends with \":\"");
    }
  }
  if ((gap == no_gap) != (count == out.size())) return in.fail("wrong number of groups in an IPv6 address");
  for (std::size_t to = out.size(); count > gap;) std::swap(out[--to], out[--count]);
  return true;
}

}  // namespace

bool read_ipv6_reference(Cursor& in, Ipv6& out) noexcept {
  in.take('[');
  return read_ipv6(in, out) && (in.take(']') || in.fail("\"]\" expected"));
}

bool read_bracketed_host(Cursor& in, entry::Span& out) noexcept {
  Ipv6 address{};
  out.begin = in.offset();
  const bool good = read_ipv6_reference(in, address);
  out.end = in.offset();
  return good;
}

}  // namespace parley::sip::grammar
