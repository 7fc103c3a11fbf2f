// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/params.hpp>

#include <cstdint>

namespace parley::sip {

/// Magic cookie of RFC 3261 branches (s.8.1.1.7).
inline constexpr std::string_view branch_cookie = "z9hG4bK";

/// One Via value (RFC 3261 s.20.42). Lives as long as the bytes. Value type.
struct PARLEY_EXPORT ViaView {
  std::string_view text;       ///< the whole value
  std::string_view transport;  ///< "WS", as written
  std::string_view host;       ///< sent-by without port; IPv6 with its brackets
  std::optional<std::uint16_t> port;
  std::string_view branch;  ///< empty: none
  ParamsView params;

  std::string_view sent_by() const noexcept;  ///< host[:port] as written
  /// Where it really came from, IPv6 without brackets, which stand there or not (RFC 5118 s.4.5); empty: not said.
  std::string_view received() const noexcept;
  /// A branch with the cookie and something behind it (C16: the bare cookie counts as none).
  bool has_rfc3261_branch() const noexcept;
};

PARLEY_EXPORT Result<ViaView> parse_via(std::string_view text);

}  // namespace parley::sip
