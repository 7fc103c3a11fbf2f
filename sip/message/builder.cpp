// SPDX-License-Identifier: MIT
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/grammar.hpp>

namespace parley::sip {

namespace {

/// A reason phrase is text; the parser lets no control character but the tab into one (RFC 3261 s.25.1).
bool has_control(std::string_view text) noexcept { return !text.empty() && !grammar::all_of(text, grammar::text_char); }

}  // namespace

// Header injection (threats SEC-34).
bool breaks_line(std::string_view value) noexcept {
  const char* at = value.data();
  const char* const end = at + value.size();
  const char* const wide = grammar::wide_end(at, end);
  for (;; ++at) {
    at = grammar::find_control(at, end, wide);
    if (at == end) return false;
    if (*at == '\r' || *at == '\n' || *at == '\0') return true;
  }
}

void MessageBuilder::refuse(std::string_view what) {
  if (failed_) return;
  failed_ = true;
  error_ += what;
}

MessageBuilder MessageBuilder::request(std::string_view method, std::string_view request_uri) {
  MessageBuilder builder;
  if (!grammar::all_of(method, grammar::token_char)) builder.refuse("method");
  if (const auto uri = parse_uri(request_uri); !uri || !uri->headers.empty()) builder.refuse("Request-URI");
  builder.head_.reserve(512);
  builder.head_ += method;
  builder.head_ += ' ';
  builder.head_ += request_uri;
  builder.head_ += " SIP/2.0\r\n";
  return builder;
}

MessageBuilder MessageBuilder::response(StatusCode status, std::string_view reason) {
  MessageBuilder builder;
  if (status < 100 || status > 699) builder.refuse("status code");
  if (has_control(reason)) builder.refuse("reason phrase");
  builder.head_.reserve(512);
  builder.head_ += "SIP/2.0 ";
  builder.head_ += grammar::Decimal(status).text();
  builder.head_ += ' ';
  builder.head_ += reason.empty() ? reason_phrase(status) : reason;
  builder.head_ += "\r\n";
  return builder;
}

MessageBuilder MessageBuilder::response_to(const MessageView& request, StatusCode status, std::string_view to_tag,
                                           std::string_view reason) {
  MessageBuilder builder = response(status, reason);
  builder.copy(request, HeaderId::Via);
  builder.copy_first(request, HeaderId::From);
  const bool needs_tag = status != 100 && !to_tag.empty() && !request.to().text.empty() && request.to_tag().empty();
  if (needs_tag) {
    if (!grammar::all_of(to_tag, grammar::token_char)) builder.refuse("To tag");
    builder.head_ += "To: ";
    builder.head_ += request.to().text;
    builder.head_ += ";tag=";
    builder.head_ += to_tag;
    builder.head_ += "\r\n";
  } else {
    builder.copy_first(request, HeaderId::To);
  }
  builder.copy_first(request, HeaderId::CallId);
  builder.copy_first(request, HeaderId::CSeq);
  builder.seen_ = grammar::From | grammar::To | grammar::CallId | grammar::CSeq;
  if (status == 100) builder.copy_first(request, HeaderId::Timestamp);
  return builder;
}

/// `name` and `value` have been checked.
void MessageBuilder::write(std::string_view name, std::string_view value) {
  head_ += name;
  head_ += ": ";
  head_ += value;
  head_ += "\r\n";
}

MessageBuilder& MessageBuilder::header(HeaderId id, std::string_view value) & { return header(to_string(id), value); }

MessageBuilder& MessageBuilder::header(std::string_view name, std::string_view value) & {
  // finish() writes the one Content-Length; a second could only contradict it.
  if (!grammar::all_of(name, grammar::token_char) || header_id(name) == HeaderId::ContentLength) {
    refuse("header name");
  } else if (breaks_line(value)) {
    refuse(name);
  } else {
    const std::size_t begin = head_.size();
    write(name, value);
    head_ += "\r\n";                                    // the end of a head, for as long as its last line is looked at
    const bool fits = head_.size() <= limits::message;  // else finish() refuses all of it
    if (fits && !grammar::takes_fields(std::string_view(head_).substr(begin), seen_)) refuse(name);
    head_.erase(head_.size() - 2);
  }
  return *this;
}

MessageBuilder& MessageBuilder::header(HeaderId id, std::uint64_t number) & { return header(id, grammar::Decimal(number).text()); }

MessageBuilder& MessageBuilder::copy(const MessageView& from, HeaderId id) & {
  if (id == HeaderId::ContentLength || id == HeaderId::Other) return *this;  // the one is finish()'s to write, the other has no name
  for (std::size_t i = 0; i < from.header_count(); ++i) {
    // The parser let CR and LF through as folds only, so what was one value stays one value.
    if (const HeaderView field = from.header(i); field.id == id) write(to_string(id), field.value);
  }
  return *this;
}

MessageBuilder& MessageBuilder::copy(const MessageView& from, std::size_t i) & {
  const HeaderView field = from.header(i);
  if (!field.name.empty() && field.id != HeaderId::ContentLength) write(field.name, field.value);
  return *this;
}

void MessageBuilder::copy_first(const MessageView& from, HeaderId id) {
  if (const auto value = from.header(id)) write(to_string(id), *value);
}

MessageBuilder& MessageBuilder::body(std::string_view content_type, std::string_view bytes) & {
  return header(HeaderId::ContentType, content_type).body(bytes);
}

MessageBuilder& MessageBuilder::body(std::string_view bytes) & {
  body_.clear();
  body_ += bytes;
  return *this;
}

Result<std::string> MessageBuilder::finish() && {
  if (failed_) return Error{Errc::BadValue, 0, Error::no_offset, "cannot be written into a SIP message", std::move(error_)};
  write(to_string(HeaderId::ContentLength), grammar::Decimal(body_.size()).text());
  head_ += "\r\n";
  head_ += body_;
  if (head_.size() > limits::message) return Errc::TooLong;
  return std::move(head_);
}

}  // namespace parley::sip
