// SPDX-License-Identifier: MIT
#pragma once

#include "fake_crypto.hpp"

#include <openssl/evp.h>

#include <string>
#include <string_view>

namespace parley::test {

/// Real hashes for published vectors; random octets stay foretold.
class RealHashes : public FakeCrypto {
 public:
  using FakeCrypto::FakeCrypto;

  std::string hash_hex(sip::HashAlgorithm algorithm, std::string_view bytes) override {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, method(algorithm), nullptr) != 1) return {};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
      hex += digits[digest[i] >> 4];
      hex += digits[digest[i] & 15];
    }
    return hex;
  }

 private:
  static const EVP_MD* method(sip::HashAlgorithm algorithm) {
    switch (algorithm) {
      case sip::HashAlgorithm::Md5: return EVP_md5();
      case sip::HashAlgorithm::Sha256: return EVP_sha256();
      case sip::HashAlgorithm::Sha512_256: return EVP_sha512_256();
    }
    return nullptr;
  }
};

}  // namespace parley::test
