// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/settings.hpp>

#include <parley/simpleuser/detail/server_url.hpp>
#include <parley/sip/message/uri.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace parley::detail {
namespace {

using namespace std::chrono_literals;

Error bad(const char* reason, std::string_view detail = {}) {
  return Error{.code = Errc::BadValue, .reason = reason, .detail = std::string(detail)};
}

Error not_built(const char* reason) { return Error{.code = Errc::NotSupported, .reason = reason}; }

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
}

bool is_hex32(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// RFC 8141 s.2: "urn:", a namespace of letters, digits and hyphens, and what is named in it; as it can stand in quotes and brackets.
bool is_urn(std::string_view text) {
  constexpr std::string_view scheme = "urn:";
  const auto is_alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  if (text.substr(0, scheme.size()) != scheme) return false;
  text.remove_prefix(scheme.size());
  const std::string_view space = text.substr(0, text.find(':'));
  const std::string_view name = text.substr(std::min(space.size() + 1, text.size()));
  const bool fine_space = space.size() >= 2 && space.size() <= 32 && is_alnum(space.front()) && is_alnum(space.back()) &&
                          std::all_of(space.begin(), space.end(), [&](char c) { return is_alnum(c) || c == '-'; });
  const auto can_stand = [](char c) { return c > ' ' && c < 0x7f && std::string_view("<>\"\\").find(c) == std::string_view::npos; };
  return fine_space && !name.empty() && std::all_of(name.begin(), name.end(), can_stand);
}

/// Version 4 of RFC 4122.
std::string random_uuid() {
  std::random_device device;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string uuid = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  for (char& c : uuid) {
    const unsigned chance = device();
    if (c == 'x') c = digits[chance % 16];
    if (c == 'y') c = digits[8 + chance % 4];
  }
  return uuid;
}

Result<void> check_sip_uri(std::string_view text, const char* reason) {
  const auto uri = sip::parse_uri(text);
  if (!uri) return Error{.code = Errc::BadSyntax, .offset = uri.error().offset, .reason = reason, .detail = uri.error().text()};
  if (!uri->is_sip() || !uri->headers.empty()) return Error{.code = Errc::BadSyntax, .reason = reason};
  return {};
}

Result<void> check_range(Duration value, Duration least, Duration most, const char* reason) {
  if (value < least || value > most) return bad(reason);
  return {};
}

Result<void> check_ring_timeout(Duration value) { return check_range(value, 1s, 24h, "ring_timeout must be from 1 s to 24 h"); }

Result<void> read_identity(const SimpleUserOptions& options, Settings& settings) {
  std::string aor = options.aor;
  if (aor.empty()) aor = "sip:anonymous." + random_text(8) + "@anonymous.invalid";
  if (auto ok = check_sip_uri(aor, "the AOR must be a URI like sip:alice@example.com"); !ok) return ok;
  const auto uri = sip::parse_uri(aor);
  if (uri->user.empty()) return Error{.code = Errc::BadSyntax, .reason = "the AOR has no user part", .detail = aor};
  if (!uri->password.empty()) return bad("a password in the AOR would be shown to everybody: use authorization_password");
  if (has_control(options.display_name)) return bad("control character in display_name");
  if (has_control(options.authorization_username)) return bad("control character in authorization_username");
  if (!options.authorization_password.empty() && !options.authorization_ha1.empty()) {
    return bad("give authorization_password or authorization_ha1, not both");
  }
  if (!options.authorization_ha1.empty() && !is_hex32(options.authorization_ha1.reveal())) {
    return bad("authorization_ha1 must be 32 hexadecimal digits: the MD5 of user:realm:password");
  }
  settings.domain = std::string(uri->host);
  if (uri->port) settings.domain += ":" + std::to_string(*uri->port);
  settings.agent.identity.username = options.authorization_username.empty() ? sip::unescape(uri->user) : options.authorization_username;
  settings.agent.identity.password = options.authorization_password;
  settings.agent.identity.ha1 = options.authorization_ha1;
  settings.agent.display_name = options.display_name;
  settings.agent.aor = std::move(aor);
  return {};
}

Result<void> read_agent(const SimpleUserOptions& options, Settings& settings) {
  if (!options.outbound_proxy.empty()) {
    if (auto ok = check_sip_uri(options.outbound_proxy, "outbound_proxy must be a sip or sips URI"); !ok) return ok;
  }
  if (has_control(options.contact_name)) return bad("control character in contact_name");
  if (has_control(options.user_agent)) return bad("control character in user_agent");
  if (auto ok = check_range(options.no_answer_timeout, 1s, 24h, "no_answer_timeout must be from 1 s to 24 h"); !ok) return ok;
  if (auto ok = check_ring_timeout(options.ring_timeout); !ok) return ok;
  if (options.busy_status < 300 || options.busy_status > 699) return bad("busy_status must be from 300 to 699");
  settings.agent.outbound_proxy = options.outbound_proxy;
  settings.agent.contact_user = sip::escape_user(options.contact_name);
  settings.agent.user_agent = options.user_agent;
  settings.agent.stack.user_agent = options.user_agent;
  settings.agent.no_answer_timeout = options.no_answer_timeout;
  settings.ring_timeout = options.ring_timeout;
  settings.busy_status = options.busy_status;
  settings.trusted_server = options.trusted_server;
  return {};
}

Result<void> read_registration(const RegistrationOptions& options, Settings& settings) {
  if (auto ok = check_range(options.expires, 1s, Duration{4'294'967'295'000}, "registration.expires must be at least 1 s"); !ok) return ok;
  const RefreshPolicy& refresh = options.refresh;
  if (refresh.share < 50 || refresh.share > 99 || refresh.least_share < 1 || refresh.least_share > refresh.share || refresh.margin < 0s ||
      refresh.jitter_share < 0 || refresh.jitter_share > 50) {
    return bad("registration.refresh: share 50..99 %, least_share 1..share, jitter_share 0..50 %, margin not negative");
  }
  if (!options.contact_params.empty() && options.contact_params.front() != ';') {
    return bad("registration.contact_params must begin with a semicolon, like ;q=0.5");
  }
  if (!options.instance_id.empty() && !is_urn(options.instance_id)) {
    return bad("registration.instance_id must be a URN like urn:uuid:...");
  }
  if (options.reg_id && *options.reg_id < 1) return bad("registration.reg_id must be at least 1");
  if (!options.registrar.empty()) {
    if (auto ok = check_sip_uri(options.registrar, "registration.registrar must be a sip or sips URI"); !ok) return ok;
  }
  settings.agent.instance_id = options.instance_id.empty() ? "urn:uuid:" + random_uuid() : options.instance_id;
  settings.registration.expires = options.expires;
  settings.registration.refresh = {
      .share = refresh.share, .margin = refresh.margin, .least_share = refresh.least_share, .jitter_share = refresh.jitter_share};
  settings.registration.extra_headers = options.extra_headers;
  settings.registration.contact_params = options.contact_params;
  settings.registration.registrar = options.registrar;
  settings.registration.reg_id = options.reg_id;
  return sip::check(settings.registration);
}

Result<void> read_connection(const SimpleUserOptions& options, Settings& settings) {
  if (auto ok = check_range(options.reconnection_delay, 0ms, 24h, "reconnection_delay must be from 0 to 24 h"); !ok) return ok;
  if (auto ok = check_range(options.connect_timeout, 1ms, 1h, "connect_timeout must be from 1 ms to 1 h"); !ok) return ok;
  if (auto ok = check_range(options.keep_alive, 0ms, 24h, "keep_alive must be from 0 (none) to 24 h"); !ok) return ok;
  if (options.tls.client_certificate.empty() != options.tls.client_key.empty()) {
    return bad("tls.client_certificate and tls.client_key belong together");
  }
  settings.reconnect.quick_attempts = options.reconnection_attempts;
  settings.reconnect.quick_delay = options.reconnection_delay;
  settings.reconnect.forever = options.reconnect_forever;
  settings.keep_trying = options.keep_trying;
  settings.connect.connect_timeout = options.connect_timeout;
  settings.connect.keep_alive = options.keep_alive;
  settings.connect.origin = options.ws.origin;
  settings.connect.headers = options.ws.headers;
  settings.connect.cookies = options.ws.cookies;
  settings.connect.ca_file = options.tls.ca_file;
  settings.connect.client_certificate = options.tls.client_certificate;
  settings.connect.client_key = options.tls.client_key;
  settings.connect.danger_accept_any_certificate = options.tls.danger_accept_any_certificate;
  return {};
}

Result<void> read_media(const SimpleUserOptions& options, Settings& settings) {
  if (auto ok = check_constraints(options.media.constraints); !ok) return ok;
  if (options.dtmf == DtmfMode::Rtp) return not_built("DTMF by RTP events is not built yet: use DtmfMode::Info");
  if (!options.stun.empty()) return not_built("stun is not built yet");
  if (options.turn) return not_built("turn is not built yet");
  if (options.codecs.empty()) return bad("codecs is empty");
  for (const media::AudioEndpoint* endpoint : {&options.media.audio_source, &options.media.audio_sink}) {
    if (auto ok = endpoint->check(); !ok) return ok;
  }
  if (options.media.audio_sink.kind == media::AudioEndpoint::Kind::Tone) return bad("a tone can be an audio source, but no sink");
  if (auto ok = check_range(options.dtmf_duration, 40ms, 60s, "dtmf_duration must be from 40 ms to 60 s"); !ok) return ok;
  if (auto ok = check_range(options.ice_gathering_timeout, 0ms, 60s, "ice_gathering_timeout must be from 0 to 60 s"); !ok) return ok;
  settings.dtmf_duration = options.dtmf_duration;
  settings.media.audio = options.media.constraints.audio;
  settings.media.video = options.media.constraints.video;
  settings.media.audio_source = options.media.audio_source;
  settings.media.audio_sink = options.media.audio_sink;
  settings.media.codecs = options.codecs;
  settings.media.ice_gathering_timeout = options.ice_gathering_timeout;
  settings.media.loopback_only = options.media.loopback_only;
  return {};
}

bool has_scheme(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && colon != 0 &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), is_token_char);
}

}  // namespace

