// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace parley::sip {

enum class HashAlgorithm : std::uint8_t { Md5, Sha256, Sha512_256 };

/// Port: hashes and random bytes. Implemented by transport/ with OpenSSL, in tests by a counter. Loop thread only.
class Crypto {
 public:
  virtual ~Crypto() = default;
  /// Digest of `bytes` as lower-case hexadecimal text (32 or 64 digits).
  virtual std::string hash_hex(HashAlgorithm algorithm, std::string_view bytes) = 0;
  /// Fills with cryptographically random octets.
  virtual void random(std::span<std::uint8_t> out) = 0;
};

}  // namespace parley::sip
