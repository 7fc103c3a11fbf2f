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
  for (; end - at >= 8; at += 8) {
    if (!is(at[0], bits)) return at;
    if (!is(at[1], bits)) return at + 1;
    if (!is(at[2], bits)) return at + 2;
    if (!is(at[3], bits)) return at + 3;
    if (!is(at[4], bits)) return at + 4;
    if (!is(at[5], bits)) return at + 5;
    if (!is(at[6], bits)) return at + 6;
    if (!is(at[7], bits)) return at + 7;
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

namespace {

/// Up to seven octets in one word. Some may stand in it twice, always the same ones for the same size.
std::uint64_t load_short(const char* at, std::size_t size) noexcept {
  const auto octet = [at](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])); };
  if (size >= 4) {
    std::uint32_t front;
    std::uint32_t back;
    std::memcpy(&front, at, sizeof front);
    std::memcpy(&back, at + size - sizeof back, sizeof back);
    return std::uint64_t{front} << 32 | back;
  }
  return size == 0 ? 0 : octet(0) << 16 | octet(size / 2) << 8 | octet(size - 1);
}

/// Eight octets at once: they may differ in the bit of the case only, and that only in letters.
bool same_nocase(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t difference = a ^ b;
  if (difference == 0) return true;
  constexpr std::uint64_t case_bits = every_octet * 0x20;
  if ((difference & ~case_bits) != 0) return false;
  const std::uint64_t low = (a | case_bits) & (every_octet * 0x7F);
  const std::uint64_t from_a = low + every_octet * (0x80 - 'a');       // high bit: 'a' or above
  const std::uint64_t above_z = low + every_octet * (0x80 - 'z' - 1);  // high bit: above 'z'
  const std::uint64_t letters = from_a & ~above_z & ~a & (every_octet * 0x80);
  return ((difference << 2) & ~letters) == 0;
}

}  // namespace

bool equal_nocase(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  const char* x = a.data();
  const char* y = b.data();
  std::size_t left = a.size();
  if (left < 8) return same_nocase(load_short(x, left), load_short(y, left));
  for (; left > 8; left -= 8, x += 8, y += 8) {
    if (!same_nocase(load(x), load(y))) return false;
  }
  return same_nocase(load(x + left - 8), load(y + left - 8));  // overlaps what was compared already
}

std::string_view trim(std::string_view text) noexcept {
  const auto is_lws = [](char c) { return is_blank(c) || is_break(c); };
  while (!text.empty() && is_lws(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_lws(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace parley::sip::grammar
