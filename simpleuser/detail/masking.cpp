// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/masking.hpp>

#include <algorithm>

namespace parley::detail {
namespace {

constexpr std::string_view mask = "***";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_any_case(std::string_view text, std::string_view lower_prefix) {
  return text.size() >= lower_prefix.size() &&
         std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(), [](char p, char t) { return p == lower(t); });
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_credentials(std::string_view line) {
  for (const std::string_view name : {std::string_view("authorization"), std::string_view("proxy-authorization")}) {
    if (!starts_with_any_case(line, name)) continue;
    const auto next = std::find_if_not(line.begin() + static_cast<std::ptrdiff_t>(name.size()), line.end(), is_blank);
    if (next != line.end() && *next == ':') return true;
  }
  return false;
}

/// Copies a line of credentials; the value behind each `response=`, quoted or not, is masked.
void append_credentials(std::string& out, std::string_view line) {
  constexpr std::string_view name = "response";
  while (!line.empty()) {
    const bool at_name = starts_with_any_case(line, name);
    const std::size_t equals = at_name ? std::min(line.find_first_not_of(" \t", name.size()), line.size()) : line.size();
    if (equals == line.size() || line[equals] != '=') {
      out += line.front();
      line.remove_prefix(1);
      continue;
    }
    std::size_t begin = std::min(line.find_first_not_of(" \t", equals + 1), line.size());
    const bool quoted = begin < line.size() && line[begin] == '"';
    if (quoted) ++begin;
    out.append(line.substr(0, begin)).append(mask);
    line.remove_prefix(std::min(line.find_first_of(quoted ? "\"\r\n" : ", \t\r\n", begin), line.size()));
  }
}

/// Copies an SDES line; each key behind `inline:` is masked, up to its lifetime and MKI.
void append_crypto(std::string& out, std::string_view line) {
  constexpr std::string_view key = "inline:";
  while (!line.empty()) {
    if (!starts_with_any_case(line, key)) {
      out += line.front();
      line.remove_prefix(1);
      continue;
    }
    out.append(line.substr(0, key.size())).append(mask);
    line.remove_prefix(std::min(line.find_first_of("|; \t\r\n", key.size()), line.size()));
  }
}

}  // namespace

std::string mask_secrets(std::string_view message) {
  std::string out;
  out.reserve(message.size());
  bool in_credentials = false;  // a folded header goes on in the lines that begin with a blank
  while (!message.empty()) {
    const std::size_t newline = message.find('\n');
    const std::string_view line = message.substr(0, newline == std::string_view::npos ? message.size() : newline + 1);
    message.remove_prefix(line.size());
    in_credentials = is_blank(line.front()) ? in_credentials : is_credentials(line);
    if (in_credentials) {
      append_credentials(out, line);
    } else if (starts_with_any_case(line, "a=crypto:")) {
      append_crypto(out, line);
    } else {
      out += line;
    }
  }
  return out;
}

}  // namespace parley::detail
