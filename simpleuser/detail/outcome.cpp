// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/outcome.hpp>

#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/header_values.hpp>
#include <parley/sip/message/params.hpp>

namespace parley::detail {
namespace {

Cause::Kind to_kind(sip::EndCause::Kind kind) {
  switch (kind) {
    case sip::EndCause::Kind::LocalHangup: return Cause::Kind::LocalHangup;
    case sip::EndCause::Kind::RemoteHangup: return Cause::Kind::RemoteHangup;
    case sip::EndCause::Kind::Cancelled: return Cause::Kind::Cancelled;
    case sip::EndCause::Kind::Rejected: return Cause::Kind::Rejected;
    case sip::EndCause::Kind::NoAnswer: return Cause::Kind::NoAnswer;
    case sip::EndCause::Kind::ConnectionLost: return Cause::Kind::ConnectionLost;
    case sip::EndCause::Kind::Gone: return Cause::Kind::Gone;
    case sip::EndCause::Kind::Failed: return Cause::Kind::Failed;
  }
  return Cause::Kind::Failed;
}

Errc to_code(Cause::Kind kind) {
  switch (kind) {
    case Cause::Kind::LocalHangup:
    case Cause::Kind::Cancelled: return Errc::Cancelled;
    case Cause::Kind::RemoteHangup:
    case Cause::Kind::Rejected:
    case Cause::Kind::Gone: return Errc::Declined;
    case Cause::Kind::NoAnswer: return Errc::NoAnswer;
    case Cause::Kind::ConnectionLost: return Errc::ConnectionLost;
    case Cause::Kind::MediaFailed: return Errc::MediaFailed;
    case Cause::Kind::Failed: return Errc::ProtocolViolation;
  }
  return Errc::ProtocolViolation;
}

}  // namespace

Cause to_cause(const sip::EndCause& end) {
  Cause cause{.kind = to_kind(end.kind), .status = end.status, .reason = end.reason, .details = end.details};
  if (cause.reason.empty() && cause.status != 0) cause.reason = std::string(sip::reason_phrase(cause.status));
  return cause;
}

Error to_error(const sip::MessageView& refusal) {
  Error error{.code = Errc::Declined, .status = refusal.status(), .detail = std::string(refusal.reason())};
  for (const std::string& value : sip::failure_details(refusal).warnings) {
    if (const auto warning = sip::parse_warning(value)) error.detail.append("; ").append(sip::unquote(warning->text));
  }
  return error;
}

Error to_error(const Cause& cause) { return Error{.code = to_code(cause.kind), .status = cause.status, .detail = cause.reason}; }

}  // namespace parley::detail
