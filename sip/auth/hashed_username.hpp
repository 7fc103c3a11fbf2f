// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/crypto.hpp>

#include <string>
#include <string_view>

namespace parley::sip::auth {

/// H(user:realm), what stands for a user name where the server wants it hidden (RFC 7616 s.3.4.4). Internal to sip/auth.
inline std::string hashed_username(Crypto& crypto, HashAlgorithm algorithm, std::string_view user, std::string_view realm) {
  return crypto.hash_hex(algorithm, std::string(user).append(":").append(realm));
}

}  // namespace parley::sip::auth
