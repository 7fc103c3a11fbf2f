// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/ids.hpp>
#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/header_name.hpp>
#include <parley/sip/message/uri.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace parley::sip {

/// The entries of an index: 16-bit offsets from the start of the bytes. Plain data without initializers, so that the tables cost
/// nothing until they are used; make one with {}. Internal to the message layer, read through MessageView.
namespace entry {

struct Span {
  std::uint16_t begin;
  std::uint16_t end;

  bool empty() const noexcept { return begin == end; }
  std::string_view in(const char* base) const noexcept { return {base + begin, static_cast<std::size_t>(end - begin)}; }
};

struct Uri {
  Span text;
  Span user;
  Span password;
  Span host;
  Span params;
  Span headers;
  std::uint16_t scheme_end;
  std::uint16_t port;
  Scheme scheme;
  bool has_port;
};

struct NameAddr {
  Span text;
  Span display;
  Uri uri;
  Span params;  ///< from the first ';' on
  Span tag;
};

struct Via {
  Span text;
  Span transport;
  Span host;
  Span branch;
  Span params;  ///< from the first ';' on
  std::uint16_t port;
  bool has_port;
};

struct Header {
  Span name;
  Span value;
  HeaderId id;
};

struct ContentType {
  Span text;
  Span type;
  Span subtype;
  Span params;
};

}  // namespace entry

/// Where start line and core headers of one message lie, and how much of the tables is used.
struct MessageFacts {
  std::uint16_t begin = 0;  ///< start line: behind leading CRLFs
  std::uint16_t body = 0;
  std::uint16_t end = 0;
  bool is_request = false;
  Method method = Method::Other;  ///< of a response: the CSeq's
  StatusCode status = 0;
  entry::Span method_text{};
  entry::Span reason{};
  entry::Uri request_uri{};

  entry::NameAddr from{};
  entry::NameAddr to{};
  entry::Span call_id{};
  std::uint32_t cseq_number = 0;
  Method cseq_method = Method::Other;
  entry::Span cseq_method_text{};
  entry::ContentType content_type{};
  std::uint32_t content_length = 0;
  std::uint8_t max_forwards = 0;
  bool has_max_forwards = false;
  bool has_content_length = false;
  bool contact_is_star = false;

  std::uint8_t header_count = 0;
  std::uint8_t via_count = 0;
  std::uint8_t contact_count = 0;
  std::uint8_t route_count = 0;
  std::uint8_t record_route_count = 0;
};

/// Where everything of one message lies.
struct MessageLayout : MessageFacts {
  const entry::Header* headers = nullptr;
  const entry::Via* vias = nullptr;
  const entry::NameAddr* contacts = nullptr;
  const entry::NameAddr* routes = nullptr;
  const entry::NameAddr* record_routes = nullptr;
};

/// What parse() fills. Internal to the message layer.
struct IndexTables {
  MessageLayout layout;
  entry::Header headers[limits::headers + 1];  ///< the last one is never kept: it says that there are too many
  entry::Via vias[limits::vias];
  entry::NameAddr contacts[limits::contacts];
  entry::NameAddr routes[limits::routes];
  entry::NameAddr record_routes[limits::routes];
};

struct ParseResult;

/// Scratch that parse() fills: tables of full size, about 8 KB, no heap. One serves any number of messages, one after the other.
/// Stays where it is, because views point into it. Loop thread only.
class PARLEY_EXPORT MessageIndex {
 public:
  /// Leaves the tables unwritten: only what layout() counts is ever read.
  MessageIndex() noexcept;
  MessageIndex(const MessageIndex&) = delete;
  MessageIndex& operator=(const MessageIndex&) = delete;

  /// Empty again: what an index says about nothing.
  void reset() noexcept;
  const MessageLayout& layout() const noexcept { return tables_.layout; }

 private:
  friend ParseResult parse(std::string_view bytes, MessageIndex& index) noexcept;

  IndexTables tables_;
};

}  // namespace parley::sip
