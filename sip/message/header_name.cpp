// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/header_name.hpp>

#include <array>

namespace parley::sip {

namespace {

/// In the order of HeaderId.
constexpr std::string_view names[] = {
    "",
    "Accept",
    "Accept-Contact",
    "Accept-Encoding",
    "Accept-Language",
    "Alert-Info",
    "Allow",
    "Allow-Events",
    "Answer-Mode",
    "Authentication-Info",
    "Authorization",
    "Call-ID",
    "Call-Info",
    "Contact",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "CSeq",
    "Date",
    "Error-Info",
    "Event",
    "Expires",
    "Flow-Timer",
    "From",
    "Geolocation",
    "History-Info",
    "Identity",
    "Identity-Info",
    "In-Reply-To",
    "Info-Package",
    "Join",
    "Max-Forwards",
    "MIME-Version",
    "Min-Expires",
    "Min-SE",
    "Organization",
    "P-Access-Network-Info",
    "P-Asserted-Identity",
    "P-Associated-URI",
    "P-Preferred-Identity",
    "Path",
    "Priority",
    "Priv-Answer-Mode",
    "Privacy",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Require",
    "RAck",
    "Reason",
    "Record-Route",
    "Recv-Info",
    "Refer-Sub",
    "Refer-To",
    "Referred-By",
    "Reject-Contact",
    "Replaces",
    "Reply-To",
    "Request-Disposition",
    "Require",
    "Resource-Priority",
    "Retry-After",
    "Route",
    "RSeq",
    "Security-Client",
    "Security-Server",
    "Security-Verify",
    "Server",
    "Service-Route",
    "Session-Expires",
    "SIP-ETag",
    "SIP-If-Match",
    "Subject",
    "Subscription-State",
    "Supported",
    "Target-Dialog",
    "Timestamp",
    "To",
    "Unsupported",
    "User-Agent",
    "Via",
    "Warning",
    "WWW-Authenticate",
};
constexpr std::size_t name_count = std::size(names);
static_assert(name_count == static_cast<std::size_t>(HeaderId::WwwAuthenticate) + 1);

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

/// Names by length, first and last letter. The few that fall together are chained, each to the next.
struct NameIndex {
  std::array<HeaderId, 256> first{};
  std::array<HeaderId, name_count> next{};

  static constexpr std::size_t place(std::string_view name) noexcept {
    const auto letter = [](char c) { return static_cast<unsigned char>(c) | 0x20U; };  // of either case
    return (name.size() * 3 + letter(name.front()) * 5 + letter(name.back()) * 8) % 256;
  }
};

constexpr NameIndex name_index = [] {
  NameIndex index;
  for (std::size_t i = name_count - 1; i > 0; --i) {
    HeaderId& first = index.first[NameIndex::place(names[i])];
    index.next[i] = first;
    first = static_cast<HeaderId>(i);
  }
  return index;
}();

[[gnu::noinline]] HeaderId next_of_chain(HeaderId id, std::string_view name) noexcept {
  do {
    id = name_index.next[static_cast<std::size_t>(id)];
  } while (id != HeaderId::Other && !grammar::is_name(name, names[static_cast<std::size_t>(id)]));
  return id;
}

}  // namespace

std::string_view to_string(HeaderId id) noexcept { return names[static_cast<std::size_t>(id)]; }

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
  const HeaderId id = name_index.first[NameIndex::place(name)];
  return id == HeaderId::Other || grammar::is_name(name, names[static_cast<std::size_t>(id)]) ? id : next_of_chain(id, name);
}

}  // namespace parley::sip
