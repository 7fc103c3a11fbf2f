// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/json_line.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace parley::program {

namespace {

/// Length of the UTF-8 sequence at the front of `text`; 0 where it is not valid (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text) {
  const auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) { return octet(i) >= low && octet(i) <= high; };
  const unsigned first = octet(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool second = first == 0xE0 ? follows(1, 0xA0) : first == 0xED ? follows(1, 0x80, 0x9F) : follows(1);
    return second && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool second = first == 0xF0 ? follows(1, 0x90) : first == 0xF4 ? follows(1, 0x80, 0x8F) : follows(1);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
    out += c;
    return;
  }
  std::array<char, 8> digits{};
  std::snprintf(digits.data(), digits.size(), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  out += digits.data();
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 1) {
      append_escaped(out, text.front());
    } else if (length == 0) {
      out += "\\ufffd";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + '"';
}

JsonLine& JsonLine::add(std::string_view name, std::string_view text) & { return raw(name, json_string(text)); }

JsonLine& JsonLine::add(std::string_view name, bool value) & { return raw(name, value ? "true" : "false"); }

JsonLine& JsonLine::add(std::string_view name, double value) & {
  if (!std::isfinite(value)) return null(name);
  std::array<char, 40> digits{};
  std::snprintf(digits.data(), digits.size(), "%.3f", value);
  return raw(name, digits.data());
}

JsonLine& JsonLine::raw(std::string_view name, std::string_view json) & {
  if (!members_.empty()) members_ += ',';
  members_ += json_string(name);
  members_ += ':';
  members_ += json;
  return *this;
}

}  // namespace parley::program
