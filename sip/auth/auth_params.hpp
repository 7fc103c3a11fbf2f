// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>

#include <initializer_list>
#include <optional>
#include <string_view>

namespace parley::sip::grammar {
class Cursor;
}

namespace parley::sip::auth {

/// One `name=value` of a challenge or of credentials.
struct AuthParam {
  std::string_view name;
  std::string_view value;  ///< between the quotes where there are some, escapes kept
};

/// A parameter that is looked for, and where its value goes.
struct AuthSlot {
  std::string_view name;
  std::optional<std::string_view>* place;
};

/// Reads `Digest name=value, name="value", ...` (RFC 3261 s.25.1 challenge, credentials). Internal to sip/auth.
class AuthParamReader {
 public:
  /// What stands first: a scheme, which scheme() takes, or the parameters at once, as in Authentication-Info.
  enum class Opening : unsigned char { Scheme, Params };
  explicit AuthParamReader(std::string_view value, Opening opening = Opening::Scheme) noexcept;

  /// The scheme, first. Empty: there is none.
  std::string_view scheme() noexcept;
  /// Next parameter; nullopt at the end, or at what is wrong: then error().
  std::optional<AuthParam> next() noexcept;
  /// Reads all that are left into the slots of their names; a parameter without slot is left out (RFC 7616 s.3.3). BadSyntax: one
  /// that has a slot twice, or what next() says.
  Result<void> read_into(std::initializer_list<AuthSlot> slots);
  bool failed() const noexcept { return reason_ != nullptr; }
  Error error() const { return Error{Errc::BadSyntax, 0, static_cast<std::uint32_t>(at_), reason_}; }

 private:
  /// What stands before a parameter; else why not.
  const char* pass_separator(grammar::Cursor& in) noexcept;
  std::optional<AuthParam> fail(std::size_t at, const char* reason) noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
  bool first_ = true;
  Opening opening_;
  const char* reason_ = nullptr;
};

}  // namespace parley::sip::auth
