// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace parley::sip {

/// Text of one meaning: a CallId is not a Tag. Compares byte by byte. Value type.
template <class Meaning>
class Token {
 public:
  Token() = default;
  explicit Token(std::string_view text) : text_(text) {}
  explicit Token(std::string text) : text_(std::move(text)) {}
  explicit Token(const char* text) : text_(text) {}

  const std::string& text() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  friend bool operator==(const Token&, const Token&) = default;
  friend auto operator<=>(const Token&, const Token&) = default;
  friend bool operator==(const Token& token, std::string_view text) noexcept { return token.text_ == text; }

 private:
  std::string text_;
};

using CallId = Token<struct CallIdMeaning>;
using Tag = Token<struct TagMeaning>;  ///< empty: the null tag of RFC 2543 peers
using Branch = Token<struct BranchMeaning>;

/// 100..699, checked where it is read (RFC 3261 s.7.2). 0 stands for "none".
using StatusCode = std::uint16_t;

/// Methods known by name (RFC 3261, 3262, 3311, 3428, 3515, 3903, 6086, 6665). Others are Other with their text.
enum class Method : std::uint8_t {
  Other,
  Invite,
  Ack,
  Bye,
  Cancel,
  Options,
  Register,
  Message,
  Info,
  Update,
  Prack,
  Refer,
  Subscribe,
  Notify,
  Publish,
};

/// "INVITE", ...; empty for Other.
PARLEY_EXPORT std::string_view to_string(Method method) noexcept;
/// Case-sensitive (RFC 3261 s.7.1).
PARLEY_EXPORT Method method_from_text(std::string_view text) noexcept;

}  // namespace parley::sip
