// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/auth/secret.hpp>
#include <parley/sip/core/time.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace parley::sip {

/// Who we are towards a challenge. Either password or ha1 (hex of H(user:realm:password), for the algorithm `ha1_algorithm` only).
struct DigestIdentity {
  std::string username;
  Secret password;
  Secret ha1;
  HashAlgorithm ha1_algorithm = HashAlgorithm::Md5;
  std::vector<std::string> realms;  ///< credentials go only to these
  /// Where `realms` is empty: to the realm that the account's own server names first, which is then kept. False: to nobody.
  bool learn_realm = true;
};

/// Answers challenges of one account: keeps the last challenge of each realm, counts nonces, never tries the same credentials twice
/// on one nonce unless it is stale (RFC 7616, RFC 8760, RFC 3261 s.22). Loop thread only.
class PARLEY_EXPORT DigestClient {
 public:
  DigestClient(DigestIdentity identity, Crypto& crypto);

  /// Header value to add, and under which name.
  struct Authorization {
    bool proxy = false;
    std::string value;
  };

  /// How often one request has been retried with which nonce: lives with the request that is being tried.
  struct Attempts {
    struct Answered {
      std::string realm;
      std::string nonce;
      bool proxy = false;  ///< a proxy and a server may have a realm of the same name (RFC 3261 s.22.3)
    };
    std::vector<Answered> answered;  ///< challenges
    int count = 0;                   ///< retries so far; at most 2 for each realm of proxies and of servers
  };

  /// Takes the challenges of a 401 / 407 (values of all WWW-/Proxy-Authenticate fields, in order, proxy flag set): for each realm
  /// the strongest supported (topmost among equals). Errc::Unauthorized with a sentence when no retry makes sense: wrong password (same
  /// credentials refused,
  /// not stale), foreign realm, no supported challenge, no password.
  Result<void> challenged(const std::vector<Challenge>& challenges, Attempts& attempts);

  /// Credentials for every realm known by now, for this request; empty before the first challenge (J06: also later requests).
  std::vector<Authorization> authorize(std::string_view method, std::string_view request_uri, std::string_view body);

  /// The value of an Authentication-Info (or Proxy-Authentication-Info) of a 2xx: a nextnonce in it is used from now on (RFC 7616 s.3.5).
  void next_nonce(std::string_view authentication_info, bool proxy);

  /// Forgets all challenges (another server).
  void forget();

 private:
  struct Realm {
    Challenge challenge;
    std::uint32_t nonce_count = 0;
    std::string session_cnonce;  ///< of "-sess"
  };

  bool is_own_realm(std::string_view realm) const;
  bool can_answer(const Challenge& challenge) const;
  std::vector<const Challenge*> choose(const std::vector<Challenge>& challenges) const;
  void remember(const Challenge& challenge);
  std::string username_params(const Challenge& challenge) const;
  std::string credentials(Realm& realm, std::string_view method, std::string_view request_uri, std::string_view body);

  DigestIdentity identity_;
  Crypto& crypto_;
  std::vector<Realm> realms_;
  std::vector<std::string> first_realms_;  ///< when the identity names none: those of the first challenges
};

/// response= of RFC 7616 s.3.4.1 from its parts (lower-case hex). qop empty: RFC 2069 style.
struct DigestInput {
  HashAlgorithm algorithm = HashAlgorithm::Md5;
  bool session_variant = false;
  std::string_view username, realm, password, nonce, cnonce, qop, method, uri, body;
  std::string_view ha1;  ///< instead of username, realm and password
  std::uint32_t nonce_count = 0;
};
PARLEY_EXPORT std::string digest_response(Crypto& crypto, const DigestInput& input);

/// The server side: makes challenges and checks credentials (J09). Nonces have a time limit and are bound to this object.
class PARLEY_EXPORT DigestServer {
 public:
  enum class Outcome : std::uint8_t { Granted, Refused, Stale };
  DigestServer(std::string realm, Crypto& crypto);
  /// Values for one WWW-/Proxy-Authenticate field each, strongest first.
  std::vector<std::string> challenges(TimePoint now, bool stale = false);
  /// Whether the credentials are those of `user`: by name, or by the hash of it (RFC 7616 s.3.4.4). Then the name stands in them plainly,
  /// as check() wants it. A server that keeps names asks for one after the other.
  bool resolve(Credentials& credentials, std::string_view user) const;
  /// Stale: right password, but the nonce ran out, is not ours, or its count was used before; challenge again with stale=true.
  /// Compare credentials.uri with the Request-URI yourself. @param password  of the user named in the credentials; nullptr: no such user
  /// (takes as long, reads the same from outside).
  Outcome check(const Credentials& credentials, const Secret* password, std::string_view method, std::string_view body, TimePoint now);

 private:
  struct UsedNonce {
    std::uint64_t number = 0;
    std::uint32_t highest_count = 0;
    TimePoint used;
  };

  std::string make_nonce(TimePoint now);
  std::string seal(std::string_view number_and_time) const;
  std::optional<std::uint64_t> live_nonce(std::string_view nonce, TimePoint now) const;
  bool count_is_new(std::uint64_t number, std::uint32_t count, TimePoint now);
  std::string quoted_realm() const;

  std::string realm_;
  Crypto& crypto_;
  Secret key_;    ///< seals nonces
  Secret decoy_;  ///< stands in for the password of a user that is not there
  std::uint64_t last_number_ = 0;
  std::uint64_t forgotten_ = 0;  ///< nonces up to this number are good no more, unless used_ holds them
  std::vector<UsedNonce> used_;
};

}  // namespace parley::sip
