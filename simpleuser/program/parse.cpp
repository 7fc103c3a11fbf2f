// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/parse.hpp>

#include <parley/simpleuser/program/json_line.hpp>
#include <parley/simpleuser/program/terminal.hpp>
#include <parley/simpleuser/program/typed_fields.hpp>
#include <parley/sip/message/message_index.hpp>
#include <parley/sip/message/parser.hpp>
#include <parley/sip/message/stream_framer.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

namespace parley::program {

namespace {

/// What is legal and yet worth a word.
std::vector<std::string> warnings(const sip::MessageView& message, std::string_view bytes) {
  std::vector<std::string> found;
  if (message.via_count() > 0 && !message.via().has_rfc3261_branch())
    found.emplace_back("top Via without an RFC 3261 branch: matched the RFC 2543 way");
  if (message.from_tag().empty()) found.emplace_back("From without tag");
  if (message.is_request() && !message.max_forwards()) found.emplace_back("no Max-Forwards");
  if (!message.body().empty() && !message.content_type()) found.emplace_back("body without Content-Type");
  const auto end = static_cast<std::size_t>(message.body().data() + message.body().size() - bytes.data());
  if (end < bytes.size()) found.push_back(std::to_string(bytes.size() - end) + " octets behind Content-Length are left out");
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const sip::HeaderView header = message.header(i);
    for (const std::string& why : typed_fields(header).unreadable) found.push_back(std::string(header.name) + " cannot be read: " + why);
  }
  for (const std::string& why : typed_body(message).unreadable) found.push_back("body cannot be read: " + why);
  return found;
}

std::string start_line(std::string_view bytes) {
  const auto begin = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
  return std::string(bytes.substr(begin, bytes.find_first_of("\r\n", begin) - begin));
}

std::string_view verdict_name(sip::Verdict verdict) {
  switch (verdict) {
    case sip::Verdict::Ok: return "ok";
    case sip::Verdict::Bad: return "bad";
    case sip::Verdict::Drop: return "drop";
  }
  return "";
}

/// One message and what came of it. `view` is for what was indexed: all of an Ok one, of a Bad one what could be read.
struct Parsed {
  std::string_view bytes;
  sip::ParseResult result;
  const sip::MessageIndex& index;
  sip::MessageView view() const { return {bytes, index}; }
};

std::string json_of(const Fields& fields) {
  JsonLine line;
  for (const auto& [name, value] : fields) line.add(name, value);
  return line.text();
}

template <class Range, class F>
std::string json_array(const Range& range, F&& to_json) {
  std::string text;
  for (const auto& each : range) text += (text.empty() ? "" : ",") + to_json(each);
  return "[" + text + "]";
}

std::string headers_json(const sip::MessageView& message) {
  std::string text;
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const auto header = message.header(i);
    JsonLine line;
    line.add("name", header.name);
    if (header.id != sip::HeaderId::Other) line.add("header", to_string(header.id));
    line.add("value", header.value);
    if (const auto values = typed_fields(header).values; !values.empty()) line.raw("typed", json_array(values, json_of));
    text += (text.empty() ? "" : ",") + line.text();
  }
  return "[" + text + "]";
}

void print_json(const std::string& file, const Parsed& parsed) {
  JsonLine line;
  line.add("file", file).add("verdict", verdict_name(parsed.result.verdict));
  if (parsed.result.verdict != sip::Verdict::Ok) {
    const Error& error = parsed.result.error;
    if (parsed.result.verdict == sip::Verdict::Bad) line.add("status", error.status);
    if (error.offset != Error::no_offset) line.add("offset", error.offset);
    line.add("error", error.text());
  }
  line.add("start_line", start_line(parsed.bytes));
  line.raw("headers", parsed.result.verdict == sip::Verdict::Drop ? "[]" : headers_json(parsed.view()));
  if (parsed.result.verdict == sip::Verdict::Ok) {
    const auto message = parsed.view();
    line.add("body_length", message.body().size());
    if (!message.body().empty()) line.add("body", message.body());
    if (const auto parts = typed_body(message).values; !parts.empty()) line.raw("parts", json_array(parts, json_of));
    line.raw("warnings", json_array(warnings(message, parsed.bytes), [](const std::string& text) { return json_string(text); }));
  }
  std::printf("%s\n", line.text().c_str());
}

/// Octets of UTF-8 behind the first of their character.
bool goes_on(char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U; }

/// Octets of a character that begins like this; 1 also where none does.
std::size_t promised_size(char first) {
  const auto octet = static_cast<unsigned char>(first);
  if (octet < 0xC2 || octet > 0xF4) return 1;
  if (octet < 0xE0) return 2;
  return octet < 0xF0 ? 3 : 4;
}

/// Octets of the character at `at`. What is no UTF-8 goes to the terminal as it is, which shows one mark for it: an octet that belongs to
/// no character is one of its own, and so is the beginning of one that breaks off.
std::size_t character_size(std::string_view text, std::size_t at) {
  const std::size_t most = std::min(promised_size(text[at]), text.size() - at);
  std::size_t size = 1;
  while (size < most && goes_on(text[at + size])) ++size;
  return size;
}

/// Where the character begins that holds the octet at `at`; at most the end.
std::size_t character_start(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  std::size_t start = at;
  while (start > 0 && at - start < 3 && goes_on(text[start])) --start;
  return start + character_size(text, start) > at ? start : at;
}

/// Places that a terminal needs for `text`: one for each character.
std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += character_size(text, at)) ++count;
  return count;
}

