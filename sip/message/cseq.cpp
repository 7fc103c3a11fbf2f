// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>

namespace parley::sip::grammar {

bool read_cseq(Cursor& in, std::uint32_t& number, entry::Span& method) noexcept {
  if (!in.number(highest_cseq_number, number)) return false;
  const char* const end_of_number = in.rest().data();
  in.skip_lws();
  const std::string_view word = in.word(token_char);
  method = in.span(word);
  return (!word.empty() && word.data() != end_of_number) || in.fail("method expected");
}

}  // namespace parley::sip::grammar
