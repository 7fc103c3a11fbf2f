// SPDX-License-Identifier: MIT
#include <parley/sip/auth/algorithm.hpp>
#include <parley/sip/auth/authentication_info.hpp>
#include <parley/sip/auth/digest.hpp>
#include <parley/sip/auth/hashed_username.hpp>
#include <parley/sip/auth/nonce_count.hpp>
#include <parley/sip/core/tokens.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/message/params.hpp>

#include <algorithm>

namespace parley::sip {

namespace {

constexpr std::ptrdiff_t most_retries = 2;  // of one request towards one realm (threats SEC-63)

/// SHA-256 and SHA-512-256 are equally strong: between them the server's order counts (RFC 8760 s.2.4).
int strength(const Challenge& challenge) noexcept { return challenge.algorithm == HashAlgorithm::Md5 ? 0 : 1; }

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Error unauthorized(const char* why, std::string detail = {}) {
  return Error{Errc::Unauthorized, 0, Error::no_offset, why, std::move(detail)};
}

/// `"text"` with the text as it came: its escapes are in it already (J04).
std::string quote_as_written(std::string_view between_quotes) { return '"' + std::string(between_quotes) + '"'; }

/// J05: credentials that were refused are not sent again, unless only the nonce was at fault.
Result<void> check_retry(const Challenge& challenge, const DigestClient::Attempts& attempts) {
  using Answered = DigestClient::Attempts::Answered;
  const auto is_same = [&](const Answered& other) { return other.realm == challenge.realm && other.proxy == challenge.proxy; };
  const auto has_nonce = [&](const Answered& other) { return is_same(other) && other.nonce == challenge.nonce; };
  const auto& answered = attempts.answered;
  const auto tries = std::count_if(answered.begin(), answered.end(), is_same);
  if (tries > 0 && !challenge.stale) return unauthorized("user name or password refused", challenge.realm);
  if (tries >= most_retries || std::any_of(answered.begin(), answered.end(), has_nonce)) {
    return unauthorized("challenged again and again", challenge.realm);
  }
  return {};
}

}  // namespace

DigestClient::DigestClient(DigestIdentity identity, Crypto& crypto) : identity_(std::move(identity)), crypto_(crypto) {}

bool DigestClient::is_own_realm(std::string_view realm) const {
  return contains(identity_.realms.empty() ? first_realms_ : identity_.realms, realm);
}

bool DigestClient::can_answer(const Challenge& challenge) const {
  return identity_.ha1.empty() ? !identity_.password.empty() : challenge.algorithm == identity_.ha1_algorithm;
}

/// For each own realm the strongest challenge that can be answered.
std::vector<const Challenge*> DigestClient::choose(const std::vector<Challenge>& challenges) const {
  std::vector<const Challenge*> chosen;
  for (const Challenge& challenge : challenges) {
    if (!is_own_realm(challenge.realm) || !can_answer(challenge)) continue;
    const auto same = std::find_if(chosen.begin(), chosen.end(), [&](const Challenge* other) {
      return other->realm == challenge.realm && other->proxy == challenge.proxy;
    });
    if (same == chosen.end()) {
      chosen.push_back(&challenge);
    } else if (strength(challenge) > strength(**same)) {
      *same = &challenge;
    }
  }
  return chosen;
}

Result<void> DigestClient::challenged(const std::vector<Challenge>& challenges, Attempts& attempts) {
  if (challenges.empty()) return unauthorized("no challenge that can be understood");
  if (identity_.password.empty() && identity_.ha1.empty()) return unauthorized("a password is asked for and none is set");
  if (identity_.learn_realm && identity_.realms.empty() && first_realms_.empty()) {
    for (const Challenge& challenge : challenges) first_realms_.push_back(challenge.realm);
  }
  const std::vector<const Challenge*> chosen = choose(challenges);
  if (chosen.empty()) {
    const bool foreign =
        std::none_of(challenges.begin(), challenges.end(), [this](const Challenge& one) { return is_own_realm(one.realm); });
    return unauthorized(foreign ? "credentials are not for this realm" : "no challenge that can be answered", challenges.front().realm);
  }
  for (const Challenge* const challenge : chosen) {
    if (auto fine = check_retry(*challenge, attempts); !fine) return fine;
  }
  for (const Challenge* const challenge : chosen) {
    attempts.answered.push_back({challenge->realm, challenge->nonce, challenge->proxy});
    remember(*challenge);
  }
  ++attempts.count;
  return {};
}

void DigestClient::remember(const Challenge& challenge) {
  const auto known = std::find_if(realms_.begin(), realms_.end(), [&](const Realm& realm) {
    return realm.challenge.realm == challenge.realm && realm.challenge.proxy == challenge.proxy;
  });
  Realm& realm = known != realms_.end() ? *known : realms_.emplace_back();
  // The count belongs to the nonce and goes on while the nonce stays (RFC 7616 s.3.4).
  if (realm.challenge.nonce != challenge.nonce) {
    realm.nonce_count = 0;
    realm.session_cnonce = challenge.session_variant ? random_token(crypto_) : std::string();
  }
  realm.challenge = challenge;
}

std::vector<DigestClient::Authorization> DigestClient::authorize(std::string_view method, std::string_view request_uri,
                                                                 std::string_view body) {
  std::vector<Authorization> headers;
  headers.reserve(realms_.size());
  for (Realm& realm : realms_) headers.push_back({realm.challenge.proxy, credentials(realm, method, request_uri, body)});
  return headers;
}

/// The user's name, or where the server asks for it, its hash: then who listens learns only whether it is the same (RFC 7616 s.3.4.4).
std::string DigestClient::username_params(const Challenge& challenge) const {
  if (!challenge.userhash) return "username=" + quote(identity_.username);
  return "username=" + quote_as_written(auth::hashed_username(crypto_, challenge.algorithm, identity_.username, challenge.realm)) +
         ", userhash=true";
}

std::string DigestClient::credentials(Realm& realm, std::string_view method, std::string_view request_uri, std::string_view body) {
  const Challenge& challenge = realm.challenge;
  DigestInput input;
  input.algorithm = challenge.algorithm;
  input.session_variant = challenge.session_variant;
  input.username = identity_.username;
  input.realm = challenge.realm;
  input.password = identity_.password.reveal();
  input.ha1 = identity_.ha1.reveal();
  input.nonce = challenge.nonce;
  input.qop = challenge.qop_auth ? "auth" : challenge.qop_auth_int ? "auth-int" : "";
  input.method = method;
  input.uri = request_uri;
  input.body = body;
  // A session key is made of the first cnonce, so with "-sess" that one stays (RFC 7616 s.3.4.2).
  const std::string cnonce = challenge.session_variant ? realm.session_cnonce : random_token(crypto_);
  const bool has_qop = !input.qop.empty();
  if (has_qop || challenge.session_variant) input.cnonce = cnonce;
  if (has_qop) input.nonce_count = ++realm.nonce_count;

  std::string value = "Digest " + username_params(challenge);
  value += ", realm=" + quote_as_written(challenge.realm);
  value += ", nonce=" + quote_as_written(challenge.nonce);
  value += ", uri=" + quote(request_uri);
  value += ", response=" + quote_as_written(digest_response(crypto_, input));
  if (challenge.algorithm_text) value += ", algorithm=" + *challenge.algorithm_text;
  if (!input.cnonce.empty()) value += ", cnonce=" + quote_as_written(cnonce);
  if (challenge.opaque) value += ", opaque=" + quote_as_written(*challenge.opaque);
  if (has_qop) value += ", qop=" + std::string(input.qop) + ", nc=" + auth::nonce_count_text(input.nonce_count);
  return value;
}

void DigestClient::next_nonce(std::string_view authentication_info, bool proxy) {
  const auto is_of = [proxy](const Realm& realm) { return realm.challenge.proxy == proxy; };
  if (std::count_if(realms_.begin(), realms_.end(), is_of) != 1) return;  // it does not say whose it is
  const auto info = parse_authentication_info(authentication_info);
  if (!info || info->next_nonce.empty()) return;
  Challenge next = std::find_if(realms_.begin(), realms_.end(), is_of)->challenge;
  next.nonce = unfolded(info->next_nonce);
  remember(next);
}

void DigestClient::forget() {
  realms_.clear();
  first_realms_.clear();
}

}  // namespace parley::sip