Result<Settings> make_settings(std::string_view server, const SimpleUserOptions& options, std::size_t max_calls) {
  Settings settings;
  settings.has_server = !server.empty();
  settings.agent.accept_any_user = !settings.has_server;
  settings.agent.serve_strangers = true;  // they come only where the user has called listen()
  if (settings.has_server) {
    auto url = parse_server_url(server);
    if (!url) return std::move(url).error();
    settings.server = std::move(*url);
  }
  using Reader = Result<void> (*)(const SimpleUserOptions&, Settings&);
  for (const Reader read : {Reader{read_identity}, Reader{read_agent}, Reader{read_connection}, Reader{read_media}}) {
    if (auto ok = read(options, settings); !ok) return std::move(ok).error();
  }
  if (auto ok = read_registration(options.registration, settings); !ok) return std::move(ok).error();
  settings.id = random_text(12);
  settings.max_calls = max_calls;
  settings.trace = options.trace;
  settings.log = options.log;
  return settings;
}

Result<void> check_constraints(const MediaConstraints& constraints) {
  if (constraints.video) return not_built("video is not built yet");
  if (!constraints.audio) return bad("a call without audio and video makes no sense");
  return {};
}

Result<void> check_options(const CallOptions& options) {
  if (options.early_media) return not_built("early media is not built yet");
  if (has_control(options.display_name)) return bad("control character in display_name");
  if (options.ring_timeout) {
    if (auto ok = check_ring_timeout(*options.ring_timeout); !ok) return ok;
  }
  if (options.constraints) {
    if (auto ok = check_constraints(*options.constraints); !ok) return ok;
  }
  return sip::check_extra_headers(options.extra_headers);
}

