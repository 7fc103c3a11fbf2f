// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/message_index.hpp>

#include <string_view>

namespace parley::sip::grammar {

/// Walks the lines of a head (RFC 3261 s.7.3.1). Parser, stream framer and match share it, so they never disagree about where a field or
/// the head ends. CR and LF end a line only together; alone they end nothing and mean nothing. Internal to the message layer.
class FieldReader {
 public:
  enum class Kind : unsigned char {
    Field,      ///< one field: id, name, and value without the blanks and folds around it
    Nameless,   ///< lines that have no name and colon; skipped, the first began at name.begin
    EndOfHead,  ///< the empty line; at() is the body
    Cut,        ///< the text ends within the head
    LoneBreak,  ///< CR or LF alone, at(): nothing behind it can be trusted
  };

  /// Reads from `at`, where a line begins. Offsets count from `base`.
  FieldReader(const char* base, const char* at, const char* end) noexcept : base_(base), at_(at), end_(end), wide_(wide_end(base, end)) {}

  /// Writes `field` where it is one.
  Kind next(entry::Header& field) noexcept;
  /// Goes over one field, or over what is none, without a look at it; stops as next() does.
  Kind pass() noexcept;
  /// First octet of the next line; NUL: there is none.
  char front() const noexcept { return at_ != end_ ? *at_ : '\0'; }
  /// Where the next line begins; after Nameless, EndOfHead, LoneBreak as said there.
  const char* at() const noexcept { return at_; }

 private:
  const char* find_colon(const char* line_end) const noexcept;
  bool is_field_end(const char* line_end) const noexcept;
  Kind end_field(const char* name_end, const char* colon, const char* line_end, entry::Header& field) noexcept;
  Kind next_of_any_kind(const char* line_end, entry::Header& field) noexcept;
  Kind go_over_nameless(const char* line_end, entry::Header& field) noexcept;
  Kind go_over_folds(const char*& line_end) noexcept;
  static std::string_view text(const char* begin, const char* end) noexcept { return {begin, static_cast<std::size_t>(end - begin)}; }
  entry::Span span(const char* begin, const char* end) const noexcept {
    return {static_cast<std::uint16_t>(begin - base_), static_cast<std::uint16_t>(end - base_)};
  }

  const char* base_;
  const char* at_;
  const char* end_;
  const char* wide_;
};

}  // namespace parley::sip::grammar
