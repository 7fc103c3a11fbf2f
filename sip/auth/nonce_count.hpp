// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace parley::sip::auth {

/// nc: eight hexadecimal digits (RFC 7616 s.3.4). Internal to sip/auth.
std::string nonce_count_text(std::uint32_t count);

}  // namespace parley::sip::auth
