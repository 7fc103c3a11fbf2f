// SPDX-License-Identifier: MIT
#include <parley/sip/message/header_name.hpp>
#include <parley/sip/message/name_table.hpp>

#include <array>

namespace parley::sip {

namespace {

constexpr std::array<HeaderId, 26> compact_forms = [] {
  std::array<HeaderId, 26> table{};
  const auto set = [&table](char letter, HeaderId id) { table[static_cast<std::size_t>(letter - 'a')] = id; };
  set('a', HeaderId::AcceptContact);
  set('b', HeaderId::ReferredBy);
  set('c', HeaderId::ContentType);
  set('d', HeaderId::RequestDisposition);
  set('e', HeaderId::ContentEncoding);
  set('f', HeaderId::From);
  set('i', HeaderId::CallId);
  set('j', HeaderId::RejectContact);
  set('k', HeaderId::Supported);
  set('l', HeaderId::ContentLength);
  set('m', HeaderId::Contact);
  set('n', HeaderId::IdentityInfo);
  set('o', HeaderId::Event);
  set('r', HeaderId::ReferTo);
  set('s', HeaderId::Subject);
  set('t', HeaderId::To);
  set('u', HeaderId::AllowEvents);
  set('v', HeaderId::Via);
  set('x', HeaderId::SessionExpires);
  set('y', HeaderId::Identity);
  return table;
}();

HeaderId compact_form(char letter) noexcept {
  letter = grammar::lower(letter);
  return letter >= 'a' && letter <= 'z' ? compact_forms[static_cast<std::size_t>(letter - 'a')] : HeaderId::Other;
}

}  // namespace

std::string_view to_string(HeaderId id) noexcept { return grammar::header_names[static_cast<std::size_t>(id)].view(); }

bool is_comma_list(HeaderId id) noexcept {
  switch (id) {
    case HeaderId::AnswerMode:
    case HeaderId::AuthenticationInfo:
    case HeaderId::Authorization:
    case HeaderId::ProxyAuthenticate:
    case HeaderId::ProxyAuthorization:
    case HeaderId::WwwAuthenticate:
    case HeaderId::CallId:
    case HeaderId::ContentDisposition:
    case HeaderId::ContentLength:
    case HeaderId::ContentType:
    case HeaderId::CSeq:
    case HeaderId::Date:
    case HeaderId::Event:
    case HeaderId::Expires:
    case HeaderId::FlowTimer:
    case HeaderId::From:
    case HeaderId::Identity:
    case HeaderId::IdentityInfo:
    case HeaderId::InfoPackage:
    case HeaderId::Join:
    case HeaderId::MaxForwards:
    case HeaderId::MimeVersion:
    case HeaderId::MinExpires:
    case HeaderId::MinSe:
    case HeaderId::Organization:
    case HeaderId::Priority:
    case HeaderId::PrivAnswerMode:
    case HeaderId::Privacy:
    case HeaderId::RAck:
    case HeaderId::ReferSub:
    case HeaderId::ReferTo:
    case HeaderId::ReferredBy:
    case HeaderId::Replaces:
    case HeaderId::ReplyTo:
    case HeaderId::RetryAfter:
    case HeaderId::RSeq:
    case HeaderId::Server:
    case HeaderId::SessionExpires:
    case HeaderId::SipEtag:
    case HeaderId::SipIfMatch:
    case HeaderId::Subject:
    case HeaderId::SubscriptionState:
    case HeaderId::TargetDialog:
    case HeaderId::Timestamp:
    case HeaderId::To:
    case HeaderId::UserAgent: return false;
    default: return true;
  }
}

HeaderId header_id(std::string_view name) noexcept {
  if (name.size() < 2) return name.empty() ? HeaderId::Other : compact_form(name.front());
  HeaderId id = grammar::name_index.first[grammar::NameIndex::place(name)];
  const auto is_other = [name](const grammar::Name& known) { return name.size() != known.size || !grammar::ends_as_name(name, known, 0); };
  while (id != HeaderId::Other && is_other(grammar::header_names[static_cast<std::size_t>(id)]))
    id = grammar::name_index.next[static_cast<std::size_t>(id)];
  return id;
}

}  // namespace parley::sip
