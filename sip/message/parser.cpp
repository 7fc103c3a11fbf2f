// SPDX-License-Identifier: MIT
#include <parley/sip/message/field.hpp>
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/parser.hpp>

#include <algorithm>

namespace parley::sip {

namespace {

/// One parse: walks the head line by line; each line's value is read by the rule of its header before the next line is looked for,
/// so what is wrong in one header hides nothing of the others.
class MessageReader {
 public:
  MessageReader(std::string_view bytes, IndexTables& tables) noexcept
      : tables_(tables),
        layout_(tables.layout),
        base_(bytes.data()),
        at_(base_),
        end_(base_ + std::min(bytes.size(), limits::message)),
        wide_(grammar::wide_end(base_, end_)),
        over_limit_(bytes.size() > limits::message) {}

  ParseResult read() noexcept;
  bool takes_fields(std::uint8_t& seen) noexcept;

 private:
  using Seen = grammar::Seen;

  /// What every message has besides a Via (RFC 3261 s.8.1.1).
  struct Needed {
    Seen which;
    const char* missing;
  };
  static constexpr Needed needed[] = {
      {Seen::From, "From is missing"}, {Seen::To, "To is missing"}, {Seen::CallId, "Call-ID is missing"}, {Seen::CSeq, "CSeq is missing"}};

  /// The first thing that was wrong; reason nullptr: nothing yet.
  struct Flaw {
    const char* reason = nullptr;
    std::uint32_t offset = 0;
    std::uint16_t status = 0;
    Errc code = Errc::BadSyntax;
  };

  struct NameAddrTable {
    entry::NameAddr* entries;
    std::uint8_t& count;
    std::size_t limit;
  };

  bool read_start_line() noexcept;
  bool read_request_line(std::string_view line) noexcept;
  void read_request_uri(std::string_view text) noexcept;
  void check_version(std::string_view version) noexcept;
  bool read_status_line(std::string_view line) noexcept;

  void read_head() noexcept;
  void end_head(grammar::FieldReader::Kind how, const char* at) noexcept;
  void read_value(const entry::Header& header) noexcept;
  bool read_via_value(grammar::Cursor& in, entry::Via& out) noexcept;
  void read_via_list(entry::Span value) noexcept;
  void read_address(Seen which, entry::Span value, entry::NameAddr& out) noexcept;
  void read_contact(entry::Span value) noexcept;
  void read_routes(entry::Span value, NameAddrTable table) noexcept;
  bool read_name_addr_list(entry::Span value, NameAddrTable table) noexcept;
  void read_call_id(entry::Span value) noexcept;
  void read_cseq(entry::Span value) noexcept;
  void read_max_forwards(entry::Span value) noexcept;
  void read_content_type(entry::Span value) noexcept;
  void read_content_length(entry::Span value) noexcept;

  void find_body() noexcept;
  void check_whole() noexcept;
  void say_what_is_missing() noexcept;

  std::uint16_t offset_of(const char* at) const noexcept { return static_cast<std::uint16_t>(at - base_); }
  bool fail(const char* at, const char* why, std::uint16_t status, Errc code) noexcept;
  bool fail(const char* at, const char* why) noexcept { return fail(at, why, 400, Errc::BadSyntax); }
  bool fail(const grammar::Cursor& in) noexcept { return fail(in.rest().data(), in.why()); }
  bool at_value_end(grammar::Cursor& in) noexcept;
  bool first_of(Seen which, entry::Span value) noexcept;

