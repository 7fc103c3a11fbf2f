// SPDX-License-Identifier: MIT
#include <parley/transport/upgrade.hpp>

#include <parley/transport/text.hpp>

#include <libwebsockets.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace parley::transport {

namespace {

// The socket library cuts longer Host and Origin lines at 127 octets and request lines near 2,047, with a NUL in the request.
constexpr std::size_t longest_host = 93;  // and ":65535" makes 99
constexpr std::size_t longest_origin = 100;
constexpr std::size_t longest_path = 1'900;
constexpr std::size_t most_header_octets = 8'192;

Error bad(const char* reason, std::string_view detail) { return {.code = Errc::BadValue, .reason = reason, .detail = printable(detail)}; }
Error too_long(const char* reason) { return {.code = Errc::TooLong, .reason = reason}; }

bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// Field values (RFC 9110 s.5.5): visible octets, inner spaces and tabs.
bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return c == '\t' || (octet >= ' ' && octet != 0x7F);
  });
}

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [marks](char c) { return is_alnum(c) || marks.find(c) != std::string_view::npos; });
}

bool is_host(std::string_view text) {
  return !text.empty() && text.front() != '.' &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || std::string_view("-._:").find(c) != std::string_view::npos; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Headers that make the upgrade what it is, or that have an option of their own.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 9> names = {"host",   "upgrade",       "connection",     "origin",           "cookie",
                                                     "pragma", "cache-control", "content-length", "transfer-encoding"};
  const std::string key = lower(name);
  return key.starts_with("sec-websocket-") || std::ranges::find(names, key) != names.end();
}

std::optional<Error> check_server(const sip::Server& server) {
  if (server.scheme == "udp" || server.scheme == "tcp" || server.scheme == "tls")
    return Error{.code = Errc::NotSupported, .reason = "transport not supported yet", .detail = server.scheme};
  if (server.scheme != "ws" && server.scheme != "wss") return bad("not a scheme to connect with", server.scheme);
  if (server.host.empty()) return bad("the server has no host", "");
  if (server.host.size() > longest_host) return too_long("the server's host is too long");
  if (!is_host(server.host)) return bad("not a host name", server.host);
  if (server.port == 0) return bad("the server has no port", "");
  if (server.path.size() > longest_path) return too_long("the server's path is too long");
  if (!server.path.starts_with('/') || !is_visible_ascii(server.path) || server.path.find('#') != std::string::npos)
    return bad("not a path", server.path);
  return std::nullopt;
}

std::optional<Error> check_headers(const sip::ConnectOptions& options) {
  std::size_t octets = options.cookies.size();
  for (const auto& [name, value] : options.headers) {
    if (!is_token(name)) return bad("not a header name", name);
    if (is_reserved(name)) return bad("this header is not the application's to set", name);
    if (!is_field_value(value)) return Error{.code = Errc::BadValue, .reason = "control character in a header", .detail = name};
    octets += name.size() + value.size() + 4;
  }
  if (!is_field_value(options.cookies)) return Error{.code = Errc::BadValue, .reason = "control character in the cookies"};
  if (options.origin.size() > longest_origin) return too_long("the origin is too long");
  if (!is_visible_ascii(options.origin)) return bad("not an origin", options.origin);
  if (octets > most_header_octets) return too_long("the headers of the upgrade request are too long");
  return std::nullopt;
}

bool append(std::string_view text, char** at, const char* end) {
  if (static_cast<std::size_t>(end - *at) <= text.size()) return false;
  *at = std::ranges::copy(text, *at).out;
  return true;
}

bool append_line(std::string_view name, std::string_view value, char** at, const char* end) {
  return append(name, at, end) && append(": ", at, end) && append(value, at, end) && append("\r\n", at, end);
}

std::string_view words_of(unsigned status) {
  switch (status) {
    case 301: return "301 Moved Permanently";
    case 302: return "302 Found";
    case 303: return "303 See Other";
    case 307: return "307 Temporary Redirect";
    case 308: return "308 Permanent Redirect";
    case 400: return "400 Bad Request";
    case 401: return "401 Unauthorized";
    case 403: return "403 Forbidden";
    case 404: return "404 Not Found";
    case 426: return "426 Upgrade Required";
    case 429: return "429 Too Many Requests";
    case 500: return "500 Internal Server Error";
    case 502: return "502 Bad Gateway";
    case 503: return "503 Service Unavailable";
    case 504: return "504 Gateway Timeout";
    default: return {};
  }
}

std::string header_of(lws* wsi, lws_token_indexes token) {
  std::array<char, 256> value{};
  const int size = lws_hdr_copy(wsi, value.data(), static_cast<int>(value.size()), token);
  return size <= 0 ? std::string() : std::string(value.data(), static_cast<std::size_t>(size));
}

}  // namespace

std::optional<Error> check_upgrade(const sip::Server& server, const sip::ConnectOptions& options) {
  if (auto error = check_server(server)) return error;
  return check_headers(options);
}

std::string host_header(const sip::Server& server) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  std::string text = is_v6 ? "[" + server.host + "]" : server.host;
  const std::uint16_t usual = server.scheme == "wss" ? 443 : 80;
  if (server.port != usual) text += ":" + std::to_string(server.port);
  return text;
}

bool append_headers(const sip::ConnectOptions& options, char** at, const char* end) {
  if (!options.origin.empty() && !append_line("Origin", options.origin, at, end)) return false;
  if (!options.cookies.empty() && !append_line("Cookie", options.cookies, at, end)) return false;
  return std::ranges::all_of(options.headers, [&](const auto& header) { return append_line(header.first, header.second, at, end); });
}

std::optional<Error> refused_upgrade(lws* wsi) {
  const unsigned status = lws_http_client_http_response(wsi);
  if (status == 0 || status == 101) return std::nullopt;
  std::string detail(words_of(status));
  if (detail.empty()) detail = "HTTP status " + std::to_string(status);
  const std::string retry_after = printable(header_of(wsi, WSI_TOKEN_HTTP_RETRY_AFTER), 40);
  const bool in_seconds = !retry_after.empty() && std::ranges::all_of(retry_after, [](char c) { return c >= '0' && c <= '9'; });
  if (!retry_after.empty()) detail += ", retry after " + retry_after + (in_seconds ? " s" : "");
  if (status >= 300 && status < 400) detail += ", redirects are not followed";
  return Error{.code = Errc::Refused, .reason = "the server refused the WebSocket upgrade", .detail = std::move(detail)};
}

std::optional<Error> check_subprotocol(lws* wsi) {
  if (lower(header_of(wsi, WSI_TOKEN_PROTOCOL)) == "sip") return std::nullopt;
  return subprotocol_error();
}

Error subprotocol_error() {
  return Error{.code = Errc::ProtocolViolation, .reason = "the server did not agree to the WebSocket subprotocol \"sip\""};
}

}  // namespace parley::transport
