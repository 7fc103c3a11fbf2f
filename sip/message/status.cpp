// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>

namespace parley::sip::grammar {

bool read_status(Cursor& in, StatusCode& status, entry::Span& reason) noexcept {
  if (!in.take(' ')) return in.fail("one blank expected");
  const std::uint16_t begin = in.offset();
  std::uint32_t number = 0;
  if (!in.number(699, number)) return false;
  if (number < 100 || in.offset() - begin != 3) return in.fail("status code of three digits expected");
  if (!in.at_end() && !in.take(' ')) return in.fail("one blank expected");
  status = static_cast<StatusCode>(number);
  reason = in.run(text_char);
  return in.at_end() || in.fail("control character in the reason phrase");
}

}  // namespace parley::sip::grammar
