// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/parser.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::sip::test {

/// Bytes, index, result and view of one parse, kept together. The bytes lie in a heap block of exactly their size, so that
/// AddressSanitizer sees the first octet read beyond them.
class Parsed {
 public:
  explicit Parsed(std::string_view text) : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
    text.copy(bytes_.get(), text.size());
    result_ = parse({bytes_.get(), size_}, *index_);
  }

  Verdict verdict() const { return result_.verdict; }
  std::uint16_t status() const { return result_.error.status; }
  const Error& error() const { return result_.error; }
  std::string why() const { return result_.error.reason == nullptr ? "" : result_.error.reason; }
  /// What stands at the error's offset.
  std::string_view at_error() const {
    return std::string_view(bytes_.get(), size_).substr(std::min<std::size_t>(result_.error.offset, size_));
  }
  MessageView view() const { return {{bytes_.get(), size_}, *index_}; }
  const MessageView* operator->() const {
    view_ = std::make_unique<MessageView>(view());
    return view_.get();
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
  std::unique_ptr<MessageIndex> index_ = std::make_unique<MessageIndex>();
  ParseResult result_;
  mutable std::unique_ptr<MessageView> view_;
};

/// A request with all that is mandatory; the parts that a test is about are replaced or added.
struct RequestText {
  std::string method = "OPTIONS";
  std::string uri = "sip:bob@example.com";
  std::string version = "SIP/2.0";
  std::string via = "Via: SIP/2.0/WS host.invalid;branch=z9hG4bK776asdhds\r\n";
  std::string from = "From: \"Alice\" <sip:alice@example.com>;tag=1928301774\r\n";
  std::string to = "To: Bob <sip:bob@example.com>\r\n";
  std::string call_id = "Call-ID: a84b4c76e66710@pc33.example.com\r\n";
  std::optional<std::string> cseq;  ///< nullopt: 314159 and the method
  std::string max_forwards = "Max-Forwards: 70\r\n";
  std::string more;  ///< further lines, each with its CRLF
  std::string body;
  bool with_length = true;

  std::string text() const {
    std::string out = method + ' ' + uri + ' ' + version + "\r\n" + via + from + to + call_id;
    out += cseq.value_or("CSeq: 314159 " + method + "\r\n");
    out += max_forwards + more;
    if (with_length) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return out + "\r\n" + body;
  }
};

/// An OPTIONS request with further header lines.
inline std::string request_with(std::string_view lines) {
  RequestText request;
  request.more = lines;
  return request.text();
}

/// A 200 with further header lines.
inline std::string response_with(std::string_view start_line, std::string_view lines = {}) {
  return std::string(start_line) +
         "\r\nVia: SIP/2.0/WS host.invalid;branch=z9hG4bK776asdhds\r\nFrom: <sip:alice@example.com>;tag=a\r\n"
         "To: <sip:bob@example.com>;tag=b\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n" +
         std::string(lines) + "Content-Length: 0\r\n\r\n";
}

}  // namespace parley::sip::test
