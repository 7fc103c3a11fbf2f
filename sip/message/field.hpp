// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace parley::sip::grammar {

/// One header field as it stands in a head: name, and value without the blanks and folds around it.
struct Field {
  std::string_view name;
  std::string_view value;
};

/// Walks the lines of a head (RFC 3261 s.7.3.1). Parser and stream framer share it, so they never disagree about where a field or the head
/// ends. CR and LF end a line only together; alone they end nothing and mean nothing. Internal to the message layer.
class FieldReader {
 public:
  enum class Kind : unsigned char {
    Field,      ///< one field
    Nameless,   ///< a line that has no name and colon; skipped
    EndOfHead,  ///< the empty line; at() is the body
    Cut,        ///< the text ends within the head
    LoneBreak,  ///< CR or LF alone, at(): nothing behind it can be trusted
  };

  FieldReader(const char* at, const char* end) noexcept : at_(at), end_(end) {}

  Kind next(Field& field) noexcept;
  /// Where the next line begins; after Nameless, EndOfHead, LoneBreak as said there.
  const char* at() const noexcept { return at_; }

 private:
  const char* at_;
  const char* end_;
};

}  // namespace parley::sip::grammar
