// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::sip::grammar {

/// Writes the value of a header, strictly: the first thing that must not stand there is remembered and finish() gives its Error
/// (Errc::BadValue). Internal to the message layer.
class Writer {
 public:
  /// Known to be fine: punctuation, names.
  Writer& text(std::string_view text);
  Writer& number(std::uint64_t number);
  /// A token, or `why`.
  Writer& token(std::string_view token, const char* why);
  /// A quoted string; CR, LF and NUL refused.
  Writer& quoted(std::string_view text);
  /// A token where it is one, else a quoted string.
  Writer& value(std::string_view text);
  Writer& require(bool fine, const char* why);

  Result<std::string> finish() &&;

 private:
  std::string out_;
  const char* why_ = nullptr;
};

}  // namespace parley::sip::grammar
