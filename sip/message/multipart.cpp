// SPDX-License-Identifier: MIT
#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/field.hpp>
#include <parley/sip/message/headers/media_type.hpp>
#include <parley/sip/message/multipart.hpp>

#include <utility>

namespace parley::sip {

namespace {

/// RFC 2046 s.5.1.1: 1..70 bchars, the last no space.
bool is_boundary(std::string_view text) noexcept {
  constexpr std::string_view marks = "'()+_,-./:=? ";
  for (const char c : text) {
    const bool letter_or_digit = grammar::is(c, grammar::digit) || (grammar::lower(c) >= 'a' && grammar::lower(c) <= 'z');
    if (!letter_or_digit && marks.find(c) == std::string_view::npos) return false;
  }
  return !text.empty() && text.size() <= 70 && text.back() != ' ';
}

/// What follows `--boundary` on its line: nothing, or "--" where it is the last one; then blanks; then the end of the line or of all.
/// nullptr: that line is no boundary. Else behind the line.
const char* end_of_boundary_line(const char* at, const char* end, bool& closes) noexcept {
  closes = end - at >= 2 && at[0] == '-' && at[1] == '-';
  if (closes) at += 2;
  while (at != end && grammar::is_blank(*at)) ++at;
  if (at == end) return at;
  return grammar::is_crlf(at, end) ? at + 2 : nullptr;
}

std::string_view between(const char* begin, const char* end) noexcept { return {begin, static_cast<std::size_t>(end - begin)}; }

/// Header fields and the empty line, and nothing else.
bool is_head(std::string_view text) noexcept {
  grammar::FieldReader reader(text.data(), text.data(), text.data() + text.size());
  entry::Header field{};
  auto kind = grammar::FieldReader::Kind::Field;
  while (kind == grammar::FieldReader::Kind::Field) kind = reader.next(field);
  return kind == grammar::FieldReader::Kind::EndOfHead && reader.at() == text.data() + text.size();
}

bool is_multipart(const ContentTypeView& type) noexcept { return grammar::equal_nocase(type.type, "multipart"); }

}  // namespace

std::optional<ContentTypeView> BodyPartView::content_type() const noexcept {
  const auto value = head.header(HeaderId::ContentType);
  if (!value) return std::nullopt;
  const auto type = parse_media_type(*value);
  return type ? std::optional(*type) : std::nullopt;
}

bool BodyPartView::is(std::string_view type_and_subtype) const noexcept {
  const auto type = content_type();
  if (type) return type->is(type_and_subtype);
  return !head.header(HeaderId::ContentType) && grammar::equal_nocase(type_and_subtype, "text/plain");
}

Reading<MultipartReader> MultipartReader::open(const ContentTypeView& type, std::string_view body) noexcept {
  if (!is_multipart(type)) return {"not a multipart", 0};
  auto boundary = type.params.find_only("boundary").value_or(std::string_view{});
  if (boundary.size() >= 2 && boundary.front() == '"') boundary = {boundary.data() + 1, boundary.size() - 2};
  if (!is_boundary(boundary)) return {"a multipart needs a boundary", static_cast<std::uint32_t>(type.text.size())};
  MultipartReader reader;
  reader.boundary_ = boundary;
  reader.rest_ = body;
  reader.preamble_ = reader.take_to_boundary();
  return reader;
}

/// Takes what stands before the next boundary, and its line. A boundary stands at the start of a line; the CRLF before it is its own.
/// Without one all is taken. No boundary holds CR or LF, so each octet is looked at a few times at most.
std::string_view MultipartReader::take_to_boundary() noexcept {
  const char* const begin = rest_.data();
  const char* const end = begin + rest_.size();
  for (const char* line = begin;;) {
    const auto left = static_cast<std::size_t>(end - line);
    const bool dashes = left >= boundary_.size() + 2 && line[0] == '-' && line[1] == '-';
    if (dashes && between(line + 2, line + 2 + boundary_.size()) == boundary_) {
      if (const char* const behind = end_of_boundary_line(line + 2 + boundary_.size(), end, closed_)) {
        rest_ = between(behind, end);
        return between(begin, line == begin ? begin : line - 2);
      }
      closed_ = false;
    }
    const std::size_t line_break = between(line, end).find("\r\n");
    if (line_break == std::string_view::npos) break;
    line += line_break + 2;
  }
  return std::exchange(rest_, between(end, end));
}

std::optional<BodyPartView> MultipartReader::next() noexcept {
  if (closed_ || rest_.empty()) return std::nullopt;
  const char* const begin = rest_.data();
  const std::string_view part = take_to_boundary();
  // Header lines with nothing behind them may end by the line break that belongs to the boundary (RFC 2046 s.5.1.1, body-part).
  const char* const end = part.data() + part.size();
  const auto split = split_head(between(begin, end != rest_.data() && !part.empty() ? end + 2 : end));
  return BodyPartView{split.head, split.body.data() < end ? between(split.body.data(), end) : between(end, end)};
}

BodyParts::BodyParts(const MessageView& message) noexcept {
  if (!message.body().empty()) whole_ = BodyPartView{head_of(message), message.body()};
}

std::optional<BodyPartView> BodyParts::next() noexcept {
  auto part = std::exchange(whole_, std::nullopt);
  for (;;) {
    while (!part && depth_ > 0) {
      part = open_[depth_ - 1].next();
      if (!part) --depth_;
    }
    if (!part || depth_ == open_.size()) return part;
    const auto type = part->content_type();
    const auto inner = type ? MultipartReader::open(*type, part->body) : Reading<MultipartReader>("no type", 0);
    if (!inner) return part;
    open_[depth_++] = *inner;
    part.reset();
  }
}

std::optional<BodyPartView> find_part(const MessageView& message, std::string_view type_and_subtype) noexcept {
  BodyParts parts(message);
  auto part = parts.next();
  while (part && !part->is(type_and_subtype)) part = parts.next();
  return part;
}

MultipartBuilder::MultipartBuilder(std::string_view subtype, std::string_view boundary) : boundary_("--") {
  require(grammar::all_of(subtype, grammar::token_char), "subtype is no token");
  require(is_boundary(boundary), "not a boundary");
  boundary_ += boundary;
  out_.content_type = "multipart/";
  out_.content_type += subtype;
  out_.content_type += ";boundary=";
  out_.content_type += quote(boundary);
}

void MultipartBuilder::require(bool fine, const char* why) noexcept {
  if (!fine && why_ == nullptr) why_ = why;
}

MultipartBuilder& MultipartBuilder::part(std::string_view content_type, std::string_view bytes, std::string_view more) & {
  require(static_cast<bool>(parse_media_type(content_type)), "not a media type");
  require(content_type.find_first_of("\r\n") == std::string_view::npos, "CR or LF in a media type");
  out_.bytes += boundary_;
  out_.bytes += "\r\n";
  const std::size_t begin = out_.bytes.size();
  out_.bytes += "Content-Type: ";
  out_.bytes += content_type;
  out_.bytes += "\r\n";
  out_.bytes += more;
  out_.bytes += "\r\n";
  out_.bytes += bytes;
  require(out_.bytes.find(boundary_, begin) == std::string::npos, "a part holds the boundary");
  out_.bytes += "\r\n";
  require(is_head({out_.bytes.data() + begin, out_.bytes.size() - begin - bytes.size() - 2}), "not header lines");
  return *this;
}

Result<MultipartBody> MultipartBuilder::finish() && {
  require(!out_.bytes.empty(), "a multipart without parts");
  if (why_ != nullptr) return Error{Errc::BadValue, 0, Error::no_offset, why_};
  out_.bytes += boundary_;
  out_.bytes += "--\r\n";
  if (out_.bytes.size() > limits::message) return Errc::TooLong;
  return std::move(out_);
}

}  // namespace parley::sip
