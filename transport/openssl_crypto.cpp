// SPDX-License-Identifier: MIT
#include <parley/transport/openssl_crypto.hpp>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>

namespace parley::transport {

namespace {

const EVP_MD* digest_of(sip::HashAlgorithm algorithm) {
  switch (algorithm) {
    case sip::HashAlgorithm::Md5: return EVP_md5();
    case sip::HashAlgorithm::Sha256: return EVP_sha256();
    case sip::HashAlgorithm::Sha512_256: return EVP_sha512_256();
  }
  return nullptr;
}

}  // namespace

std::string OpensslCrypto::hash_hex(sip::HashAlgorithm algorithm, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, digest_of(algorithm), nullptr) != 1) return {};
  std::string hex;
  hex.reserve(std::size_t{size} * 2);
  for (const unsigned char octet : std::span(digest).first(size)) {
    hex += digits[octet >> 4];
    hex += digits[octet & 15];
  }
  return hex;
}

void OpensslCrypto::random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::size_t part = std::min<std::size_t>(out.size(), INT_MAX);
    if (RAND_bytes(out.data(), static_cast<int>(part)) != 1) std::abort();
    out = out.subspan(part);
  }
}

}  // namespace parley::transport
