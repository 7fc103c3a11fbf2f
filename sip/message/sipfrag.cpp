// SPDX-License-Identifier: MIT
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/headers/writer.hpp>
#include <parley/sip/message/sipfrag.hpp>

#include <utility>

namespace parley::sip {

namespace grammar {

namespace {

constexpr std::string_view version = "SIP/2.0";

/// SIP-Version SP Status-Code [ SP Reason-Phrase ].
bool read_status_line(Cursor& in, SipfragView& out) noexcept {
  in.return_to(version.size());
  entry::Span reason{};
  if (!read_status(in, out.status, reason)) return false;
  out.reason = in.text(reason);
  return true;
}

/// Method SP Request-URI SP SIP-Version.
bool read_request_line(Cursor& in, SipfragView& out) noexcept {
  out.method = in.text(in.run(token_char));
  in.take(' ');
  out.request_uri = in.text(in.run(visible));
  if (out.method.empty() || out.request_uri.empty() || !in.take(' ') || !equal_nocase(in.rest(), version)) {
    return in.fail("neither a start line nor a header field");
  }
  return true;
}

bool starts_with(std::string_view line, std::string_view prefix) noexcept {
  return line.size() >= prefix.size() && equal_nocase({line.data(), prefix.size()}, prefix);
}

/// name HCOLON: then there is no start line.
bool is_field(std::string_view line) noexcept {
  Cursor in(line);
  const bool named = !in.run(token_char).empty();
  in.skip_lws();
  return named && in.at(':');
}

}  // namespace

}  // namespace grammar

Reading<SipfragView> parse_sipfrag(std::string_view text) noexcept {
  text = text.substr(0, limits::message);
  const char* const end = text.data() + text.size();
  const char* line_end = grammar::find_line_break(text.data(), end);
  const std::string_view line(text.data(), static_cast<std::size_t>(line_end - text.data()));
  SipfragView fragment;
  if (!line.empty() && !grammar::is_field(line)) {
    grammar::Cursor in(line);
    const bool is_status_line = grammar::starts_with(line, grammar::version);
    const bool ok = is_status_line ? grammar::read_status_line(in, fragment) : grammar::read_request_line(in, fragment);
    if (!ok) return {in.why(), in.offset()};
    line_end += end - line_end >= 2 && line_end[1] == '\n' ? 2 : 0;
    text = {line_end, static_cast<std::size_t>(end - line_end)};
  }
  const auto split = split_head(text);
  fragment.head = split.head;
  fragment.body = split.body;
  return fragment;
}

Result<std::string> format_sipfrag(StatusCode status, std::string_view reason) {
  if (reason.empty()) reason = reason_phrase(status);
  grammar::Writer out;
  out.require(status >= 100 && status <= 699, "status codes are 100 to 699");
  out.require(grammar::all_of(reason, grammar::text_char), "control character in a reason phrase");
  out.text(grammar::version).text(" ").number(status).text(" ").text(reason).text("\r\n");
  return std::move(out).finish();
}

}  // namespace parley::sip
