// SPDX-License-Identifier: MIT
#include <parley/media/sdp/detail/text.hpp>
#include <parley/media/sdp/parser.hpp>

#include <algorithm>
#include <utility>

namespace parley::media::sdp {

namespace {

using detail::Words;

/// One pass over the lines. Every step returns false after noting the error, and the caller goes home.
class Parser {
 public:
  explicit Parser(std::string_view text) noexcept : text_(text) {}

  Result<SessionDescription> run() {
    if (!parse_all()) return std::move(error_);
    return std::move(result_);
  }

 private:
  bool parse_all();
  bool parse_head();
  bool parse_line();
  bool parse_session_line();
  bool parse_section_line();
  bool check_end();

  bool next_line();
  bool expect(char letter, const char* reason);

  bool parse_origin();
  bool parse_connection(Connection& connection);
  bool parse_counts(Connection& connection, std::string_view counts, std::size_t offset);
  bool parse_bandwidth(std::vector<Bandwidth>& bandwidths);
  bool parse_time();
  bool parse_attribute(Attributes& attributes);
  bool parse_section();
  bool parse_port(MediaSection& section, std::string_view word, std::size_t offset);
  bool parse_once(std::optional<std::string>& text);
  bool parse_again(std::vector<std::string>& texts);

  bool fail(std::size_t offset, const char* reason, Errc code = Errc::BadSyntax) {
    error_ = Error{.code = code, .offset = static_cast<std::uint32_t>(offset), .reason = reason, .detail = {}};
    return false;
  }
  bool fail_here(const char* reason, Errc code = Errc::BadSyntax) { return fail(value_offset_, reason, code); }

