// SPDX-License-Identifier: MIT
#include <parley/simpleuser/async.hpp>
#include <parley/tests/support/virtual_executor.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using parley::testing::VirtualExecutor;

struct Place {
  VirtualExecutor executor;
  std::string complaint;
  std::shared_ptr<const Complaints> complaints =
      std::make_shared<const Complaints>([this](std::string_view text) { complaint = std::string(text); });
  std::shared_ptr<CallbackLoop> loop = std::make_shared<CallbackLoop>(executor);
  CallbackContext context() const { return {.loop = loop, .complaints = complaints}; }
};

TEST(Async, ThenRunsOnceWhenItCompletes) {
  Place place;
  AsyncSource<int> source(place.context());
  auto async = source.async();
  int calls = 0;
  async.then([&](Result<int> value) { calls += *value; });
  EXPECT_EQ(calls, 0);
  source.complete(7);
  source.complete(8);
  place.executor.run_until_idle();
  EXPECT_EQ(calls, 7);
}

TEST(Async, LateThenRunsOnTheLoopAndNotInsideTheCall) {
  Place place;
  AsyncSource<int> source(place.context());
  auto async = source.async();
  source.complete(7);
  std::optional<int> seen;
  async.then([&](Result<int> value) { seen = *value; });
  EXPECT_FALSE(seen);
  place.executor.run_until_idle();
  EXPECT_EQ(seen, 7);
}

TEST(Async, LateThenRunsAtOnceWhenTheLoopIsGone) {
  Place place;
  AsyncSource<int> source(place.context());
  auto async = source.async();
  source.complete(7);
  place.loop->cut();
  std::optional<int> seen;
  async.then([&](Result<int> value) { seen = *value; });
  EXPECT_EQ(seen, 7);
}

TEST(Async, DroppedSourceCompletesWithDestroyed) {
  Place place;
  std::optional<Errc> seen;
  std::optional<AsyncSource<void>> source(place.context());
  source->async().then([&](Result<void> result) { seen = result.error().code; });
  source.reset();
  EXPECT_EQ(seen, Errc::Destroyed);
}

TEST(Async, MayBeDropped) {
  Place place;
  AsyncSource<void> source(place.context());
  { const auto dropped = source.async(); }
  source.complete({});
  EXPECT_EQ(place.executor.run_until_idle(), 0u);
}

TEST(Async, GetOnTheLoopThreadIsRefusedUnlessItIsDone) {
  Place place;
  AsyncSource<int> source(place.context());
  auto async = source.async();
  EXPECT_EQ(async.get(1h).error().code, Errc::WouldDeadlock);
  source.complete(5);
  EXPECT_EQ(async.get(0ms).value(), 5);
  EXPECT_EQ(async.get(0ms).error().code, Errc::WrongState);  // one consumer, one outcome
}

TEST(Async, GetWaitsForAnotherThread) {
  Place place;
  AsyncSource<std::string> source(place.context());
  auto async = source.async();
  std::optional<Result<std::string>> got;
  std::thread waiter([&] { got = async.get(1min); });
  source.complete(std::string("done"));
  waiter.join();
  EXPECT_EQ(got->value(), "done");
}

TEST(Async, GetTimesOutAndCanBeAskedAgain) {
  Place place;
  AsyncSource<int> source(place.context());
  auto async = source.async();
  std::optional<Errc> first;
  std::thread waiter([&] { first = async.get(0ms).error().code; });
  waiter.join();
  EXPECT_EQ(first, Errc::Timeout);
  source.complete(3);
  EXPECT_EQ(async.get(0ms).value(), 3);
}

TEST(Async, ThenRacesWithCompletionAndRunsOnce) {
  Place place;
  for (int round = 0; round < 200; ++round) {
    AsyncSource<int> source(place.context());
    auto async = source.async();
    std::atomic<int> calls{0};
    std::thread attacher([&] { async.then([&](const Result<int>&) { ++calls; }); });
    source.complete(1);
    attacher.join();
    place.executor.run_until_idle();
    ASSERT_EQ(calls, 1);
  }
}

TEST(Async, ThrowingContinuationIsCaughtAndTold) {
  Place place;
  AsyncSource<void> source(place.context());
  source.async().then([](const Result<void>&) { throw std::runtime_error("boom"); });
  source.complete({});
  EXPECT_THAT(place.complaint, ::testing::HasSubstr("boom"));
}

/// The smallest coroutine that can await.
struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Task await_into(Async<int> async, std::optional<int>& out) {
  const Result<int> value = co_await async;
  out = value ? *value : -1;
}

TEST(Async, CoroutineGoesOnWhereCallbacksRun) {
  Place place;
  AsyncSource<int> source(place.context());
  std::optional<int> out;
  await_into(source.async(), out);
  EXPECT_FALSE(out);
  source.complete(9);
  EXPECT_EQ(out, 9);
}

TEST(Async, CoroutineOfACompletedAsyncGoesOnLater) {
  Place place;
  AsyncSource<int> source(place.context());
  auto async = source.async();
  source.complete(9);
  std::optional<int> out;
  await_into(std::move(async), out);
  EXPECT_FALSE(out);
  place.executor.run_until_idle();
  EXPECT_EQ(out, 9);
}

}  // namespace
}  // namespace parley::test
