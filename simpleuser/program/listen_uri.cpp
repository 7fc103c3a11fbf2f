// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/listen_uri.hpp>

#include <charconv>

namespace parley::program {

std::optional<sip::ListenOptions> parse_listen_uri(const std::string& text) {
  const auto colon = text.find("://");
  if (colon == std::string::npos) return std::nullopt;
  sip::ListenOptions options;
  options.scheme = text.substr(0, colon);
  std::string rest = text.substr(colon + 3);
  const auto bracket = rest.find(']');
  const auto port = rest.find(':', bracket == std::string::npos ? 0 : bracket);
  if (port != std::string::npos) {
    const char* end = rest.data() + rest.size();
    const auto [read, error] = std::from_chars(rest.data() + port + 1, end, options.port);
    if (error != std::errc{} || read != end) return std::nullopt;
    rest.resize(port);
  }
  if (bracket != std::string::npos && rest.front() == '[') rest = rest.substr(1, bracket - 1);
  if (rest.empty()) return std::nullopt;
  options.host = rest;
  return options;
}

}  // namespace parley::program
