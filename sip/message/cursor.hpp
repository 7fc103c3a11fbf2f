// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/message_index.hpp>

namespace parley::sip::grammar {

/// The one cursor that reads all input: it takes nothing behind the end of the text it was given. Internal to the message layer.
class Cursor {
 public:
  /// A text of its own. Offsets have 16 bits: of more than limits::message octets only so many are read.
  explicit Cursor(std::string_view text) noexcept;
  /// Part of a message whose first octet is at `base`, from where offsets count. Before `wide` whole Octets may be read, also beyond the
  /// text: so runs at its end are as fast as others.
  Cursor(std::string_view text, const char* base, const char* wide) noexcept
      : base_(base), at_(text.data()), end_(text.data() + text.size()), wide_(wide) {}
  Cursor(entry::Span span, const char* base, const char* wide) noexcept
      : base_(base), at_(base + span.begin), end_(base + span.end), wide_(wide) {}

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
  void return_to(const char* at) noexcept { at_ = at; }
  std::string_view rest() const noexcept { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  std::string_view text(entry::Span span) const noexcept { return span.in(base_); }
  bool is_name(std::string_view text, const Name& name) const noexcept { return grammar::is_name(text, wide_, name); }
  entry::Span span(const char* begin, const char* end) const noexcept {
    return {static_cast<std::uint16_t>(begin - base_), static_cast<std::uint16_t>(end - base_)};
  }
  entry::Span span(std::string_view text) const noexcept { return span(text.data(), text.data() + text.size()); }
  /// Goes on where a copy of this cursor stands.
  void follow(const Cursor& copy) noexcept {
    at_ = copy.at_;
    why_ = copy.why_;
  }

  /// Takes what is of the class, perhaps nothing.
  entry::Span run(Class bits) noexcept {
    const std::uint16_t begin = offset();
    at_ = skip(at_, end_, wide_, bits);
    return {begin, offset()};
  }
  /// The same as text.
  std::string_view word(Class bits) noexcept {
    const char* const from = at_;
    at_ = skip(at_, end_, wide_, bits);
    return {from, static_cast<std::size_t>(at_ - from)};
  }
  /// Takes a name, "=" and a value that lie in one Octets, as most parameters do; or nothing.
  bool take_short_pair(std::string_view& name, std::string_view& value, Class value_class) noexcept {
    if (at_ >= wide_) return false;
    const Octets octets(at_);
    const char* const equals = at_ + octets.before_special();
    if (equals == at_ || equals >= end_ || *equals != '=' || octets.before_second_special() >= Octets::size) return false;
    const char* const stop = at_ + octets.before_second_special();
    const char* const value_end = stop < end_ ? stop : end_;
    if (equals + 1 == value_end || (stop < end_ && is(*stop, value_class))) return false;
    name = {at_, static_cast<std::size_t>(equals - at_)};
    value = {equals + 1, static_cast<std::size_t>(value_end - equals - 1)};
    at_ = value_end;
    return true;
  }
  /// The same, where only matters whether there was something.
  bool pass(Class bits) noexcept {
    const char* const from = at_;
    at_ = skip(at_, end_, wide_, bits);
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
    if (*at_ == ' ' && (++at_ == end_ || *at_ > ' ')) return;  // most often there is one, and no more
    if (is_fold(at_, end_)) at_ += 3;                          // in place: a list may have a fold before each of its parameters
    if (at_ != end_ && *at_ <= ' ') at_ = skip_lws_on(at_, end_);
  }
  /// LWS around one character, as in SEMI, EQUAL, SLASH, COLON.
  bool take_between_lws(char c) noexcept {
    if (!take(c)) {
      skip_lws();
      if (!take(c)) return false;
    }
    skip_lws();
    return true;
  }
  /// quoted-string with both quotes; the cursor stands on the first. False: unterminated, or a control character that is not escaped.
  bool quoted_string() noexcept { return stop_at(pass_quoted(at_, end_, wide_)); }
  /// Digits, leading zeros and all. False: none, or more than `max`.
  bool number(std::uint32_t max, std::uint32_t& value) noexcept {
    const char* at = at_;
    std::uint64_t sum = 0;
    for (unsigned next = 0; at != end_ && (next = static_cast<unsigned>(*at - '0')) <= 9; ++at) {
      sum = sum * 10 + next;
      if (sum > max) return fail("number too large");
    }
    if (at == at_) return fail("digits expected");
    at_ = at;
    value = static_cast<std::uint32_t>(sum);
    return true;
  }

  /// Remembers why reading stopped here, as a static sentence. Always false.
  bool fail(const char* why) noexcept {
    why_ = why;
    return false;
  }
  const char* why() const noexcept { return why_; }
  /// Nothing is left; else `why` is said.
  bool ends(const char* why) noexcept { return at_end() || fail(why); }
  Error error() const;

 private:
  // Rare things, and in functions of their own: they get no `this`, so a Cursor that is not shared can stay in registers.
  struct Stop {
    const char* at;
    const char* why;  ///< nullptr: nothing is wrong
  };
  static const char* skip_lws_on(const char* at, const char* end) noexcept;
  static Stop pass_escapes_on(const char* at, const char* end, const char* wide, Class bits) noexcept;
  static Stop pass_quoted(const char* at, const char* end, const char* wide) noexcept;

  bool stop_at(Stop stop) noexcept {
    at_ = stop.at;
    why_ = stop.why;
    return stop.why == nullptr;
  }
  bool pass_escapes(Class bits) noexcept { return stop_at(pass_escapes_on(at_, end_, wide_, bits)); }

  const char* base_;
  const char* at_;
  const char* end_;
  const char* wide_;
  const char* why_ = nullptr;
};

}  // namespace parley::sip::grammar
