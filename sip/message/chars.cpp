// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>

namespace parley::sip::grammar {

const char* skip_on(const char* at, const char* end, const char* wide, Class bits) noexcept {
  // Only where a word begins: rows of other characters, or of one letter and another character, cost less octet by octet.
  const Class word = (bits & ~word_classes) == 0 ? word_char : Class{0};
  while (at < end && is(*at, bits)) at += at < wide && is(*at, word) && is(at[1], word) ? Octets(at).before_special() : 1;
  return at < end ? at : end;
}

namespace {

using detail::every_octet;
using detail::high_bits;
/// Eight octets at once: they may differ in the bit of the case only, and that only in letters.
bool same_nocase(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t difference = a ^ b;
  if (difference == 0) return true;
  constexpr std::uint64_t case_bits = every_octet * 0x20;
  if ((difference & ~case_bits) != 0) return false;
  const std::uint64_t low = (a | case_bits) & (every_octet * 0x7F);
  const std::uint64_t from_a = low + every_octet * (0x80 - 'a');       // high bit: 'a' or above
  const std::uint64_t above_z = low + every_octet * (0x80 - 'z' - 1);  // high bit: above 'z'
  const std::uint64_t letters = from_a & ~above_z & ~a & high_bits;
  return ((difference << 2) & ~letters) == 0;
}

}  // namespace

bool equal_nocase(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && detail::same_text(a.data(), b.data(), a.size(), same_nocase);
}

bool all_of(std::string_view text, Class bits) noexcept {
  const char* const end = text.data() + text.size();
  return !text.empty() && skip(text.data(), end, wide_end(text.data(), end), bits) == end;
}

const char* find_line_break(const char* at, const char* end) noexcept { return find_line_break(at, end, wide_end(at, end)); }

/// The same from an octet on.
bool ends_as_name(std::string_view text, const Name& name, std::size_t from) noexcept {
  return equal_nocase(text.substr(from), name.view().substr(from));
}

Decimal::Decimal(std::uint64_t number) noexcept : begin_(digits_ + sizeof digits_) {
  do {
    *--begin_ = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
}

std::string_view trim(std::string_view text) noexcept {
  const auto is_lws = [](char c) { return is_blank(c) || c == '\r' || c == '\n'; };
  while (!text.empty() && is_lws(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_lws(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace parley::sip::grammar
