// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace parley::detail {

/// A SIP message as it may be shown: the responses of Authorization and Proxy-Authorization and SDES keys (a=crypto, RFC 4568) are
/// replaced by "***" (N06). Value function, pure; works on anything, also on what is no message.
std::string mask_secrets(std::string_view message);

}  // namespace parley::detail
