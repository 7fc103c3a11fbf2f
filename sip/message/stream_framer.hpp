// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::sip {

/// Cuts a byte stream into SIP messages by Content-Length (RFC 3261 s.18.3), whatever the splits.
/// Memory is bounded by limits::message and what is appended at once: take all items before the next append(). Value-like; one a
/// connection.
class PARLEY_EXPORT StreamFramer {
 public:
  /// What stands at the front of the stream.
  struct Item {
    /// Pong: a CRLF between messages; Ping: a second one directly behind it (RFC 5626 s.4.4.1). So a ping shows as Pong and Ping,
    /// however it was split; answer a Ping with CRLF, take a Pong as a sign of life.
    enum class Kind : std::uint8_t { Message, Ping, Pong };
    Kind kind = Kind::Message;
    std::string_view bytes;  ///< valid until the next non-const call
  };

  void append(std::string_view bytes);
  /// Next whole item; nullopt: more bytes are needed. An Error (status 400, 413, 513; offset in broken_head()) means: answer if
  /// possible, then close; the stream is not readable any more and nothing behind it is dispatched.
  Result<std::optional<Item>> next();
  /// True from the first octet of a message to its last. A framer has no clock: who owns the connection closes it when a message does
  /// not end within 10 s (threats SEC-10).
  bool has_partial() const noexcept { return taken_ < buffer_.size(); }
  /// After an Error: what there is of the broken message's head, for a 400. May be empty.
  std::string_view broken_head() const noexcept;

 private:
  Item take_keep_alive();
  void find_message_end(std::string_view waiting);
  void refuse(std::uint16_t status, const char* reason, std::size_t offset) noexcept;
  Error error() const;

  std::string buffer_;
  std::size_t taken_ = 0;     ///< octets of buffer_ that were handed out
  std::size_t searched_ = 0;  ///< octets behind taken_ in which the head does not end
  std::size_t body_ = 0;      ///< where the body begins behind taken_; 0: not known yet
  std::size_t message_ = 0;   ///< length of the whole message
  bool was_crlf_ = false;
  std::uint32_t offset_ = 0;      ///< of the error, behind taken_
  std::uint16_t status_ = 0;      ///< of the error
  const char* reason_ = nullptr;  ///< set: the stream is broken
};

}  // namespace parley::sip
