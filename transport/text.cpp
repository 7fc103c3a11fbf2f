// SPDX-License-Identifier: MIT
#include <parley/transport/text.hpp>

#include <cstdint>

namespace parley::transport {

namespace {

constexpr unsigned char octet_at(std::string_view octets, std::size_t i) {
  return i < octets.size() ? static_cast<unsigned char>(octets[i]) : 0;
}

constexpr bool is_continuation(unsigned char octet) { return (octet & 0xC0) == 0x80; }

/// Length of the well-formed sequence at the front; 0: there is none.
std::size_t sequence_length(std::string_view octets) {
  const unsigned char first = octet_at(octets, 0);
  const unsigned char second = octet_at(octets, 1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !is_continuation(second)) return 0;
  if (first < 0xE0) return 2;
  if (!is_continuation(octet_at(octets, 2))) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool beyond = first == 0xF4 && second > 0x8F;
  return overlong || beyond || !is_continuation(octet_at(octets, 3)) ? 0 : 4;
}

}  // namespace

bool is_utf8(std::string_view octets) {
  while (!octets.empty()) {
    const std::size_t length = sequence_length(octets);
    if (length == 0) return false;
    octets.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view octets, std::size_t most) {
  std::string text(octets.substr(0, most));
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

}  // namespace parley::transport
