// SPDX-License-Identifier: MIT
#include <parley/sip/auth/algorithm.hpp>
#include <parley/sip/auth/auth_params.hpp>
#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/message/cursor.hpp>
#include <parley/sip/message/message.hpp>

#include <algorithm>

namespace parley::sip {

namespace auth {

std::string_view algorithm_text(HashAlgorithm hash) noexcept {
  switch (hash) {
    case HashAlgorithm::Md5: return "MD5";
    case HashAlgorithm::Sha256: return "SHA-256";
    case HashAlgorithm::Sha512_256: return "SHA-512-256";
  }
  return "";
}

std::optional<Algorithm> algorithm_from_text(std::string_view text) noexcept {
  constexpr std::string_view suffix = "-sess";
  Algorithm algorithm;
  if (text.size() > suffix.size() && grammar::equal_nocase(text.substr(text.size() - suffix.size()), suffix)) {
    algorithm.session_variant = true;
    text.remove_suffix(suffix.size());
  }
  for (const HashAlgorithm hash : {HashAlgorithm::Md5, HashAlgorithm::Sha256, HashAlgorithm::Sha512_256}) {
    algorithm.hash = hash;
    if (grammar::equal_nocase(text, algorithm_text(hash))) return algorithm;
  }
  return std::nullopt;
}

}  // namespace auth

namespace {

using auth::AuthParamReader;

/// Reads all parameters of a Digest value.
Result<void> read_digest(std::string_view value, std::initializer_list<auth::AuthSlot> slots) {
  AuthParamReader reader(value);
  if (!grammar::equal_nocase(reader.scheme(), "Digest")) return Error{Errc::NotSupported, 0, 0, "no Digest scheme"};
  if (const auto read = reader.read_into(slots); !read) return read.error();
  if (const auto nul = value.find('\0'); nul != std::string_view::npos) {  // legal behind a backslash, and yet no answer could repeat it
    return Error{Errc::BadSyntax, 0, static_cast<std::uint32_t>(nul), "NUL in a value"};
  }
  return {};
}

std::optional<std::string> owned(const std::optional<std::string_view>& text) {
  return text ? std::optional<std::string>(unfolded(*text)) : std::nullopt;
}

struct QopOptions {
  bool any = false;
  bool auth = false;
  bool auth_int = false;
};

/// qop-options: a list in quotes, blanks allowed.
QopOptions read_qop(std::string_view list) noexcept {
  QopOptions options;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view one = grammar::trim(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    options.any = options.any || !one.empty();
    options.auth = options.auth || grammar::equal_nocase(one, "auth");
    options.auth_int = options.auth_int || grammar::equal_nocase(one, "auth-int");
  }
  return options;
}

/// Exactly eight hexadecimal digits (RFC 7616 s.3.4).
std::optional<std::uint32_t> read_nonce_count(std::string_view text) noexcept {
  if (text.size() != 8 || !grammar::all_of(text, grammar::hex_digit)) return std::nullopt;
  std::uint32_t count = 0;
  for (const char c : text) count = count * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : grammar::lower(c) - 'a' + 10);
  return count;
}

/// `UTF-8''` and the name with its octets escaped (RFC 7616 s.3.4, RFC 8187 s.3.2).
std::optional<std::string> extended_username(std::string_view value) {
  constexpr std::string_view charset = "UTF-8'";
  const std::size_t language_end = value.find('\'', charset.size());
  if (!grammar::equal_nocase(value.substr(0, charset.size()), charset) || language_end == std::string_view::npos) return std::nullopt;
  return unescape(value.substr(language_end + 1));
}

}  // namespace

