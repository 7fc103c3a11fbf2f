// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/rack.hpp>
#include <parley/sip/message/headers/reader.hpp>
#include <parley/sip/message/headers/writer.hpp>

#include <utility>

namespace parley::sip {

namespace grammar {

namespace {

constexpr std::uint32_t highest_cseq = 0x7FFF'FFFF;  // RFC 3261 s.8.1.1.5

/// 1*DIGIT LWS: a number and at least one blank.
bool read_number(Cursor& in, std::uint32_t most, std::uint32_t& value) noexcept {
  if (!in.number(most, value)) return false;
  const std::uint16_t end = in.offset();
  in.skip_lws();
  return in.offset() != end || in.fail("blank expected");
}

bool read_rack(Cursor& in, RAckView& out) noexcept {
  if (!read_number(in, 0xFFFF'FFFF, out.response_number) || !read_number(in, highest_cseq, out.cseq.number)) return false;
  out.cseq.method_text = in.text(in.run(token_char));
  out.cseq.method = method_from_text(out.cseq.method_text);
  return !out.cseq.method_text.empty() || in.fail("method expected");
}

}  // namespace

}  // namespace grammar

Reading<RAckView> parse_rack(std::string_view text) noexcept { return grammar::read_whole<RAckView>(text, grammar::read_rack); }

Result<std::string> format_rack(const RAckView& rack) {
  grammar::Writer out;
  out.require(rack.response_number != 0 && rack.cseq.number <= grammar::highest_cseq, "not the numbers of a RAck");
  out.number(rack.response_number).text(" ").number(rack.cseq.number).text(" ").token(rack.cseq.method_text, "method is no token");
  return std::move(out).finish();
}

}  // namespace parley::sip
