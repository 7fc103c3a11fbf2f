// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/headers/reading.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// Numbers of requests and responses: CSeq (RFC 3261 s.20.16), RSeq of a reliable provisional response (RFC 3262 s.7.1), and RAck of the
/// PRACK that acknowledges it (s.7.2).
namespace parley::sip {

/// Of a value that is not a message's own, which is MessageView::cseq(): at most 2**31-1.
PARLEY_EXPORT Reading<CSeqView> parse_cseq(std::string_view text) noexcept;

/// 1 to 2**32-1.
PARLEY_EXPORT Reading<std::uint32_t> parse_rseq(std::string_view text) noexcept;

struct RAckView {
  std::uint32_t response_number = 0;  ///< the response's RSeq
  CSeqView cseq;                      ///< of the request it answers
};
PARLEY_EXPORT Reading<RAckView> parse_rack(std::string_view text) noexcept;
/// BadValue: the method is no token, or a number is over 2**31-1 (CSeq) or 0 (RSeq).
PARLEY_EXPORT Result<std::string> format_rack(const RAckView& rack);

}  // namespace parley::sip
