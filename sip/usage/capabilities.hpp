// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/ids.hpp>

#include <string_view>

/// What this user agent can do, as it stands in its headers (RFC 3261 s.11.2, s.20).
namespace parley::sip::capabilities {

inline constexpr std::string_view allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, INFO";
inline constexpr std::string_view supported = "gruu";                 ///< of INVITE, 2xx, OPTIONS
inline constexpr std::string_view supported_register = "path, gruu";  ///< RFC 3327 s.5.1, RFC 5627 s.4.1
inline constexpr std::string_view session_type = "application/sdp";
inline constexpr std::string_view dtmf_types = "application/dtmf-relay, application/dtmf";
inline constexpr std::string_view content_encoding = "identity";
inline constexpr std::string_view language = "en";

/// Methods that allow names: others get 405.
constexpr bool allows(Method method) noexcept {
  switch (method) {
    case Method::Invite:
    case Method::Ack:
    case Method::Cancel:
    case Method::Bye:
    case Method::Options:
    case Method::Message:
    case Method::Info: return true;
    default: return false;
  }
}

/// Requests that carry our Contact because the peer shall reach us by it (RFC 3261 s.8.1.1.8, s.12.2.1.1).
constexpr bool has_contact(Method method) noexcept {
  switch (method) {
    case Method::Invite:
    case Method::Update:
    case Method::Subscribe:
    case Method::Notify:
    case Method::Refer: return true;
    default: return false;
  }
}

}  // namespace parley::sip::capabilities
