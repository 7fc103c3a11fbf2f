// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/message_index.hpp>

namespace parley::sip::grammar {

/// The one cursor that reads all input: it takes nothing behind the end of the text it was given. Internal to the message layer.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : Cursor(text, text.data()) {}
  /// Part of a message whose first octet is at `base`, from where offsets count.
  Cursor(std::string_view text, const char* base) noexcept : Cursor(text, base, text.data() + text.size()) {}
  /// The same, where octets up to `limit` may be looked at: with them, runs at the end of the text are as fast as others.
  Cursor(std::string_view text, const char* base, const char* limit) noexcept
      : base_(base), at_(text.data()), end_(text.data() + text.size()), limit_(limit) {}

  Cursor(entry::Span span, const char* base, const char* limit) noexcept
      : base_(base), at_(base + span.begin), end_(base + span.end), limit_(limit) {}

  bool at_end() const noexcept { return at_ == end_; }
  bool at(char c) const noexcept { return at_ != end_ && *at_ == c; }
  bool at_class(Class bits) const noexcept { return at_ != end_ && is(*at_, bits); }
  bool take(char c) noexcept {
    const bool here = at(c);
    at_ += here ? 1 : 0;
    return here;
  }

  /// Takes a constant of letters, digits and "-./:", in any case, or nothing.
  [[gnu::always_inline]] bool take_name(std::string_view name) noexcept {
    const bool here = starts_with_name(rest(), name);
    at_ += here ? name.size() : 0;
    return here;
  }

  std::uint16_t offset() const noexcept { return static_cast<std::uint16_t>(at_ - base_); }
  void return_to(std::uint16_t offset) noexcept { at_ = base_ + offset; }
  std::string_view rest() const noexcept { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  std::string_view text(entry::Span span) const noexcept { return span.in(base_); }

  /// Takes what is of the class, perhaps nothing.
  entry::Span run(Class bits) noexcept {
    const std::uint16_t begin = offset();
    at_ = skip(at_, end_, limit_, bits);
    return {begin, offset()};
  }
  /// The same, where only matters whether there was something.
  bool pass(Class bits) noexcept {
    const char* const from = at_;
    at_ = skip(at_, end_, limit_, bits);
    return at_ != from;
  }
  /// The same with %hh between (RFC 3261 s.25.1 "escaped"). False: a % without two hexadecimal digits.
  bool run_escaped(Class bits, entry::Span& span) noexcept {
    span.begin = offset();
    pass(bits);
    const bool good = !at('%') || pass_escapes(bits);
    span.end = offset();
    return good;
  }
  /// One character or more of the class, %hh between; `missing` is said where there is none.
  bool pass_escaped(Class bits, const char* missing) noexcept {
    const bool some = pass(bits);
    if (at('%')) return pass_escapes(bits);
    return some || fail(missing);
  }
  /// SWS: blanks and folds, perhaps nothing.
  void skip_lws() noexcept {
    if (at_ == end_ || *at_ > ' ') return;
    take(' ');  // most often there is one, and no more
    if (at_ != end_ && *at_ <= ' ') skip_lws_here();
  }
  /// LWS around one character, as in SEMI, EQUAL, SLASH, COLON.
  bool take_between_lws(char c) noexcept {
    skip_lws();
    if (!take(c)) return false;
    skip_lws();
    return true;
  }
  /// quoted-string with both quotes; the cursor stands on the first. False: unterminated, or a control character that is not escaped.
  bool quoted_string() noexcept;
  /// Digits, leading zeros and all. False: none, or more than `max`.
  bool number(std::uint32_t max, std::uint32_t& value) noexcept {
    const char* const first = at_;
    std::uint64_t sum = 0;
    for (; at_ != end_ && is(*at_, digit); ++at_) {
      sum = sum * 10 + static_cast<std::uint64_t>(*at_ - '0');
      if (sum > max) {
        at_ = first;
        return fail("number too large");
      }
    }
    value = static_cast<std::uint32_t>(sum);
    return at_ != first || fail("digits expected");
  }

  /// Remembers why reading stopped here, as a static sentence. Always false.
  bool fail(const char* why) noexcept {
    why_ = why;
    return false;
  }
  const char* why() const noexcept { return why_; }
  Error error() const { return Error{Errc::BadSyntax, 0, static_cast<std::uint32_t>(at_ - base_), why_}; }

 private:
  bool pass_escapes(Class bits) noexcept;
  void skip_lws_here() noexcept;
  bool skip_fold() noexcept;

  const char* base_;
  const char* at_;
  const char* end_;
  const char* limit_;
  const char* why_ = nullptr;
};

}  // namespace parley::sip::grammar