Result<Challenge> parse_challenge(std::string_view value) {
  std::optional<std::string_view> realm, nonce, opaque, algorithm, qop, stale, userhash;
  const auto read = read_digest(value, {{"realm", &realm},
                                        {"nonce", &nonce},
                                        {"opaque", &opaque},
                                        {"algorithm", &algorithm},
                                        {"qop", &qop},
                                        {"stale", &stale},
                                        {"userhash", &userhash}});
  if (!read) return read.error();
  if (!realm || !nonce) return Error{Errc::BadSyntax, 0, 0, "realm or nonce is missing"};
  const auto known = auth::algorithm_from_text(algorithm.value_or("MD5"));
  if (!known) return Error{Errc::NotSupported, 0, Error::no_offset, "unknown Digest algorithm", std::string(*algorithm)};
  const QopOptions options = read_qop(qop.value_or(""));
  if (options.any && !options.auth && !options.auth_int) return Error{Errc::NotSupported, 0, Error::no_offset, "unknown qop"};

  Challenge challenge;
  challenge.realm = unfolded(*realm);
  challenge.nonce = unfolded(*nonce);
  challenge.opaque = owned(opaque);
  challenge.algorithm = known->hash;
  challenge.session_variant = known->session_variant;
  challenge.algorithm_text = owned(algorithm);
  challenge.qop_auth = options.auth;
  challenge.qop_auth_int = options.auth_int;
  challenge.stale = grammar::equal_nocase(stale.value_or(""), "true");
  challenge.userhash = grammar::equal_nocase(userhash.value_or(""), "true");
  return challenge;
}

Result<Credentials> parse_credentials(std::string_view value) {
  std::optional<std::string_view> username, extended, userhash, realm, nonce, uri, response, opaque, cnonce, qop, count, algorithm;
  const auto read = read_digest(value, {{"username", &username},
                                        {"username*", &extended},
                                        {"userhash", &userhash},
                                        {"realm", &realm},
                                        {"nonce", &nonce},
                                        {"uri", &uri},
                                        {"response", &response},
                                        {"opaque", &opaque},
                                        {"cnonce", &cnonce},
                                        {"qop", &qop},
                                        {"nc", &count},
                                        {"algorithm", &algorithm}});
  if (!read) return read.error();
  if (username && extended) return Error{Errc::BadSyntax, 0, 0, "username and username*"};  // RFC 7616 s.3.4
  const auto name = username ? unescape_quoted(*username) : extended_username(extended.value_or(""));
  if (!name || !realm || !nonce || !uri || !response)
    return Error{Errc::BadSyntax, 0, 0, "username, realm, nonce, uri or response is missing"};
  const auto known = auth::algorithm_from_text(algorithm.value_or("MD5"));
  if (!known) return Error{Errc::NotSupported, 0, Error::no_offset, "unknown Digest algorithm", std::string(*algorithm)};

  Credentials credentials;
  if (count) {
    credentials.nonce_count = read_nonce_count(*count);
    if (!credentials.nonce_count) {
      return Error{Errc::BadSyntax, 0, static_cast<std::uint32_t>(count->data() - value.data()), "nc needs eight hexadecimal digits"};
    }
  }
  credentials.username = *name;
  credentials.userhash = grammar::equal_nocase(userhash.value_or(""), "true");
  credentials.realm = unfolded(*realm);
  credentials.nonce = unfolded(*nonce);
  credentials.uri = unescape_quoted(*uri);
  credentials.response = unfolded(*response);
  credentials.opaque = owned(opaque);
  credentials.cnonce = owned(cnonce);
  credentials.qop = owned(qop);
  credentials.algorithm = known->hash;
  credentials.session_variant = known->session_variant;
  return credentials;
}

namespace {

/// Where the next challenge of a field begins: behind a comma, when a token is followed by another token and not by "=". RFC 3261 wants a
/// field each, but HTTP's way of listing them is seen too.
std::size_t end_of_challenge(std::string_view rest) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (quoted && rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      quoted = !quoted;
    } else if (rest[i] == ',' && !quoted) {
      grammar::Cursor next(rest.substr(i + 1, 64));
      next.skip_lws();
      const bool named = next.pass(grammar::token_char);
      next.skip_lws();
      if (named && next.at_class(grammar::token_char)) return i;
    }
  }
  return rest.size();
}

}  // namespace

std::vector<Challenge> parse_challenges(const MessageView& response) {
  std::vector<Challenge> challenges;
  for (std::size_t i = 0; i < response.header_count(); ++i) {
    const HeaderView field = response.header(i);
    if (field.id != HeaderId::WwwAuthenticate && field.id != HeaderId::ProxyAuthenticate) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::size_t end = end_of_challenge(rest);
      auto challenge = parse_challenge(grammar::trim(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (!challenge) continue;  // another scheme, an unknown algorithm, or broken: as if it were not there (J01)
      challenge->proxy = field.id == HeaderId::ProxyAuthenticate;
      challenges.push_back(std::move(*challenge));
    }
  }
  return challenges;
}

}  // namespace parley::sip
