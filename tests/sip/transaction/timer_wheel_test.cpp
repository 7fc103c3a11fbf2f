// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/timer_wheel.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace parley::sip {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TimePoint at(Duration since_start) { return TimePoint{since_start}; }

/// A timer that does what the test says.
class TestTimer final : public Timer {
 public:
  explicit TestTimer(std::function<void(TimePoint)> action) : action_(std::move(action)) {}

 private:
  void on_due(TimePoint now) override { action_(now); }
  std::function<void(TimePoint)> action_;
};

class TimerWheelTest : public testing::Test {
 protected:
  std::unique_ptr<TestTimer> timer(int name) {
    return std::make_unique<TestTimer>([this, name](TimePoint) { rung.push_back(name); });
  }
  TimerWheel wheel;
  std::vector<int> rung;
};

TEST_F(TimerWheelTest, EmptyWheelHasNoTimeout) {
  EXPECT_EQ(wheel.next_timeout(), std::nullopt);
  wheel.run(at(1h));
  EXPECT_TRUE(wheel.empty());
}

TEST_F(TimerWheelTest, RingsNotOneMillisecondEarly) {
  const auto a = timer(1);
  wheel.start(*a, at(500ms));
  EXPECT_EQ(wheel.next_timeout(), at(500ms));
  wheel.run(at(499ms));
  EXPECT_THAT(rung, IsEmpty());
  EXPECT_TRUE(a->is_running());
  wheel.run(at(500ms));
  EXPECT_THAT(rung, ElementsAre(1));
  EXPECT_FALSE(a->is_running());
  EXPECT_EQ(wheel.next_timeout(), std::nullopt);
}

