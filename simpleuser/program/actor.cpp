// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/actor.hpp>

#include <parley/simpleuser/program/events.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <thread>

namespace parley::program {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 5s;
constexpr double tolerance_hz = 10.0;
constexpr double silence_db = -60.0;
constexpr double audible_db = -45.0;

bool is_heard(const media::Stats& stats, double hz) {
  if (hz == 0.0) return stats.audio_level_db < silence_db;
  return stats.audio_level_db > audible_db && std::abs(stats.peak_hz - hz) < tolerance_hz;
}

void print_message(const std::string& name, const TraceRecord& record) {
  std::fprintf(stderr, "--- %s %s\n%.*s\n", name.c_str(), record.direction == Traffic::Out ? "sends" : "receives",
               static_cast<int>(record.text.size()), record.text.data());
}

/// Draws and prints the messages of the actor in `column`, as the stage wants; empty: neither.
std::function<void(const TraceRecord&)> tracer(const std::string& name, const Stage& stage, std::size_t column) {
  if (!stage.ladder && !stage.trace) return {};
  return [name, ladder = stage.ladder, column, hub = stage.switch_column, print = stage.trace](const TraceRecord& record) {
    const bool out = record.direction == Traffic::Out;
    if (ladder) ladder->add(out ? column : hub, out ? hub : column, record.text);
    if (print) print_message(name, record);
  };
}

}  // namespace

Result<std::unique_ptr<Actor>> Actor::create(const std::string& name, double tone_hz, const Stage& stage, std::size_t column) {
  std::unique_ptr<Actor> actor(new Actor(name, "sip:" + name + "@" + stage.domain));
  SimpleUserOptions options;
  options.delegate = delegate_for([events = actor->events_](const Event& event) { events->note(event.name, event.detail); });
  options.aor = actor->uri_;
  options.display_name = name;
  options.authorization_password = stage.password;
  options.media.audio_source = {.kind = media::AudioEndpoint::Kind::Tone, .argument = {}, .tone_hz = tone_hz};
  options.media.audio_sink.kind = media::AudioEndpoint::Kind::Silence;
  options.media.loopback_only = true;
  options.media_factory = stage.media;
  options.loop = stage.runtime;
  options.trace = tracer(name, stage, column);
  auto user = SimpleUser::create(stage.server, std::move(options));
  if (!user) return std::move(user).error();
  actor->user_ = *std::move(user);
  return actor;
}

Error Actor::failure(std::string words) const {
  return {.code = Errc::Timeout, .reason = "the step failed", .detail = name_ + " " + std::move(words)};
}

Result<void> Actor::done(Async<void> operation) const { return operation.get(patience); }

Result<void> Actor::saw(std::string_view event, std::string_view detail) {
  const auto seen = events_->wait(event, patience);
  if (!seen) return failure("saw no " + std::string(event));
  if (!detail.empty() && *seen != detail) return failure("saw " + std::string(event) + " " + *seen + " instead of " + std::string(detail));
  return {};
}

Result<void> Actor::hears(double hz) {
  const auto end = std::chrono::steady_clock::now() + patience;
  media::Stats heard;
  do {
    auto stats = user_->stats().get(patience);
    if (!stats) return std::move(stats).error();
    heard = *std::move(stats);
    if (is_heard(heard, hz)) return {};
    std::this_thread::sleep_for(20ms);
  } while (std::chrono::steady_clock::now() < end);
  char words[120];
  std::snprintf(words, sizeof words, "hears %.0f Hz at %.0f dB, not %.0f Hz", heard.peak_hz, heard.audio_level_db, hz);
  return failure(words);
}

}  // namespace parley::program
