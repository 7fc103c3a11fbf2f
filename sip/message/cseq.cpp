// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>

namespace parley::sip::grammar {

bool read_cseq(Cursor& in, std::uint32_t& number, entry::Span& method) noexcept {
  constexpr std::uint32_t highest = 0x7FFF'FFFF;  // RFC 3261 s.8.1.1.5: less than 2**31
  if (!in.number(highest, number)) return false;
  const char* const end_of_number = in.rest().data();
  in.skip_lws();
  const std::string_view word = in.word(token_char);
  method = in.span(word);
  return (!word.empty() && word.data() != end_of_number) || in.fail("method expected");
}

}  // namespace parley::sip::grammar
