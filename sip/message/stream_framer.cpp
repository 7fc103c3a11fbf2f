// SPDX-License-Identifier: MIT
#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/cursor.hpp>
#include <parley/sip/message/field.hpp>
#include <parley/sip/message/stream_framer.hpp>

#include <algorithm>

namespace parley::sip {

namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::string_view end_of_head = "\r\n\r\n";

/// What is wrong with the stream, and where in the head; reason nullptr: nothing.
struct Flaw {
  const char* reason = nullptr;
  std::uint16_t status = 0;
  std::uint16_t offset = 0;
};

/// Adds what one Content-Length says. Digits only, once or always the same, within the limit (threats SEC-01 to SEC-05).
Flaw read_length(std::string_view head, entry::Span value, std::optional<std::uint32_t>& length) noexcept {
  const char* const base = head.data();
  grammar::Cursor in(value, base, base);  // a few digits: nothing to be read in wide steps
  std::uint32_t number = 0;
  const bool is_number = in.number(limits::message, number);
  if (!is_number && in.at_class(grammar::digit)) return {"body too large", 413, value.begin};
  if (!is_number || !in.at_end()) return {"Content-Length is no number", 400, in.offset()};
  if (length && *length != number) return {"two different Content-Length", 400, value.begin};
  length = number;
  return {};
}

Flaw find_length(std::string_view head, std::optional<std::uint32_t>& length) noexcept {
  using Kind = grammar::FieldReader::Kind;
  const char* const line_end = grammar::find_line_break(head.data(), head.data() + head.size());
  const auto offset_of = [head](const char* at) { return static_cast<std::uint16_t>(at - head.data()); };
  if (std::string_view(line_end, crlf.size()) != crlf) return {"CR or LF alone", 400, offset_of(line_end)};
  grammar::FieldReader fields(head.data(), line_end + crlf.size(), head.data() + head.size());
  entry::Header field;
  for (;;) {
    switch (fields.next(field)) {
      case Kind::Field:
        if (field.id == HeaderId::ContentLength) {
          if (const Flaw flaw = read_length(head, field.value, length); flaw.reason != nullptr) return flaw;
        }
        break;
      case Kind::Nameless: break;                                                             // the parser's matter: it ends nothing
      case Kind::EndOfHead: return length ? Flaw{} : Flaw{"Content-Length is missing", 400};  // RFC 3261 s.18.3
      case Kind::Cut:
      case Kind::LoneBreak: return {"CR or LF alone", 400, offset_of(fields.at())};
    }
  }
}

}  // namespace

void StreamFramer::append(std::string_view bytes) {
  if (reason_ != nullptr) return;
  if (taken_ != 0) {
    buffer_.erase(0, taken_);
    taken_ = 0;
  }
  constexpr std::size_t kept = 4096;  // an idle connection holds no more than this
  if (buffer_.empty() && buffer_.capacity() > kept) buffer_ = std::string();
  buffer_ += bytes;
}

Result<std::optional<StreamFramer::Item>> StreamFramer::next() {
  using Next = std::optional<Item>;
  if (reason_ != nullptr) return error();
  const std::string_view waiting = std::string_view(buffer_).substr(taken_);
  if (waiting.empty()) return Next{};
  if (waiting.front() == '\r') {
    if (waiting.size() == 1) return Next{};
    if (waiting[1] == '\n') return Next(take_keep_alive());
    refuse(400, "CR or LF alone", 0);
  }
  was_crlf_ = false;
  if (body_ == 0 && reason_ == nullptr) find_message_end(waiting);
  if (reason_ != nullptr) return error();
  if (body_ == 0 || waiting.size() < message_) return Next{};
  const Item item{Item::Kind::Message, waiting.substr(0, message_)};
  taken_ += message_;
  searched_ = body_ = message_ = 0;
  return Next(item);
}

/// Each second CRLF in a row makes a ping. The first is given as a pong at once: to wait for what may follow could take for ever.
StreamFramer::Item StreamFramer::take_keep_alive() {
  const Item item{was_crlf_ ? Item::Kind::Ping : Item::Kind::Pong, std::string_view(buffer_).substr(taken_, crlf.size())};
  was_crlf_ = !was_crlf_;
  taken_ += crlf.size();
  return item;
}

/// Sets body_ and message_ when the whole head is there. Searches only what is new, so a head that comes octet by octet costs linear time.
void StreamFramer::find_message_end(std::string_view waiting) {
  const std::size_t from = searched_ < end_of_head.size() ? 0 : searched_ - end_of_head.size();
  const std::size_t found = waiting.substr(0, limits::message).find(end_of_head, from);
  searched_ = waiting.size();
  if (found == std::string_view::npos) {
    if (waiting.size() >= limits::message) refuse(513, "message too large", limits::message);
    return;
  }
  const std::size_t body = found + end_of_head.size();
  std::optional<std::uint32_t> length;
  const Flaw flaw = find_length(waiting.substr(0, body), length);
  body_ = body;
  if (flaw.reason != nullptr) return refuse(flaw.status, flaw.reason, flaw.offset);
  if (body + *length > limits::message) return refuse(413, "body too large", body);
  message_ = body + *length;
}

void StreamFramer::refuse(std::uint16_t status, const char* reason, std::size_t offset) noexcept {
  status_ = status;
  reason_ = reason;
  offset_ = static_cast<std::uint32_t>(offset);
}

Error StreamFramer::error() const { return Error{status_ == 400 ? Errc::BadSyntax : Errc::TooLong, status_, offset_, reason_}; }

std::string_view StreamFramer::broken_head() const noexcept {
  if (reason_ == nullptr) return {};
  const std::string_view waiting = std::string_view(buffer_).substr(taken_);
  return waiting.substr(0, body_ != 0 ? body_ : std::min(waiting.size(), limits::message));
}

}  // namespace parley::sip
