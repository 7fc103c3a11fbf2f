// SPDX-License-Identifier: MIT
#include <parley/sip/core/error.hpp>
#include <parley/sip/core/result.hpp>

#include <cstdlib>

namespace parley {

void end_process_on_bad_access() noexcept { std::abort(); }

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::BadSyntax: return "malformed text";
    case Errc::TooLong: return "too long";
    case Errc::BadValue: return "bad value";
    case Errc::NotConnected: return "not connected";
    case Errc::NotRegistered: return "not registered";
    case Errc::NoSession: return "no call";
    case Errc::SessionExists: return "there is a call already";
    case Errc::WrongState: return "not possible in this state";
    case Errc::Busy: return "another operation is in flight";
    case Errc::Cancelled: return "cancelled";
    case Errc::Declined: return "refused";
    case Errc::Timeout: return "timed out";
    case Errc::NoAnswer: return "no answer";
    case Errc::Unauthorized: return "not authorized";
    case Errc::Unresolved: return "host name not resolved";
    case Errc::Refused: return "connection refused";
    case Errc::TlsFailed: return "TLS failed";
    case Errc::ConnectionLost: return "connection lost";
    case Errc::ProtocolViolation: return "protocol violated by the peer";
    case Errc::MediaFailed: return "media failed";
    case Errc::MediaRejected: return "media not acceptable";
    case Errc::NotSupported: return "not supported";
    case Errc::OutOfMemory: return "out of memory";
    case Errc::Destroyed: return "destroyed";
    case Errc::WouldDeadlock: return "waiting here would wait for ever";
  }
  return "unknown error";
}

std::string Error::text() const {
  std::string text;
  const auto append = [&text](std::string_view words) {
    if (words.empty()) return;
    if (!text.empty()) text += ": ";
    text += words;
  };
  if (status != 0) {  // "486 Busy Here" says more than "refused"
    text = std::to_string(status);
    if (!detail.empty()) text += ' ';
    text += detail;
    if (reason != nullptr) append(reason);
    return text;
  }
  append(reason != nullptr ? std::string_view(reason) : to_string(code));
  append(detail);
  return text;
}

}  // namespace parley
