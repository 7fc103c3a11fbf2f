// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/reader.hpp>
#include <parley/sip/message/headers/warning.hpp>
#include <parley/sip/message/headers/writer.hpp>

#include <utility>

namespace parley::sip {

namespace grammar {

namespace {

/// warn-code SP warn-agent SP warn-text.
bool read_warning(Cursor& in, WarningView& out) noexcept {
  const entry::Span code = in.run(digit);
  if (code.end - code.begin != 3) return in.fail("warning code of three digits expected");
  for (const char c : in.text(code)) out.code = static_cast<std::uint16_t>(out.code * 10 + (c - '0'));
  in.skip_lws();
  out.agent = in.text(in.run(param_value));
  if (in.offset() == code.end || out.agent.empty()) return in.fail("warning agent expected");
  const std::uint16_t end_of_agent = in.offset();
  in.skip_lws();
  const std::uint16_t begin = in.offset();
  if (begin == end_of_agent || !in.at('"')) return in.fail("quoted text expected");
  if (!in.quoted_string()) return false;
  out.text = in.text({begin, in.offset()});
  in.skip_lws();
  return true;
}

}  // namespace

}  // namespace grammar

Reading<WarningView> parse_warning(std::string_view element) noexcept {
  return grammar::read_whole<WarningView>(element, grammar::read_warning);
}

Result<std::string> format_warning(std::uint16_t code, std::string_view agent, std::string_view text) {
  grammar::Writer out;
  out.require(code >= 300 && code <= 399, "warning codes are 300 to 399");
  out.require(grammar::all_of(agent, grammar::param_value), "warning agent is neither host nor token");
  out.number(code).text(" ").text(agent).text(" ").quoted(text);
  return std::move(out).finish();
}

Reading<ReasonView> parse_reason(std::string_view element) noexcept {
  const auto item = parse_item(HeaderId::Reason, element);
  if (!item) return item.failure<ReasonView>();
  ReasonView reason{item->value, std::nullopt, item->params.find("text").value_or(std::string_view{})};
  if (const auto cause = item->params.find("cause")) {
    const auto number = item->number("cause");
    if (!number || *number > 0xFFFF) return {"cause is no number", static_cast<std::uint32_t>(cause->data() - element.data())};
    reason.cause = static_cast<std::uint16_t>(*number);
  }
  return reason;
}

Result<std::string> format_reason(std::string_view protocol, std::uint16_t cause, std::string_view text) {
  grammar::Writer out;
  out.token(protocol, "protocol of a reason is no token").text(";cause=").number(cause);
  if (!text.empty()) out.text(";text=").quoted(text);
  return std::move(out).finish();
}

}  // namespace parley::sip
