// SPDX-License-Identifier: MIT
#include <parley/sip/core/ids.hpp>

namespace parley::sip {

namespace {

/// Inline, so that a comparison with one of them is one of a few octets.
constexpr std::string_view name_of(Method method) noexcept {
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

template <Method... methods>
Method one_of(std::string_view text) noexcept {
  Method found = Method::Other;
  ((found = text == name_of(methods) ? methods : found), ...);
  return found;
}

}  // namespace

std::string_view to_string(Method method) noexcept { return name_of(method); }

Method method_from_text(std::string_view text) noexcept {
  if (text.empty()) return Method::Other;
  switch (text.front()) {
    case 'A': return one_of<Method::Ack>(text);
    case 'B': return one_of<Method::Bye>(text);
    case 'C': return one_of<Method::Cancel>(text);
    case 'I': return one_of<Method::Invite, Method::Info>(text);
    case 'M': return one_of<Method::Message>(text);
    case 'N': return one_of<Method::Notify>(text);
    case 'O': return one_of<Method::Options>(text);
    case 'P': return one_of<Method::Prack, Method::Publish>(text);
    case 'R': return one_of<Method::Register, Method::Refer>(text);
    case 'S': return one_of<Method::Subscribe>(text);
    case 'U': return one_of<Method::Update>(text);
    default: return Method::Other;
  }
}

}  // namespace parley::sip
