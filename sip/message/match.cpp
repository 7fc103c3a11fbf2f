// SPDX-License-Identifier: MIT
#include <parley/sip/message/field.hpp>
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/match.hpp>

#include <algorithm>
#include <utility>

namespace parley::sip {

namespace {

/// Walks the head until it has met the first Via, Call-ID and CSeq.
class Matcher {
 public:
  Matcher(std::string_view bytes, MatchView& found) noexcept
      : base_(bytes.data()),
        at_(base_),
        end_(base_ + std::min(bytes.size(), limits::message)),
        wide_(grammar::wide_end(base_, end_)),
        found_(found) {}

  bool read() noexcept {
    if (!read_start_line() || !read_head()) return false;
    if (!found_.is_request) found_.method_text = found_.cseq.method_text;
    return true;
  }

 private:
  enum Part : unsigned { Via = 1, CallId = 2, CSeq = 4, All = 7 };

  bool read_start_line() noexcept {
    while (grammar::is_crlf(at_, end_)) at_ += 2;
    const char* const line_end = grammar::find_line_break(at_, end_, wide_);
    if (end_ - line_end < 2) return false;
    const std::string_view line(at_, static_cast<std::size_t>(line_end - at_));
    grammar::Cursor in(line, base_, wide_);
    found_.is_request = !grammar::starts_with_name(line, "SIP/");
    found_.method_text = in.text(in.run(grammar::token_char));
    at_ = line_end + 2;
    return !found_.is_request || (!found_.method_text.empty() && in.at(' '));
  }

  bool read_head() noexcept {
    using Kind = grammar::FieldReader::Kind;
    grammar::FieldReader fields(base_, at_, end_);
    entry::Header field;
    for (unsigned missing = All; missing != 0;) {
      // Via, v, CSeq, Call-ID, i: of most other headers the first letter is enough.
      const char letter = grammar::lower(fields.front());
      const bool may_be_part = letter == 'v' || letter == 'c' || letter == 'i';
      const Kind kind = may_be_part ? fields.next(field) : fields.pass();
      if (kind == Kind::EndOfHead || kind == Kind::Cut || kind == Kind::LoneBreak) return false;
      if (kind != Kind::Field || !may_be_part) continue;
      const unsigned part = part_of(field.id) & missing;
      if (part != 0 && !read_part(part, field.value)) return false;
      missing &= ~part;
    }
    return true;
  }

  static unsigned part_of(HeaderId id) noexcept {
    return id == HeaderId::Via ? Via : id == HeaderId::CallId ? CallId : id == HeaderId::CSeq ? CSeq : 0U;
  }

  bool read_part(unsigned part, entry::Span value) noexcept {
    grammar::Cursor in(value, base_, wide_);
    if (part == Via) {
      entry::Via via{};
      const bool good = grammar::read_via(in, via);
      found_.via = grammar::make_view(via, base_);
      return good;
    }
    if (part == CallId) {
      found_.call_id = value.in(base_);
      return !value.empty();
    }
    entry::Span method{};
    if (!grammar::read_cseq(in, found_.cseq.number, method)) return false;
    found_.cseq.method_text = in.text(method);
    found_.cseq.method = method_from_text(found_.cseq.method_text);
    return true;
  }

  const char* base_;
  const char* at_;
  const char* end_;
  const char* wide_;
  MatchView& found_;
};

}  // namespace

std::optional<MatchView> match(std::string_view bytes) noexcept {
  std::optional<MatchView> found(std::in_place);
  if (!Matcher(bytes, *found).read()) found.reset();
  return found;
}

}  // namespace parley::sip
