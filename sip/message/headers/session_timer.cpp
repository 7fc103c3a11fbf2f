// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/session_timer.hpp>

namespace parley::sip {

Reading<SessionExpiresView> parse_session_expires(std::string_view text) noexcept {
  const auto item = parse_item(HeaderId::SessionExpires, text);
  if (!item) return item.failure<SessionExpiresView>();
  SessionExpiresView timer{item->number().value_or(0), Refresher::Unsaid};
  const auto refresher = item->params.find("refresher").value_or(std::string_view{});
  if (grammar::equal_nocase(refresher, "uac")) timer.refresher = Refresher::Uac;
  if (grammar::equal_nocase(refresher, "uas")) timer.refresher = Refresher::Uas;
  return timer;
}

}  // namespace parley::sip
