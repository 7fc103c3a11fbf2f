// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>

#include <string_view>

namespace parley::sip {

/// What names a dialog (RFC 3261 s.12): Call-ID and both tags, seen from our side. An empty tag is the null tag of RFC 2543 peers.
/// Lives as long as the bytes it was read from. Value type.
struct DialogIdView {
  std::string_view call_id;
  std::string_view local_tag;
  std::string_view remote_tag;

  friend bool operator==(const DialogIdView&, const DialogIdView&) = default;
};

/// Of a request that we received: To is ours, From is the peer's.
inline DialogIdView dialog_id_of_request(const MessageView& request) noexcept {
  return {request.call_id(), request.to_tag(), request.from_tag()};
}

/// Of a response to a request of ours: From is ours, To is the peer's.
inline DialogIdView dialog_id_of_response(const MessageView& response) noexcept {
  return {response.call_id(), response.from_tag(), response.to_tag()};
}

}  // namespace parley::sip
