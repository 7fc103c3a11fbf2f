// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>

#include <string_view>

namespace parley::sip {

/// Authentication-Info (RFC 3261 s.20.6, RFC 7616 s.3.5): what a server says to requests it let through. Values as written between their
/// quotes; empty: not there. Lives as long as the bytes.
struct AuthenticationInfoView {
  std::string_view next_nonce;
  std::string_view qop;
  std::string_view response_auth;  ///< "rspauth"
  std::string_view cnonce;
  std::string_view nonce_count;  ///< "nc": eight hexadecimal digits
};

/// BadSyntax with offset, also of a parameter that stands twice. Its commas part parameters, not values of a list (A07).
PARLEY_EXPORT Result<AuthenticationInfoView> parse_authentication_info(std::string_view value);

}  // namespace parley::sip
