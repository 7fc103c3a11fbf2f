// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/params.hpp>
#include <parley/sip/message/uri.hpp>

namespace parley::sip {

/// One value of From, To, Contact, Route, Record-Route, Refer-To, ... (name-addr or addr-spec with header parameters,
/// RFC 3261 s.20.10, s.25.1). Lives as long as the bytes. Value type.
struct PARLEY_EXPORT NameAddrView {
  std::string_view text;          ///< the whole value with its parameters
  std::string_view display_name;  ///< as written, quotes included; see display_text()
  UriView uri;
  ParamsView params;  ///< header parameters: tag, expires, q, +sip.instance, ...

  std::string_view tag() const noexcept;  ///< empty: none
  /// Display name without quotes and escapes.
  std::string display_text() const;
};

/// Parses one value. Error::offset is the first bad octet. Does not allocate.
PARLEY_EXPORT Result<NameAddrView> parse_name_addr(std::string_view text);

/// Writes `"display" <uri>`: quotes and escapes the display name. Errc::BadValue for control characters in it (no header
/// injection); a bad URI is refused as parse_uri() does.
PARLEY_EXPORT Result<std::string> format_name_addr(std::string_view display_name, std::string_view uri);

}  // namespace parley::sip
