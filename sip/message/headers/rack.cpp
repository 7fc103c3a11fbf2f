// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/rack.hpp>
#include <parley/sip/message/headers/reader.hpp>
#include <parley/sip/message/headers/writer.hpp>

#include <utility>

namespace parley::sip {

namespace grammar {

namespace {

bool read_cseq_value(Cursor& in, CSeqView& out) noexcept {
  entry::Span method{};
  if (!read_cseq(in, out.number, method)) return false;
  out.method_text = in.text(method);
  out.method = method_from_text(out.method_text);
  return true;
}

/// response-num: 1 to 2**32-1 (RFC 3262 s.7.1).
bool read_response_number(Cursor& in, std::uint32_t& out) noexcept {
  return in.number(0xFFFF'FFFF, out) && (out != 0 || in.fail("a response number is not 0"));
}

bool read_rack(Cursor& in, RAckView& out) noexcept {
  if (!read_response_number(in, out.response_number)) return false;
  const std::uint16_t end_of_number = in.offset();
  in.skip_lws();
  if (in.offset() == end_of_number) return in.fail("blank expected");
  return read_cseq_value(in, out.cseq);
}

}  // namespace

}  // namespace grammar

Reading<RAckView> parse_rack(std::string_view text) noexcept { return grammar::read_whole<RAckView>(text, grammar::read_rack); }

Reading<std::uint32_t> parse_rseq(std::string_view text) noexcept {
  return grammar::read_whole<std::uint32_t>(text, grammar::read_response_number);
}

Reading<CSeqView> parse_cseq(std::string_view text) noexcept { return grammar::read_whole<CSeqView>(text, grammar::read_cseq_value); }

Result<std::string> format_rack(const RAckView& rack) {
  grammar::Writer out;
  out.require(rack.response_number != 0 && rack.cseq.number <= grammar::highest_cseq_number, "not the numbers of a RAck");
  out.number(rack.response_number).text(" ").number(rack.cseq.number).text(" ").token(rack.cseq.method_text, "method is no token");
  return std::move(out).finish();
}

}  // namespace parley::sip
