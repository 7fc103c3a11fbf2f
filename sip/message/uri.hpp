// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::sip {

enum class Scheme : std::uint8_t { Other, Sip, Sips, Tel };

/// A URI as it stands in someone's bytes: sip, sips and tel taken apart, any other kept opaque (RFC 3261 s.19.1, RFC 3966).
/// Escapes are kept; comparing decodes. Lives as long as the bytes. Value type.
struct PARLEY_EXPORT UriView {
  Scheme scheme = Scheme::Other;
  std::string_view text;         ///< the whole URI
  std::string_view scheme_text;  ///< as written
  std::string_view user;         ///< without password, escapes kept; tel: the number, with its visual separators
  std::string_view password;
  std::string_view host;  ///< IPv6 with its brackets
  std::optional<std::uint16_t> port;
  std::string_view params;   ///< after the first ';', without it
  std::string_view headers;  ///< after '?', without it

  bool is_sip() const noexcept { return scheme == Scheme::Sip || scheme == Scheme::Sips; }
  /// Value of a URI parameter; empty view (data() != nullptr) where it stands without value; nullopt where it is missing.
  std::optional<std::string_view> param(std::string_view name) const noexcept;
};

/// Parses one URI (RFC 3261 s.25.1).
/// @param text  whole URI, no angle brackets, no surrounding space; at most limits::uri octets or Errc::TooLong.
/// @return a view into `text`. On error, Error::offset is the first bad octet. Does not throw, does not allocate.
PARLEY_EXPORT Result<UriView> parse_uri(std::string_view text);

/// RFC comparison of two URIs (s.19.1.4); not a plain comparison of text. Does not allocate.
PARLEY_EXPORT bool equivalent(const UriView& a, const UriView& b) noexcept;

/// A URI that owns its text: what dialog state keeps. Always valid once made. Value type.
class PARLEY_EXPORT Uri {
 public:
  Uri() = default;
  static Result<Uri> parse(std::string_view text);
  explicit Uri(const UriView& view) : text_(view.text) {}

  const std::string& text() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  UriView view() const;  ///< parses again: cheap, lives as long as this object is unchanged
  friend bool operator==(const Uri&, const Uri&) = default;

 private:
  std::string text_;
};

/// Decodes %hh (RFC 3261 s.19.1.2), for comparison and showing only.
PARLEY_EXPORT std::string unescape(std::string_view text);
/// Escapes what may not stand in a user part.
PARLEY_EXPORT std::string escape_user(std::string_view text);

}  // namespace parley::sip