Result<std::string> read_destination(std::string_view text, std::string_view domain) {
  constexpr const char* sentence = "the destination must be a sip, sips or tel URI, or a bare name or number";
  if (has_scheme(text)) {
    const auto uri = sip::parse_uri(text);
    if (!uri) return Error{.code = Errc::BadSyntax, .offset = uri.error().offset, .reason = sentence, .detail = uri.error().text()};
    if (uri->scheme == sip::Scheme::Other) return Error{.code = Errc::BadSyntax, .reason = sentence};
    return std::string(text);
  }
  // What would read as something else in a URI is no bare name: alice@example.com lacks its scheme, it is not a user of ours.
  if (text.empty() || has_control(text) || text.find_first_of(" @:<>\"/?;") != std::string_view::npos) {
    return Error{.code = Errc::BadSyntax, .reason = sentence};
  }
  std::string uri = "sip:" + sip::escape_user(text) + "@" + std::string(domain);
  if (auto parsed = sip::parse_uri(uri); !parsed) return Error{.code = Errc::BadSyntax, .reason = sentence};
  return uri;
}

std::string random_text(std::size_t octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device device;
  std::string text;
  for (std::size_t i = 0; i < octets * 2; ++i) text += digits[device() % digits.size()];
  return text;
}

}  // namespace parley::detail
