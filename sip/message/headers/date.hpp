// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/headers/reading.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// Points in time as headers write them: Date and Timestamp.
namespace parley::sip {

/// Seconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
using UnixSeconds = std::int64_t;

/// Date (RFC 3261 s.20.17): `Sat, 13 Nov 2010 23:29:00 GMT`. Any other zone than GMT, and a day that the calendar does not have, cannot be
/// read: the header is then as good as absent (A24). The name of the weekday is not compared with the date.
PARLEY_EXPORT Reading<UnixSeconds> parse_date(std::string_view text) noexcept;
/// BadValue: before the year 0 or after 9999.
PARLEY_EXPORT Result<std::string> format_date(UnixSeconds seconds);

/// Timestamp (s.20.38): whole and fraction as they stand there, because only their sender knows what they mean. Empty delay: none.
struct TimestampView {
  std::string_view time;
  std::string_view delay;
};
PARLEY_EXPORT Reading<TimestampView> parse_timestamp(std::string_view text) noexcept;

}  // namespace parley::sip