  IndexTables& tables_;
  MessageLayout& layout_;
  const char* base_;
  const char* at_;
  const char* end_;
  const char* wide_;  ///< before it whole Octets may be read
  bool over_limit_;   ///< there are more octets than a message may have; they are not looked at
  bool head_is_complete_ = false;
  bool top_via_broken_ = false;
  std::uint8_t seen_ = 0;
  Flaw flaw_;
};

/// Keeps the first thing that was wrong. Always false.
bool MessageReader::fail(const char* at, const char* why, std::uint16_t status, Errc code) noexcept {
  if (flaw_.reason == nullptr) flaw_ = {why, static_cast<std::uint32_t>(at - base_), status, code};
  return false;
}

ParseResult MessageReader::read() noexcept {
  // RFC 3261 s.7.5: CRLFs before the start line mean nothing.
  while (grammar::is_crlf(at_, end_)) at_ += 2;
  layout_.begin = layout_.body = layout_.end = offset_of(at_);
  const bool is_message = read_start_line();
  if (is_message) {
    read_head();
    find_body();
    check_whole();
  }
  if (flaw_.reason == nullptr) return {Verdict::Ok, {}};
  const bool answerable = is_message && layout_.is_request && layout_.via_count > 0;
  return {answerable ? Verdict::Bad : Verdict::Drop, Error{flaw_.code, flaw_.status, flaw_.offset, flaw_.reason}};
}

bool MessageReader::takes_fields(std::uint8_t& seen) noexcept {
  seen_ = seen;
  read_head();
  seen = seen_;
  return flaw_.reason == nullptr;
}

// Start line (RFC 3261 s.7.1, s.7.2).

bool MessageReader::read_start_line() noexcept {
  const char* const line_end = grammar::find_line_break(at_, end_, wide_);
  if (!grammar::is_crlf(line_end, end_)) return fail(line_end, "the start line does not end");
  const std::string_view line(at_, static_cast<std::size_t>(line_end - at_));
  const bool is_status_line = line.size() > 4 && grammar::is_name(line.substr(0, 4), "SIP/");
  if (is_status_line ? !read_status_line(line) : !read_request_line(line)) return false;
  at_ = line_end + 2;
  return true;
}

bool MessageReader::read_request_line(std::string_view line) noexcept {
  grammar::Cursor in(line, base_, wide_);
  layout_.method_text = in.run(grammar::token_char);
  if (layout_.method_text.empty() || !in.take(' ')) return fail(in.rest().data(), "neither a request line nor a status line");
  layout_.is_request = true;
  layout_.method = method_from_text(in.text(layout_.method_text));
  const std::string_view rest = in.rest();
  constexpr std::string_view usual_end = " SIP/2.0";
  const std::size_t uri_size = rest.size() - std::min(rest.size(), usual_end.size());
  if (grammar::is_name(rest.substr(uri_size), usual_end)) {
    read_request_uri(rest.substr(0, uri_size));
    return true;
  }
  const std::size_t blank = rest.rfind(' ');
  if (blank == std::string_view::npos) {
    fail(rest.data() + rest.size(), "SIP version expected");
    return true;
  }
  read_request_uri(rest.substr(0, blank));
  check_version(rest.substr(blank + 1));
  return true;
}

void MessageReader::read_request_uri(std::string_view text) noexcept {
  if (text.size() > limits::uri) {
    fail(text.data(), "Request-URI too long", 414, Errc::TooLong);
    return;
  }
  grammar::Cursor in(text, base_, wide_);
  entry::Uri uri{};
  if (!grammar::read_uri(in, grammar::UriPlace::Enclosed, uri)) {
    fail(in);
  } else if (!in.at_end()) {
    fail(in.rest().data(), "character that cannot stand in a Request-URI");
  } else if (!uri.headers.empty()) {  // RFC 3261 s.19.1.1: not allowed here, and they must never reach the request
    fail(base_ + uri.headers.begin, "headers in the Request-URI");
  } else {
    layout_.request_uri = uri;
  }
}

/// A version that is not 2.0.
void MessageReader::check_version(std::string_view version) noexcept {
  const bool is_sip = version.size() > 4 && grammar::is_name(version.substr(0, 4), "SIP/") && grammar::is(version[4], grammar::digit);
  if (is_sip && version.find_first_not_of("0123456789.", 4) == std::string_view::npos) {
    flaw_.reason = nullptr;  // s.21.5.6: whatever else seems wrong may be right in that version
    fail(version.data(), "SIP version is not 2.0", 505, Errc::NotSupported);
  } else {
    fail(version.data(), "SIP version expected");
  }
}

bool MessageReader::read_status_line(std::string_view line) noexcept {
  constexpr std::size_t version_size = 7;
  if (line.size() < version_size || !grammar::is_name(line.substr(0, version_size), "SIP/2.0"))
    return fail(line.data(), "SIP version is not 2.0");
  grammar::Cursor in(line.substr(version_size), base_, wide_);
  return grammar::read_status(in, layout_.status, layout_.reason) || fail(in);
}

// Header fields (RFC 3261 s.7.3).

void MessageReader::read_head() noexcept {
  using Kind = grammar::FieldReader::Kind;
  grammar::FieldReader fields(base_, at_, end_);
  entry::Header* header = tables_.headers;
  for (;;) {
    const Kind kind = fields.next(*header);
    if (kind == Kind::Field && header != tables_.headers + limits::headers) {
      read_value(*header++);
    } else if (kind == Kind::Nameless) {
      fail(base_ + header->name.begin, "header name and \":\" expected");
    } else {
      layout_.header_count = static_cast<std::uint8_t>(header - tables_.headers);
      if (kind != Kind::Field) return end_head(kind, fields.at());
      at_ = base_ + header->name.begin;
      fail(at_, "too many header fields", 513, Errc::TooLong);
      return;
    }
  }
}

void MessageReader::end_head(grammar::FieldReader::Kind how, const char* at) noexcept {
  using Kind = grammar::FieldReader::Kind;
  at_ = at;
  head_is_complete_ = how == Kind::EndOfHead;
  if (how == Kind::LoneBreak) fail(at, "CR or LF alone");
  if (how != Kind::Cut) return;
  if (over_limit_) {
    fail(end_, "message too large", 513, Errc::TooLong);
  } else {
    fail(end_, "the head does not end");
  }
}

void MessageReader::read_value(const entry::Header& header) noexcept {
  const entry::Span value = header.value;
  switch (header.id) {
    case HeaderId::Via: return read_via_list(value);
    case HeaderId::From: return read_address(Seen::From, value, layout_.from);
    case HeaderId::To: return read_address(Seen::To, value, layout_.to);
    case HeaderId::CallId: return read_call_id(value);
    case HeaderId::CSeq: return read_cseq(value);
    case HeaderId::MaxForwards: return read_max_forwards(value);
    case HeaderId::Contact: return read_contact(value);
    case HeaderId::Route: return read_routes(value, {tables_.routes, layout_.route_count, limits::routes});
    case HeaderId::RecordRoute: return read_routes(value, {tables_.record_routes, layout_.record_route_count, limits::routes});
    case HeaderId::ContentType: return read_content_type(value);
    case HeaderId::ContentLength: return read_content_length(value);
    default: return;  // kept as it is; typed readers come on demand
  }
}

bool MessageReader::at_value_end(grammar::Cursor& in) noexcept { return in.at_end() || fail(in.rest().data(), "unexpected character"); }

bool MessageReader::first_of(Seen which, entry::Span value) noexcept {
  if ((seen_ & which) != 0) return fail(base_ + value.begin, "header that may stand only once stands twice");
  seen_ = static_cast<std::uint8_t>(seen_ | which);
  return true;
}

bool MessageReader::read_via_value(grammar::Cursor& in, entry::Via& out) noexcept {
  if (!grammar::read_via(in, out)) return fail(in);
  in.skip_lws();
  return in.at(',') || at_value_end(in);
}

/// Where the topmost Via cannot be read, no later one takes its place: an answer would go by a hop that is not ours (RFC 3261 s.18.2.2).
void MessageReader::read_via_list(entry::Span value) noexcept {
  if (top_via_broken_) return;
  grammar::Cursor in(value, base_, wide_);
  do {
    in.skip_lws();
    if (layout_.via_count == limits::vias) {
      fail(in.rest().data(), "too many Via", 400, Errc::TooLong);
      return;
    }
    entry::Via& via = tables_.vias[layout_.via_count];
    via = {};
    if (!read_via_value(in, via)) {
      top_via_broken_ = layout_.via_count == 0;
      return;
    }
    ++layout_.via_count;
  } while (in.take(','));
}

void MessageReader::read_address(Seen which, entry::Span value, entry::NameAddr& out) noexcept {
  if (!first_of(which, value)) return;
  grammar::Cursor in(value, base_, wide_);
  const bool good = grammar::read_name_addr(in, out) ? at_value_end(in) : fail(in);
  if (!good) out = {};
}

void MessageReader::read_contact(entry::Span value) noexcept {
  if (value.empty()) return;
  const bool is_star = value.in(base_) == "*";
  if ((seen_ & (is_star ? Seen::Contact : Seen::StarContact)) != 0) {
    fail(base_ + value.begin, "\"*\" must be the only Contact");  // RFC 3261 s.10.2.2
    return;
  }
  seen_ |= is_star ? Seen::Contact | Seen::StarContact : Seen::Contact;
  layout_.contact_is_star = is_star;
  if (!is_star) read_name_addr_list(value, {tables_.contacts, layout_.contact_count, limits::contacts});
}

void MessageReader::read_routes(entry::Span value, NameAddrTable table) noexcept {
  const std::size_t first = table.count;
  if (!read_name_addr_list(value, table)) fail(base_ + value.begin, "too many routes", 400, Errc::TooLong);
  for (std::size_t i = first; i < table.count; ++i) {
    // Only name-addr: outside of <> the "lr" would be the header's and not the URI's (RFC 3261 s.20.30).
    const entry::NameAddr& route = table.entries[i];
    if (route.uri.text.end == 0 || base_[route.uri.text.begin - 1] != '<') fail(base_ + route.text.begin, "a route needs <>");
  }
}

/// Elements beyond the table's limit are not kept; false: there were some.
bool MessageReader::read_name_addr_list(entry::Span value, NameAddrTable table) noexcept {
  if (value.empty()) return true;
  grammar::Cursor in(value, base_, wide_);
  do {
    if (table.count == table.limit) return false;
    in.skip_lws();
    entry::NameAddr& address = table.entries[table.count];
    address = {};
    if (!grammar::read_name_addr(in, address)) {
      fail(in);
      return true;
    }
    if (!in.at(',') && !at_value_end(in)) return true;
    ++table.count;
  } while (in.take(','));
  return true;
}

void MessageReader::read_call_id(entry::Span value) noexcept {
  if (!first_of(Seen::CallId, value)) return;
  // callid = word [ "@" word ]; read as any visible text, because it is only ever compared and copied.
  grammar::Cursor in(value, base_, wide_);
  const entry::Span text = in.run(grammar::visible);
  if (text.empty() || !in.at_end()) {
    fail(base_ + value.begin, "Call-ID expected");
    return;
  }
  layout_.call_id = text;
}

void MessageReader::read_cseq(entry::Span value) noexcept {
  if (!first_of(Seen::CSeq, value)) return;
  grammar::Cursor in(value, base_, wide_);
  entry::Span method{};
  if (!grammar::read_cseq(in, layout_.cseq_number, method)) {
    fail(in);
  } else if (at_value_end(in)) {
    layout_.cseq_method_text = method;
    layout_.cseq_method = method_from_text(in.text(method));
  }
}

void MessageReader::read_max_forwards(entry::Span value) noexcept {
  if (!first_of(Seen::MaxForwards, value)) return;
  grammar::Cursor in(value, base_, wide_);
  std::uint32_t number = 0;
  if (!in.number(255, number)) {
    fail(in);
    return;
  }
  if (!at_value_end(in)) return;
  layout_.max_forwards = static_cast<std::uint8_t>(number);
  layout_.has_max_forwards = true;
}

void MessageReader::read_content_type(entry::Span value) noexcept {
  if (value.empty() || !first_of(Seen::ContentType, value)) return;
  grammar::Cursor in(value, base_, wide_);
  entry::ContentType type{};
  if (!grammar::read_media_type(in, type)) {
    fail(in);
  } else if (at_value_end(in)) {
    layout_.content_type = type;
  }
}

void MessageReader::read_content_length(entry::Span value) noexcept {
  grammar::Cursor in(value, base_, wide_);
  std::uint32_t length = 0;
  if (!in.number(limits::message, length)) {
    if (in.at_class(grammar::digit)) {
      fail(base_ + value.begin, "body too large", 413, Errc::TooLong);
    } else {
      fail(in);
    }
    return;
  }
  if (!at_value_end(in)) return;
  if (layout_.has_content_length && layout_.content_length != length) {
    fail(base_ + value.begin, "two different Content-Length");
    return;
  }
  layout_.content_length = length;
  layout_.has_content_length = true;
}

// The whole (RFC 3261 s.8.1.1, s.18.3).

void MessageReader::find_body() noexcept {
  if (!head_is_complete_) {  // said already
    layout_.body = layout_.end = offset_of(end_);
    return;
  }
  layout_.body = offset_of(at_);
  layout_.end = offset_of(end_);
  const auto available = static_cast<std::uint32_t>(end_ - at_);
  const bool fits = layout_.has_content_length ? layout_.content_length <= available : !over_limit_;
  if (!fits && over_limit_) {
    fail(at_, "body too large", 413, Errc::TooLong);
  } else if (!fits) {
    fail(end_, "body shorter than Content-Length");
  } else if (layout_.has_content_length) {
    layout_.end = static_cast<std::uint16_t>(layout_.body + layout_.content_length);
  }
}

void MessageReader::say_what_is_missing() noexcept {
  for (const Needed& header : needed) {
    if ((seen_ & header.which) == 0) fail(base_ + layout_.begin, header.missing);
  }
}

void MessageReader::check_whole() noexcept {
  if (layout_.via_count == 0) fail(base_ + layout_.begin, "Via is missing");
  if (constexpr unsigned all = Seen::From | Seen::To | Seen::CallId | Seen::CSeq; (seen_ & all) != all) say_what_is_missing();
  if (!layout_.is_request) {
    layout_.method = layout_.cseq_method;
    layout_.method_text = layout_.cseq_method_text;
  } else if (layout_.method != layout_.cseq_method ||
             (layout_.method == Method::Other && layout_.method_text.in(base_) != layout_.cseq_method_text.in(base_))) {
    fail(base_ + layout_.cseq_method_text.begin, "CSeq names another method than the request line");  // s.8.1.1.5
  }
}

}  // namespace

ParseResult parse(std::string_view bytes, MessageIndex& index) noexcept {
  index.reset();
  return MessageReader(bytes, index.tables_).read();
}

bool grammar::takes_fields(std::string_view lines, std::uint8_t& seen) noexcept {
  IndexTables tables;
  return MessageReader(lines, tables).takes_fields(seen);
}

MessageIndex::MessageIndex() noexcept {
  MessageLayout& layout = tables_.layout;
  layout.headers = tables_.headers;
  layout.vias = tables_.vias;
  layout.contacts = tables_.contacts;
  layout.routes = tables_.routes;
  layout.record_routes = tables_.record_routes;
}

void MessageIndex::reset() noexcept { static_cast<MessageFacts&>(tables_.layout) = MessageFacts{}; }

}  // namespace parley::sip
