// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/octets.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

/// The alphabet of RFC 3261 s.25.1: for each octet one word of bits, a bit a class. Internal to the message layer.
namespace parley::sip::grammar {

using Class = std::uint32_t;  // wide enough that a test needs no conversion: it runs for most octets of a head

inline constexpr Class digit = 1 << 0;
inline constexpr Class hex_digit = 1 << 1;
inline constexpr Class token_char = 1 << 2;      ///< token
inline constexpr Class param_value = 1 << 3;     ///< token / host without quotes, IPv6 with or without brackets
inline constexpr Class user_char = 1 << 4;       ///< unreserved / user-unreserved
inline constexpr Class bare_user_char = 1 << 5;  ///< the same outside of <>, where ; ? and , end the URI
inline constexpr Class password_char = 1 << 6;
inline constexpr Class host_char = 1 << 7;        ///< host names; "_" too, because real networks have it
inline constexpr Class uri_param_char = 1 << 8;   ///< paramchar without escapes
inline constexpr Class uri_header_char = 1 << 9;  ///< hname, hvalue and what stands between them
inline constexpr Class scheme_char = 1 << 10;
inline constexpr Class visible = 1 << 11;           ///< 0x21..0x7E
inline constexpr Class opaque_char = 1 << 12;       ///< of a URI of an unknown scheme
inline constexpr Class display_char = 1 << 13;      ///< token and UTF-8: display names without quotes
inline constexpr Class quoted_char = 1 << 14;       ///< qdtext, tab included, UTF-8 unchecked
inline constexpr Class phone_char = 1 << 15;        ///< digits, A-F, * and #, visual separators of RFC 3966
inline constexpr Class text_char = 1 << 16;         ///< anything but control characters; tab included, UTF-8 unchecked
inline constexpr Class word_char = 1 << 17;         ///< letters, digits, "-" and ".": what Octets pass over at once
inline constexpr Class bare_opaque_char = 1 << 18;  ///< opaque_char outside of <>, where ; ? and , end the URI
inline constexpr Class bare_password_char = 1 << 19;
inline constexpr Class global_phone_char = 1 << 20;  ///< phone_char behind "+": digits and visual separators

namespace detail {

struct ClassMembers {
  Class bits;
  std::string_view besides_letters_and_digits;
};

struct ClassTable {
  std::array<Class, 256> classes{};