  std::string_view text_;
  std::size_t position_ = 0;  // start of the next line
  char letter_ = '\0';        // the line at hand
  std::string_view value_;
  std::size_t value_offset_ = 0;
  std::size_t attribute_count_ = 0;
  std::vector<std::size_t> section_offsets_;
  SessionDescription result_;
  Error error_;
};

bool Parser::parse_all() {
  if (text_.size() > limits::text) return fail(limits::text, "session description too long", Errc::TooLong);
  result_.times.clear();
  if (!parse_head()) return false;
  // Writers leave blank lines behind the last one; nothing but line ends may follow.
  while (text_.find_first_not_of("\r\n", position_) != std::string_view::npos) {
    if (!next_line() || !parse_line()) return false;
  }
  return check_end();
}

bool Parser::parse_head() {
  if (!expect('v', "session description does not begin with v=0")) return false;
  if (value_ != "0") return fail_here("version of session description is not 0");
  if (!expect('o', "no o= line after v=") || !parse_origin()) return false;
  if (!expect('s', "no s= line after o=")) return false;
  result_.session_name = value_;
  return true;
}

bool Parser::expect(char letter, const char* reason) {
  if (position_ >= text_.size()) return fail(position_, reason);
  const std::size_t start = position_;
  if (!next_line()) return false;
  return letter_ == letter || fail(start, reason);
}

bool Parser::next_line() {
  const std::size_t start = position_;
  const std::size_t end = std::min(text_.find('\n', start), text_.size());
  position_ = std::min(end + 1, text_.size());
  std::string_view line = text_.substr(start, end - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (const std::size_t bad = line.find_first_of(std::string_view("\r\0", 2)); bad != std::string_view::npos) {
    return fail(start + bad, "CR or NUL inside a line");
  }
  if (line.size() < 2 || line[1] != '=') return fail(start, "line is not a letter and an equals sign");
  letter_ = line[0];
  value_ = line.substr(2);
  value_offset_ = start + 2;
  return true;
}

bool Parser::parse_line() {
  if (letter_ == 'm') return parse_section();
  return result_.sections.empty() ? parse_session_line() : parse_section_line();
}

bool Parser::parse_session_line() {
  switch (letter_) {
    case 'i': return parse_once(result_.information);
    case 'u': return parse_once(result_.uri);
    case 'e': return parse_again(result_.emails);
    case 'p': return parse_again(result_.phones);
    case 'c':
      if (result_.connection) return fail_here("second c= line of the session");
      return parse_connection(result_.connection.emplace());
    case 'b': return parse_bandwidth(result_.bandwidths);
    case 't':
    case 'r':
    case 'z': return parse_time();
    case 'k': return true;  // obsolete, to be discarded (RFC 8866 s.5.12)
    case 'a': return parse_attribute(result_.attributes);
    default: return fail(value_offset_ - 2, "unknown or misplaced line in the session part");
  }
}

bool Parser::parse_section_line() {
  MediaSection& section = result_.sections.back();
  switch (letter_) {
    case 'i': return parse_once(section.information);
    case 'c':
      if (section.connections.size() == limits::lines) return fail_here("too many c= lines", Errc::TooLong);
      return parse_connection(section.connections.emplace_back());
    case 'b': return parse_bandwidth(section.bandwidths);
    case 'k': return true;
    case 'a': return parse_attribute(section.attributes);
    default: return fail(value_offset_ - 2, "unknown or misplaced line in a media section");
  }
}

bool Parser::parse_once(std::optional<std::string>& text) {
  if (text) return fail_here("second line of a kind that may come once");
  text = value_;
  return true;
}

bool Parser::parse_again(std::vector<std::string>& texts) {
  if (texts.size() == limits::lines) return fail_here("too many e= or p= lines", Errc::TooLong);
  texts.emplace_back(value_);
  return true;
}

bool Parser::parse_origin() {
  Words words(value_);
  Origin& origin = result_.origin;
  const auto word = [&](std::string& out, std::size_t longest, const char* reason) {
    const std::size_t offset = value_offset_ + words.offset();
    out = words.next();
    return detail::is_word(out, longest) || fail(offset, reason);
  };
  const auto digits = [&](std::string& out, const char* reason) {
    const std::size_t offset = value_offset_ + words.offset();
    out = words.next();
    return detail::is_number(out) || fail(offset, reason);
  };
  return word(origin.username, limits::address, "o=: user name missing or malformed") &&
         digits(origin.session_id, "o=: session id is not a number") &&
         digits(origin.session_version, "o=: session version is not a number") &&
         word(origin.network_type, limits::token, "o=: network type missing or malformed") &&
         word(origin.address_type, limits::token, "o=: address type missing or malformed") &&
         word(origin.address, limits::address, "o=: address missing, malformed or too long") &&
         (words.at_end() || fail(value_offset_ + words.offset(), "o=: more than six words"));
}

bool Parser::parse_connection(Connection& connection) {
  Words words(value_);
  connection.network_type = words.next();
  connection.address_type = words.next();
  const std::size_t offset = value_offset_ + words.offset();
  std::string_view address = words.next();
  if (!words.at_end()) return fail(value_offset_ + words.offset(), "c=: more than three words");
  if (!detail::is_word(connection.network_type, limits::token) || !detail::is_word(connection.address_type, limits::token)) {
    return fail_here("c=: network or address type missing or malformed");
  }
  const bool is_ip4 = connection.network_type == "IN" && connection.address_type == "IP4";
  const bool is_ip6 = connection.network_type == "IN" && connection.address_type == "IP6";
  std::string_view counts;
  if (is_ip4 || is_ip6) {
    const std::size_t slash = std::min(address.find('/'), address.size());
    counts = address.substr(slash);
    address = address.substr(0, slash);
  }
  connection.address = address;
  if (!detail::is_word(address, limits::address)) return fail(offset, "c=: address missing or too long");
  if (is_ip4 && !detail::is_ipv4(address) && !detail::is_host_name(address)) return fail(offset, "c=: not an IPv4 address or name");
  if (is_ip6 && !detail::is_ipv6(address) && !detail::is_host_name(address)) return fail(offset, "c=: not an IPv6 address or name");
  return counts.empty() || parse_counts(connection, counts, offset + address.size());
}

/// "/ttl", "/ttl/count" for IP4, "/count" for IP6 (RFC 8866 s.5.7).
bool Parser::parse_counts(Connection& connection, std::string_view counts, std::size_t offset) {
  counts.remove_prefix(1);
  if (connection.address_type == "IP4") {
    const std::size_t slash = counts.find('/');
    const auto ttl = detail::number(counts.substr(0, slash), 255);
    if (!ttl) return fail(offset + 1, "c=: ttl is not 0 to 255");
    connection.ttl = static_cast<std::uint16_t>(*ttl);
    if (slash == std::string_view::npos) return true;
    counts.remove_prefix(slash + 1);
  }
  const auto count = detail::number(counts, UINT32_MAX);
  if (!count || *count == 0) return fail(offset + 1, "c=: number of addresses is none");
  connection.count = static_cast<std::uint32_t>(*count);
  return true;
}

bool Parser::parse_bandwidth(std::vector<Bandwidth>& bandwidths) {
  if (bandwidths.size() == limits::lines) return fail_here("too many b= lines", Errc::TooLong);
  const std::size_t colon = std::min(value_.find(':'), value_.size());
  const std::string_view type = value_.substr(0, colon);
  if (colon == value_.size() || !detail::is_word(type, limits::token)) return fail_here("b=: not type:value");
  const auto value = detail::number(value_.substr(colon + 1), UINT64_MAX);
  if (!value) return fail(value_offset_ + colon + 1, "b=: value is not a number");
  bandwidths.push_back({std::string(type), *value});
  return true;
}

bool Parser::parse_time() {
  if (result_.times.size() == limits::lines) return fail_here("too many t=, r= or z= lines", Errc::TooLong);
  if (letter_ == 't') {
    Words words(value_);
    const std::string_view start = words.next();
    const std::string_view stop = words.next();
    if (!detail::is_number(start) || !detail::is_number(stop) || !words.at_end()) return fail_here("t=: not two numbers");
  } else if (result_.times.empty()) {
    return fail(value_offset_ - 2, "r= or z= before t=");
  }
  result_.times.push_back({letter_, std::string(value_)});
  return true;
}

bool Parser::parse_attribute(Attributes& attributes) {
  if (++attribute_count_ > limits::attributes) return fail_here("too many attributes", Errc::TooLong);
  const std::size_t colon = value_.find(':');
  const std::string_view name = value_.substr(0, colon);
  if (name.empty()) return fail_here("a=: no name");
  if (colon == std::string_view::npos) {
    attributes.add(name);
  } else {
    attributes.add(name, value_.substr(colon + 1));
  }
  return true;
}

bool Parser::parse_section() {
  if (result_.sections.size() == limits::sections) return fail_here("too many m= lines", Errc::TooLong);
  section_offsets_.push_back(value_offset_ - 2);
  MediaSection& section = result_.sections.emplace_back();
  Words words(value_);
  section.media = words.next();
  if (!detail::is_word(section.media, limits::token)) return fail_here("m=: media type missing, malformed or too long");
  const std::size_t port_offset = value_offset_ + words.offset();
  if (!parse_port(section, words.next(), port_offset)) return false;
  const std::size_t protocol_offset = value_offset_ + words.offset();
  section.protocol = words.next();
  if (!detail::is_word(section.protocol, limits::token)) return fail(protocol_offset, "m=: protocol missing, malformed or too long");
  while (!words.at_end()) {
    const std::size_t offset = value_offset_ + words.offset();
    if (section.formats.size() == limits::formats) return fail(offset, "m=: too many formats", Errc::TooLong);
    section.formats.emplace_back(words.next());
    if (!detail::is_word(section.formats.back(), limits::address)) return fail(offset, "m=: format malformed or too long");
  }
  // The grammar asks for a format always; writers of refused sections forget it.
  return !section.formats.empty() || section.port == 0 || fail_here("m=: no format");
}

bool Parser::parse_port(MediaSection& section, std::string_view word, std::size_t offset) {
  const std::size_t slash = word.find('/');
  const auto port = detail::number(word.substr(0, slash), UINT16_MAX);
  if (!port) return fail(offset, "m=: port is not 0 to 65535");
  section.port = static_cast<std::uint16_t>(*port);
  if (slash == std::string_view::npos) return true;
  const auto count = detail::number(word.substr(slash + 1), UINT16_MAX);
  if (!count || *count == 0) return fail(offset + slash + 1, "m=: number of ports is none");
  section.port_count = static_cast<std::uint16_t>(*count);
  return true;
}

bool Parser::check_end() {
  if (result_.times.empty()) return fail(text_.size(), "no t= line");
  for (std::size_t i = 0; i < result_.sections.size(); ++i) {
    const MediaSection& section = result_.sections[i];
    if (section.port != 0 && connection_of(result_, section) == nullptr) return fail(section_offsets_[i], "m=: no c= line for it");
  }
  return true;
}

}  // namespace

Result<SessionDescription> parse(std::string_view text) { return Parser(text).run(); }

}  // namespace parley::media::sdp
