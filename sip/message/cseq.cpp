// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>

namespace parley::sip::grammar {

bool read_cseq(Cursor& in, std::uint32_t& number, entry::Span& method) noexcept {
  constexpr std::uint32_t highest = 0x7FFF'FFFF;  // RFC 3261 s.8.1.1.5: less than 2**31
  if (!in.number(highest, number)) return false;
  const std::uint16_t end_of_number = in.offset();
  in.skip_lws();
  method = in.run(token_char);
  return (!method.empty() && method.begin != end_of_number) || in.fail("method expected");
}

}  // namespace parley::sip::grammar
