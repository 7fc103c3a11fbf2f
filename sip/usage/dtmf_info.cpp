// SPDX-License-Identifier: MIT
#include <parley/sip/usage/dtmf_info.hpp>

#include <optional>

namespace parley::sip {
namespace {

constexpr std::size_t most_duration_digits = 6;  // a quarter of an hour: more is nonsense

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (upper(a[i]) != upper(b[i])) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<char> tone_of(std::string_view text) {
  if (text == "10") return '*';  // numbers of RFC 4733's events, as some phones send them
  if (text == "11") return '#';
  if (text.size() != 1) return std::nullopt;
  const char tone = upper(text[0]);
  if (std::string_view("0123456789ABCD*#").find(tone) == std::string_view::npos) return std::nullopt;
  return tone;
}

std::optional<Duration> duration_of(std::string_view text) {
  if (text.empty() || text.size() > most_duration_digits) return std::nullopt;
  Duration::rep milliseconds = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    milliseconds = milliseconds * 10 + (c - '0');
  }
  return Duration{milliseconds};
}

Error nonsense() { return Error{.code = Errc::BadSyntax, .status = 400, .reason = "not a DTMF body"}; }

/// `Signal=5`, `Duration=160`, or something else that has a name. False: nonsense.
bool read_relay_line(std::string_view line, DtmfTone& key) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return trimmed(line).empty();
  const auto name = trimmed(line.substr(0, equals));
  const auto value = trimmed(line.substr(equals + 1));
  if (same_word(name, "signal")) {
    const auto tone = tone_of(value);
    key.tone = tone.value_or(key.tone);
    return tone.has_value();
  }
  if (same_word(name, "duration")) {
    const auto duration = duration_of(value);
    key.duration = duration.value_or(key.duration);
    return duration.has_value();
  }
  return true;
}

Result<DtmfTone> parse_relay(std::string_view body) {
  DtmfTone key;
  while (!body.empty()) {
    const auto line = body.substr(0, body.find('\n'));
    body.remove_prefix(line.size() == body.size() ? body.size() : line.size() + 1);
    if (!read_relay_line(line, key)) return nonsense();
  }
  if (key.tone == 0) return nonsense();
  return key;
}

}  // namespace

Result<DtmfTone> parse_dtmf_info(std::string_view content_type, std::string_view body) {
  const auto type = trimmed(content_type.substr(0, content_type.find(';')));
  if (same_word(type, "application/dtmf-relay")) return parse_relay(body);
  if (!same_word(type, "application/dtmf")) {
    return Error{.code = Errc::NotSupported, .status = 415, .reason = "not a DTMF body", .detail = std::string(type)};
  }
  const auto tone = tone_of(trimmed(body));
  if (!tone) return nonsense();
  return DtmfTone{.tone = *tone};
}

Result<Body> write_dtmf_info(char tone, Duration duration) {
  const auto key = tone_of(std::string_view(&tone, 1));
  if (!key) return Error{.code = Errc::BadValue, .reason = "not a DTMF tone", .detail = std::string(1, tone)};
  return Body{"application/dtmf-relay", std::string("Signal=") + *key + "\r\nDuration=" + std::to_string(duration.count())};
}

}  // namespace parley::sip
