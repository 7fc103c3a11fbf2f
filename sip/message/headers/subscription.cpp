// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/subscription.hpp>

#include <iterator>

namespace parley::sip {

namespace {

/// In the order of SubscriptionState.
constexpr std::string_view states[] = {"", "active", "pending", "terminated"};

}  // namespace

Reading<EventView> parse_event(std::string_view text) noexcept {
  const auto item = parse_item(HeaderId::Event, text);
  if (!item) return item.failure<EventView>();
  return EventView{item->value, item->params.find("id").value_or(std::string_view{})};
}

Reading<SubscriptionStateView> parse_subscription_state(std::string_view text) noexcept {
  const auto item = parse_item(HeaderId::SubscriptionState, text);
  if (!item) return item.failure<SubscriptionStateView>();
  SubscriptionStateView view;
  view.state_text = item->value;
  for (std::size_t i = 1; i < std::size(states); ++i) {
    if (item->is(states[i])) view.state = static_cast<SubscriptionState>(i);
  }
  view.reason = item->params.find("reason").value_or(std::string_view{});
  view.expires = item->number("expires");
  view.retry_after = item->number("retry-after");
  return view;
}

}  // namespace parley::sip
