// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/headers/reading.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <string_view>

/// Media types and what of them is acceptable: Content-Type of a body part, Accept.
namespace parley::sip {

/// type/subtype;params, as Content-Type has it (RFC 3261 s.20.15).
PARLEY_EXPORT Reading<ContentTypeView> parse_media_type(std::string_view text) noexcept;

/// One media-range of Accept (s.20.1).
struct AcceptView {
  std::string_view type;     ///< may be "*"
  std::string_view subtype;  ///< may be "*"
  ParamsView params;         ///< those of the range and q together
  std::uint16_t q = 1000;    ///< thousandths
};
PARLEY_EXPORT Reading<AcceptView> parse_accept(std::string_view element) noexcept;

/// Whether the sender takes a body of that type ("application/sdp"). Without Accept it takes application/sdp; with an empty one, nothing
/// (s.20.1).
PARLEY_EXPORT bool accepts(const MessageView& message, std::string_view type_and_subtype) noexcept;

}  // namespace parley::sip
