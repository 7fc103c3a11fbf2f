// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/header_values.hpp>

#include <algorithm>

namespace parley::sip {

namespace {

using grammar::Cursor;

bool breaks_line(std::string_view value) noexcept { return value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos; }

Error bad_value(const char* why) { return Error{Errc::BadValue, 0, Error::no_offset, why}; }

Error refuse(Cursor& in, const char* why) {
  in.fail(why);
  return in.error();
}

std::string_view start(std::string_view text) noexcept { return text.substr(0, limits::message); }

/// `(...)`, nested, with escapes.
bool read_comment(Cursor& in, entry::Span& out) noexcept {
  const std::string_view rest = in.rest();
  std::size_t depth = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '(') {
      ++depth;
    } else if (rest[i] == ')' && --depth == 0) {
      out.begin = in.offset();
      out.end = static_cast<std::uint16_t>(out.begin + i + 1);
      in.return_to(out.end);
      return true;
    }
  }
  return in.fail("unterminated comment");
}

std::string gruu(const NameAddrView& contact, std::string_view name) { return unquote(contact.params.find(name).value_or("")); }

}  // namespace

std::optional<std::uint32_t> parse_delta_seconds(std::string_view text) noexcept {
  constexpr std::uint64_t most = 0xFFFF'FFFF;
  if (!grammar::all_of(text, grammar::digit)) return std::nullopt;
  std::uint64_t seconds = 0;
  for (const char c : text) seconds = std::min(seconds * 10 + static_cast<std::uint64_t>(c - '0'), most);
  return static_cast<std::uint32_t>(seconds);
}

std::optional<std::uint32_t> delta_seconds(const MessageView& message, HeaderId id) noexcept {
  const auto value = message.header(id);
  return value ? parse_delta_seconds(*value) : std::nullopt;
}

std::optional<std::uint32_t> contact_expires(const NameAddrView& contact) noexcept {
  const auto value = contact.params.find("expires");
  return value ? parse_delta_seconds(*value) : std::nullopt;
}

std::optional<std::uint16_t> parse_qvalue(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.')) return std::nullopt;
  int thousandths = text[0] == '1' ? 1000 : 0;
  int weight = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (!grammar::is(c, grammar::digit)) return std::nullopt;
    thousandths += (c - '0') * weight;
    weight /= 10;
  }
  return thousandths <= 1000 ? std::optional(static_cast<std::uint16_t>(thousandths)) : std::nullopt;
}

Result<RetryAfterView> parse_retry_after(std::string_view text) {
  text = start(text);
  Cursor in(text);
  RetryAfterView out;
  const auto seconds = parse_delta_seconds(in.text(in.run(grammar::digit)));
  if (!seconds) return refuse(in, "digits expected");
  out.seconds = *seconds;
  in.skip_lws();
  entry::Span comment{};
  if (in.at('(') && !read_comment(in, comment)) return in.error();
  out.comment = comment.in(text.data());
  entry::Span params{};
  entry::Span duration{};
  if (!grammar::read_params(in, "duration", params, duration)) return in.error();
  if (!in.at_end()) return refuse(in, "unexpected character");
  out.duration = parse_delta_seconds(duration.in(text.data()));
  return out;
}

Result<WarningView> parse_warning(std::string_view element) {
  element = start(element);
  Cursor in(element);
  WarningView out;
  const entry::Span code = in.run(grammar::digit);
  if (code.end - code.begin != 3) return refuse(in, "warning code of three digits expected");
  for (const char c : in.text(code)) out.code = static_cast<std::uint16_t>(out.code * 10 + (c - '0'));
  if (!in.take(' ')) return refuse(in, "blank expected");
  in.skip_lws();
  out.agent = in.text(in.run(grammar::param_value));
  if (out.agent.empty()) return refuse(in, "warning agent expected");
  if (!in.take(' ')) return refuse(in, "blank expected");
  in.skip_lws();
  const std::uint16_t begin = in.offset();
  if (!in.at('"')) return refuse(in, "quoted text expected");
  if (!in.quoted_string()) return in.error();
  out.text = in.text({begin, in.offset()});
  in.skip_lws();
  if (!in.at_end()) return refuse(in, "unexpected character");
  return out;
}

