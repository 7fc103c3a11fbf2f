// SPDX-License-Identifier: MIT
#include <parley/sip/core/tokens.hpp>
#include <parley/sip/message/via.hpp>

#include <algorithm>
#include <array>

namespace parley::sip {

std::string random_token(Crypto& crypto, std::size_t octets) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";  // 5 bits a letter: no bias, no case to get lost
  constexpr std::size_t least = 8;
  constexpr std::size_t most = 64;
  std::array<std::uint8_t, most> chance{};
  const std::size_t length = (std::clamp(octets, least, most) * 8 + 4) / 5;
  std::string token;
  token.reserve(length);
  while (token.size() < length) {
    const std::size_t count = std::min(length - token.size(), most);
    crypto.random(std::span(chance).first(count));
    for (std::size_t i = 0; i < count; ++i) token += letters[chance[i] & 31];
  }
  return token;
}

Branch make_branch(Crypto& crypto) { return Branch(std::string(branch_cookie) + random_token(crypto)); }

Tag make_tag(Crypto& crypto) { return Tag(random_token(crypto)); }

CallId make_call_id(Crypto& crypto) { return CallId(random_token(crypto, 16)); }

}  // namespace parley::sip
