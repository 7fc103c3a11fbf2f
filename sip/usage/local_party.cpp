// SPDX-License-Identifier: MIT
#include <parley/sip/usage/local_party.hpp>

#include <parley/sip/core/tokens.hpp>
#include <parley/sip/message/name_addr.hpp>

#include <algorithm>
#include <charconv>

namespace parley::sip {
namespace {

constexpr std::string_view anonymous_uri = "sip:anonymous@anonymous.invalid";  // RFC 3323 s.4.1.1.3

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

/// `;transport=` of a Contact: a token of RFC 7118 s.5.2.1 for both kinds of WebSocket, nothing for UDP, the default.
std::string transport_param(std::string_view via_transport) {
  const auto token = lower_case(via_transport);
  if (token == "ws" || token == "wss") return ";transport=ws";
  if (token == "udp" || token.empty()) return {};
  return ";transport=" + token;
}

/// The user part that the application chose, escaped where it has not done so itself.
std::string contact_user_of(const UserAgentOptions& options, Crypto& crypto) {
  if (options.contact_user.empty()) return random_token(crypto, 8);
  const auto uri = Uri::parse("sip:" + options.contact_user + "@host.invalid");
  return uri && uri->view().user == options.contact_user ? options.contact_user : escape_user(options.contact_user);
}

}  // namespace

LocalParty::LocalParty(const UserAgentOptions& options, Crypto& crypto)
    : crypto_(crypto),
      display_name_(options.display_name),
      contact_user_(contact_user_of(options, crypto)),
      tag_key_(random_token(crypto, 32)) {
  auto aor = Uri::parse(options.aor);
  if (!aor || !aor->view().is_sip()) aor = Uri::parse(anonymous_uri);
  if (aor) aor_ = std::move(*aor);
}

Result<std::string> LocalParty::from(std::string_view display_name, bool anonymous) const {
  if (anonymous) return format_name_addr("Anonymous", anonymous_uri);
  return format_name_addr(display_name.empty() ? std::string_view(display_name_) : display_name, aor_.text());
}

std::string LocalParty::domain_uri() const { return (aor_.view().scheme == Scheme::Sips ? "sips:" : "sip:") + home(); }

std::string LocalParty::home() const {
  const auto aor = aor_.view();
  std::string home(aor.host);
  if (aor.port) home.append(":").append(std::to_string(*aor.port));
  return home;
}

std::string LocalParty::flow_contact(const FlowInfo* flow, Secure secure) const {
  std::string uri(secure == Secure::Yes ? "sips:" : "sip:");
  uri.append(contact_user_).append("@");
  if (flow == nullptr || flow->local_name.empty()) return uri + "anonymous.invalid";
  return uri + flow->local_name + transport_param(flow->via_transport);
}

std::string LocalParty::dialog_contact(const FlowInfo* flow, Secure secure) const {
  // RFC 3261 s.12.1.1: in a dialog over sips our Contact is a sips URI, whatever the registrar granted.
  const bool fits = !pub_gruu_.empty() && (secure == Secure::No || lower_case(pub_gruu_.substr(0, 5)) == "sips:");
  return fits ? pub_gruu_ : flow_contact(flow, secure);
}

bool LocalParty::is_us(const UriView& request_uri) const {
  if (!pub_gruu_.empty()) {
    const auto gruu = parse_uri(pub_gruu_);
    if (gruu && equivalent(*gruu, request_uri)) return true;
  }
  if (request_uri.user.empty()) return false;
  const auto user = unescape(request_uri.user);
  return user == unescape(contact_user_) || user == unescape(aor_.view().user);
}

Result<UriView> LocalParty::target(std::string_view text) {
  auto uri = parse_uri(text);
  if (!uri) return uri;
  if (uri->scheme == Scheme::Other)
    return Error{.code = Errc::BadValue, .reason = "not a sip, sips or tel URI", .detail = std::string(text)};
  return uri;
}

std::string LocalParty::tag_for(const MessageView& request) const {
  std::string name = tag_key_;
  name.append("\n").append(request.call_id()).append("\n").append(request.from_tag()).append("\n");
  name.append(std::to_string(request.cseq().number));
  return crypto_.hash_hex(HashAlgorithm::Sha256, name).substr(0, 20);
}

std::array<std::uint64_t, 2> LocalParty::derived_secret(std::string_view purpose) const {
  const std::string hex = crypto_.hash_hex(HashAlgorithm::Sha256, std::string(purpose).append("\n").append(tag_key_));
  std::array<std::uint64_t, 2> secret{};
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const auto digits = std::string_view(hex).substr(std::min(16 * i, hex.size()), 16);
    std::from_chars(digits.data(), digits.data() + digits.size(), secret[i], 16);
  }
  return secret;
}

}  // namespace parley::sip
