// SPDX-License-Identifier: MIT
#include <parley/media/sdp/detail/text.hpp>
#include <parley/media/sdp/writer.hpp>

#include <utility>

namespace parley::media::sdp {

namespace {

/// Appends; the first value that must not stand where it is asked to makes the whole text void.
class Writer {
 public:
  Result<std::string> run(const SessionDescription& description);

 private:
  void session(const SessionDescription& description);
  void origin(const Origin& origin);
  void connection(const Connection& connection);
  void bandwidths(const std::vector<Bandwidth>& list);
  void times(const std::vector<TimeLine>& list);
  void attributes(const Attributes& list);
  void section(const MediaSection& section);

  void begin(char letter) {
    text_ += letter;
    text_ += '=';
  }
  void end() { text_ += "\r\n"; }
  void line(char letter, std::string_view value) {
    begin(letter);
    free_text(value);
    end();
  }
  void free_text(std::string_view value) {
    require(detail::is_line_text(value), "CR, LF or NUL inside a line");
    text_ += value;
  }
  void word(std::string_view value, std::size_t longest, const char* reason) {
    require(detail::is_word(value, longest), reason);
    text_ += value;
  }
  void blank() { text_ += ' '; }
  void require(bool good, const char* reason) {
    if (!good && reason_ == nullptr) reason_ = reason;
  }

  std::string text_;
  const char* reason_ = nullptr;
};

Result<std::string> Writer::run(const SessionDescription& description) {
  session(description);
  require(description.sections.size() <= limits::sections, "too many m= lines");
  for (const MediaSection& each : description.sections) {
    require(each.port == 0 || connection_of(description, each) != nullptr, "m=: no c= line for it");
    section(each);
  }
  if (reason_ != nullptr) return Error{.code = Errc::BadValue, .reason = reason_, .detail = {}};
  if (text_.size() > limits::text) return Error{.code = Errc::TooLong, .reason = "session description too long", .detail = {}};
  return std::move(text_);
}

void Writer::session(const SessionDescription& description) {
  line('v', "0");
  origin(description.origin);
  line('s', description.session_name);
  if (description.information) line('i', *description.information);
  if (description.uri) line('u', *description.uri);
  for (const std::string& email : description.emails) line('e', email);
  for (const std::string& phone : description.phones) line('p', phone);
  if (description.connection) connection(*description.connection);
  bandwidths(description.bandwidths);
  times(description.times);
  attributes(description.attributes);
}

void Writer::origin(const Origin& origin) {
  require(detail::is_number(origin.session_id) && detail::is_number(origin.session_version), "o=: id or version is not a number");
  begin('o');
  word(origin.username, limits::address, "o=: user name malformed");
  text_ += ' ' + origin.session_id + ' ' + origin.session_version + ' ';
  word(origin.network_type, limits::token, "o=: network type malformed");
  blank();
  word(origin.address_type, limits::token, "o=: address type malformed");
  blank();
  word(origin.address, limits::address, "o=: address malformed");
  end();
}

void Writer::connection(const Connection& connection) {
  const bool is_in = connection.network_type == "IN";
  const bool is_ip4 = is_in && connection.address_type == "IP4";
  const bool is_ip6 = is_in && connection.address_type == "IP6";
  const std::string& address = connection.address;
  require(!is_ip4 || detail::is_ipv4(address) || detail::is_host_name(address), "c=: not an IPv4 address or name");
  require(!is_ip6 || detail::is_ipv6(address) || detail::is_host_name(address), "c=: not an IPv6 address or name");
  // "/ttl/count" for IP4, "/count" for IP6, nothing for others (RFC 8866 s.5.7).
  require(!connection.ttl || (is_ip4 && *connection.ttl <= 255), "c=: ttl where there can be none");
  require(!connection.count || (*connection.count > 0 && (is_ip6 || (is_ip4 && connection.ttl))), "c=: count where there can be none");
  begin('c');
  word(connection.network_type, limits::token, "c=: network type malformed");
  blank();
  word(connection.address_type, limits::token, "c=: address type malformed");
  blank();
  word(address, limits::address, "c=: address malformed");
  if (connection.ttl) text_ += '/' + std::to_string(*connection.ttl);
  if (connection.count) text_ += '/' + std::to_string(*connection.count);
  end();
}

void Writer::bandwidths(const std::vector<Bandwidth>& list) {
  require(list.size() <= limits::lines, "too many b= lines");
  for (const Bandwidth& bandwidth : list) {
    require(bandwidth.type.find(':') == std::string::npos, "b=: type malformed");
    begin('b');
    word(bandwidth.type, limits::token, "b=: type malformed");
    text_ += ':' + std::to_string(bandwidth.value);
    end();
  }
}

void Writer::times(const std::vector<TimeLine>& list) {
  require(!list.empty() && list.front().letter == 't', "no t= line");
  require(list.size() <= limits::lines, "too many t=, r= or z= lines");
  for (const TimeLine& time : list) {
    require(time.letter == 't' || time.letter == 'r' || time.letter == 'z', "not a t=, r= or z= line");
    detail::Words words(time.value);
    require(time.letter != 't' || (detail::is_number(words.next()) && detail::is_number(words.next()) && words.at_end()),
            "t=: not two numbers");
    line(time.letter, time.value);
  }
}

void Writer::attributes(const Attributes& list) {
  for (const Attribute& attribute : list) {
    require(!attribute.name.empty() && attribute.name.find(':') == std::string::npos, "a=: name malformed");
    begin('a');
    free_text(attribute.name);
    if (attribute.value) {
      text_ += ':';
      free_text(*attribute.value);
    }
    end();
  }
}

void Writer::section(const MediaSection& section) {
  require(!section.formats.empty() || section.port == 0, "m=: no format");
  require(section.formats.size() <= limits::formats, "m=: too many formats");
  require(section.connections.size() <= limits::lines, "too many c= lines");
  begin('m');
  word(section.media, limits::token, "m=: media type malformed");
  text_ += ' ' + std::to_string(section.port);
  if (section.port_count) {
    require(*section.port_count > 0, "m=: number of ports is none");
    text_ += '/' + std::to_string(*section.port_count);
  }
  blank();
  word(section.protocol, limits::token, "m=: protocol malformed");
  for (const std::string& format : section.formats) {
    blank();
    word(format, limits::address, "m=: format malformed");
  }
  end();
  if (section.information) line('i', *section.information);
  for (const Connection& each : section.connections) connection(each);
  bandwidths(section.bandwidths);
  attributes(section.attributes);
}

}  // namespace

Result<std::string> write(const SessionDescription& description) { return Writer().run(description); }

}  // namespace parley::media::sdp
