// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/limits.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/message/head.hpp>
#include <parley/sip/message/headers/reading.hpp>
#include <parley/sip/message/message.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Bodies of several parts (RFC 5621, RFC 2046 s.5.1). Reading borrows, allocates nothing, and takes time linear in the body; a nested
/// body costs one more look for each level it lies deep.
namespace parley::sip {

/// One part. Lives as long as the bytes.
struct PARLEY_EXPORT BodyPartView {
  HeadView head;
  std::string_view body;

  /// Of its head; nullopt: none that can be read. Without a Content-Type a part is text/plain (RFC 2046 s.5.1), also in
  /// a multipart/digest, where it would be message/rfc822 (s.5.1.5): SIP has none.
  std::optional<ContentTypeView> content_type() const noexcept;
  bool is(std::string_view type_and_subtype) const noexcept;
};

/// The parts of one multipart body, in order. Lenient: the end boundary may be missing, a part may be without head, and blanks may follow
/// a boundary. Value type; lives as long as the bytes.
class PARLEY_EXPORT MultipartReader {
 public:
  MultipartReader() = default;
  /// BadSyntax: no multipart type, or its boundary is missing, twice, or none (1..70 characters of RFC 2046 s.5.1.1, quoted or not).
  static Reading<MultipartReader> open(const ContentTypeView& type, std::string_view body) noexcept;

  /// nullopt behind the last part; there may be none at all.
  std::optional<BodyPartView> next() noexcept;

  std::string_view boundary() const noexcept { return boundary_; }
  std::string_view preamble() const noexcept { return preamble_; }
  /// Behind the end boundary; after the last next().
  std::string_view epilogue() const noexcept { return closed_ ? rest_ : std::string_view{}; }
  /// The end boundary was there; after the last next().
  bool closed() const noexcept { return closed_; }

 private:
  std::string_view take_to_boundary() noexcept;

  std::string_view boundary_;
  std::string_view preamble_;
  std::string_view rest_;  ///< behind the last boundary that was read
  bool closed_ = false;
};

/// The parts of a body and of the parts within it, one after the other; a body that is no multipart is its own only part. Parts nested
/// deeper than limits::body_depth are not opened: they come whole. Value type; lives as long as the bytes.
class PARLEY_EXPORT BodyParts {
 public:
  explicit BodyParts(const MessageView& message) noexcept;
  std::optional<BodyPartView> next() noexcept;
  /// How many multiparts the last part lay in.
  std::size_t depth() const noexcept { return depth_; }

 private:
  std::optional<BodyPartView> whole_;
  std::array<MultipartReader, limits::body_depth> open_;
  std::size_t depth_ = 0;
};

/// The first part of that type ("application/sdp"), however deep; the body itself where it is of that type.
PARLEY_EXPORT std::optional<BodyPartView> find_part(const MessageView& message, std::string_view type_and_subtype) noexcept;

/// A body to be sent and its Content-Type.
struct MultipartBody {
  std::string content_type;
  std::string bytes;
};

/// Writes a multipart body, strictly. The first thing that is wrong is remembered and finish() gives its Error.
class PARLEY_EXPORT MultipartBuilder {
 public:
  /// @param subtype   "mixed", "alternative", "related"
  /// @param boundary  1..70 characters of RFC 2046 s.5.1.1 that no part holds: take a random token
  MultipartBuilder(std::string_view subtype, std::string_view boundary);

  /// One part. `more`: further header lines of it, each with its CRLF ("Content-ID: <a@b>\r\n").
  MultipartBuilder& part(std::string_view content_type, std::string_view bytes, std::string_view more = {}) &;

  /// BadValue: no part at all, a boundary or header that cannot be written, a part that holds the boundary. TooLong: more than a message.
  Result<MultipartBody> finish() &&;

 private:
  void require(bool fine, const char* why) noexcept;

  std::string boundary_;
  MultipartBody out_;
  const char* why_ = nullptr;
};

}  // namespace parley::sip
