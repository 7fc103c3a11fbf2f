// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/server_url.hpp>

#include <algorithm>
#include <charconv>
#include <string>

namespace parley::detail {
namespace {

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_name_char(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; }
bool is_literal_char(char c) { return is_hex(c) || c == ':' || c == '.'; }
bool is_path_char(char c) { return c > ' ' && c < 0x7f && std::string_view("<>\"#\\^`{|}").find(c) == std::string_view::npos; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

Error bad(std::string_view url, std::string_view rest, const char* reason) {
  return Error{.code = Errc::BadSyntax, .offset = static_cast<std::uint32_t>(url.size() - rest.size()), .reason = reason};
}

Result<std::string> take_scheme(std::string_view url, std::string_view& rest) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos || colon == 0) return bad(url, url, "the server must be a URL: ws://host[:port][/path] or wss://...");
  std::string scheme = lower(url.substr(0, colon));
  rest = url.substr(colon + 3);
  if (scheme == "ws" || scheme == "wss") return scheme;
  if (scheme == "udp" || scheme == "tcp" || scheme == "tls") {
    return Error{.code = Errc::NotSupported, .reason = "SIP over UDP, TCP and TLS is not built yet: use ws:// or wss://"};
  }
  return bad(url, url, "unknown scheme of the server: use ws:// or wss://");
}

Result<std::string> take_host(std::string_view url, std::string_view& rest) {
  if (!rest.empty() && rest.front() == '[') {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return bad(url, rest, "the server's IPv6 address has no closing bracket");
    const std::string_view literal = rest.substr(1, end - 1);
    if (literal.find(':') == std::string_view::npos || !std::all_of(literal.begin(), literal.end(), is_literal_char)) {
      return bad(url, rest.substr(1), "the server's address in brackets is no IPv6 address");
    }
    rest.remove_prefix(end + 1);
    return std::string(literal);
  }
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_name_char);
  const std::string_view host = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  if (host.empty() || !is_alnum(host.front())) return bad(url, rest, "the server has no host name");
  rest.remove_prefix(host.size());
  return lower(host);
}

Result<std::uint16_t> take_port(std::string_view url, std::string_view& rest, std::uint16_t otherwise) {
  if (rest.empty() || rest.front() != ':') return otherwise;
  const std::string_view digits = rest.substr(1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || port == 0) return bad(url, digits, "the server's port must be a number from 1 to 65535");
  rest = digits.substr(static_cast<std::size_t>(end - digits.data()));
  return port;
}

Result<std::string> take_path(std::string_view url, std::string_view rest) {
  if (rest.empty()) return std::string("/");
  if (rest.front() != '/' && rest.front() != '?') return bad(url, rest, "unexpected character in the server's URL");
  const auto wrong = std::find_if_not(rest.begin(), rest.end(), is_path_char);
  if (wrong != rest.end())
    return bad(url, rest.substr(static_cast<std::size_t>(wrong - rest.begin())), "unexpected character in the server's path");
  return rest.front() == '/' ? std::string(rest) : "/" + std::string(rest);
}

}  // namespace

Result<sip::Server> parse_server_url(std::string_view url) {
  std::string_view rest;
  auto scheme = take_scheme(url, rest);
  if (!scheme) return std::move(scheme).error();
  auto host = take_host(url, rest);
  if (!host) return std::move(host).error();
  auto port = take_port(url, rest, *scheme == "wss" ? 443 : 80);
  if (!port) return std::move(port).error();
  auto path = take_path(url, rest);
  if (!path) return std::move(path).error();
  return sip::Server{.scheme = std::move(*scheme), .host = std::move(*host), .port = *port, .path = std::move(*path)};
}

}  // namespace parley::detail
