// SPDX-License-Identifier: MIT
#pragma once

#include "live_executor.hpp"

#include <parley/media/gst/factory.hpp>
#include <parley/media/session.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::media::testing {

using parley::testing::LiveExecutor;
using namespace std::chrono_literals;

/// Long enough for a loaded machine and for sanitizers; nothing waits this long when all is well.
inline constexpr Duration limit = 20s;

inline Options tone_options(double hertz) {
  Options options;
  options.loopback_only = true;
  options.audio_source = {.kind = AudioEndpoint::Kind::Tone, .argument = {}, .tone_hz = hertz};
  options.audio_sink = {.kind = AudioEndpoint::Kind::Silence, .argument = {}};
  return options;
}

/// One end of a call: a session and what it told.
class End final : public SessionObserver {
 public:
  End(LiveExecutor& executor, Factory& factory, const Options& options) : executor_(executor), session_(make(factory, options)) {}

  Session& session() { return *session_; }
  void destroy() { session_.reset(); }
  const std::vector<State>& states() const { return states_; }
  const std::optional<Error>& failure() const { return failure_; }
  bool has_heard() const { return has_heard_; }

  Result<std::string> offer() {
    return wait<std::string>([this](auto done) { session_->make_offer(std::move(done)); });
  }
  Result<std::string> answer_to(std::string offer) {
    return wait<std::string>([&](auto done) { session_->accept_offer(std::move(offer), std::move(done)); });
  }
  Result<void> take_answer(std::string answer) {
    return wait<void>([&](auto done) { session_->accept_answer(std::move(answer), std::move(done)); });
  }

  Stats stats() {
    std::optional<Stats> result;
    session_->stats([&result](Stats stats) { result = std::move(stats); });
    EXPECT_TRUE(executor_.run_until([&] { return result.has_value(); }, limit)) << "stats never came";
    return result.value_or(Stats{});
  }

  /// Whether a tone of `hertz` comes to be heard.
  ::testing::AssertionResult hears(double hertz) {
    return comes_true([hertz](const Stats& stats) { return stats.audio_level_db > -30.0 && std::abs(stats.peak_hz - hertz) < 5.0; });
  }
  ::testing::AssertionResult hears_silence() {
    return comes_true([](const Stats& stats) { return stats.audio_level_db <= -120.0 && stats.peak_hz == 0.0; });
  }
  /// Whether RTP comes in (or not) over 400 ms, once all that was under way has come.
  bool receives_packets() {
    const auto before = stats().packets_received;
    executor_.run_for(400ms);
    return stats().packets_received > before + 10;
  }

 private:
  std::unique_ptr<Session> make(Factory& factory, const Options& options) {
    auto made = factory.create(options, executor_, *this);
    EXPECT_TRUE(made) << made.error().text();
    return made ? std::move(*made) : nullptr;
  }

  template <class T, class Start>
  Result<T> wait(Start start) {
    std::optional<Result<T>> outcome;
    start([&outcome](Result<T> result) {
      EXPECT_FALSE(outcome) << "completed twice";
      outcome = std::move(result);
    });
    EXPECT_FALSE(outcome) << "completed inside the call";
    if (!executor_.run_until([&] { return outcome.has_value(); }, limit)) return Errc::Timeout;
    return std::move(*outcome);
  }

  template <class Predicate>
  ::testing::AssertionResult comes_true(Predicate is_right) {
    const TimePoint end = executor_.now() + limit;
    Stats last;
    while (executor_.now() < end) {
      last = stats();
      if (is_right(last)) return ::testing::AssertionSuccess();
      executor_.run_for(50ms);
    }
    return ::testing::AssertionFailure() << "hears " << last.peak_hz << " Hz at " << last.audio_level_db << " dB";
  }

  void on_media_state(State state, const std::optional<Error>& why) override {
    states_.push_back(state);
    if (why) failure_ = why;
  }
  void on_first_media() override {
    EXPECT_FALSE(has_heard_);
    has_heard_ = true;
  }

  LiveExecutor& executor_;
  std::vector<State> states_;
  std::optional<Error> failure_;
  bool has_heard_ = false;
  std::unique_ptr<Session> session_;
};

/// Two ends in one process: a says 440 Hz, b says 880.
struct Pair {
  explicit Pair(Options of_a = tone_options(440.0), Options of_b = tone_options(880.0))
      : a(executor, *factory, of_a), b(executor, *factory, of_b) {}

  /// One round of offer and answer. @return the answer, or the first error.
  static Result<std::string> exchange(End& from, End& to) {
    auto offer = from.offer();
    if (!offer) return offer;
    auto answer = to.answer_to(*offer);
    if (!answer) return answer;
    if (auto taken = from.take_answer(*answer); !taken) return taken.error();
    return answer;
  }

  ::testing::AssertionResult connect() {
    const auto exchanged = exchange(a, b);
    if (!exchanged) return ::testing::AssertionFailure() << exchanged.error().text();
    if (!executor.run_until([this] { return a.has_heard() && b.has_heard(); }, limit)) return ::testing::AssertionFailure() << "no sound";
    return ::testing::AssertionSuccess();
  }

  LiveExecutor executor;
  std::unique_ptr<Factory> factory = make_gst_factory();
  End a;
  End b;
};

}  // namespace parley::media::testing
