// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/crypto.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace parley::test {

/// Crypto that can be foretold: random octets come from a counter, hashes from a small mixing function with digests of the right length.
/// For everything but the digest vectors, which need real hashes.
class FakeCrypto : public sip::Crypto {
 public:
  explicit FakeCrypto(std::uint64_t seed = 1) : state_(seed) {}

  std::string hash_hex(sip::HashAlgorithm algorithm, std::string_view bytes) override {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::size_t length = algorithm == sip::HashAlgorithm::Md5 ? 32 : 64;
    std::uint64_t state = 0xCBF29CE484222325 + static_cast<std::uint64_t>(algorithm);
    for (const char c : bytes) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    std::string hex;
    for (std::size_t i = 0; i < length; ++i) hex += digits[mix(state + i) & 15];
    return hex;
  }

  void random(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(mix(state_++));
  }

 private:
  static std::uint64_t mix(std::uint64_t x) {  // splitmix64's finalizer: neighbours in the counter share no octets
    x += 0x9E3779B97F4A7C15;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
  }

  std::uint64_t state_;
};

}  // namespace parley::test
