// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/field.hpp>
#include <parley/sip/message/head.hpp>
#include <parley/sip/message/message_index.hpp>

#include <utility>

namespace parley::sip {

namespace {

using grammar::FieldReader;

/// Reads on to the next field; anything else than Field is the end.
FieldReader::Kind next_field(FieldReader& reader, entry::Header& field) noexcept {
  for (;;) {
    const FieldReader::Kind kind = reader.next(field);
    if (kind != FieldReader::Kind::Nameless) return kind;
  }
}

}  // namespace

std::optional<HeaderView> HeadView::next(std::string_view& rest) noexcept {
  const char* const end = rest.data() + rest.size();
  FieldReader reader(rest.data(), rest.data(), end);
  entry::Header field{};
  if (next_field(reader, field) != FieldReader::Kind::Field) {
    rest = {};
    return std::nullopt;
  }
  const char* const base = std::exchange(rest, {reader.at(), static_cast<std::size_t>(end - reader.at())}).data();
  return HeaderView{field.id, field.name.in(base), field.value.in(base)};
}

std::optional<std::string_view> HeadView::header(HeaderId id) const noexcept {
  for (std::string_view rest = text_; const auto field = next(rest);) {
    if (field->id == id) return field->value;
  }
  return std::nullopt;
}

HeadAndBody split_head(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  FieldReader reader(text.data(), text.data(), end);
  entry::Header field{};
  FieldReader::Kind kind = FieldReader::Kind::Field;
  while (kind == FieldReader::Kind::Field) kind = next_field(reader, field);
  if (kind != FieldReader::Kind::EndOfHead) return {HeadView(text), text.substr(text.size())};
  return {HeadView({text.data(), static_cast<std::size_t>(reader.at() - text.data())}),
          {reader.at(), static_cast<std::size_t>(end - reader.at())}};
}

HeadView head_of(const MessageView& message) noexcept {
  const std::string_view bytes = message.bytes();
  const char* const end = message.body().data();
  const char* const start_line_end = grammar::find_line_break(bytes.data(), end);
  if (end - start_line_end < 2) return {};
  return HeadView({start_line_end + 2, static_cast<std::size_t>(end - start_line_end) - 2});
}

}  // namespace parley::sip
