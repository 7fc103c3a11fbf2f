// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/ids.hpp>
#include <parley/sip/crypto.hpp>

#include <string>

namespace parley::sip {

/// Random text of `octets` octets of chance (at least 8: C01, N10), in letters and digits that are legal in any token.
PARLEY_EXPORT std::string random_token(Crypto& crypto, std::size_t octets = 12);

PARLEY_EXPORT Branch make_branch(Crypto& crypto);  ///< with the cookie
PARLEY_EXPORT Tag make_tag(Crypto& crypto);
PARLEY_EXPORT CallId make_call_id(Crypto& crypto);

}  // namespace parley::sip
