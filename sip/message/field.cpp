// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/field.hpp>

namespace parley::sip::grammar {

namespace {

bool is_crlf(const char* at, const char* end) noexcept { return end - at >= 2 && at[0] == '\r' && at[1] == '\n'; }

/// Inside of a field CR and LF are left in folds only, so octet by octet is enough.
bool is_lws(char c) noexcept { return is_blank(c) || c == '\r' || c == '\n'; }

}  // namespace

inline FieldReader::Kind FieldReader::end_field(Name name, const char* line_end, entry::Header& field) noexcept {
  const char* value = name.colon + 1;
  if (*value == ' ') ++value;  // by far the most usual; there is a CRLF behind
  while (value != line_end && is_lws(*value)) ++value;
  const char* value_end = line_end;
  while (value_end != value && is_lws(value_end[-1])) --value_end;
  const std::string_view text(at_, static_cast<std::size_t>(name.end - at_));
  field.name = span(at_, name.end);
  field.value = span(value, value_end);
  at_ = line_end + 2;
  field.id = header_id(text);
  return Kind::Field;
}

FieldReader::Kind FieldReader::next(entry::Header& field) noexcept {
  const bool is_far = end_ - at_ > Octets::size;
  const char* const word_end = is_far ? at_ + Octets(at_).before_special() : at_;
  const bool is_usual = word_end != at_ && *word_end == ':';
  const Name name = is_usual ? Name{word_end, word_end} : read_name();
  if (name.colon == nullptr) return end_nameless(name.end);
  const char* const line_end = find_line_break(name.colon, end_);
  const bool is_whole = end_ - line_end > 2 && line_end[0] == '\r' && line_end[1] == '\n' && !is_blank(line_end[2]);
  return is_whole ? end_field(name, line_end, field) : end_folded(name, line_end, field);
}

FieldReader::Kind FieldReader::pass() noexcept {
  const char* const line_end = find_line_break(at_, end_);
  const bool is_whole = end_ - line_end > 2 && line_end[0] == '\r' && line_end[1] == '\n' && !is_blank(line_end[2]);
  if (!is_whole || line_end == at_) return end_nameless(at_);
  at_ = line_end + 2;
  return Kind::Field;
}

/// Any name: long ones, with rarer characters, with blanks before the colon.
FieldReader::Name FieldReader::read_name() const noexcept {
  const char* const name_end = skip(at_, end_, token_char);
  const char* colon = name_end;
  while (colon != end_ && is_blank(*colon)) ++colon;
  const bool is_field = name_end != at_ && colon != end_ && *colon == ':';
  return {name_end, is_field ? colon : nullptr};
}

FieldReader::Kind FieldReader::end_folded(Name name, const char* line_end, entry::Header& field) noexcept {
  const Kind kind = go_over_folds(line_end);
  return kind == Kind::Field ? end_field(name, line_end, field) : kind;
}

FieldReader::Kind FieldReader::end_nameless(const char* name_end) noexcept {
  if (is_crlf(at_, end_)) {
    at_ += 2;
    return Kind::EndOfHead;
  }
  const char* line_end = find_line_break(name_end, end_);
  const Kind kind = go_over_folds(line_end);
  if (kind != Kind::Field) return kind;
  at_ = line_end + 2;
  return Kind::Nameless;
}

/// From a break on to the CRLF that no blank follows. Field: it is there.
FieldReader::Kind FieldReader::go_over_folds(const char*& line_end) noexcept {
  for (;;) {
    if (end_ - line_end < 2) return Kind::Cut;
    if (!is_crlf(line_end, end_)) {
      at_ = line_end;
      return Kind::LoneBreak;
    }
    if (end_ - line_end == 2 || !is_blank(line_end[2])) return Kind::Field;
    line_end = find_line_break(line_end + 3, end_);
  }
}

}  // namespace parley::sip::grammar
