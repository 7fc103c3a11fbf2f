// SPDX-License-Identifier: MIT
#include <parley/sip/core/ids.hpp>

namespace parley::sip {

std::string_view to_string(Method method) noexcept {
  switch (method) {
    case Method::Other: return "";
    case Method::Invite: return "INVITE";
    case Method::Ack: return "ACK";
    case Method::Bye: return "BYE";
    case Method::Cancel: return "CANCEL";
    case Method::Options: return "OPTIONS";
    case Method::Register: return "REGISTER";
    case Method::Message: return "MESSAGE";
    case Method::Info: return "INFO";
    case Method::Update: return "UPDATE";
    case Method::Prack: return "PRACK";
    case Method::Refer: return "REFER";
    case Method::Subscribe: return "SUBSCRIBE";
    case Method::Notify: return "NOTIFY";
    case Method::Publish: return "PUBLISH";
  }
  return "";
}

Method method_from_text(std::string_view text) noexcept {
  if (text.empty()) return Method::Other;
  const auto if_text_is = [text](Method method) { return text == to_string(method) ? method : Method::Other; };
  switch (text.front()) {
    case 'A': return if_text_is(Method::Ack);
    case 'B': return if_text_is(Method::Bye);
    case 'C': return if_text_is(Method::Cancel);
    case 'I': return if_text_is(text.size() == 4 ? Method::Info : Method::Invite);
    case 'M': return if_text_is(Method::Message);
    case 'N': return if_text_is(Method::Notify);
    case 'O': return if_text_is(Method::Options);
    case 'P': return if_text_is(text.size() == 5 ? Method::Prack : Method::Publish);
    case 'R': return if_text_is(text.size() == 5 ? Method::Refer : Method::Register);
    case 'S': return if_text_is(Method::Subscribe);
    case 'U': return if_text_is(Method::Update);
    default: return Method::Other;
  }
}

}  // namespace parley::sip
