// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/ids.hpp>
#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/header_name.hpp>
#include <parley/sip/message/name_addr.hpp>
#include <parley/sip/message/uri.hpp>
#include <parley/sip/message/via.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace parley::sip {

/// CSeq of a message. Lives as long as the bytes.
struct CSeqView {
  std::uint32_t number = 0;
  Method method = Method::Other;
  std::string_view method_text;
};

/// type/subtype;params of Content-Type. Lives as long as the bytes.
struct ContentTypeView {
  std::string_view text;
  std::string_view type;     ///< "application"
  std::string_view subtype;  ///< "sdp"
  ParamsView params;
  bool is(std::string_view type_and_subtype) const noexcept;  ///< any case, parameters left out: is("application/sdp")
};

/// A header field: known name or Other, name as written, value without surrounding blanks (folds inside are kept).
struct HeaderView {
  HeaderId id = HeaderId::Other;
  std::string_view name;
  std::string_view value;
};

class MessageIndex;
struct MessageLayout;
namespace entry {
struct Header;
}

/// A parsed message, borrowed: bytes of somebody and an index into them. Cheap to copy; lives as long as both.
/// Core headers were parsed and validated once, by parse(); accessors do not fail and do not allocate.
class PARLEY_EXPORT MessageView {
 public:
  MessageView(std::string_view bytes, const MessageIndex& index) noexcept;

  /// This message alone: from its start line (no leading CRLF) to the end of its body.
  std::string_view bytes() const noexcept;
  bool is_request() const noexcept;
  bool is_response() const noexcept { return !is_request(); }

  // Request line; status line.
  Method method() const noexcept;  ///< of a response: the CSeq's
  std::string_view method_text() const noexcept;
  UriView request_uri() const noexcept;  ///< any scheme; requests only
  StatusCode status() const noexcept;    ///< 0 for a request
  std::string_view reason() const noexcept;

  // Core headers.
  std::size_t via_count() const noexcept;
  ViaView via(std::size_t i = 0) const noexcept;
  NameAddrView from() const noexcept;
  NameAddrView to() const noexcept;
  std::string_view from_tag() const noexcept;
  std::string_view to_tag() const noexcept;
  std::string_view call_id() const noexcept;
  CSeqView cseq() const noexcept;
  std::optional<std::uint8_t> max_forwards() const noexcept;
  bool contact_is_star() const noexcept;
  std::size_t contact_count() const noexcept;
  NameAddrView contact(std::size_t i = 0) const noexcept;
  std::size_t route_count() const noexcept;
  NameAddrView route(std::size_t i) const noexcept;
  std::size_t record_route_count() const noexcept;
  NameAddrView record_route(std::size_t i) const noexcept;
  std::optional<ContentTypeView> content_type() const noexcept;
  std::optional<std::uint32_t> content_length() const noexcept;  ///< of the header; body() is what is really there
  std::string_view body() const noexcept;

  // All header fields, in order, lists not split.
  std::size_t header_count() const noexcept;
  HeaderView header(std::size_t i) const noexcept;
  /// Value of the first field of that name; nullopt: none.
  std::optional<std::string_view> header(HeaderId id) const noexcept;
  std::optional<std::string_view> header(std::string_view name) const noexcept;  ///< any header, any case
  bool has(HeaderId id) const noexcept { return header(id).has_value(); }
  /// Calls f(std::string_view element) for each element of each field of that name; comma lists split (RFC 3261 s.7.3.1),
  /// but never challenge and credentials headers.
  template <class F>
  void for_each(HeaderId id, F&& f) const;
  /// Comma-separated token list (Supported, Require, Allow, ...) holds `token` (any case).
  bool lists(HeaderId id, std::string_view token) const noexcept;

 private:
  friend class Elements;
  friend class Message;
  MessageView(const char* base, const MessageLayout& layout) noexcept : base_(base), layout_(&layout) {}

  const char* base_;  ///< what the offsets count from
  const MessageLayout* layout_;
};

/// Takes the next element off a comma list: a comma in quotes or <> does not split. nullopt at the end. No header that is a list has
/// comments, and "(" may stand in a user part or a Call-ID. In Call-IDs quotes and <> mean nothing, too: In-Reply-To splits at each comma.
PARLEY_EXPORT std::optional<std::string_view> next_element(std::string_view& rest, HeaderId id = HeaderId::Other) noexcept;

/// The elements of all fields of one name, in order: what MessageView::for_each() walks. Lives as long as the bytes and their index.
class PARLEY_EXPORT Elements {
 public:
  Elements(const MessageView& message, HeaderId id) noexcept;
  /// nullopt behind the last.
  std::optional<std::string_view> next() noexcept;

 private:
  const char* base_;
  const entry::Header* field_;  ///< the next one to look at
  const entry::Header* end_;
  HeaderId id_;
  std::string_view rest_;  ///< of the field before field_
};

template <class F>
void MessageView::for_each(HeaderId id, F&& f) const {
  for (Elements elements(*this, id); const auto element = elements.next();) f(*element);
}

/// A message that owns its bytes and the used part of its index in one heap block. Views stay valid when it moves.
class PARLEY_EXPORT Message {
 public:
  Message() = default;
  /// Copies what `view` borrows.
  explicit Message(const MessageView& view);
  /// Parses bytes of one whole message; Errors as parse().
  static Result<Message> parse(std::string_view bytes);

  Message(Message&&) noexcept = default;
  Message& operator=(Message&&) noexcept = default;

  explicit operator bool() const noexcept { return block_ != nullptr; }
  MessageView view() const noexcept;
  std::string_view bytes() const noexcept { return view().bytes(); }

 private:
  std::unique_ptr<std::byte[]> block_;
  std::uint32_t bytes_begin_ = 0;  ///< in the block: behind layout and tables
};

}  // namespace parley::sip
