// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/ids.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/message/header_name.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::sip {

/// Writes an outgoing message once, straight in wire form. Refuses CR, LF and NUL in every value, and what parse() would refuse in the
/// headers that it reads: a From that is no address, a second To. The first bad one is remembered and finish() gives its Error
/// (Errc::BadValue), so calls can be chained without a test each. What is copied from a message is as good as it was there. What only a
/// whole message shows is not looked at: a CSeq of another method, a second To beside a copied one, too many Via in several fields.
class PARLEY_EXPORT MessageBuilder {
 public:
  static MessageBuilder request(std::string_view method, std::string_view request_uri);
  static MessageBuilder request(Method method, std::string_view request_uri) { return request(to_string(method), request_uri); }
  /// Empty reason: the RFC's phrase.
  static MessageBuilder response(StatusCode status, std::string_view reason = {});
  /// Response to `request`: copies all Vias, From, To (with `to_tag` added where it has none and the status is not 100),
  /// Call-ID, CSeq, Timestamp for 100 (RFC 3261 s.8.2.6).
  static MessageBuilder response_to(const MessageView& request, StatusCode status, std::string_view to_tag, std::string_view reason = {});

  /// `name` is a token and not Content-Length, which finish() writes; `id` is not Other.
  MessageBuilder& header(HeaderId id, std::string_view value) &;
  MessageBuilder& header(std::string_view name, std::string_view value) &;
  MessageBuilder& header(HeaderId id, std::uint64_t number) &;
  /// Copies every field of that name from `from`, in order, values byte for byte; names in their long form.
  MessageBuilder& copy(const MessageView& from, HeaderId id) &;
  /// Copies field `i` of `from` under its name as written; leaves out Content-Length, which finish() writes.
  MessageBuilder& copy(const MessageView& from, std::size_t i) &;
  MessageBuilder& body(std::string_view content_type, std::string_view bytes) &;

  /// The body alone, where its type has been written or copied already.
  MessageBuilder& body(std::string_view bytes) &;

  /// Adds Content-Length (always) and the body.
  Result<std::string> finish() &&;

 private:
  MessageBuilder() = default;
  void refuse(std::string_view what);
  void write(std::string_view name, std::string_view value);
  void copy_first(const MessageView& from, HeaderId id);

  std::string head_;
  std::string body_;
  std::string error_;
  bool failed_ = false;
  std::uint8_t seen_ = 0;  ///< headers that may stand only once, and do
};

/// CR, LF or NUL stands in it, which would end a line or a C string.
PARLEY_EXPORT bool breaks_line(std::string_view value) noexcept;

/// Default reason phrase of a status code ("Busy Here"); "Unknown" classes give the x00 phrase. Static storage.
PARLEY_EXPORT std::string_view reason_phrase(StatusCode status) noexcept;

}  // namespace parley::sip
