// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>

namespace parley::sip {

namespace grammar {

bool read_media_type(Cursor& in, entry::ContentType& out) noexcept {
  entry::Span none{};
  out.text.begin = in.offset();
  out.type = in.run(token_char);  // "*" is a token character
  if (out.type.empty() || !in.take_between_lws('/')) return in.fail("media type and \"/\" expected");
  out.subtype = in.run(token_char);
  if (out.subtype.empty()) return in.fail("media subtype expected");
  if (!read_params(in, no_param, out.params, none)) return false;
  out.text.end = in.offset();
  return true;
}

ContentTypeView make_view(const entry::ContentType& type, const char* base) noexcept {
  return {type.text.in(base), type.type.in(base), type.subtype.in(base), ParamsView(type.params.in(base))};
}

}  // namespace grammar

bool ContentTypeView::is(std::string_view type_and_subtype) const noexcept {
  const std::size_t slash = type_and_subtype.find('/');
  return slash != std::string_view::npos && grammar::equal_nocase(type, type_and_subtype.substr(0, slash)) &&
         grammar::equal_nocase(subtype, type_and_subtype.substr(slash + 1));
}

}  // namespace parley::sip
