// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>

#include <cstdint>
#include <string_view>

namespace parley::sip {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // g++ 12 takes HeaderId::CallId for a second CallId; a scoped enumerator hides nothing

/// Header fields known by name (RFC 3261 s.20 and the extensions a user agent meets).
enum class HeaderId : std::uint8_t {
  Other,
  Accept,
  AcceptContact,
  AcceptEncoding,
  AcceptLanguage,
  AlertInfo,
  Allow,
  AllowEvents,
  AnswerMode,
  AuthenticationInfo,
  Authorization,
  CallId,
  CallInfo,
  Contact,
  ContentDisposition,
  ContentEncoding,
  ContentLanguage,
  ContentLength,
  ContentType,
  CSeq,
  Date,
  ErrorInfo,
  Event,
  Expires,
  FlowTimer,
  From,
  Geolocation,
  HistoryInfo,
  Identity,
  IdentityInfo,
  InReplyTo,
  InfoPackage,
  Join,
  MaxForwards,
  MimeVersion,
  MinExpires,
  MinSe,
  Organization,
  PAccessNetworkInfo,
  PAssertedIdentity,
  PAssociatedUri,
  PPreferredIdentity,
  Path,
  Priority,
  PrivAnswerMode,
  Privacy,
  ProxyAuthenticate,
  ProxyAuthorization,
  ProxyRequire,
  RAck,
  Reason,
  RecordRoute,
  RecvInfo,
  ReferSub,
  ReferTo,
  ReferredBy,
  RejectContact,
  Replaces,
  ReplyTo,
  RequestDisposition,
  Require,
  ResourcePriority,
  RetryAfter,
  Route,
  RSeq,
  SecurityClient,
  SecurityServer,
  SecurityVerify,
  Server,
  ServiceRoute,
  SessionExpires,
  SipEtag,
  SipIfMatch,
  Subject,
  SubscriptionState,
  Supported,
  TargetDialog,
  Timestamp,
  To,
  Unsupported,
  UserAgent,
  Via,
  Warning,
  WwwAuthenticate,
};

#pragma GCC diagnostic pop

/// Long form as printed in the RFCs ("Call-ID"); empty for Other. Static storage.
PARLEY_EXPORT std::string_view to_string(HeaderId id) noexcept;

/// Long and compact forms, any case (RFC 3261 s.7.3.1, s.7.3.3). Value function, no allocation.
PARLEY_EXPORT HeaderId header_id(std::string_view name) noexcept;

/// Whether commas part the elements of such a field (RFC 3261 s.7.3.1). Not so in challenges and credentials, dates, free text, and
/// where there is only one value.
PARLEY_EXPORT bool is_comma_list(HeaderId id) noexcept;

}  // namespace parley::sip
