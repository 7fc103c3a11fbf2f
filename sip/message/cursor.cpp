// SPDX-License-Identifier: MIT
#include <parley/sip/message/cursor.hpp>

namespace parley::sip::grammar {

bool Cursor::pass_escapes(Class bits) noexcept {
  while (at('%')) {
    if (end_ - at_ < 3 || !is(at_[1], hex_digit) || !is(at_[2], hex_digit)) return fail("an escape needs two hexadecimal digits");
    at_ = skip(at_ + 3, end_, limit_, bits);
  }
  return true;
}

/// CRLF followed by a blank (RFC 3261 s.7.3.1).
bool Cursor::skip_fold() noexcept {
  if (end_ - at_ < 3 || at_[0] != '\r' || at_[1] != '\n' || !is_blank(at_[2])) return false;
  at_ += 3;
  return true;
}

void Cursor::skip_lws_here() noexcept {
  while (at_ != end_) {
    if (is_blank(*at_)) {
      ++at_;
    } else if (!skip_fold()) {
      return;
    }
  }
}

bool Cursor::quoted_string() noexcept {
  for (++at_;;) {
    at_ = skip(at_, end_, limit_, quoted_char);
    if (at_ == end_) return fail("unterminated quoted string");
    if (*at_ == '"') break;
    if (*at_ == '\\') {  // quoted-pair: any octet but CR and LF, NUL too (RFC 3261 s.25.1)
      if (end_ - at_ < 2) return fail("unterminated quoted string");
      if (at_[1] == '\r' || at_[1] == '\n') return fail("CR or LF cannot be escaped");
      at_ += 2;
    } else if (!skip_fold()) {
      return fail("control character in a quoted string");
    }
  }
  ++at_;
  return true;
}

}  // namespace parley::sip::grammar
