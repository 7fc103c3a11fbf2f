// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/shape.hpp>

#include <array>
#include <initializer_list>

namespace parley::sip {

namespace {

using Id = HeaderId;
using Shape = HeaderShape;

/// By HeaderId; what is not named here is text.
constexpr auto shapes = [] {
  std::array<Shape, static_cast<std::size_t>(Id::WwwAuthenticate) + 1> table{};
  const auto set = [&table](Shape shape, std::initializer_list<Id> ids) {
    for (const Id id : ids) table[static_cast<std::size_t>(id)] = shape;
  };
  set(Shape::Token, {Id::AcceptContact,
                     Id::AcceptEncoding,
                     Id::AcceptLanguage,
                     Id::Allow,
                     Id::AllowEvents,
                     Id::AnswerMode,
                     Id::ContentEncoding,
                     Id::ContentDisposition,
                     Id::ContentLanguage,
                     Id::Event,
                     Id::InfoPackage,
                     Id::MimeVersion,
                     Id::Priority,
                     Id::PrivAnswerMode,
                     Id::Privacy,
                     Id::ProxyRequire,
                     Id::Reason,
                     Id::RecvInfo,
                     Id::ReferSub,
                     Id::RejectContact,
                     Id::RequestDisposition,
                     Id::Require,
                     Id::SecurityClient,
                     Id::SecurityServer,
                     Id::SecurityVerify,
                     Id::SipEtag,
                     Id::SipIfMatch,
                     Id::ResourcePriority,
                     Id::Supported,
                     Id::Unsupported,
                     Id::SubscriptionState,
                     Id::PAccessNetworkInfo});
  set(Shape::Callid, {Id::CallId, Id::InReplyTo, Id::Join, Id::Replaces, Id::TargetDialog});
  set(Shape::Number, {Id::ContentLength, Id::Expires, Id::FlowTimer, Id::MaxForwards, Id::MinExpires, Id::MinSe, Id::RetryAfter, Id::RSeq,
                      Id::SessionExpires});
  set(Shape::MediaRange, {Id::Accept, Id::ContentType});
  set(Shape::NameAddr, {Id::AlertInfo, Id::CallInfo, Id::Contact, Id::ErrorInfo, Id::From, Id::Geolocation, Id::HistoryInfo,
                        Id::IdentityInfo, Id::PAssertedIdentity, Id::Path, Id::ReferTo, Id::PAssociatedUri, Id::PPreferredIdentity,
                        Id::RecordRoute, Id::ReferredBy, Id::ReplyTo, Id::Route, Id::ServiceRoute, Id::To});
  set(Shape::Via, {Id::Via});
  set(Shape::CSeq, {Id::CSeq});
  set(Shape::RAck, {Id::RAck});
  set(Shape::Date, {Id::Date});
  set(Shape::Timestamp, {Id::Timestamp});
  set(Shape::Warning, {Id::Warning});
  set(Shape::Identity, {Id::Identity});
  set(Shape::NamedValues, {Id::AuthenticationInfo});
  set(Shape::Challenge, {Id::ProxyAuthenticate, Id::WwwAuthenticate});
  set(Shape::Credentials, {Id::Authorization, Id::ProxyAuthorization});
  return table;
}();

}  // namespace

HeaderShape header_shape(HeaderId id) noexcept { return shapes[static_cast<std::size_t>(id)]; }

}  // namespace parley::sip
