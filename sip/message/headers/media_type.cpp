// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/media_type.hpp>
#include <parley/sip/message/headers/number.hpp>
#include <parley/sip/message/headers/reader.hpp>

#include <algorithm>

namespace parley::sip {

Reading<ContentTypeView> parse_media_type(std::string_view text) noexcept {
  return grammar::read_whole<ContentTypeView>(text, [text](grammar::Cursor& in, ContentTypeView& out) {
    entry::ContentType type{};
    const bool good = grammar::read_media_type(in, type);
    out = grammar::make_view(type, text.data());
    return good;
  });
}

Reading<AcceptView> parse_accept(std::string_view element) noexcept {
  const auto range = parse_media_type(element);
  if (!range) return range.failure<AcceptView>();
  const auto q = quality(range->params);
  if (!q) {
    const std::string_view value = range->params.find("q").value_or(range->params.text());
    return {"q is 0 to 1 with at most three decimals", static_cast<std::uint32_t>(value.data() - element.data())};
  }
  return AcceptView{range->type, range->subtype, range->params, *q};
}

bool accepts(const MessageView& message, std::string_view type_and_subtype) noexcept {
  const std::string_view type = type_and_subtype.substr(0, type_and_subtype.find('/'));
  const std::string_view subtype = type_and_subtype.substr(std::min(type.size() + 1, type_and_subtype.size()));
  if (!message.has(HeaderId::Accept)) return grammar::equal_nocase(type_and_subtype, "application/sdp");
  int best = 0;  // 1: */*, 2: type/*, 3: type/subtype; the most exact range decides
  bool taken = false;
  for (Elements elements(message, HeaderId::Accept); const auto element = elements.next();) {
    const auto range = parse_accept(*element);
    if (!range) continue;
    const bool same_type = grammar::equal_nocase(range->type, type);
    const bool any_subtype = range->subtype == "*";
    int exactness = 0;
    if (same_type && grammar::equal_nocase(range->subtype, subtype)) exactness = 3;
    if (same_type && any_subtype) exactness = 2;
    if (range->type == "*" && any_subtype) exactness = 1;
    if (exactness <= best) continue;
    best = exactness;
    taken = range->q > 0;
  }
  return taken;
}

}  // namespace parley::sip
