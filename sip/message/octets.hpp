// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Several octets looked at in one step: what makes the parser fast. Two forms of one class: sixteen octets in an SSE2 register, which
/// every x86-64 has, else eight in a word, on any machine of either byte order. They answer alike, and tests hold both against plain
/// loops. Internal to the message layer.
namespace parley::sip::grammar {

namespace detail {

inline constexpr std::uint64_t every_octet = 0x0101'0101'0101'0101;
inline constexpr std::uint64_t high_bits = every_octet * 0x80;

template <class Word>
Word load(const char* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Eight octets in a word. Each answer is made as a word with the high bit of an octet set where it counts; sums stay within their octet.
class WordOctets {
 public:
  static constexpr std::ptrdiff_t size = 8;

  explicit WordOctets(const char* at) noexcept : octets_(load<std::uint64_t>(at)) {}

  unsigned before_special() const noexcept { return before_first(specials()); }
  unsigned before_second_special() const noexcept {
    const std::uint64_t hits = specials() & high_bits;
    return before_first(std::endian::native == std::endian::little ? hits & (hits - 1) : hits & ~std::bit_floor(hits));
  }
  unsigned before_colon() const noexcept { return before_first(equal(':')); }
  bool has_control() const noexcept { return controls() != 0; }
  unsigned before_control() const noexcept { return before_first(controls()); }
  bool start_with(const char* name, std::size_t length) const noexcept {
    constexpr std::uint64_t case_bits = every_octet * 0x20;
    const std::uint64_t difference = (octets_ | case_bits) ^ (load<std::uint64_t>(name) | case_bits);
    return before_first(((difference & ~high_bits) + ~high_bits) | difference) >= (length < 8 ? length : 8);
  }

 private:
  std::uint64_t specials() const noexcept {
    return ~(within('a', 'z', octets_ | every_octet * 0x20) | (within('-', '9', octets_) & ~equal('/')));
  }
  std::uint64_t controls() const noexcept { return ~((octets_ & ~high_bits) + every_octet * (0x7F - '\r')) & ~octets_ & high_bits; }
  /// Octets from `low` to `high`, both below 0x80.
  static std::uint64_t within(std::uint64_t low, std::uint64_t high, std::uint64_t octets) noexcept {
    const std::uint64_t seven_bits = octets & ~high_bits;
    const std::uint64_t at_least_low = seven_bits + every_octet * (0x80 - low);
    const std::uint64_t above_high = seven_bits + every_octet * (0x7F - high);
    return at_least_low & ~above_high & ~octets & high_bits;
  }
  std::uint64_t equal(std::uint64_t octet) const noexcept {
    const std::uint64_t difference = octets_ ^ every_octet * octet;
    return ~(((difference & ~high_bits) + ~high_bits) | difference) & high_bits;
  }
  static unsigned before_first(std::uint64_t hits) noexcept {
    hits &= high_bits;
    const int zeros = std::endian::native == std::endian::little ? std::countr_zero(hits) : std::countl_zero(hits);
    return static_cast<unsigned>(zeros) >> 3;
  }

  std::uint64_t octets_;
};

#if defined(__SSE2__)
/// Sixteen octets in an SSE2 register, whose comparisons are of signed octets.
class Sse2Octets {
 public:
  static constexpr std::ptrdiff_t size = 16;

  explicit Sse2Octets(const char* at) noexcept : octets_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))) {}

  unsigned before_special() const noexcept { return before_first(specials()); }
  unsigned before_second_special() const noexcept { return before_first(specials() & (specials() - 1)); }
  unsigned before_colon() const noexcept { return before_first(hits(equal(':')) | beyond); }
  bool has_control() const noexcept { return controls() != 0; }
  unsigned before_control() const noexcept { return before_first(controls()); }
  bool start_with(const char* name, std::size_t length) const noexcept {
    const __m128i case_bits = _mm_set1_epi8(0x20);
    const __m128i other = _mm_loadu_si128(reinterpret_cast<const __m128i*>(name));
    const unsigned same = hits(_mm_cmpeq_epi8(_mm_or_si128(octets_, case_bits), _mm_or_si128(other, case_bits)));
    return (same | ~0U << length | ~0xFFFFU) == ~0U;
  }

