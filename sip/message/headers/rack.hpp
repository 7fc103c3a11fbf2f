// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/headers/reading.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// RAck: which reliable provisional response a PRACK acknowledges (RFC 3262 s.7.2). RSeq is a number: parse_item().
namespace parley::sip {

struct RAckView {
  std::uint32_t response_number = 0;  ///< the response's RSeq
  CSeqView cseq;                      ///< of the request it answers
};
PARLEY_EXPORT Reading<RAckView> parse_rack(std::string_view text) noexcept;
/// BadValue: the method is no token, or a number is over 2**31-1 (CSeq) or 0 (RSeq).
PARLEY_EXPORT Result<std::string> format_rack(const RAckView& rack);

}  // namespace parley::sip