  constexpr void add(int octet, Class bits) {
    Class& entry = classes[static_cast<unsigned char>(octet)];
    entry |= bits;
  }
  constexpr void add_range(int first, int last, Class bits) {
    for (int octet = first; octet <= last; ++octet) add(octet, bits);
  }
  constexpr void add_all(std::string_view octets, Class bits) {
    for (const char octet : octets) add(octet, bits);
  }
  /// What is not in `but`.
  constexpr void add_visible_but(std::string_view but, Class bits) {
    for (char octet = 0x21; octet < 0x7F; ++octet) {
      if (but.find(octet) == std::string_view::npos) add(octet, bits);
    }
  }
};

constexpr std::array<Class, 256> make_class_table() {
  constexpr std::string_view mark = "-_.!~*'()";
  constexpr ClassMembers alphanumeric[] = {
      {token_char | display_char, "-.!%*_+`'~"},
      {param_value, "-.!%*_+`'~[]:"},
      {user_char, "&=+$,;?/"},
      {bare_user_char, "&=+$/"},
      {password_char, "&=+$,"},
      {bare_password_char, "&=+$"},
      {host_char, "-._"},
      {uri_param_char, "[]/:&+$"},
      {uri_header_char, "[]/?:+$=&"},
      {scheme_char, "+-."},
      {word_char, "-."},
      {user_char | bare_user_char | password_char | bare_password_char | uri_param_char | uri_header_char, mark},
  };
  ClassTable table;
  for (const ClassMembers& members : alphanumeric) {
    table.add_range('0', '9', members.bits);
    table.add_range('a', 'z', members.bits);
    table.add_range('A', 'Z', members.bits);
    table.add_all(members.besides_letters_and_digits, members.bits);
  }
  table.add_range('0', '9', digit | hex_digit | phone_char | global_phone_char);
  table.add_all("abcdefABCDEF", hex_digit | phone_char);
  table.add_all("*#-.()", phone_char);
  table.add_all("-.()", global_phone_char);
  table.add_visible_but("", visible | text_char);
  table.add_visible_but("<>\"", opaque_char);
  table.add_visible_but("<>\";?,", bare_opaque_char);
  table.add_visible_but("\\\"", quoted_char);
  table.add_all(" \t", quoted_char | text_char);
  table.add_range(0x80, 0xFF, display_char | quoted_char | text_char);
  return table.classes;
}

}  // namespace detail

inline constexpr std::array<Class, 256> class_table = detail::make_class_table();

constexpr bool is(char octet, Class bits) noexcept { return (class_table[static_cast<unsigned char>(octet)] & bits) != 0; }

/// Letters, digits, "-" and "." are of each of these, so that a run passes over them without a look into the table.
inline constexpr Class word_classes = token_char | param_value | user_char | bare_user_char | password_char | bare_password_char |
                                      host_char | uri_param_char | uri_header_char | scheme_char | visible | opaque_char |
                                      bare_opaque_char | display_char | quoted_char | text_char;

const char* skip_on(const char* at, const char* end, const char* wide, Class bits) noexcept;

/// First octet of [at, end) that is not of the class, or end. Before `wide` whole Octets are read, perhaps beyond the end.
inline const char* skip(const char* at, const char* end, const char* wide, Class bits) noexcept {
  if ((bits & ~word_classes) == 0 && at < wide) {  // most runs are one short word
    at += Octets(at).before_special();
    if (at >= end) return end;
    if (!is(*at, bits)) return at;
  }
  return skip_on(at, end, wide, bits);
}

/// True when `text` is not empty and all its octets are of the class.
bool all_of(std::string_view text, Class bits) noexcept;

/// First octet of [at, end) up to CR, or end; before `wide` whole Octets may be read.
inline const char* find_control(const char* at, const char* end, const char* wide) noexcept {
  for (; at < wide; at += Octets::size) {
    if (const Octets octets(at); octets.has_control()) return at + octets.before_control();
  }
  while (at != end && static_cast<unsigned char>(*at) > '\r') ++at;
  return at;
}

/// First CR or LF of [at, end), or end.
inline const char* find_line_break(const char* at, const char* end, const char* wide) noexcept {
  for (;; ++at) {
    at = find_control(at, end, wide);
    if (at == end || *at == '\r' || *at == '\n') return at;
  }
}
const char* find_line_break(const char* at, const char* end) noexcept;

/// Of a hexadecimal digit.
constexpr int hex_value(char c) noexcept { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// Same text, ASCII letters of any case.
bool equal_nocase(std::string_view a, std::string_view b) noexcept;

/// The same where `name` is of letters, digits and "-./:" only: of those, just the letters have the bit 0x40.
[[gnu::always_inline]] inline bool is_name(std::string_view text, std::string_view name) noexcept {
  if (text.size() != name.size()) return false;
  return detail::same_text(text.data(), name.data(), name.size(), [](std::uint64_t x, std::uint64_t y) {
    const std::uint64_t case_bits = (y & detail::every_octet * 0x40) >> 1;
    return ((x ^ y) & ~case_bits) == 0;
  });
}
[[gnu::always_inline]] inline bool starts_with_name(std::string_view text, std::string_view name) noexcept {
  return text.size() >= name.size() && is_name({text.data(), name.size()}, name);
}

/// A name of letters and "-" in place: tables of them have no pointers to relocate, and Octets can be loaded whatever its length.
struct Name {
  template <std::size_t room>
  constexpr Name(const char (&name)[room]) noexcept : size(room - 1) {
    static_assert(room - 1 <= sizeof text);
    for (std::size_t i = 0; i < size; ++i) text[i] = name[i];
  }
  constexpr std::string_view view() const noexcept { return {text, size}; }

  std::uint8_t size;
  char text[23] = {};
};
static_assert(sizeof(Name::text) >= static_cast<std::size_t>(Octets::size));

bool ends_as_name(std::string_view text, const Name& name, std::size_t from) noexcept;

/// Whether a text without CR is that name, in any case; before `wide` whole Octets may be read.
[[gnu::always_inline]] inline bool is_name(std::string_view text, const char* wide, const Name& name) noexcept {
  if (text.size() != name.size) return false;
  if (text.data() >= wide) return ends_as_name(text, name, 0);
  if (!Octets(text.data()).start_with(name.text, name.size)) return false;
  return name.size <= Octets::size || ends_as_name(text, name, Octets::size);
}

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

inline bool is_crlf(const char* at, const char* end) noexcept { return end - at >= 2 && std::memcmp(at, "\r\n", 2) == 0; }
/// CRLF followed by a blank (RFC 3261 s.7.3.1).
inline bool is_fold(const char* at, const char* end) noexcept {
  return end - at >= 3 && std::memcmp(at, "\r\n", 2) == 0 && is_blank(at[2]);
}

/// A number in digits.
class Decimal {
 public:
  explicit Decimal(std::uint64_t number) noexcept;
  std::string_view text() const noexcept { return {begin_, static_cast<std::size_t>(digits_ + sizeof digits_ - begin_)}; }

 private:
  char digits_[20];
  char* begin_;
};

/// Without the LWS (blanks and folds) at both ends.
std::string_view trim(std::string_view text) noexcept;

}  // namespace parley::sip::grammar
