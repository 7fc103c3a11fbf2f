// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/field.hpp>

namespace parley::sip::grammar {

namespace {

bool is_crlf(const char* at, const char* end) noexcept { return end - at >= 2 && at[0] == '\r' && at[1] == '\n'; }

/// Inside of a field CR and LF are left in folds only, so octet by octet is enough.
bool is_lws(char c) noexcept { return is_blank(c) || c == '\r' || c == '\n'; }

}  // namespace

FieldReader::Kind FieldReader::next(Field& field) noexcept {
  if (is_crlf(at_, end_)) {
    at_ += 2;
    return Kind::EndOfHead;
  }
  const char* const name_end = skip(at_, end_, token_char);
  const char* value = name_end;
  while (value != end_ && is_blank(*value)) ++value;
  const bool has_name = name_end != at_ && value != end_ && *value == ':';
  if (has_name) ++value;

  const char* line_end = value;
  for (;;) {  // over folds, to the CRLF that no blank follows
    line_end = find_line_break(line_end, end_);
    if (end_ - line_end < 2) return Kind::Cut;
    if (!is_crlf(line_end, end_)) {
      at_ = line_end;
      return Kind::LoneBreak;
    }
    if (end_ - line_end == 2 || !is_blank(line_end[2])) break;
    line_end += 3;
  }

  const char* const name = at_;
  at_ = line_end + 2;
  if (!has_name) return Kind::Nameless;
  if (value != line_end && *value == ' ') ++value;  // by far the most usual
  while (value != line_end && is_lws(*value)) ++value;
  while (line_end != value && is_lws(line_end[-1])) --line_end;
  field.name = {name, static_cast<std::size_t>(name_end - name)};
  field.value = {value, static_cast<std::size_t>(line_end - value)};
  return Kind::Field;
}

}  // namespace parley::sip::grammar
