// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>

#include <bit>
#include <cstring>

namespace parley::sip::grammar {

namespace {

constexpr std::uint64_t every_octet = 0x0101010101010101;

std::uint64_t load(const char* at) noexcept {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The high bit of each octet below 0x0E. Exact up to the first such octet; above it there may be false ones, which the caller checks.
constexpr std::uint64_t below_0e(std::uint64_t word) noexcept { return (word - every_octet * 0x0E) & ~word & (every_octet * 0x80); }

bool is_break(char c) noexcept { return c == '\r' || c == '\n'; }

}  // namespace

const char* skip(const char* at, const char* end, Class bits) noexcept {
  while (end - at >= 4) {
    if (!is(at[0], bits)) return at;
    if (!is(at[1], bits)) return at + 1;
    if (!is(at[2], bits)) return at + 2;
    if (!is(at[3], bits)) return at + 3;
    at += 4;
  }
  while (at != end && is(*at, bits)) ++at;
  return at;
}

const char* find_line_break(const char* at, const char* end) noexcept {
  for (; end - at >= 8; at += 8) {
    const std::uint64_t hits = below_0e(load(at));
    if (hits == 0) continue;
    if constexpr (std::endian::native == std::endian::little) {
      const char* first = at + (std::countr_zero(hits) >> 3);
      if (is_break(*first)) return first;
    }
    for (int i = 0; i < 8; ++i) {  // a tab or another control character came first
      if (is_break(at[i])) return at + i;
    }
  }
  while (at != end && !is_break(*at)) ++at;
  return at;
}

bool equal_nocase(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  const char* x = a.data();
  const char* y = b.data();
  const char* const end = x + a.size();
  while (x != end) {
    if (end - x >= 8 && load(x) == load(y)) {
      x += 8;
      y += 8;
      continue;
    }
    if (*x != *y && lower(*x) != lower(*y)) return false;
    ++x;
    ++y;
  }
  return true;
}

std::string_view trim(std::string_view text) noexcept {
  const auto is_lws = [](char c) { return is_blank(c) || is_break(c); };
  while (!text.empty() && is_lws(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_lws(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace parley::sip::grammar
