// SPDX-License-Identifier: MIT
#include <parley/sip/auth/algorithm.hpp>
#include <parley/sip/auth/digest.hpp>
#include <parley/sip/auth/hashed_username.hpp>
#include <parley/sip/core/tokens.hpp>
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/params.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace parley::sip {

namespace {

using namespace std::chrono_literals;

constexpr Duration nonce_lifetime = 5min;
constexpr std::size_t most_used_nonces = 4096;
constexpr std::size_t seal_length = 32;

/// Takes as long for a difference at the front as for one at the end.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(grammar::lower(a[i]) ^ grammar::lower(b[i]));
  return difference == 0;
}

std::string decimal(std::uint64_t number) { return std::to_string(number); }

/// Takes digits up to '.' off `text`. nullopt: not so.
std::optional<std::uint64_t> take_number(std::string_view& text) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto length = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || length == text.size() || text[length] != '.') return std::nullopt;
  text.remove_prefix(length + 1);
  return number;
}

}  // namespace

DigestServer::DigestServer(std::string realm, Crypto& crypto)
    : realm_(std::move(realm)), crypto_(crypto), key_(random_token(crypto, 32)), decoy_(random_token(crypto, 32)) {}

/// Ties number and time of a nonce to this object: nothing has to be kept for a nonce until it was used well, so a flood of challenges
/// costs no memory.
std::string DigestServer::seal(std::string_view number_and_time) const {
  const Secret text(std::string(key_.reveal()) + ':' + std::string(number_and_time) + ':' + realm_);
  return crypto_.hash_hex(HashAlgorithm::Sha256, text.reveal()).substr(0, seal_length);
}

std::string DigestServer::make_nonce(TimePoint now) {
  const std::string text = decimal(++last_number_) + '.' + decimal(static_cast<std::uint64_t>(now.time_since_epoch().count())) + '.';
  return text + seal(text);
}

std::vector<std::string> DigestServer::challenges(TimePoint now, bool stale) {
  std::vector<std::string> values;
  for (const HashAlgorithm algorithm : {HashAlgorithm::Sha512_256, HashAlgorithm::Sha256, HashAlgorithm::Md5}) {
    std::string value = "Digest realm=" + quote(realm_) + ", nonce=\"" + make_nonce(now) + "\", algorithm=";
    value += auth::algorithm_text(algorithm);
    value += ", qop=\"auth\"";
    if (stale) value += ", stale=true";
    values.push_back(std::move(value));
  }
  return values;
}

/// The number of a nonce that this object made and that has not run out; nullopt: it is none.
std::optional<std::uint64_t> DigestServer::live_nonce(std::string_view nonce, TimePoint now) const {
  std::string_view rest = nonce;
  const auto number = take_number(rest);
  const auto made = number ? take_number(rest) : std::nullopt;
  if (!made || !equal_in_constant_time(rest, seal(nonce.substr(0, nonce.size() - rest.size())))) return std::nullopt;
  const auto age = static_cast<std::uint64_t>(now.time_since_epoch().count()) - *made;
  return age <= static_cast<std::uint64_t>(nonce_lifetime.count()) ? number : std::nullopt;
}

/// Each count of a nonce is good once, in rising order (J09: no replay).
bool DigestServer::count_is_new(std::uint64_t number, std::uint32_t count, TimePoint now) {
  std::erase_if(used_, [now](const UsedNonce& nonce) { return now - nonce.used > nonce_lifetime; });
  const auto known = std::find_if(used_.begin(), used_.end(), [number](const UsedNonce& nonce) { return nonce.number == number; });
  if (known != used_.end()) {
    if (count <= known->highest_count) return false;
    known->highest_count = count;
    return true;
  }
  if (number <= forgotten_ || count == 0) return false;
  if (used_.size() == most_used_nonces) {
    forgotten_ = std::max(forgotten_, used_.front().number);
    used_.erase(used_.begin());
  }
  used_.push_back({number, count, now});
  return true;
}

bool DigestServer::resolve(Credentials& credentials, std::string_view user) const {
  const bool same =
      credentials.userhash
          ? equal_in_constant_time(credentials.username, auth::hashed_username(crypto_, credentials.algorithm, user, credentials.realm))
          : credentials.username == user;
  if (!same) return false;
  credentials.username = user;
  credentials.userhash = false;
  return true;
}

DigestServer::Outcome DigestServer::check(const Credentials& credentials, const Secret* password, std::string_view method,
                                          std::string_view body, TimePoint now) {
  // A qop is always offered; without one there is no count, and what was overheard could be sent again.
  const std::string_view qop = credentials.qop ? std::string_view(*credentials.qop) : std::string_view();
  const bool complete =
      (qop == "auth" || qop == "auth-int") && credentials.nonce_count && credentials.cnonce && credentials.realm == quoted_realm();
  if (!complete) return Outcome::Refused;
  DigestInput input;
  input.algorithm = credentials.algorithm;
  input.session_variant = credentials.session_variant;
  input.username = credentials.username;
  input.realm = credentials.realm;
  input.password = password != nullptr ? password->reveal() : decoy_.reveal();
  input.nonce = credentials.nonce;
  input.cnonce = *credentials.cnonce;
  input.qop = qop;
  input.method = method;
  input.uri = credentials.uri;
  input.body = body;
  input.nonce_count = *credentials.nonce_count;
  const bool right = equal_in_constant_time(digest_response(crypto_, input), credentials.response);
  if (!right || password == nullptr) return Outcome::Refused;
  const auto number = live_nonce(credentials.nonce, now);
  return number && count_is_new(*number, *credentials.nonce_count, now) ? Outcome::Granted : Outcome::Stale;
}

/// As it stands between the quotes of our challenge, and so of the answer.
std::string DigestServer::quoted_realm() const {
  const std::string quoted = quote(realm_);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace parley::sip