TEST_F(TimerWheelTest, RingsInOrderOfTimeThenOfStart) {
  const auto a = timer(1);
  const auto b = timer(2);
  const auto c = timer(3);
  const auto d = timer(4);
  wheel.start(*a, at(32s));
  wheel.start(*b, at(500ms));
  wheel.start(*c, at(32s));
  wheel.run(at(31'990ms));  // c and a are in a lower level now
  wheel.start(*d, at(32s));
  wheel.run(at(24h));
  EXPECT_THAT(rung, ElementsAre(2, 1, 3, 4));
}

TEST_F(TimerWheelTest, TimeThatIsOverRingsAtNextRun) {
  wheel.run(at(10s));
  const auto a = timer(1);
  wheel.start(*a, at(3s));
  EXPECT_EQ(wheel.next_timeout(), at(3s));
  wheel.run(at(10s));
  EXPECT_THAT(rung, ElementsAre(1));
}

TEST_F(TimerWheelTest, TimerStartedBeforeTheFirstButEarlierRingsInTime) {
  const auto late = timer(1);
  const auto early = timer(2);
  wheel.start(*late, at(1h));
  wheel.start(*early, at(1s));
  EXPECT_EQ(wheel.next_timeout(), at(1s));
  wheel.run(at(1s));
  EXPECT_THAT(rung, ElementsAre(2));
}

TEST_F(TimerWheelTest, DestroyedTimerTakesItselfOut) {
  auto a = timer(1);
  const auto b = timer(2);
  wheel.start(*a, at(1s));
  wheel.start(*b, at(2s));
  a.reset();
  EXPECT_EQ(wheel.next_timeout(), at(2s));
  wheel.run(at(3s));
  EXPECT_THAT(rung, ElementsAre(2));
}

TEST_F(TimerWheelTest, C20TimerMayDestroyItselfAndOthers) {
  std::unique_ptr<TestTimer> victim = timer(9);
  std::unique_ptr<TestTimer> self;
  self = std::make_unique<TestTimer>([&](TimePoint) {
    rung.push_back(1);
    victim.reset();
    self.reset();
  });
  wheel.start(*self, at(1s));
  wheel.start(*victim, at(1s));
  wheel.run(at(1s));
  EXPECT_THAT(rung, ElementsAre(1));
  EXPECT_TRUE(wheel.empty());
}

TEST_F(TimerWheelTest, TimerMayRestartItself) {
  TestTimer* self = nullptr;
  TestTimer ticker{[&](TimePoint now) {
    rung.push_back(static_cast<int>(now.time_since_epoch().count()));
    wheel.start(*self, now + 100ms);
  }};
  self = &ticker;
  wheel.start(ticker, at(100ms));
  wheel.run(at(100ms));
  wheel.run(at(1s));  // an overdue timer runs once, not nine times (N08)
  EXPECT_THAT(rung, ElementsAre(100, 1000));
  EXPECT_EQ(wheel.next_timeout(), at(1'100ms));
}

TEST_F(TimerWheelTest, TimerOutlivesWheel) {
  const auto a = timer(1);
  {
    TimerWheel other;
    other.start(*a, at(1s));
  }
  EXPECT_FALSE(a->is_running());
  wheel.start(*a, at(2s));
  EXPECT_EQ(wheel.next_timeout(), at(2s));
}

TEST_F(TimerWheelTest, MovesToAnotherWheel) {
  TimerWheel other;
  const auto a = timer(1);
  wheel.start(*a, at(1s));
  other.start(*a, at(2s));
  EXPECT_TRUE(wheel.empty());
  EXPECT_EQ(other.next_timeout(), at(2s));
}

TEST_F(TimerWheelTest, ExtremeTimesFit) {
  const auto first = timer(1);
  const auto last = timer(2);
  wheel.start(*last, TimePoint::max());
  wheel.start(*first, TimePoint::min());
  EXPECT_EQ(wheel.next_timeout(), TimePoint::min());
  wheel.run(TimePoint::max() - 1ms);
  EXPECT_THAT(rung, ElementsAre(1));
  EXPECT_EQ(wheel.next_timeout(), TimePoint::max());
  wheel.run(TimePoint::max());
  EXPECT_THAT(rung, ElementsAre(1, 2));
}

struct Owner {
  void ring(TimePoint now) { rung_at = now; }
  TimePoint rung_at{};
  MemberTimer<Owner, &Owner::ring> timer{*this};
};

TEST_F(TimerWheelTest, MemberTimerCallsItsOwner) {
  Owner owner;
  wheel.start(owner.timer, at(5s));
  wheel.run(at(7s));
  EXPECT_EQ(owner.rung_at, at(7s));
}

#ifdef __cpp_exceptions
TEST_F(TimerWheelTest, TimerThatThrowsIsTriedAgainSoon) {
  bool memory = false;
  TestTimer timer{[&](TimePoint) {
    if (!memory) throw std::bad_alloc{};
    rung.push_back(1);
  }};
  wheel.start(timer, at(1s));
  EXPECT_THROW(wheel.run(at(2s)), std::bad_alloc);
  EXPECT_EQ(wheel.next_timeout(), at(2s) + TimerWheel::second_try);
  memory = true;
  wheel.run(at(3s));
  EXPECT_THAT(rung, ElementsAre(1));
  EXPECT_TRUE(wheel.empty());
}
#endif

/// Random starts, moves, stops and jumps, compared with a sorted multimap.
class TimerWheelProperty : public testing::TestWithParam<unsigned> {
 protected:
  struct Modelled final : Timer {
    explicit Modelled(TimerWheelProperty& test, int name) : test_(test), name_(name) {}
    void on_due(TimePoint rung_at) override { test_.check_ring(*this, rung_at); }
    TimerWheelProperty& test_;
    int name_;
    std::multimap<TimePoint, int>::iterator entry;
  };

  void check_ring(Modelled& timer, TimePoint rung_at) {
    ASSERT_FALSE(model.empty());
    EXPECT_EQ(model.begin()->second, timer.name_);  // equal times: a multimap keeps the order of insertion as well
    EXPECT_LE(timer.due(), rung_at);
    model.erase(model.begin());
  }

  Duration random_delay() {  // as many short as long ones
    const unsigned magnitude = std::uniform_int_distribution<unsigned>{0, 40}(random);
    return Duration{std::uniform_int_distribution<std::int64_t>{0, std::int64_t{1} << magnitude}(random)};
  }

  void start(Modelled& timer) {
    stop(timer);
    const TimePoint due = now + random_delay();
    wheel.start(timer, due);
    timer.entry = model.emplace(due, timer.name_);
  }

  void stop(Modelled& timer) {
    if (timer.is_running()) model.erase(timer.entry);
    timer.stop();
  }

  std::mt19937 random{GetParam()};
  TimePoint now = at(0ms);
  TimerWheel wheel;
  std::multimap<TimePoint, int> model;
};

TEST_P(TimerWheelProperty, BehavesAsSortedMultimap) {
  std::vector<std::unique_ptr<Modelled>> timers;
  for (int name = 0; name < 200; ++name) timers.push_back(std::make_unique<Modelled>(*this, name));
  for (int step = 0; step < 20'000 && !HasFailure(); ++step) {
    Modelled& timer = *timers[random() % timers.size()];
    switch (random() % 8) {
      case 0: stop(timer); break;
      case 1:
        now += random_delay() / 64;
        wheel.run(now);
        break;
      case 2:
        if (!model.empty()) now = std::max(now, model.begin()->first);
        wheel.run(now);
        break;
      default: start(timer); break;
    }
    ASSERT_EQ(wheel.empty(), model.empty());
    if (model.empty())
      ASSERT_EQ(wheel.next_timeout(), std::nullopt);
    else
      ASSERT_EQ(wheel.next_timeout(), model.begin()->first);
  }
  wheel.run(TimePoint::max());
  EXPECT_TRUE(model.empty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, TimerWheelProperty, testing::Range(1U, 11U));

}  // namespace
}  // namespace parley::sip
