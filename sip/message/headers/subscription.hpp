// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/headers/reading.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// Event and Subscription-State (RFC 6665 s.8.2, s.8.4). Allow-Events is a list of tokens: parse_item().
/// format_item() writes them.
namespace parley::sip {

struct EventView {
  std::string_view package;  ///< with its templates: "presence.winfo"
  std::string_view id;       ///< empty: none
};
PARLEY_EXPORT Reading<EventView> parse_event(std::string_view text) noexcept;

enum class SubscriptionState : std::uint8_t { Other, Active, Pending, Terminated };

struct SubscriptionStateView {
  SubscriptionState state = SubscriptionState::Other;
  std::string_view state_text;
  std::string_view reason;  ///< "deactivated", "rejected", ...; empty: none
  std::optional<std::uint32_t> expires;
  std::optional<std::uint32_t> retry_after;
};
PARLEY_EXPORT Reading<SubscriptionStateView> parse_subscription_state(std::string_view text) noexcept;

}  // namespace parley::sip
