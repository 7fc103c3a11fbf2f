// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/date.hpp>
#include <parley/sip/message/headers/reader.hpp>

#include <cstddef>

namespace parley::sip {

namespace {

/// Three letters each, in their order.
constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// rfc1123-date has one length, and everything has its place in it. 0 stands for a digit, a for a letter.
constexpr std::string_view pattern = "aaa, 00 aaa 0000 00:00:00 GMT";
constexpr std::size_t weekday_at = 0, day_at = 5, month_at = 8, year_at = 12, hour_at = 17, minute_at = 20, second_at = 23;

bool fits(char c, char wanted) noexcept {
  const bool letter = grammar::lower(c) >= 'a' && grammar::lower(c) <= 'z';
  if (wanted == '0') return grammar::is(c, grammar::digit);
  return wanted == 'a' ? letter : grammar::lower(c) == grammar::lower(wanted);
}

unsigned digits(std::string_view date, std::size_t at, std::size_t count) noexcept {
  unsigned value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value * 10 + static_cast<unsigned>(date[i] - '0');
  return value;
}

void put_digits(std::string& date, std::size_t at, std::size_t count, unsigned value) {
  for (; count-- > 0; value /= 10) date[at + count] = static_cast<char>('0' + value % 10);
}

void put_name(std::string& date, std::size_t at, std::string_view names, std::size_t which) {
  for (std::size_t i = 0; i < 3; ++i) date[at + i] = names[which * 3 + i];
}

/// Which of `names` stands there; the number of names: none.
unsigned name(std::string_view date, std::size_t at, std::string_view names) noexcept {
  unsigned which = 0;
  for (; !names.empty() && !grammar::equal_nocase({date.data() + at, 3}, {names.data(), 3}); names.remove_prefix(3)) ++which;
  return which;
}

constexpr UnixSeconds first_second = -62'167'219'200;  ///< of the year 0
constexpr UnixSeconds last_second = 253'402'300'799;   ///< of the year 9999

/// Days from the first of the year 0 to the first of a month (0..12) of that year, Gregorian.
std::int64_t days_to(std::int64_t year, unsigned month) noexcept {
  constexpr std::uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return 365 * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400 + before[month] + (leap && month > 1 ? 1 : 0);
}

}  // namespace

Reading<UnixSeconds> parse_date(std::string_view text) noexcept {
  for (std::uint32_t i = 0; i < pattern.size(); ++i) {
    if (i >= text.size() || !fits(text[i], pattern[i])) return {"not a date in GMT", i};
  }
  const unsigned month = name(text, month_at, months);
  const unsigned day = digits(text, day_at, 2) - 1;
  const unsigned year = digits(text, year_at, 4);
  const unsigned hour = digits(text, hour_at, 2);
  const unsigned minute = digits(text, minute_at, 2);
  const unsigned second = digits(text, second_at, 2);
  if (text.size() != pattern.size() || name(text, weekday_at, weekdays) == 7 || month > 11 ||
      day >= days_to(year, month + 1) - days_to(year, month) || hour > 23 || minute > 59 || second > 60) {
    return {"no such day or time", 0};
  }
  const UnixSeconds seconds = first_second + (((days_to(year, month) + day) * 24 + hour) * 60 + minute) * 60 + second;
  if (seconds > last_second) return {"a leap second behind the last year", 0};
  return seconds;
}

Result<std::string> format_date(UnixSeconds seconds) {
  if (seconds < first_second || seconds > last_second) return Error{Errc::BadValue, 0, Error::no_offset, "years of a date are 0 to 9999"};
  const std::int64_t days = (seconds - first_second) / 86'400;
  const auto of_day = static_cast<unsigned>((seconds - first_second) % 86'400);
  std::int64_t year = days * 400 / 146'097;  // right, or one less or more
  while (days_to(year, 12) <= days) ++year;
  while (days_to(year, 0) > days) --year;
  unsigned month = 11;
  while (days_to(year, month) > days) --month;
  std::string out(pattern);
  put_name(out, weekday_at, weekdays, static_cast<std::size_t>((days + 6) % 7));  // the first day was a Saturday
  put_name(out, month_at, months, month);
  put_digits(out, day_at, 2, static_cast<unsigned>(days - days_to(year, month)) + 1);
  put_digits(out, year_at, 4, static_cast<unsigned>(year));
  put_digits(out, hour_at, 2, of_day / 3600);
  put_digits(out, minute_at, 2, of_day / 60 % 60);
  put_digits(out, second_at, 2, of_day % 60);
  return out;
}

namespace {

/// *DIGIT [ "." *DIGIT ], at least one character.
std::string_view take_decimal(grammar::Cursor& in) noexcept {
  entry::Span span = in.run(grammar::digit);
  if (in.take('.')) span.end = in.run(grammar::digit).end;
  return in.text(span);
}

/// A decimal that begins with a digit, and perhaps, behind a blank, another.
bool read_timestamp(grammar::Cursor& in, TimestampView& out) noexcept {
  if (!in.at_class(grammar::digit)) return in.fail("digits expected");
  out.time = take_decimal(in);
  const std::uint16_t end = in.offset();
  in.skip_lws();
  if (in.offset() != end) out.delay = take_decimal(in);
  return true;
}

}  // namespace

Reading<TimestampView> parse_timestamp(std::string_view text) noexcept { return grammar::read_whole<TimestampView>(text, read_timestamp); }

}  // namespace parley::sip
