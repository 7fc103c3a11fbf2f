// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/header_name.hpp>

#include <array>
#include <iterator>

/// The names of HeaderId, and where to look for them. Internal to the message layer.
namespace parley::sip::grammar {

/// In the order of HeaderId.
inline constexpr Name header_names[] = {
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
inline constexpr std::size_t header_name_count = std::size(header_names);
static_assert(header_name_count == static_cast<std::size_t>(HeaderId::WwwAuthenticate) + 1);

/// Names by length, first and last letter. The few that fall together are chained, each to the next.
struct NameIndex {
  std::array<HeaderId, 256> first{};
  std::array<HeaderId, header_name_count> next{};

  /// Upper and lower letters differ by 32, which the factors make a multiple of 256.
  static constexpr std::size_t place(std::string_view name) noexcept {
    const auto letter = [](char c) { return static_cast<std::size_t>(static_cast<unsigned char>(c)); };
    return (name.size() * 11 + letter(name.front()) * 32 + letter(name.back()) * 8) % 256;
  }
};

inline constexpr NameIndex name_index = [] {
  NameIndex index;
  for (std::size_t i = header_name_count - 1; i > 0; --i) {
    HeaderId& first = index.first[NameIndex::place(header_names[i].view())];
    index.next[i] = first;
    first = static_cast<HeaderId>(i);
  }
  return index;
}();

/// header_id() of most names that are not empty; Other: ask header_id(). No CR in it; before `wide` whole Octets may be read.
inline HeaderId likely_header_id(std::string_view name, const char* wide) noexcept {
  const HeaderId id = name_index.first[NameIndex::place(name)];
  return is_name(name, wide, header_names[static_cast<std::size_t>(id)]) ? id : HeaderId::Other;
}

}  // namespace parley::sip::grammar
