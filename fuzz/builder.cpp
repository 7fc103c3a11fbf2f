// SPDX-License-Identifier: MIT
// What an application hands in to be written: whatever it is, the writer refuses it, or the message that it writes has these values in
// these places and no header, line or octet more (A31). The input is cut at octets 0x1E into the arguments.
#include <parley/fuzz/check.hpp>

#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/header_values.hpp>
#include <parley/sip/message/parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::fuzz {
namespace {

using namespace sip;

constexpr std::size_t fields_written = 7;  // Via, From, To, Call-ID, CSeq, one of the input, Content-Length

class Arguments {
 public:
  explicit Arguments(std::string_view text) : rest_(text) {}
  std::string_view next() {
    const std::string_view argument = rest_.substr(0, rest_.find('\x1E'));
    rest_.remove_prefix(std::min(argument.size() + 1, rest_.size()));
    return argument;
  }

 private:
  std::string_view rest_;
};

void add_headers(MessageBuilder& builder, std::string_view method, std::string_view to, std::string_view name, std::string_view value) {
  builder.header(HeaderId::Via, "SIP/2.0/WS h.invalid;branch=z9hG4bKx")
      .header(HeaderId::From, "<sip:us@example.com>;tag=u")
      .header(HeaderId::To, to)
      .header(HeaderId::CallId, "c")
      .header(HeaderId::CSeq, "1 " + std::string(method))
      .header(name, value);
}

/// The message as the other side reads it: without a complaint, but that Vias together with ours may be too many.
void check_written(const std::string& bytes, std::string_view name, std::string_view value, std::string_view body) {
  MessageIndex index;
  const ParseResult result = parse(bytes, index);
  require(result.verdict == Verdict::Ok || (header_id(name) == HeaderId::Via && result.error.code == Errc::TooLong));
  const MessageView message(bytes, index);
  require(message.header_count() == fields_written);
  const HeaderView field = message.header(fields_written - 2);
  require(field.name == name && field.value.size() <= value.size() && value.find(field.value) != std::string_view::npos);
  require(message.header(fields_written - 1).id == HeaderId::ContentLength && message.content_length() == body.size());
  require(message.body() == body);
}

void check_request(Arguments arguments) {
  const std::string_view method = arguments.next();
  const std::string_view uri = arguments.next();
  const std::string_view name = arguments.next();
  const std::string_view value = arguments.next();
  const std::string_view body = arguments.next();
  MessageBuilder builder = MessageBuilder::request(method, uri);
  add_headers(builder, method, "<sip:them@example.com>", name, value);
  const auto bytes = std::move(builder.body(body)).finish();
  if (!bytes) return;
  check_written(*bytes, name, value, body);
  MessageIndex index;
  parse(*bytes, index);
  const MessageView message(*bytes, index);
  require(message.is_request() && message.method_text() == method && message.request_uri().text == uri);
}

void check_response(Arguments arguments) {
  const std::string_view reason = arguments.next();
  const std::string_view display_name = arguments.next();
  const std::string_view name = arguments.next();
  const std::string_view value = arguments.next();
  const std::string_view body = arguments.next();
  const auto status = static_cast<StatusCode>(reason.size() * 7 + body.size());
  const auto to = format_name_addr(display_name, "sip:them@example.com");
  if (!to) return;
  MessageBuilder builder = MessageBuilder::response(status, reason);
  add_headers(builder, "OPTIONS", *to, name, value);
  const auto bytes = std::move(builder.body(body)).finish();
  if (!bytes) return;
  check_written(*bytes, name, value, body);
  MessageIndex index;
  parse(*bytes, index);
  const MessageView message(*bytes, index);
  require(message.is_response() && message.status() == status && message.reason() == (reason.empty() ? reason_phrase(status) : reason));
  require(message.to().display_text() == display_name);
}

void check_values(Arguments arguments) {
  const std::string_view token = arguments.next();
  const std::string_view text = arguments.next();
  const auto number = static_cast<std::uint16_t>(token.size() * 50 + text.size());
  if (!format_name_addr(text, "sip:a")) return;  // control characters
  if (const auto warning = format_warning(number, token, text)) {
    const auto read = parse_warning(*warning);
    require(read && read->code == number && read->agent == token && unquote(read->text) == text);
  }
  if (const auto reason = format_reason(token, number, text)) {
    const auto read = parse_reason(*reason);
    require(read && read->protocol == token && read->cause == number && unquote(read->text) == text);
  }
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley::fuzz;
  const Guarded input({reinterpret_cast<const char*>(data), size});
  check_request(Arguments(input.text()));
  check_response(Arguments(input.text()));
  check_values(Arguments(input.text()));
  return 0;
}
