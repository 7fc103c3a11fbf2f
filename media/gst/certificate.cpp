// SPDX-License-Identifier: MIT
#include <parley/media/gst/certificate.hpp>

#include <parley/media/gst/handle.hpp>

#include <algorithm>
#include <array>

namespace parley::media::gst {
namespace {

struct Hash {
  std::string_view name;
  GChecksumType type;
};

/// Weak first. MD5 and SHA-1 prove nothing any more (RFC 8122 s.5).
constexpr std::array<Hash, 3> hashes{{{"sha-256", G_CHECKSUM_SHA256}, {"sha-384", G_CHECKSUM_SHA384}, {"sha-512", G_CHECKSUM_SHA512}}};

/// The base64 between the BEGIN and END lines of the first certificate; empty if there is none.
std::string body_of(std::string_view pem) {
  constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view end = "-----END CERTIFICATE-----";
  const auto from = pem.find(begin);
  if (from == std::string_view::npos) return {};
  const auto to = pem.find(end, from);
  if (to == std::string_view::npos) return {};
  return std::string(pem.substr(from + begin.size(), to - from - begin.size()));
}

std::string with_colons(std::string_view hex) {
  std::string result;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i > 0 && i % 2 == 0) result += ':';
    result += g_ascii_toupper(hex[i]);
  }
  return result;
}

}  // namespace

std::optional<std::string> digest_of(std::string_view pem, std::string_view hash) {
  const auto found = std::find_if(hashes.begin(), hashes.end(), [hash](const Hash& known) { return known.name == hash; });
  const std::string body = body_of(pem);
  if (found == hashes.end() || body.empty()) return std::nullopt;
  gsize size = 0;
  guchar* der = g_base64_decode(body.c_str(), &size);
  const TextPtr hex(g_compute_checksum_for_data(found->type, der, size));
  g_free(der);
  if (size == 0 || hex == nullptr) return std::nullopt;
  return with_colons(hex.get());
}

bool is_promised(std::string_view pem, const std::vector<sdp::Fingerprint>& promised) {
  const auto with = [&promised](std::string_view hash) {
    return std::any_of(promised.begin(), promised.end(), [hash](const sdp::Fingerprint& one) { return one.hash == hash; });
  };
  const auto strongest = std::find_if(hashes.rbegin(), hashes.rend(), [&with](const Hash& hash) { return with(hash.name); });
  if (strongest == hashes.rend()) return false;
  const auto digest = digest_of(pem, strongest->name);
  return digest && std::find(promised.begin(), promised.end(), sdp::Fingerprint{std::string(strongest->name), *digest}) != promised.end();
}

}  // namespace parley::media::gst
