// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/crypto.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sip {

/// A Digest challenge (RFC 7616 s.3.3). Owns its text; quoted values unescaped except realm, nonce, opaque, which are kept
/// as written (between the quotes) because they are copied back byte by byte (J04).
struct PARLEY_EXPORT Challenge {
  std::string realm;
  std::string nonce;
  std::optional<std::string> opaque;
  HashAlgorithm algorithm = HashAlgorithm::Md5;
  bool session_variant = false;               ///< "-sess"
  std::optional<std::string> algorithm_text;  ///< as written, to be echoed; nullopt: none was given
  bool qop_auth = false;
  bool qop_auth_int = false;
  bool stale = false;
  bool userhash = false;  ///< the user name shall not be readable (RFC 7616 s.3.4.4)
  bool proxy = false;     ///< from Proxy-Authenticate
};

/// Reads the value of one WWW-Authenticate / Proxy-Authenticate field. Errc::NotSupported: other scheme or unknown algorithm (skip it);
/// BadSyntax with offset.
PARLEY_EXPORT Result<Challenge> parse_challenge(std::string_view value);

/// All challenges of a 401 / 407 that can be understood, in order, `proxy` set; several in one field too. What
/// DigestClient::challenged() takes.
PARLEY_EXPORT std::vector<Challenge> parse_challenges(const MessageView& response);

/// Digest credentials of Authorization / Proxy-Authorization (RFC 7616 s.3.4), for the server side. Views as `Challenge`.
struct PARLEY_EXPORT Credentials {
  std::string username;   ///< UTF-8; of `username` or `username*`
  bool userhash = false;  ///< `username` is the hash of user name and realm: DigestServer::resolve()
  std::string realm;
  std::string nonce;
  std::string uri;
  std::string response;
  std::optional<std::string> opaque;
  std::optional<std::string> cnonce;
  std::optional<std::string> qop;
  std::optional<std::uint32_t> nonce_count;
  HashAlgorithm algorithm = HashAlgorithm::Md5;
  bool session_variant = false;
};

PARLEY_EXPORT Result<Credentials> parse_credentials(std::string_view value);

}  // namespace parley::sip
