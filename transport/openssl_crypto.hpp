// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/crypto.hpp>

namespace parley::transport {

/// Hashes and random octets of OpenSSL. Stateless: any number of them, on any thread.
class PARLEY_EXPORT OpensslCrypto final : public sip::Crypto {
 public:
  /// Empty when the library has no such digest (MD5 under a FIPS policy): no credentials can be made then.
  std::string hash_hex(sip::HashAlgorithm algorithm, std::string_view bytes) override;
  /// Ends the process when the system has no randomness to give: guessable tags and nonces are worse (RFC 4086).
  void random(std::span<std::uint8_t> out) override;
};

}  // namespace parley::transport
