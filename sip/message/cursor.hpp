// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/message_index.hpp>

namespace parley::sip::grammar {

/// The one cursor that reads all input: each look and each step is checked against the end of the text it was given.
/// Offsets count from `base`, the first octet of the whole message. Internal to the message layer.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : Cursor(text, text.data()) {}
  Cursor(std::string_view text, const char* base) noexcept : base_(base), at_(text.data()), end_(text.data() + text.size()) {}

  bool at_end() const noexcept { return at_ == end_; }
  bool at(char c) const noexcept { return at_ != end_ && *at_ == c; }
  bool at_class(Class bits) const noexcept { return at_ != end_ && is(*at_, bits); }
  bool take(char c) noexcept {
    const bool here = at(c);
    at_ += here ? 1 : 0;
    return here;
  }

  std::uint16_t offset() const noexcept { return static_cast<std::uint16_t>(at_ - base_); }
  void return_to(std::uint16_t offset) noexcept { at_ = base_ + offset; }
  std::string_view rest() const noexcept { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  std::string_view text(entry::Span span) const noexcept { return span.in(base_); }

  /// Takes what is of the class, perhaps nothing.
  entry::Span run(Class bits) noexcept;
  /// The same with %hh between (RFC 3261 s.25.1 "escaped"). False: a % without two hexadecimal digits.
  bool run_escaped(Class bits, entry::Span& span) noexcept;
  /// SWS: blanks and folds, perhaps nothing.
  void skip_lws() noexcept {
    if (at_ != end_ && *at_ <= ' ') skip_lws_here();
  }
  /// LWS around one character, as in SEMI, EQUAL, SLASH, COLON.
  bool take_between_lws(char c) noexcept;
  /// quoted-string with both quotes; the cursor stands on the first. False: unterminated, or a control character that is not escaped.
  bool quoted_string() noexcept;
  /// Digits, leading zeros and all. False: none, or more than `max`.
  bool number(std::uint32_t max, std::uint32_t& value) noexcept;

  /// Remembers why reading stopped here, as a static sentence. Always false.
  bool fail(const char* why) noexcept {
    why_ = why;
    return false;
  }
  const char* why() const noexcept { return why_; }
  Error error() const { return Error{Errc::BadSyntax, 0, static_cast<std::uint32_t>(at_ - base_), why_}; }

 private:
  void skip_lws_here() noexcept;
  bool skip_fold() noexcept;

  const char* base_;
  const char* at_;
  const char* end_;
  const char* why_ = nullptr;
};

}  // namespace parley::sip::grammar
