// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/crypto.hpp>

#include <optional>
#include <string_view>

namespace parley::sip::auth {

/// A Digest algorithm: its hash, and whether the session key variant is meant (RFC 7616 s.3.4.2). Internal to sip/auth.
struct Algorithm {
  HashAlgorithm hash = HashAlgorithm::Md5;
  bool session_variant = false;
};

/// Any case. nullopt: not one of MD5, SHA-256, SHA-512-256 with or without "-sess".
std::optional<Algorithm> algorithm_from_text(std::string_view text) noexcept;

/// "MD5", "SHA-256", "SHA-512-256".
std::string_view algorithm_text(HashAlgorithm hash) noexcept;

}  // namespace parley::sip::auth
