// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/number.hpp>
#include <parley/sip/message/headers/reader.hpp>

#include <algorithm>

namespace parley::sip {

std::optional<std::uint32_t> parse_delta_seconds(std::string_view text) noexcept {
  constexpr std::uint64_t most = 0xFFFF'FFFF;
  if (!grammar::all_of(text, grammar::digit)) return std::nullopt;
  std::uint64_t seconds = 0;
  for (const char c : text) seconds = std::min(seconds * 10 + static_cast<std::uint64_t>(c - '0'), most);
  return static_cast<std::uint32_t>(seconds);
}

std::optional<std::uint32_t> delta_seconds(const MessageView& message, HeaderId id) noexcept {
  const auto item = first_item(message, id);
  return item ? item->number() : std::nullopt;
}

std::optional<std::uint32_t> contact_expires(const NameAddrView& contact) noexcept {
  return parse_delta_seconds(contact.params.find("expires").value_or(std::string_view{}));
}

std::optional<std::uint16_t> parse_qvalue(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.')) return std::nullopt;
  int thousandths = text[0] == '1' ? 1000 : 0;
  int weight = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (!grammar::is(c, grammar::digit)) return std::nullopt;
    thousandths += (c - '0') * weight;
    weight /= 10;
  }
  return thousandths <= 1000 ? std::optional(static_cast<std::uint16_t>(thousandths)) : std::nullopt;
}

std::optional<std::uint16_t> quality(const ParamsView& params) noexcept {
  const auto q = params.find("q");
  return q ? parse_qvalue(*q) : 1000;
}

Reading<RetryAfterView> parse_retry_after(std::string_view text) noexcept {
  const auto item = parse_item(HeaderId::RetryAfter, text);
  if (!item) return item.failure<RetryAfterView>();
  return RetryAfterView{item->number().value_or(0), item->comment, item->number("duration")};
}

}  // namespace parley::sip
