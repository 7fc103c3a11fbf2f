// SPDX-License-Identifier: MIT
#include <parley/sip/usage/reason.hpp>

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/params.hpp>

namespace parley::sip {
namespace {

StatusCode status_of(std::string_view digits) {
  if (digits.size() != 3) return 0;
  StatusCode status = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return 0;
    status = static_cast<StatusCode>(status * 10 + (c - '0'));
  }
  return status >= 100 && status < 700 ? status : StatusCode{0};
}

}  // namespace

Reason reason_of(const MessageView& message) {
  Reason reason;
  bool found = false;
  message.for_each(HeaderId::Reason, [&](std::string_view value) {
    // Not parse_reason(): a cause counts also where its text lacks the quotes, and a text where its cause is no number.
    const auto protocol = value.substr(0, value.find_first_of("; \t"));
    const bool sip = grammar::equal_nocase(protocol, "SIP");
    if (found && (!sip || reason.status != 0)) return;
    const auto semicolon = value.find(';');
    const ParamsView params(semicolon == std::string_view::npos ? std::string_view{} : value.substr(semicolon));
    reason.status = sip ? status_of(params.find("cause").value_or("")) : StatusCode{0};
    reason.text = unquote(params.find("text").value_or(""));
    found = true;
  });
  return reason;
}

}  // namespace parley::sip
