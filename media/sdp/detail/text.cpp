// SPDX-License-Identifier: MIT
#include <parley/media/sdp/detail/text.hpp>

#include <parley/media/sdp/description.hpp>

#include <algorithm>
#include <charconv>

namespace parley::media::sdp::detail {

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool equal_without_case(std::string_view one, std::string_view other) noexcept {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](char a, char b) { return lower(a) == lower(b); });
}

bool is_number(std::string_view text) noexcept {
  return !text.empty() && text.size() <= limits::digits && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<std::uint64_t> number(std::string_view text, std::uint64_t highest) noexcept {
  if (!is_number(text)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || value > highest) return std::nullopt;
  return value;
}

bool is_word(std::string_view text, std::size_t longest) noexcept {
  return !text.empty() && text.size() <= longest &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; });
}

bool is_line_text(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_ipv4(std::string_view text) noexcept {
  for (int octet = 0; octet < 4; ++octet) {
    const std::size_t end = octet < 3 ? text.find('.') : text.size();
    if (end > 3 || !number(text.substr(0, end), 255)) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

namespace {

bool is_hex_group(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 4 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); });
}

/// Counts the 16-bit groups of one side of a "::"; an IPv4 address may be the last of all and counts as two. -1: malformed.
int ipv6_groups(std::string_view text, bool is_last_side) noexcept {
  if (text.empty()) return 0;
  int groups = 0;
  while (true) {
    const std::size_t end = text.find(':');
    const std::string_view group = text.substr(0, end);
    const bool is_last_group = end == std::string_view::npos;
    if (is_hex_group(group)) {
      groups += 1;
    } else if (is_last_group && is_last_side && is_ipv4(group)) {
      groups += 2;
    } else {
      return -1;
    }
    if (is_last_group) return groups;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

bool is_ipv6(std::string_view text) noexcept {
  constexpr int all_groups = 8;
  constexpr std::size_t longest = 45;  // "ffff:...:255.255.255.255"
  if (text.size() > longest) return false;
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return ipv6_groups(text, true) == all_groups;
  const int front = ipv6_groups(text.substr(0, gap), false);
  const int back = ipv6_groups(text.substr(gap + 2), true);
  return front >= 0 && back >= 0 && front + back < all_groups;
}

bool is_host_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= limits::address && std::any_of(text.begin(), text.end(), is_alpha) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; });
}

std::string_view Words::next() noexcept {
  const std::size_t end = std::min(rest_.find(' '), rest_.size());
  const std::string_view word = rest_.substr(0, end);
  rest_.remove_prefix(end);
  skip_blanks();
  return word;
}

void Words::skip_blanks() noexcept { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

}  // namespace parley::media::sdp::detail