/// The line that holds the octet at `offset`, and a caret under it.
void print_caret(std::string_view bytes, std::size_t offset) {
  offset = std::min(offset, bytes.size());
  const auto before = offset == 0 ? std::string_view::npos : bytes.rfind('\n', offset - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const auto line = bytes.substr(begin, bytes.find_first_of("\r\n", begin) - begin);
  constexpr std::size_t width = 100;  // octets of what is shown of a long line
  const std::size_t at = character_start(line, offset - begin);
  const std::size_t from = character_start(line, at > width / 2 ? at - width / 2 : 0);
  const std::size_t to = character_start(line, from + width);
  const auto number = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
  const std::string head = "  line " + std::to_string(number) + ": ";
  std::printf("%s%s\n%s^\n", head.c_str(), printable(line.substr(from, to - from)).c_str(),
              std::string(head.size() + columns(line.substr(from, at - from)), ' ').c_str());
}

void print_fields(const Fields& fields) {
  for (const auto& [name, text] : fields) std::printf("      %-12s %s\n", printable(name).c_str(), printable(text).c_str());
}

void print_text(const std::string& file, const Parsed& parsed) {
  const auto colours = stdout_colours();
  if (parsed.result.verdict != sip::Verdict::Ok) {
    const Error& error = parsed.result.error;
    const std::string what =
        parsed.result.verdict == sip::Verdict::Bad ? "bad, answered with " + std::to_string(error.status) : std::string("dropped");
    Error words = error;
    words.status = 0;
    std::printf("%s: %s: %s", file.c_str(), colours.bad(what).c_str(), words.text().c_str());
    if (error.offset == Error::no_offset) return void(std::printf("\n"));
    std::printf(" (octet %u)\n", error.offset);
    return print_caret(parsed.bytes, error.offset);
  }
  const auto message = parsed.view();
  std::printf("%s: %s\n%s\n", file.c_str(), colours.good("ok").c_str(), printable(start_line(parsed.bytes)).c_str());
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const auto header = message.header(i);
    std::printf("  %s: %s\n", colours.accent(printable(header.name)).c_str(), printable(header.value).c_str());
    for (const Fields& value : typed_fields(header).values) print_fields(value);
  }
  std::printf("  body: %zu octets\n", message.body().size());
  for (const Fields& part : typed_body(message).values) print_fields(part);
  for (const auto& warning : warnings(message, parsed.bytes)) std::printf("  warning: %s\n", warning.c_str());
}

class Reader {
 public:
  explicit Reader(const ParseOptions& options) : options_(options) {}

  /// The exit status; what is not fine has a line on stderr.
  int conclude() const {
    if (bad_ > 0) std::fprintf(stderr, "parley: %zu bad message%s\n", bad_, bad_ == 1 ? "" : "s");
    return bad_ > 0 || unread_ ? 1 : 0;
  }

  void read(const std::string& name, std::istream& input) {
    const std::string bytes(std::istreambuf_iterator<char>(input), {});
    if (options_.stream)
      read_stream(name, bytes);
    else
      judge(name, bytes);
  }

  void cannot_read(const std::string& name) {
    std::fprintf(stderr, "parley: cannot read %s\n", name.c_str());
    unread_ = true;
  }

 private:
  void judge(const std::string& name, std::string_view bytes) { tell(name, {bytes, sip::parse(bytes, *index_), *index_}); }

  void read_stream(const std::string& name, std::string_view bytes) {
    sip::StreamFramer framer;
    framer.append(bytes);
    std::size_t taken = 0;
    for (std::size_t number = 1;;) {
      const std::string message = name + "#" + std::to_string(number);
      const auto item = framer.next();
      if (!item) return judge_broken(message, framer.broken_head(), item.error());
      if (!*item) {
        if (framer.has_partial()) judge_partial(message, bytes.substr(taken));
        return;
      }
      taken += (*item)->bytes.size();
      if ((*item)->kind != sip::StreamFramer::Item::Kind::Message) continue;
      judge(message, (*item)->bytes);
      ++number;
    }
  }

  /// What the framer gave up at. It is answered where the head names an asker.
  void judge_broken(const std::string& name, std::string_view head, const Error& error) {
    const sip::Verdict read = sip::parse(head, *index_).verdict;
    const bool answered = read == sip::Verdict::Bad || (read == sip::Verdict::Ok && sip::MessageView(head, *index_).is_request());
    tell(name, {head, {answered ? sip::Verdict::Bad : sip::Verdict::Drop, error}, *index_});
  }

  void judge_partial(const std::string& name, std::string_view bytes) {
    const Error error{
        .code = Errc::BadSyntax, .offset = static_cast<std::uint32_t>(bytes.size()), .reason = "the stream ends within a message"};
    tell(name, {bytes, {sip::Verdict::Drop, error}, *index_});
  }

  void tell(const std::string& name, const Parsed& parsed) {
    if (parsed.result.verdict != sip::Verdict::Ok) ++bad_;
    if (options_.json)
      print_json(name, parsed);
    else
      print_text(name, parsed);
  }

  const ParseOptions& options_;
  std::unique_ptr<sip::MessageIndex> index_ = std::make_unique<sip::MessageIndex>();
  std::size_t bad_ = 0;
  bool unread_ = false;
};

}  // namespace

int run_parse(const ParseOptions& options) {
  Reader reader(options);
  if (options.files.empty()) reader.read("-", std::cin);
  for (const auto& name : options.files) {
    if (std::ifstream file(name, std::ios::binary); file)
      reader.read(name, file);
    else
      reader.cannot_read(name);
  }
  return reader.conclude();
}

}  // namespace parley::program
