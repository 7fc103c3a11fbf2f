// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/json_line.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace parley::program {

namespace {

/// A row of RFC 3629 section 4: which octets may begin a sequence of `length`, and which may follow them. The third and fourth are
/// always 80..BF.
struct Utf8Form {
  unsigned first_low;
  unsigned first_high;
  unsigned second_low;
  unsigned second_high;
  std::size_t length;
};
constexpr std::array<Utf8Form, 8> utf8_forms{{
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},  // no surrogates
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
}};

bool is_within(unsigned octet, unsigned low, unsigned high) { return octet >= low && octet <= high; }

/// Length of the UTF-8 sequence at the front of `text`; 0 where it is not valid.
std::size_t utf8_length(std::string_view text) {
  const auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (octet(0) < 0x80) return 1;
  const auto form = std::find_if(utf8_forms.begin(), utf8_forms.end(),
                                 [&](const Utf8Form& each) { return is_within(octet(0), each.first_low, each.first_high); });
  if (form == utf8_forms.end() || !is_within(octet(1), form->second_low, form->second_high)) return 0;
  for (std::size_t i = 2; i < form->length; ++i) {
    if (!is_within(octet(i), 0x80, 0xBF)) return 0;
  }
  return form->length;
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