Result<std::string> format_warning(std::uint16_t code, std::string_view agent, std::string_view text) {
  if (code < 300 || code > 399) return bad_value("warning codes are 300 to 399");
  if (!grammar::all_of(agent, grammar::param_value)) return bad_value("warning agent is neither host nor token");
  if (breaks_line(text)) return bad_value("CR, LF or NUL in a warning");
  std::string out = std::to_string(code);
  out += ' ';
  out += agent;
  out += ' ';
  out += quote(text);
  return out;
}

Result<ReasonView> parse_reason(std::string_view element) {
  element = start(element);
  Cursor in(element);
  ReasonView out;
  out.protocol = in.text(in.run(grammar::token_char));
  if (out.protocol.empty()) return refuse(in, "protocol expected");
  entry::Span params{};
  entry::Span cause{};
  if (!grammar::read_params(in, "cause", params, cause)) return in.error();
  if (!in.at_end()) return refuse(in, "unexpected character");
  out.text = ParamsView(in.text(params)).find("text").value_or("");
  if (cause.empty()) return out;
  Cursor digits(in.text(cause), element.data());
  std::uint32_t number = 0;
  if (!digits.number(0xFFFF, number) || !digits.at_end()) return refuse(digits, "cause is no number");
  out.cause = static_cast<std::uint16_t>(number);
  return out;
}

Result<std::string> format_reason(std::string_view protocol, std::uint16_t cause, std::string_view text) {
  if (!grammar::all_of(protocol, grammar::token_char)) return bad_value("protocol of a reason is no token");
  if (breaks_line(text)) return bad_value("CR, LF or NUL in a reason");
  std::string out(protocol);
  out += " ;cause=" + std::to_string(cause);
  if (!text.empty()) out += " ;text=" + quote(text);
  return out;
}

Result<AcceptView> parse_accept(std::string_view element) {
  element = start(element);
  Cursor in(element);
  AcceptView out;
  out.type = in.text(in.run(grammar::token_char));  // "*" is a token character
  if (out.type.empty() || !in.take_between_lws('/')) return refuse(in, "media range expected");
  out.subtype = in.text(in.run(grammar::token_char));
  if (out.subtype.empty()) return refuse(in, "media range expected");
  entry::Span params{};
  entry::Span q{};
  if (!grammar::read_params(in, "q", params, q)) return in.error();
  if (!in.at_end()) return refuse(in, "unexpected character");
  out.params = ParamsView(in.text(params));
  if (q.empty()) return out;
  const auto thousandths = parse_qvalue(in.text(q));
  if (!thousandths) return refuse(in, "q is 0 to 1 with at most three decimals");
  out.q = *thousandths;
  return out;
}

bool accepts(const MessageView& message, std::string_view type_and_subtype) noexcept {
  const std::string_view type = type_and_subtype.substr(0, type_and_subtype.find('/'));
  const std::string_view subtype = type_and_subtype.substr(std::min(type.size() + 1, type_and_subtype.size()));
  if (!message.has(HeaderId::Accept)) return grammar::equal_nocase(type_and_subtype, "application/sdp");
  int best = 0;  // 1: */*, 2: type/*, 3: type/subtype; the most exact range decides
  bool taken = false;
  message.for_each(HeaderId::Accept, [&](std::string_view element) {
    const auto range = parse_accept(element);
    if (!range) return;
    const bool same_type = grammar::equal_nocase(range->type, type);
    const bool any_subtype = range->subtype == "*";
    int exactness = 0;
    if (same_type && grammar::equal_nocase(range->subtype, subtype)) exactness = 3;
    if (same_type && any_subtype) exactness = 2;
    if (range->type == "*" && any_subtype) exactness = 1;
    if (exactness <= best) return;
    best = exactness;
    taken = range->q > 0;
  });
  return taken;
}

std::string public_gruu(const NameAddrView& contact) { return gruu(contact, "pub-gruu"); }
std::string temporary_gruu(const NameAddrView& contact) { return gruu(contact, "temp-gruu"); }
std::string instance_id(const NameAddrView& contact) { return gruu(contact, "+sip.instance"); }

}  // namespace parley::sip
