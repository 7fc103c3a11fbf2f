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

/// Names of one bucket share length, first and last letter, up to a few collisions: a look-up compares one or two of them.
constexpr std::size_t bucket_count = 256;

constexpr std::size_t bucket_of(std::string_view name) noexcept {
  const std::size_t first =
      static_cast<unsigned char>(name.front()) | 0x20U;  // letters lose their case, and all else need not be told apart
  const std::size_t last = static_cast<unsigned char>(name.back()) | 0x20U;
  return (name.size() * 37 + first * 11 + last * 5) % bucket_count;
}

struct Buckets {
  std::array<std::uint8_t, bucket_count + 1> begin{};
  std::array<HeaderId, name_count> order{};
};

constexpr Buckets buckets = [] {
  Buckets made;
  std::size_t used = 0;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    made.begin[bucket] = static_cast<std::uint8_t>(used);
    for (std::size_t i = 1; i < name_count; ++i) {
      if (bucket_of(names[i]) == bucket) made.order[used++] = static_cast<HeaderId>(i);
    }
  }
  made.begin[bucket_count] = static_cast<std::uint8_t>(used);
  return made;
}();

}  // namespace

std::string_view to_string(HeaderId id) noexcept { return names[static_cast<std::size_t>(id)]; }

bool is_comma_list(HeaderId id) noexcept {
  switch (id) {
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
    case HeaderId::From:
    case HeaderId::Identity:
    case HeaderId::MaxForwards:
    case HeaderId::MimeVersion:
    case HeaderId::MinExpires:
    case HeaderId::MinSe:
    case HeaderId::Organization:
    case HeaderId::Priority:
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
  if (name.empty()) return HeaderId::Other;
  if (name.size() == 1) {
    const char letter = grammar::lower(name.front());
    return letter >= 'a' && letter <= 'z' ? compact_forms[static_cast<std::size_t>(letter - 'a')] : HeaderId::Other;
  }
  const std::size_t bucket = bucket_of(name);
  for (std::size_t i = buckets.begin[bucket]; i < buckets.begin[bucket + 1]; ++i) {
    const HeaderId id = buckets.order[i];
    if (grammar::equal_nocase(name, names[static_cast<std::size_t>(id)])) return id;
  }
  return HeaderId::Other;
}

}  // namespace parley::sip
