// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace parley::sip {

/// Cuts a byte stream into SIP messages by Content-Length (RFC 3261 s.18.3), whatever the splits.
/// Memory is bounded by limits::message. Value-like; one a connection.
class PARLEY_EXPORT StreamFramer {
 public:
  /// What stands at the front of the stream.
  struct Item {
    enum class Kind : std::uint8_t { Message, Ping, Pong };  ///< Ping: CRLFCRLF before a message, Pong: single CRLF (RFC 5626 s.4.4.1)
    Kind kind = Kind::Message;
    std::string_view bytes;  ///< valid until the next non-const call
  };

  void append(std::string_view bytes);
  /// Next whole item; nullopt: more bytes are needed. An Error (status 400, 413, 513) means: answer if possible, then close;
  /// the stream is not readable any more and nothing behind it is dispatched.
  Result<std::optional<Item>> next();
  /// True while part of a message is waiting: the owner limits how long (threats SEC-10).
  bool has_partial() const noexcept { return taken_ < buffer_.size(); }
  /// After an Error: what there is of the broken message's head, for a 400. May be empty.
  std::string_view broken_head() const noexcept;

 private:
  std::string buffer_;
  std::size_t taken_ = 0;
  bool broken_ = false;
};

}  // namespace parley::sip
