// SPDX-License-Identifier: MIT
#include <parley/sip/message/field.hpp>
#include <parley/sip/message/name_table.hpp>

#include <algorithm>

namespace parley::sip::grammar {

/// Nearly all fields have a known name with the colon behind it, and one line without a tab: those end here.
FieldReader::Kind FieldReader::next(entry::Header& field) noexcept {
  const char* const line_end = find_control(at_, end_, wide_);
  if (is_field_end(line_end)) {
    const char* const colon = find_colon(line_end);
    if (colon == nullptr) return go_over_nameless(line_end, field);
    field.id = likely_header_id(text(at_, colon), wide_);
    if (field.id != HeaderId::Other) return end_field(colon, colon, line_end, field);
  }
  return next_of_any_kind(line_end, field);
}

FieldReader::Kind FieldReader::pass() noexcept {
  const char* const line_end = find_control(at_, end_, wide_);
  if (!is_field_end(line_end) || line_end == at_) {
    entry::Header none;
    return go_over_nameless(find_line_break(line_end, end_, wide_), none);
  }
  at_ = line_end + 2;
  return Kind::Field;
}

FieldReader::Kind FieldReader::next_of_any_kind(const char* line_end, entry::Header& field) noexcept {
  line_end = find_line_break(line_end, end_, wide_);
  const char* const colon = find_colon(line_end);
  const char* name_end = colon;
  while (name_end != nullptr && name_end != at_ && is_blank(name_end[-1])) --name_end;
  if (name_end == nullptr || !all_of(text(at_, name_end), token_char)) return go_over_nameless(line_end, field);
  if (const Kind kind = go_over_folds(line_end); kind != Kind::Field) return kind;
  field.id = header_id(text(at_, name_end));
  return end_field(name_end, colon, line_end, field);
}

/// Behind a name of one character or more; nullptr: the line has none.
inline const char* FieldReader::find_colon(const char* line_end) const noexcept {
  const char* colon = at_;
  if (at_ < wide_) colon += Octets(at_).before_colon();
  if (colon >= line_end) return nullptr;
  if (*colon != ':') colon = std::find(colon, line_end, ':');
  return colon == line_end || colon == at_ ? nullptr : colon;
}

/// CRLF without a fold behind it.
inline bool FieldReader::is_field_end(const char* line_end) const noexcept {
  return end_ - line_end > 2 && line_end[0] == '\r' && line_end[1] == '\n' && !is_blank(line_end[2]);
}

inline FieldReader::Kind FieldReader::end_field(const char* name_end, const char* colon, const char* line_end,
                                                entry::Header& field) noexcept {
  const char* const value_begin = colon[1] == ' ' ? colon + 2 : colon + 1;  // by far the most usual
  std::string_view value = text(value_begin, line_end);
  if (*value_begin <= ' ' || line_end[-1] <= ' ') value = trim(value);
  field.name = span(at_, name_end);
  field.value = span(value.data(), value.data() + value.size());
  at_ = line_end + 2;
  return Kind::Field;
}

FieldReader::Kind FieldReader::go_over_nameless(const char* line_end, entry::Header& field) noexcept {
  field.name = span(at_, at_);
  if (line_end == at_ && is_crlf(at_, end_)) {
    at_ += 2;
    return Kind::EndOfHead;
  }
  const Kind kind = go_over_folds(line_end);
  if (kind != Kind::Field) return kind;
  do {  // A row of them at once: what is filled with such lines costs no more than other text.
    at_ = line_end + 2;
    line_end = find_control(at_, end_, wide_);
  } while (line_end != at_ && is_field_end(line_end) && find_colon(line_end) == nullptr);
  return Kind::Nameless;
}

/// From a break on to the CRLF that no blank follows. Field: it is there.
FieldReader::Kind FieldReader::go_over_folds(const char*& line_end) noexcept {
  const char* const wide = wide_;
  const char* at = line_end;
  while (is_fold(at, end_)) {
    do at = find_control(at + 3, end_, wide);
    while (is_fold(at, end_));
    at = find_line_break(at, end_, wide);  // goes on where it was a tab
  }
  line_end = at;
  if (end_ - at < 2) return Kind::Cut;
  if (is_crlf(at, end_)) return Kind::Field;
  at_ = at;
  return Kind::LoneBreak;
}

}  // namespace parley::sip::grammar
