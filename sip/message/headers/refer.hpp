// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>

#include <optional>
#include <string_view>

/// What a REFER asks for: Refer-Sub, and the headers that a Refer-To URI wants in the request it makes.
namespace parley::sip {

/// Refer-Sub (RFC 4488 s.4): false only where the header says so.
PARLEY_EXPORT bool wants_subscription(const MessageView& refer) noexcept;

/// One `name=value` behind the "?" of a URI (RFC 3261 s.19.1.1), escapes kept.
struct UriHeader {
  std::string_view name;
  std::string_view value;
};
/// Takes the next one off the front of `rest` (start with UriView::headers). nullopt at the end.
PARLEY_EXPORT std::optional<UriHeader> next_uri_header(std::string_view& rest) noexcept;

/// The URI without them: what becomes a Request-URI.
PARLEY_EXPORT std::string_view without_headers(const UriView& uri) noexcept;

/// A header that may be copied.
struct CopyableHeader {
  HeaderId id = HeaderId::Other;
  std::string_view value;  ///< escapes kept: unescape(), which then holds neither CR, LF nor NUL
};

/// Walks the headers of a Refer-To URI that may be copied into the request it makes (RFC 3261 s.19.1.5, RFC 3515 s.2.1): Replaces, Join,
/// Subject, Priority, In-Reply-To, Accept-Contact, Reject-Contact, Request-Disposition; of Replaces and Join together the first only
/// (RFC 3891 s.3, RFC 3911 s.4). All others, those that say who calls and which way the request goes among them, are left out.
/// Lives as long as the URI's bytes.
class PARLEY_EXPORT CopyableHeaders {
 public:
  explicit CopyableHeaders(const UriView& refer_to) noexcept : rest_(refer_to.headers) {}
  /// nullopt at the end.
  std::optional<CopyableHeader> next() noexcept;

 private:
  std::string_view rest_;
  bool dialog_named_ = false;
};

}  // namespace parley::sip
