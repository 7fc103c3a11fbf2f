// SPDX-License-Identifier: MIT
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/headers/number.hpp>
#include <parley/sip/message/headers/writer.hpp>
#include <parley/sip/message/sipfrag.hpp>

#include <algorithm>
#include <utility>

namespace parley::sip {

namespace {

constexpr std::string_view version = "SIP/2.0";

std::string_view part(std::string_view text, std::size_t begin, std::size_t size) noexcept {
  begin = std::min(begin, text.size());
  return {text.data() + begin, std::min(size, text.size() - begin)};
}

/// SIP-Version SP 3DIGIT [ SP Reason-Phrase ]: all but the phrase has its place.
Reading<SipfragView> read_status_line(std::string_view line) noexcept {
  constexpr std::uint32_t blank_at = 7;
  constexpr std::uint32_t status_at = 8;
  constexpr std::uint32_t end_of_status = 11;
  const std::string_view digits = part(line, status_at, 3);
  const auto status = parse_delta_seconds(digits);
  if (part(line, blank_at, 1) != " ") return {"one blank expected", blank_at};
  if (digits.size() != 3 || !status || *status < 100 || *status > 699) return {"status code of three digits expected", status_at};
  if (line.size() > end_of_status && line[end_of_status] != ' ') return {"one blank expected", end_of_status};
  SipfragView fragment;
  fragment.status = static_cast<StatusCode>(*status);
  fragment.reason = part(line, end_of_status + 1, line.size());
  return fragment;
}

/// Method SP Request-URI SP SIP-Version.
Reading<SipfragView> read_request_line(std::string_view line) noexcept {
  SipfragView fragment;
  const std::size_t first = std::min(line.find(' '), line.size());
  const std::size_t last = line.rfind(' ');
  fragment.method = part(line, 0, first);
  if (first < last && last < line.size()) fragment.request_uri = part(line, first + 1, last - first - 1);
  const bool fine = grammar::all_of(fragment.method, grammar::token_char) && grammar::all_of(fragment.request_uri, grammar::visible) &&
                    grammar::equal_nocase(part(line, last + 1, line.size()), version);
  if (!fine) return {"neither a start line nor a header field", 0};
  return fragment;
}

/// name HCOLON: then there is no start line.
bool is_field(std::string_view line) noexcept {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos && grammar::all_of(grammar::trim(part(line, 0, colon)), grammar::token_char);
}

}  // namespace

Reading<SipfragView> parse_sipfrag(std::string_view text) noexcept {
  text = part(text, 0, limits::message);
  const std::string_view line = part(text, 0, text.find("\r\n"));
  Reading<SipfragView> fragment = SipfragView{};
  if (!line.empty() && !is_field(line)) {
    const bool is_status_line = grammar::equal_nocase(part(line, 0, version.size()), version);
    fragment = is_status_line ? read_status_line(line) : read_request_line(line);
    if (!fragment) return fragment;
    text = part(text, line.size() + 2, text.size());
  }
  const auto split = split_head(text);
  SipfragView whole = *fragment;
  whole.head = split.head;
  whole.body = split.body;
  return whole;
}

Result<std::string> format_sipfrag(StatusCode status, std::string_view reason) {
  if (reason.empty()) reason = reason_phrase(status);
  grammar::Writer out;
  out.require(status >= 100 && status <= 699, "status codes are 100 to 699");
  out.text(version).text(" ").number(status).text(" ").line(reason).text("\r\n");
  return std::move(out).finish();
}

}  // namespace parley::sip
