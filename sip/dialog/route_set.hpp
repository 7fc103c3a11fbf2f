// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/message/message.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace parley::sip {

/// A value of Route, Record-Route or Service-Route: its URI stands in <>, for outside of them "lr" would be the header's and not the
/// URI's (RFC 3261 s.20.30, s.20.34; RFC 3608 s.5).
PARLEY_EXPORT bool is_route(const NameAddrView& address) noexcept;

/// The way of a request: URIs of the proxies to be visited, with all their parameters (RFC 3261 s.12.1, s.8.1.1.1).
/// Kept as the one Route value that it becomes on the wire. Value type.
class PARLEY_EXPORT RouteSet {
 public:
  /// How Record-Route is read: the UAS in order, the UAC in reverse (RFC 3261 s.12.1.1, s.12.1.2).
  enum class Order : std::uint8_t { AsWritten, Reversed };

  /// Request-URI and Route of a request that takes this way.
  struct Aim {
    std::string request_uri;
    std::string route;  ///< value of the Route header; empty: none
  };

  RouteSet() = default;
  static RouteSet from_record_route(const MessageView& message, Order order);
  /// Ready before there is a dialog: the outbound proxy's URI first (may be empty), then the Service-Route (RFC 3608 s.6.1), whose
  /// elements have been read: each is_route().
  static RouteSet preloaded(std::string_view outbound_proxy, const std::vector<std::string>& service_route);

  bool empty() const noexcept { return value_.empty(); }
  const std::string& text() const noexcept { return value_; }

  /// Loose: the target is the Request-URI. First hop without lr: strict routing, it becomes the Request-URI and the target
  /// goes to the end of Route (RFC 3261 s.12.2.1.1).
  Aim aim(std::string_view target) const;

 private:
  std::string value_;  ///< name-addrs joined by ", "
};

/// `uri` without what may not stand in a Request-URI: headers and the method parameter (RFC 3261 s.19.1.1, table 1).
PARLEY_EXPORT std::string as_request_uri(const UriView& uri);

}  // namespace parley::sip
