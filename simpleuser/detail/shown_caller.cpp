// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/shown_caller.hpp>

#include <string>
#include <utility>

namespace parley::detail {
namespace {

struct Name {
  std::string uri;
  std::string display;
};

/// Who does not want to be named is shown as one who hid by himself (RFC 3323 s.4.1.1.3), whatever From says: an application that does not
/// ask for `withheld` must not give a name away.
Name name_of(const sip::ShownCaller& shown) {
  if (shown.withheld) return {"sip:anonymous@anonymous.invalid", "Anonymous"};
  return {std::string(shown.address.uri.text), shown.address.display_text()};
}

}  // namespace

Caller caller_of(const sip::MessageView& invite, sip::NextHop from) {
  const sip::ShownCaller shown = sip::caller_to_show(invite, from);
  Name name = name_of(shown);
  return Caller{.uri = std::move(name.uri),
                .display_name = std::move(name.display),
                .has_offer = !invite.body().empty(),
                .request_uri = std::string(invite.request_uri().text),
                .to = std::string(invite.to().uri.text),
                .asserted = shown.asserted,
                .withheld = shown.withheld,
                .from = std::string(invite.from().uri.text)};
}

MessageInfo message_info_of(const sip::MessageView& message, sip::NextHop from) {
  const sip::ShownCaller shown = sip::caller_to_show(message, from);
  Name name = name_of(shown);
  const auto type = message.content_type();
  return MessageInfo{.from = std::move(name.uri),
                     .display_name = std::move(name.display),
                     .content_type = type ? std::string(type->text) : std::string(),
                     .asserted = shown.asserted,
                     .withheld = shown.withheld};
}

}  // namespace parley::detail