 private:
  static constexpr unsigned beyond = 1U << 16;  ///< the place behind the last octet

  /// With 16 ones above the sixteen bits.
  unsigned specials() const noexcept {
    const __m128i letter = within<'a', 'z'>(_mm_or_si128(octets_, _mm_set1_epi8(0x20)));
    const __m128i digit_dot_dash = _mm_andnot_si128(equal('/'), within<'-', '9'>(octets_));
    return ~hits(_mm_or_si128(letter, digit_dot_dash));
  }
  /// Moved up so that `high` becomes 127, only octets from `low` on are above what `low` became less one.
  template <char low, char high>
  static __m128i within(__m128i octets) noexcept {
    return _mm_cmpgt_epi8(_mm_add_epi8(octets, _mm_set1_epi8(127 - high)), _mm_set1_epi8(127 - high + low - 1));
  }
  unsigned controls() const noexcept { return hits(_mm_cmpeq_epi8(_mm_subs_epu8(octets_, _mm_set1_epi8('\r')), _mm_setzero_si128())); }
  __m128i equal(char octet) const noexcept { return _mm_cmpeq_epi8(octets_, _mm_set1_epi8(octet)); }
  /// A bit an octet.
  static unsigned hits(__m128i octets) noexcept { return static_cast<unsigned>(_mm_movemask_epi8(octets)); }
  /// At least one bit is set, which std::countr_zero() would not take for granted.
  static unsigned before_first(unsigned bits) noexcept { return static_cast<unsigned>(__builtin_ctz(bits)); }

  __m128i octets_;
};
#endif

/// Whether texts of one size are the same by `same`, which compares two words: the first word of both, and the last, which may overlap.
template <class Word, class Same>
inline bool same_ends(const char* a, const char* b, std::size_t size, Same same) noexcept {
  const std::size_t last = size - sizeof(Word);
  const bool at_begin = same(load<Word>(a), load<Word>(b));
  const bool at_end = same(load<Word>(a + last), load<Word>(b + last));
  return at_begin & at_end;  // & makes one branch of two
}

template <class Same>
[[gnu::always_inline]] inline bool same_text(const char* a, const char* b, std::size_t size, Same same) noexcept {
  for (; size > 16; a += 8, b += 8, size -= 8) {
    if (!same(load<std::uint64_t>(a), load<std::uint64_t>(b))) return false;
  }
  if (size >= 8) return same_ends<std::uint64_t>(a, b, size, same);
  if (size >= 4) return same_ends<std::uint32_t>(a, b, size, same);
  if (size >= 2) return same_ends<std::uint16_t>(a, b, size, same);
  return size == 0 || same(load<std::uint8_t>(a), load<std::uint8_t>(b));
}

}  // namespace detail

/// `size` octets from an address on, all of which must be readable.
///   before_special(), before_second_special(), before_colon(): how many of them stand before the first and second that is no letter,
///     digit, "-" or ".", which are in nearly all classes; before the first ":". `size`, or for the second more: there is none.
///   before_control(): before the first octet up to CR, which has_control() says is there. Of those only tab, LF and CR come in messages,
///     and to look for all is cheaper than to look for two.
///   start_with(): whether they are the first `length` of `name` (or as many as they are), letters of any case. `name` is of letters and
///     "-", with `size` readable octets; CR would be taken for "-", so there must be none.
#if defined(__SSE2__)
using Octets = detail::Sse2Octets;
#else
using Octets = detail::WordOctets;
#endif

/// Before it, and not before `begin`, is where Octets may be read from.
inline const char* wide_end(const char* begin, const char* end) noexcept {
  return end - begin >= Octets::size ? end - Octets::size + 1 : begin;
}

}  // namespace parley::sip::grammar
