// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/transport.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::sip {

class LocalParty;

/// Why a request is not served, and what its answer says beside the status. Value type.
struct Refusal {
  StatusCode status = 0;
  std::vector<std::pair<HeaderId, std::string>> headers;
};

/// The inspections of RFC 3261 s.8.2, each by itself and without state; nullopt: nothing to refuse.
namespace uas {

/// The sender lets us leave the body out: Content-Disposition with handling=optional (s.20.11).
bool is_optional_body(const MessageView& message);

/// s.8.2.1: 405 with Allow for every method that is not served. What names a usage that does not exist (PRACK, NOTIFY) is 481
/// (RFC 3262 s.3, RFC 6665 s.4.1.3).
std::optional<Refusal> check_method(const MessageView& request);
/// s.8.2.2.1: 416 scheme, 480 sips over an insecure flow (RFC 5630 s.5.2), 404 user. Only outside of dialogs.
std::optional<Refusal> check_request_uri(const MessageView& request, const LocalParty& self, bool accept_any_user, Secure secure);
/// s.8.2.2.3: 420 with Unsupported. What the application needs itself (check_extensions()) it understands.
std::optional<Refusal> check_require(const MessageView& request, const std::vector<std::string>& needed);
/// s.21.4.16: 421 with Require where an INVITE's sender does not list what we need.
std::optional<Refusal> check_extensions(const MessageView& request, const std::vector<std::string>& needed);
/// 481 to an INVITE with Replaces: we replace nothing, so it names no dialog of ours that could be (RFC 3891 s.3; SEC-66, SEC-76).
std::optional<Refusal> check_replaces(const MessageView& request);
/// s.8.2.3, s.13.3.1: 415 with Accept or Accept-Encoding, 406. Methods whose bodies mean nothing to us are not looked at.
std::optional<Refusal> check_content(const MessageView& request, const std::vector<std::string>& message_types);

}  // namespace uas
}  // namespace parley::sip
