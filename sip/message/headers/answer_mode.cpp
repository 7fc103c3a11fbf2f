// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/headers/answer_mode.hpp>
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/number.hpp>

namespace parley::sip {

namespace {

using Mode = AnswerWish::Mode;

/// Where one says nothing of use, the wish stays as it was.
void read_mode(const MessageView& invite, HeaderId id, AnswerWish& wish) noexcept {
  const auto item = first_item(invite, id);
  if (!item) return;
  Mode mode = Mode::Unsaid;
  if (item->is("Auto")) mode = Mode::Automatic;
  if (item->is("Manual")) mode = Mode::Manual;
  if (mode != Mode::Unsaid) wish = {mode, item->params.has("require"), id == HeaderId::PrivAnswerMode, std::nullopt};
}

/// `<...>;answer-after=0`, `<...>;info=alert-autoanswer;delay=0`.
void read_old_form(const MessageView& invite, HeaderId id, AnswerWish& wish) noexcept {
  for (Elements elements(invite, id); const auto element = elements.next();) {
    const auto info = parse_name_addr(*element);
    if (!info || wish.mode != Mode::Unsaid) continue;
    const auto after = info->params.find("answer-after");
    const bool alert = grammar::equal_nocase(info->params.find("info").value_or(std::string_view{}), "alert-autoanswer");
    if (!after && !alert) continue;
    const auto delay = after ? after : info->params.find("delay");
    wish = {Mode::Automatic, false, true, parse_delta_seconds(delay.value_or(std::string_view{}))};
  }
}

}  // namespace

AnswerWish answer_wish(const MessageView& invite) noexcept {
  AnswerWish wish;
  read_mode(invite, HeaderId::AnswerMode, wish);
  read_mode(invite, HeaderId::PrivAnswerMode, wish);
  read_old_form(invite, HeaderId::CallInfo, wish);
  read_old_form(invite, HeaderId::AlertInfo, wish);
  return wish;
}

}  // namespace parley::sip
