// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace parley::sip {

/// Header fields known by name (RFC 3261 s.20 and the extensions a user agent meets).
enum class HeaderId : std::uint8_t {
  Other,
  Accept, AcceptEncoding, AcceptLanguage, AlertInfo, Allow, AllowEvents, AuthenticationInfo, Authorization,
  CallId, CallInfo, Contact, ContentDisposition, ContentEncoding, ContentLanguage, ContentLength, ContentType, CSeq,
  Date, ErrorInfo, Event, Expires, FlowTimer, From, Geolocation, HistoryInfo, Identity, InReplyTo, InfoPackage,
  MaxForwards, MimeVersion, MinExpires, MinSe, Organization,
  PAccessNetworkInfo, PAssertedIdentity, PAssociatedUri, PPreferredIdentity, Path, Priority, Privacy,
  ProxyAuthenticate, ProxyAuthorization, ProxyRequire, RAck, Reason, RecordRoute, RecvInfo, ReferSub, ReferTo,
  ReferredBy, Replaces, ReplyTo, Require, ResourcePriority, RetryAfter, Route, RSeq,
  SecurityClient, SecurityServer, SecurityVerify, Server, ServiceRoute, SessionExpires, SipEtag, SipIfMatch, Subject,
  SubscriptionState, Supported, TargetDialog, Timestamp, To, Unsupported, UserAgent, Via, Warning, WwwAuthenticate,
};

/// Long form as printed in the RFCs ("Call-ID"); empty for Other. Static storage.
std::string_view to_string(HeaderId id) noexcept;

/// Long and compact forms, any case (RFC 3261 s.7.3.1, s.7.3.3). Value function, no allocation.
HeaderId header_id(std::string_view name) noexcept;

}  // namespace parley::sip
