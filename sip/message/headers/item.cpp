// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/number.hpp>
#include <parley/sip/message/headers/rack.hpp>
#include <parley/sip/message/headers/reader.hpp>
#include <parley/sip/message/headers/writer.hpp>

#include <utility>

namespace parley::sip {

namespace grammar {

bool read_any_params(Cursor& in, ParamsView& out) noexcept {
  entry::Span params{};
  entry::Span none{};
  if (!read_params(in, no_param, params, none)) return false;
  out = ParamsView(in.text(params));
  return true;
}

namespace {

/// `(...)`, nested, with escapes (RFC 3261 s.25.1 comment).
bool read_comment(Cursor& in, std::string_view& out) noexcept {
  const std::string_view rest = in.rest();
  std::size_t depth = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '(') {
      ++depth;
    } else if (rest[i] == ')' && --depth == 0) {
      out = rest.substr(0, i + 1);
      in.return_to(static_cast<std::uint16_t>(in.offset() + i + 1));
      return true;
    }
  }
  return in.fail("unterminated comment");
}

/// callid = word [ "@" word ], read as Call-ID itself is: any visible text, here up to the parameters.
std::string_view take_call_id(Cursor& in) noexcept {
  const std::string_view rest = in.rest();
  std::size_t size = 0;
  while (size < rest.size() && is(rest[size], visible) && rest[size] != ';') ++size;
  in.return_to(static_cast<std::uint16_t>(in.offset() + size));
  return rest.substr(0, size);
}

bool read_item(Cursor& in, HeaderId id, ItemView& out) noexcept {
  const HeaderShape shape = header_shape(id);
  switch (shape) {
    case HeaderShape::Callid: out.value = take_call_id(in); break;
    case HeaderShape::Number: out.value = in.text(in.run(digit)); break;
    default: out.value = in.text(in.run(token_char));
  }
  if (out.value.empty()) return in.fail(shape == HeaderShape::Number ? "digits expected" : "value expected");
  if (id == HeaderId::RSeq && !parse_rseq(out.value)) return in.fail("a response number is 1 to 2**32-1");
  in.skip_lws();
  if (shape == HeaderShape::Number && in.at('(') && !read_comment(in, out.comment)) return false;
  return read_any_params(in, out.params);
}

}  // namespace

}  // namespace grammar

std::optional<std::uint32_t> ItemView::number() const noexcept { return parse_delta_seconds(value); }

std::optional<std::uint32_t> ItemView::number(std::string_view param) const noexcept {
  return parse_delta_seconds(params.find(param).value_or(std::string_view{}));
}

bool ItemView::is(std::string_view token) const noexcept { return grammar::equal_nocase(value, token); }

Reading<ItemView> parse_item(HeaderId id, std::string_view element) noexcept {
  return grammar::read_whole<ItemView>(element, [id](grammar::Cursor& in, ItemView& out) { return grammar::read_item(in, id, out); });
}

std::optional<ItemView> first_item(const MessageView& message, HeaderId id) noexcept {
  const auto element = Elements(message, id).next();
  if (!element) return std::nullopt;
  const auto item = parse_item(id, *element);
  return item ? std::optional(*item) : std::nullopt;
}

Result<std::string> format_item(HeaderId id, std::string_view value, std::initializer_list<Param> params) {
  grammar::Writer out;
  const auto item = parse_item(id, value);
  out.require(item && item->value.size() == value.size(), "not a value of that header").text(value);
  for (const Param& param : params) {
    out.text(";").token(param.name, "a parameter name is no token");
    if (param.has_value) out.text("=").value(param.value);
  }
  return std::move(out).finish();
}

}  // namespace parley::sip
