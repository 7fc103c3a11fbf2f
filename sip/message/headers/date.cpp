// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/date.hpp>
#include <parley/sip/message/headers/reader.hpp>

#include <chrono>

namespace parley::sip {

namespace {

/// Three letters each, in the order of std::chrono.
constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// rfc1123-date has one length, and everything has its place in it. 0 stands for a digit, a for a letter.
constexpr std::string_view pattern = "aaa, 00 aaa 0000 00:00:00 GMT";
enum Place : std::uint8_t { weekday_at = 0, day_at = 5, month_at = 8, year_at = 12, hour_at = 17, minute_at = 20, second_at = 23 };

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

/// Which of `names` stands there; the number of names: none.
unsigned name(std::string_view date, std::size_t at, std::string_view names) noexcept {
  unsigned which = 0;
  while (which * 3 < names.size() && !grammar::equal_nocase({date.data() + at, 3}, {names.data() + which * 3, 3})) ++which;
  return which;
}

}  // namespace

Reading<UnixSeconds> parse_date(std::string_view text) noexcept {
  for (std::uint32_t i = 0; i < pattern.size(); ++i) {
    if (i >= text.size() || !fits(text[i], pattern[i])) return {"not a date in GMT", i};
  }
  const unsigned hour = digits(text, hour_at, 2);
  const unsigned minute = digits(text, minute_at, 2);
  const unsigned second = digits(text, second_at, 2);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(digits(text, year_at, 4))),
                                         std::chrono::month(name(text, month_at, months) + 1), std::chrono::day(digits(text, day_at, 2))};
  if (text.size() != pattern.size() || name(text, weekday_at, weekdays) == 7 || !date.ok() || hour > 23 || minute > 59 || second > 60) {
    return {"no such day or time", 0};
  }
  const UnixSeconds days = std::chrono::sys_days(date).time_since_epoch().count();
  return UnixSeconds{((days * 24 + hour) * 60 + minute) * 60 + second};
}

Result<std::string> format_date(UnixSeconds seconds) {
  constexpr UnixSeconds first = -62'167'219'200;  // of the year 0
  constexpr UnixSeconds last = 253'402'300'799;   // of the year 9999
  if (seconds < first || seconds > last) return Error{Errc::BadValue, 0, Error::no_offset, "years of a date are 0 to 9999"};
  const auto of_day = static_cast<unsigned>((seconds - first) % 86'400);
  const std::chrono::sys_days days{std::chrono::days((seconds - of_day) / 86'400)};
  const std::chrono::year_month_day date(days);
  std::string out(pattern);
  weekdays.copy(out.data() + weekday_at, 3, std::chrono::weekday(days).c_encoding() * 3);
  months.copy(out.data() + month_at, 3, (static_cast<unsigned>(date.month()) - 1) * 3);
  put_digits(out, day_at, 2, static_cast<unsigned>(date.day()));
  put_digits(out, year_at, 4, static_cast<unsigned>(static_cast<int>(date.year())));
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

}  // namespace

Reading<TimestampView> parse_timestamp(std::string_view text) noexcept {
  grammar::Cursor in(grammar::within_limits(text));
  TimestampView timestamp;
  const bool ok = in.at_class(grammar::digit) || in.fail("digits expected");
  timestamp.time = take_decimal(in);
  in.skip_lws();
  const bool apart = timestamp.time.data() + timestamp.time.size() != in.rest().data();
  if (apart) timestamp.delay = take_decimal(in);
  return grammar::finish(in, ok, timestamp);
}

}  // namespace parley::sip
