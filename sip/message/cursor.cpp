// SPDX-License-Identifier: MIT
#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/cursor.hpp>

#include <algorithm>

namespace parley::sip::grammar {

namespace {

/// Of most octets the first comparison is enough.
bool is_break(char c) noexcept { return c <= '\r' && (c == '\r' || c == '\n'); }

}  // namespace

Cursor::Cursor(std::string_view text) noexcept
    : base_(text.data()), at_(base_), end_(base_ + std::min(text.size(), limits::message)), wide_(wide_end(base_, end_)) {}

const char* Cursor::skip_lws_on(const char* at, const char* end) noexcept {
  while (at != end && *at <= ' ') {
    if (is_blank(*at)) {
      ++at;
    } else if (is_fold(at, end)) {
      at += 3;
    } else {
      break;
    }
  }
  return at;
}

Error Cursor::error() const { return Error{Errc::BadSyntax, 0, static_cast<std::uint32_t>(at_ - base_), why_}; }

Cursor::Stop Cursor::pass_escapes_on(const char* at, const char* end, const char* wide, Class bits) noexcept {
  while (at != end && *at == '%') {
    if (end - at < 3 || !is(at[1], hex_digit) || !is(at[2], hex_digit)) return {at, "an escape needs two hexadecimal digits"};
    at = skip(at + 3, end, wide, bits);
  }
  return {at, nullptr};
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): one loop on the path of every message
Cursor::Stop Cursor::pass_quoted(const char* at, const char* end, const char* wide) noexcept {
  for (at = skip(at + 1, end, wide, quoted_char); at != end;) {
    if (*at == '"') return {at + 1, nullptr};
    if (*at == '\\') {  // quoted-pair: any octet but CR and LF, NUL too (RFC 3261 s.25.1)
      if (end - at < 2) break;
      if (is_break(at[1])) return {at, "CR or LF cannot be escaped"};
      at += 2;
    } else if (is_fold(at, end)) {
      at += 3;
    } else {
      return {at, "control character in a quoted string"};
    }
    if (at != end && is(*at, quoted_char)) at = skip(at, end, wide, quoted_char);
  }
  return {at, "unterminated quoted string"};
}

}  // namespace parley::sip::grammar
