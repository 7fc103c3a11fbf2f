// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>
#include <parley/sip/user_agent.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sip {

/// What is different when a request goes out once more. Value type.
struct Amendment {
  std::optional<std::string> target;  ///< another Request-URI
  std::vector<std::string> without;   ///< option tags that leave Require, Proxy-Require and Supported
  std::optional<Body> body;           ///< another body; without a type: none
};

/// What a refusal objects to, left out where that is possible (RFC 3261 s.8.1.3.5; D09): a body that is too large or of a type that is not
/// taken (413, 415), the tel URI (416: a sip URI at `home` in its place), the extensions (420). nullopt: nothing can be done.
/// @param alternatives  the body in other types, best first.
/// @param home  host and port of our domain.
std::optional<Amendment> amend(const MessageView& request, const MessageView& response, const std::vector<Body>& alternatives,
                               std::string_view home);

}  // namespace parley::sip
