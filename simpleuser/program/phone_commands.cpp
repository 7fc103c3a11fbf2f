// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/phone_commands.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace parley::program {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 35s;  // connect and name lookup, media, a hang-up that waits for its connection: all end before

Error usage(std::string words) { return {.code = Errc::BadValue, .reason = "usage", .detail = std::move(words)}; }

std::pair<std::string, std::string> split(std::string_view text) {
  const CommandLine parts = split_command(text);
  return {parts.name, parts.rest};
}

std::optional<Duration> milliseconds(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return Duration{value};
}

Reply done(Result<void> outcome) { return {.name = {}, .outcome = std::move(outcome)}; }

Reply call(const CommandTarget& t, std::string_view rest) {
  if (rest.empty()) return done(usage("call URI"));
  return done(t.user.call(rest).get(patience));
}

Reply decline(const CommandTarget& t, std::string_view rest) {
  if (rest.empty()) return done(t.user.decline().get(patience));
  const auto status = milliseconds(rest);  // a number either way
  if (!status || status->count() < 300 || status->count() > 699) return done(usage("decline [300..699]"));
  return done(t.user.decline(static_cast<sip::StatusCode>(status->count())).get(patience));
}

Reply dtmf(const CommandTarget& t, std::string_view rest) {
  if (rest.empty()) return done(usage("dtmf TONES"));
  for (const char tone : rest) {
    if (tone == ' ') continue;
    if (auto sent = t.user.send_dtmf(std::string_view(&tone, 1)).get(patience); !sent) return done(std::move(sent));
  }
  return done({});
}

Reply message(const CommandTarget& t, std::string_view rest) {
  const auto [destination, text] = split(rest);
  if (text.empty()) return done(usage("message URI TEXT…"));
  return done(t.user.message(destination, text).get(patience));
}

Reply stats(const CommandTarget& t, std::string_view) {
  const auto numbers = t.user.stats().get(patience);
  if (!numbers) return done(numbers.error());
  Reply reply = done({});
  reply.fields.add("packets_sent", numbers->packets_sent)
      .add("packets_received", numbers->packets_received)
      .add("packets_lost", numbers->packets_lost)
      .add("audio_level_db", numbers->audio_level_db)
      .add("peak_hz", numbers->peak_hz)
      .add("rtt_ms", numbers->rtt_ms)
      .add("jitter_ms", numbers->jitter_ms)
      .add("codec", numbers->codec);
  return reply;
}

Reply state(const CommandTarget& t, std::string_view) {
  const SimpleUserState s = t.user.state();
  Reply reply = done({});
  reply.fields.add("connected", s.connected).add("registered", s.registered).add("held", s.held).add("muted", s.muted);
  if (s.call.phase == CallPhase::None)
    reply.fields.null("call");
  else
    reply.fields.add("call", to_string(s.call.phase));
  return reply;
}

Reply wait(const CommandTarget& t, std::string_view rest) {
  const auto [event, limit] = split(rest);
  const auto time = limit.empty() ? std::optional<Duration>(30s) : milliseconds(limit);
  if (event.empty() || !time) return done(usage("wait EVENT [MS]"));
  if (t.events.wait(event, *time)) return done({});
  return done(Error{.code = Errc::Timeout, .reason = "the event did not come", .detail = event});
}

Reply pause(const CommandTarget&, std::string_view rest) {
  const auto time = milliseconds(rest);
  if (!time) return done(usage("sleep MS"));
  std::this_thread::sleep_for(*time);
  return done({});
}

Reply transfer(const CommandTarget&, std::string_view) {
  return done(Error{.code = Errc::NotSupported, .reason = "transfer is not built yet"});
}

using Handler = Reply (*)(const CommandTarget&, std::string_view rest);

constexpr std::array<std::pair<std::string_view, Handler>, 19> commands{{
    {"answer", [](const CommandTarget& t, std::string_view) { return done(t.user.answer().get(patience)); }},
    {"call", call},
    {"connect", [](const CommandTarget& t, std::string_view) { return done(t.user.connect().get(patience)); }},
    {"decline", decline},
    {"disconnect", [](const CommandTarget& t, std::string_view) { return done(t.user.disconnect().get(patience)); }},
    {"dtmf", dtmf},
    {"hangup", [](const CommandTarget& t, std::string_view) { return done(t.user.hangup().get(patience)); }},
    {"hold", [](const CommandTarget& t, std::string_view) { return done(t.user.hold().get(patience)); }},
    {"message", message},
    {"mute", [](const CommandTarget& t, std::string_view) { return t.user.mute(), done({}); }},
    {"register", [](const CommandTarget& t, std::string_view) { return done(t.user.register_().get(patience)); }},
    {"sleep", pause},
    {"state", state},
    {"stats", stats},
    {"transfer", transfer},
    {"unhold", [](const CommandTarget& t, std::string_view) { return done(t.user.unhold().get(patience)); }},
    {"unmute", [](const CommandTarget& t, std::string_view) { return t.user.unmute(), done({}); }},
    {"unregister", [](const CommandTarget& t, std::string_view) { return done(t.user.unregister().get(patience)); }},
    {"wait", wait},
}};

Reply dispatch(const CommandTarget& target, const CommandLine& command) {
  for (const auto& [name, handler] : commands) {
    if (name == command.name) return handler(target, command.rest);
  }
  std::string known;
  for (const auto& each : commands) known += std::string(each.first) + " ";
  return done(Error{.code = Errc::BadValue, .reason = "unknown command; there are", .detail = known + "quit"});
}

}  // namespace

CommandLine split_command(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  const auto begin = line.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  line.remove_prefix(begin);
  line = line.substr(0, line.find_last_not_of(blanks) + 1);
  const auto end = std::min(line.find_first_of(blanks), line.size());
  const auto rest = std::min(line.find_first_not_of(blanks, end), line.size());
  return {std::string(line.substr(0, end)), std::string(line.substr(rest))};
}

std::string Reply::json() const {
  JsonLine line;
  line.add("reply", name).add("ok", outcome.has_value());
  if (!outcome) line.add("error", outcome.error().text());
  const std::string head = line.text();
  return has_fields() ? head.substr(0, head.size() - 1) + "," + fields.text().substr(1) : head;
}

Reply run_command(const CommandTarget& target, const CommandLine& command) {
  Reply reply = dispatch(target, command);
  reply.name = command.name;
  return reply;
}

}  // namespace parley::program
