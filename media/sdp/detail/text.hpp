// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Small readers shared by the sources of media/sdp. Pure; nothing here allocates but lower_case().
namespace parley::media::sdp::detail {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower_case(std::string_view text);
bool equal_without_case(std::string_view one, std::string_view other) noexcept;

/// 1*DIGIT of at most `limits::digits`.
bool is_number(std::string_view text) noexcept;
/// A decimal number of digits alone, at most `highest`.
std::optional<std::uint64_t> number(std::string_view text, std::uint64_t highest) noexcept;

/// Holds no blank, control character or NUL, and is 1..`longest` octets.
bool is_word(std::string_view text, std::size_t longest) noexcept;
/// Holds no CR, LF or NUL: may stand inside a line.
bool is_line_text(std::string_view text) noexcept;

bool is_ipv4(std::string_view text) noexcept;
bool is_ipv6(std::string_view text) noexcept;
/// Letters, digits, '-', '_' and '.', at least one letter: never confused with a number or an address.
bool is_host_name(std::string_view text) noexcept;

/// Takes words off the front of a text; words are separated by one or more blanks.
class Words {
 public:
  explicit Words(std::string_view text) noexcept : rest_(text), size_(text.size()) { skip_blanks(); }

  /// The next word; empty at the end.
  std::string_view next() noexcept;
  /// All that is left, with its inner blanks.
  std::string_view rest() const noexcept { return rest_; }
  bool at_end() const noexcept { return rest_.empty(); }
  /// Octets from the start of the text to the next word.
  std::size_t offset() const noexcept { return size_ - rest_.size(); }

 private:
  void skip_blanks() noexcept;

  std::string_view rest_;
  std::size_t size_;
};

}  // namespace parley::media::sdp::detail
