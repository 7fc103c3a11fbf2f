// SPDX-License-Identifier: MIT
#include "pair.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace parley::media::testing {
namespace {

std::size_t entries_of(const char* folder) {
  const std::filesystem::directory_iterator all(folder);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}
std::size_t threads() { return entries_of("/proc/self/task"); }
std::size_t descriptors() { return entries_of("/proc/self/fd"); }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool has_own_memory = false;  // a sanitizer keeps what is freed
#else
constexpr bool has_own_memory = true;
#endif

/// Resident memory in kilobytes.
std::size_t memory() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  std::size_t resident = 0;
  file >> pages >> resident;
  return resident * 4;
}

TEST(GstLifecycle, SessionsDieInTheMiddleOfEverything) {
  for (int step = 0; step < 8; ++step) {
    Pair pair;
    const auto never = [](auto) { FAIL() << "completed after destruction"; };
    if (step == 0) pair.a.session().make_offer(never);
    if (step == 1) pair.a.session().stats(never);
    if (step >= 2) {
      auto offer = pair.a.offer();
      ASSERT_TRUE(offer);
      if (step == 2) pair.b.session().accept_offer(*offer, never);
      if (step >= 3) {
        auto answer = pair.b.answer_to(*offer);
        ASSERT_TRUE(answer);
        if (step == 3) pair.a.session().accept_answer(*answer, never);
        if (step >= 4) {
          ASSERT_TRUE(pair.a.take_answer(*answer));
        }
      }
    }
    if (step >= 5) pair.executor.run_until([&] { return pair.a.states().size() == static_cast<std::size_t>(step - 4); }, 2s);
    if (step == 7) pair.a.session().make_offer(never);
    pair.a.destroy();
    pair.b.destroy();
    pair.executor.run_for(30ms);
  }
}

TEST(GstLifecycle, ObserverMayDestroyItsSession) {
  struct Suicidal final : SessionObserver {
    void on_media_state(State, const std::optional<Error>&) override {
      ++told;
      session.reset();
    }
    void on_first_media() override {}
    std::unique_ptr<Session> session;
    int told = 0;
  };
  LiveExecutor executor;
  const auto factory = make_gst_factory();
  End caller(executor, *factory, tone_options(440.0));
  Suicidal callee;
  callee.session = std::move(*factory->create(tone_options(880.0), executor, callee));
  const auto offer = caller.offer();
  ASSERT_TRUE(offer);
  bool is_answered = false;
  callee.session->accept_offer(*offer, [&](Result<std::string>) { is_answered = true; });
  ASSERT_TRUE(executor.run_until([&] { return callee.told > 0; }, limit));
  executor.run_for(200ms);
  EXPECT_EQ(callee.told, 1);
  EXPECT_TRUE(is_answered || callee.session == nullptr);
}

TEST(GstLifecycle, CompletionMayDestroyItsSession) {
  LiveExecutor executor;
  const auto factory = make_gst_factory();
  auto end = std::make_unique<End>(executor, *factory, tone_options(440.0));
  bool is_done = false;
  end->session().make_offer([&](Result<std::string> offer) {
    EXPECT_TRUE(offer);
    end.reset();
    is_done = true;
  });
  EXPECT_TRUE(executor.run_until([&] { return is_done; }, limit));
  executor.run_for(50ms);
}

TEST(GstLifecycle, PathThatIsNotFoundIn30SecondsIsAFailure) {
  Pair pair;
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  const auto answer = pair.b.answer_to(*offer);
  ASSERT_TRUE(answer);
  pair.b.destroy();  // nobody is left at the candidates of the answer
  ASSERT_TRUE(pair.a.take_answer(*answer));
  pair.executor.skip(29s);
  pair.executor.run_for(50ms);
  EXPECT_FALSE(pair.a.failure());
  pair.executor.skip(1s);
  ASSERT_TRUE(pair.executor.run_until([&] { return pair.a.failure().has_value(); }, 500ms));
  EXPECT_EQ(pair.a.failure()->text(), "no path for the sound in 30 s");
  EXPECT_EQ(pair.a.states().back(), State::Failed);
}

TEST(GstLifecycle, SessionOutlivesItsFactory) {
  LiveExecutor executor;
  auto factory = make_gst_factory();
  End a(executor, *factory, tone_options(440.0));
  End b(executor, *factory, tone_options(880.0));
  factory.reset();
  ASSERT_TRUE(Pair::exchange(a, b));
  EXPECT_TRUE(a.hears(880.0));
}

TEST(GstLifecycle, ManyCallsLeaveNoThreadNoDescriptorNoMemory) {
  LiveExecutor executor;
  const auto factory = make_gst_factory();  // keeps the engine
  const auto call = [&] {
    End a(executor, *factory, tone_options(440.0));
    End b(executor, *factory, tone_options(880.0));
    ASSERT_TRUE(Pair::exchange(a, b));
    ASSERT_TRUE(executor.run_until([&] { return a.has_heard() && b.has_heard(); }, limit));
  };
  const auto settle = [&] { executor.run_for(300ms); };  // the engine's thread ends calls after we let go of them
  for (int warming = 0; warming < 20; ++warming) call();
  settle();
  const auto threads_before = threads();
  const auto descriptors_before = descriptors();
  const auto memory_before = memory();
  for (int i = 0; i < 80; ++i) call();
  settle();
  std::printf("threads %zu -> %zu, descriptors %zu -> %zu, memory %zu -> %zu kB\n", threads_before, threads(), descriptors_before,
              descriptors(), memory_before, memory());
  EXPECT_LE(threads(), threads_before + 2);  // GLib's pools come and go
  EXPECT_LE(descriptors(), descriptors_before);
  if (has_own_memory) {
    EXPECT_LT(memory(), memory_before + 8'000);
  }
}

}  // namespace
}  // namespace parley::media::testing
