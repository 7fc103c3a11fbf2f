// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/uri.hpp>

#include <algorithm>

namespace parley::sip {

namespace {

/// Comparing lists is quadratic in their length: beyond this many parameters or headers two URIs are equal only as text.
constexpr std::size_t most_parts = 64;

enum class Case : std::uint8_t { Sensitive, Insensitive };

/// Takes one character off `text`, decoded. A reserved character that was escaped differs from the plain one (s.19.1.4, RFC 2396 s.2.2):
/// it comes back above 0xFF.
int take_decoded(std::string_view& text, Case how) noexcept {
  constexpr std::string_view reserved = ";/?:@&=+$,";
  const bool escaped =
      text[0] == '%' && text.size() >= 3 && grammar::is(text[1], grammar::hex_digit) && grammar::is(text[2], grammar::hex_digit);
  char octet = escaped ? static_cast<char>(grammar::hex_value(text[1]) * 16 + grammar::hex_value(text[2])) : text[0];
  text.remove_prefix(escaped ? 3 : 1);
  if (how == Case::Insensitive) octet = grammar::lower(octet);
  const int value = static_cast<unsigned char>(octet);
  return escaped && reserved.find(octet) != std::string_view::npos ? value + 0x100 : value;
}

bool equal_decoded(std::string_view a, std::string_view b, Case how) noexcept {
  while (!a.empty() && !b.empty()) {
    if (take_decoded(a, how) != take_decoded(b, how)) return false;
  }
  return a.empty() && b.empty();
}

/// Without the visual separators, which mean nothing (RFC 3966 s.4).
bool same_number(std::string_view a, std::string_view b) noexcept {
  const auto drop_separators = [](std::string_view& number) {
    while (!number.empty() && std::string_view("-.()").find(number.front()) != std::string_view::npos) number.remove_prefix(1);
  };
  for (;;) {
    drop_separators(a);
    drop_separators(b);
    if (a.empty() || b.empty()) return a.empty() && b.empty();
    if (grammar::lower(a.front()) != grammar::lower(b.front())) return false;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
}

/// How the values of a list compare.
using SameValue = bool (*)(std::string_view a, std::string_view b) noexcept;

bool same_in_case(std::string_view a, std::string_view b) noexcept { return equal_decoded(a, b, Case::Sensitive); }
bool same_in_any_case(std::string_view a, std::string_view b) noexcept { return equal_decoded(a, b, Case::Insensitive); }
/// A phone-context is a domain name or a global number (RFC 3966 s.4).
bool same_tel_value(std::string_view a, std::string_view b) noexcept {
  return same_in_any_case(a, b) || (a.substr(0, 1) == "+" && b.substr(0, 1) == "+" && same_number(a, b));
}

using Part = grammar::UriPart;

/// A list taken apart, in a fixed array. Plain loops below: the algorithms of the standard library would be unrolled, for nothing.
struct Parts {
  Part at[most_parts];
  std::size_t count = 0;
  bool overflow = false;

  Parts(std::string_view list, char separator) noexcept {
    while (!list.empty() && !overflow) {
      if (count == most_parts) {
        overflow = true;
      } else {
        at[count++] = grammar::take_uri_part(list, separator);
      }
    }
  }
  const Part* begin() const noexcept { return at; }
  const Part* end() const noexcept { return at + count; }
  bool names(std::string_view name) const noexcept {
    for (const Part& part : *this) {
      if (equal_decoded(part.name, name, Case::Insensitive)) return true;
    }
    return false;
  }
  bool hold(const Part& wanted, SameValue same) const noexcept {
    for (const Part& part : *this) {
      if (part.has_value == wanted.has_value && equal_decoded(part.name, wanted.name, Case::Insensitive) && same(part.value, wanted.value))
        return true;
    }
    return false;
  }
  /// Each of them is in `other` too.
  bool within(const Parts& other, SameValue same) const noexcept {
    for (const Part& part : *this) {
      if (!other.hold(part, same)) return false;
    }
    return true;
  }
};

/// Parameters that count even where only one URI has them.
bool must_be_in_both(std::string_view name) noexcept {
  for (const std::string_view one : {"user", "ttl", "method", "maddr", "transport"}) {
    if (equal_decoded(name, one, Case::Insensitive)) return true;
  }
  return false;
}

bool params_fit(const Parts& a, const Parts& b) noexcept {
  for (const Part& part : a) {
    if (b.names(part.name) ? !b.hold(part, same_in_any_case) : must_be_in_both(part.name)) return false;
  }
  return true;
}

bool params_equivalent(std::string_view a, std::string_view b) noexcept {
  if (a.empty() && b.empty()) return true;
  const Parts mine(a, ';');
  const Parts other(b, ';');
  if (mine.overflow || other.overflow) return a == b;
  return params_fit(mine, other) && params_fit(other, mine);
}

/// Each part is in both, in any order.
bool same_parts(std::string_view a, std::string_view b, char separator, SameValue same) noexcept {
  if (a.empty() && b.empty()) return true;
  const Parts mine(a, separator);
  const Parts other(b, separator);
  if (mine.overflow || other.overflow) return a == b;
  return mine.count == other.count && mine.within(other, same) && other.within(mine, same);
}

/// The scheme in any case, the rest octet by octet (RFC 3986 s.6.2.2.1).
bool opaque_equivalent(const UriView& a, const UriView& b) noexcept {
  return grammar::equal_nocase(a.scheme_text, b.scheme_text) && a.text.substr(a.scheme_text.size()) == b.text.substr(b.scheme_text.size());
}

/// RFC 3966 s.4: every parameter counts.
bool tel_equivalent(const UriView& a, const UriView& b) noexcept {
  return same_number(a.user, b.user) && same_parts(a.params, b.params, ';', same_tel_value);
}

bool is_ipv6(std::string_view host, grammar::Ipv6& address) noexcept {
  grammar::Cursor in(host);
  return in.at('[') && grammar::read_ipv6_reference(in, address);
}

/// Names in any case, IPv6 addresses however they are written (RFC 5954 s.4.2).
bool same_host(std::string_view a, std::string_view b) noexcept {
  grammar::Ipv6 mine{};
  grammar::Ipv6 other{};
  return grammar::equal_nocase(a, b) || (is_ipv6(a, mine) && is_ipv6(b, other) && mine == other);
}

}  // namespace

bool equivalent(const UriView& a, const UriView& b) noexcept {
  if (a.scheme != b.scheme) return false;
  switch (a.scheme) {
    case Scheme::Other: return opaque_equivalent(a, b);
    case Scheme::Tel: return tel_equivalent(a, b);
    case Scheme::Sip:
    case Scheme::Sips: break;
  }
  return equal_decoded(a.user, b.user, Case::Sensitive) && equal_decoded(a.password, b.password, Case::Sensitive) &&
         same_host(a.host, b.host) && a.port == b.port && params_equivalent(a.params, b.params) &&
         same_parts(a.headers, b.headers, '&', same_in_case);  // headers are never ignored
}

}  // namespace parley::sip
