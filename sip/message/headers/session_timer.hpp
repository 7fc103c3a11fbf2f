// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/headers/reading.hpp>

#include <cstdint>
#include <string_view>

/// Session-Expires (RFC 4028 s.4). Min-SE is a number: parse_item(), delta_seconds(). format_item() writes both.
namespace parley::sip {

enum class Refresher : std::uint8_t { Unsaid, Uac, Uas };

struct SessionExpiresView {
  std::uint32_t seconds = 0;
  Refresher refresher = Refresher::Unsaid;
};
PARLEY_EXPORT Reading<SessionExpiresView> parse_session_expires(std::string_view text) noexcept;

}  // namespace parley::sip
