// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/attributes.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::media::gst {

/// The digest of a PEM certificate as a=fingerprint writes it (RFC 8122 s.5): upper case, octets parted by colons.
/// nullopt for a hash other than sha-256, sha-384, sha-512, and for what is no PEM.
std::optional<std::string> digest_of(std::string_view pem, std::string_view hash);

/// Whether the certificate is the one that the other side's description promised: it matches a fingerprint of the strongest hash there
/// is (RFC 8122 s.5). webrtcbin 1.22 takes any certificate; without this check whoever sits on the path reads the call (RFC 5763 s.5).
bool is_promised(std::string_view pem, const std::vector<sdp::Fingerprint>& promised);

}  // namespace parley::media::gst
