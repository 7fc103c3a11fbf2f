// SPDX-License-Identifier: MIT
#include "raw_peer.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace parley::transport::test {
namespace {

std::ptrdiff_t entries(const char* folder) {
  return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}
std::ptrdiff_t open_descriptors() { return entries("/proc/self/fd"); }
std::ptrdiff_t running_threads() { return entries("/proc/self/task"); }

/// A thread that detached itself is gone a moment after its last word.
bool threads_back_at(std::ptrdiff_t count) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (running_threads() > count) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(Loop, PostsOfAllThreadsRunOnceInTheirOrder) {
  constexpr int threads = 4, each = 5'000;
  std::vector<std::vector<int>> seen(threads);
  {
    auto loop = Loop::start().value();
    std::vector<std::thread> posters;
    for (int t = 0; t < threads; ++t) {
      posters.emplace_back([&, t] {
        for (int i = 0; i < each; ++i) EXPECT_TRUE(loop->post([&seen, t, i] { seen[static_cast<std::size_t>(t)].push_back(i); }));
      });
    }
    for (auto& poster : posters) poster.join();
  }  // the destructor runs what was posted
  for (const auto& numbers : seen) {
    ASSERT_EQ(numbers.size(), std::size_t{each});
    EXPECT_TRUE(std::ranges::is_sorted(numbers));
  }
}

TEST(Loop, TasksRunOnItsThreadAndNeverInsidePost) {
  auto loop = Loop::start().value();
  EXPECT_FALSE(loop->is_loop_thread());
  bool inner = false;
  on_loop(*loop, [&] {
    EXPECT_TRUE(loop->is_loop_thread());
    EXPECT_TRUE(loop->post([&] { inner = true; }));
    EXPECT_FALSE(inner);
    loop->post([keep = std::make_unique<int>(1)] {});
  });
  on_loop(*loop, [&] { EXPECT_TRUE(inner); });
}

TEST(Loop, PostAfterTheEndIsRefusedAndTheTaskDestroyed) {
  auto loop = Loop::start().value();
  loop->stop();
  auto token = std::make_shared<int>(0);
  EXPECT_FALSE(loop->post([token] { ADD_FAILURE() << "ran after the end"; }));
  EXPECT_EQ(token.use_count(), 1);
  loop->stop();  // again: nothing
}

TEST(Loop, WhatAnEndingLoopStillRunsCannotPost) {
  auto loop = Loop::start().value();
  std::promise<bool> posted;
  std::promise<void> ending;
  loop->post([&] {
    ending.get_future().wait();
    posted.set_value(loop->post([] { ADD_FAILURE() << "posted after the end"; }));
  });
  std::thread stopper([&] { loop->stop(); });
  while (loop->post([] {})) std::this_thread::yield();
  ending.set_value();
  stopper.join();
  EXPECT_FALSE(posted.get_future().get());
}

TEST(Loop, ThrowingTaskIsLoggedAndForgotten) {
  std::vector<std::string> lines;
  {
    auto loop = Loop::start({.log = [&](LogLevel, std::string_view line) { lines.emplace_back(line); }}).value();
    loop->post([] { throw std::runtime_error("x"); });
    on_loop(*loop, [] {});
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"a task threw an exception"}));
}

TEST(Deadline, RingsOnceNeverEarlyAndInOrder) {
  auto loop = Loop::start().value();
  std::vector<int> order;
  std::vector<std::unique_ptr<Deadline>> alarms;
  std::promise<void> done;
  on_loop(*loop, [&] {
    const TimePoint start = loop->now();
    for (const int after : {30, 10, 20, 0, -5}) {
      const TimePoint due = start + Duration(after);
      alarms.push_back(loop->make_deadline([&, after, due] {
        EXPECT_TRUE(loop->is_loop_thread());
        EXPECT_GE(loop->now(), due);
        order.push_back(after);
        if (order.size() == 5) done.set_value();
      }));
      alarms.back()->set(due);
    }
    EXPECT_TRUE(order.empty());  // never inside set()
  });
  ASSERT_EQ(done.get_future().wait_for(limit), std::future_status::ready);
  on_loop(*loop, [&] { alarms.clear(); });
  EXPECT_EQ((std::vector<int>(order.begin() + 2, order.end())), (std::vector<int>{10, 20, 30}));
}

TEST(Deadline, MovedDisarmedAndDestroyedOnesDoNotRing) {
  auto loop = Loop::start().value();
  std::promise<void> done;
  std::unique_ptr<Deadline> moved, disarmed, destroyed, far, last;
  on_loop(*loop, [&] {
    const TimePoint now = loop->now();
    moved = loop->make_deadline([&, now] { EXPECT_GE(loop->now(), now + 20ms); });
    moved->set(now + 1ms);
    moved->set(now + 20ms);
    disarmed = loop->make_deadline([] { ADD_FAILURE() << "disarmed"; });
    disarmed->set(now + 1ms);
    disarmed->set(std::nullopt);
    destroyed = loop->make_deadline([] { ADD_FAILURE() << "destroyed"; });
    destroyed->set(now + 1ms);
    destroyed.reset();
    far = loop->make_deadline([] { ADD_FAILURE() << "far"; });
    far->set(TimePoint::max());
    last = loop->make_deadline([&] { done.set_value(); });
    last->set(now + 30ms);
  });
  ASSERT_EQ(done.get_future().wait_for(limit), std::future_status::ready);
  on_loop(*loop, [&] {
    for (auto* alarm : {&moved, &disarmed, &far, &last}) alarm->reset();
  });
}

TEST(Deadline, MayBeDestroyedOrSetAgainWhenItRings) {
  auto loop = Loop::start().value();
  std::promise<void> done;
  std::unique_ptr<Deadline> alarm;
  int rings = 0;
  on_loop(*loop, [&] {
    alarm = loop->make_deadline([&, keep = std::make_shared<int>(7)] {
      if (++rings < 3) {
        alarm->set(loop->now());
        return;
      }
      alarm.reset();
      EXPECT_EQ(*keep, 7);  // the callable outlives its own call
      done.set_value();
    });
    alarm->set(loop->now());
  });
  EXPECT_EQ(done.get_future().wait_for(limit), std::future_status::ready);
}

TEST(Deadline, MayOutliveTheLoop) {
  auto loop = Loop::start().value();
  std::unique_ptr<Deadline> alarm;
  on_loop(*loop, [&] {
    alarm = loop->make_deadline([] { ADD_FAILURE() << "rang after the end"; });
    alarm->set(loop->now() + 1h);
  });
  loop.reset();
  alarm->set(std::nullopt);
  alarm.reset();
}

TEST(Loop, DestroyedOnItsOwnThreadEndsByItself) {
  const auto before = running_threads();
  std::promise<void> destroyed;
  {
    auto loop = Loop::start().value();
    Loop& reference = *loop;
    auto token = std::make_shared<int>(0);
    reference.post([loop = std::move(loop), &destroyed]() mutable {
      loop.reset();
      destroyed.set_value();
    });
  }
  ASSERT_EQ(destroyed.get_future().wait_for(limit), std::future_status::ready);
  EXPECT_TRUE(threads_back_at(before));
}

TEST(Loop, N07EverythingDestroyedInACallbackOfAConnection) {
  const auto threads = running_threads();
  const auto descriptors = open_descriptors();
  {
    RawServer server([](Stream& stream) {
      accept_upgrade(stream);
      stream.write(frame(text, "INVITE"));
      stream.read_to_end();
    });
    struct Application {
      Inbox inbox;
      std::unique_ptr<Loop> loop;
      std::unique_ptr<Network> network;
      std::unique_ptr<sip::Connection> connection;
    };
    auto application = std::make_unique<Application>();
    std::promise<void> gone;
    application->loop = Loop::start().value();
    application->network = std::make_unique<Network>(*application->loop);
    application->inbox.when_message = [&](std::string_view) {
      application->connection.reset();
      application->network.reset();
      application->loop.reset();
      gone.set_value();
    };
    application->loop->post([&] {
      application->connection =
          application->network->connect({.scheme = "ws", .host = "127.0.0.1", .port = server.port()}, {}, application->inbox);
    });
    ASSERT_EQ(gone.get_future().wait_for(limit), std::future_status::ready);
  }
  EXPECT_TRUE(threads_back_at(threads));
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST(Loop, EndTellsConnectionsThatAreLeft) {
  RawServer silent([](Stream& stream) { stream.read_to_end(); });
  auto loop = Loop::start({.dns_servers = "127.0.0.1:9"}).value();
  Network network(*loop);
  Inbox connecting, looking_up, accepted_side;
  Acceptor acceptor;
  std::vector<std::unique_ptr<sip::Connection>> connections;
  std::unique_ptr<sip::Listener> listener;
  Inbox open;
  on_loop(*loop, [&] {
    listener = std::move(network.listen({}, acceptor).value());
    connections.push_back(network.connect({.scheme = "ws", .host = "127.0.0.1", .port = silent.port()}, {}, connecting));
    connections.push_back(network.connect({.scheme = "wss", .host = "nobody.test", .port = 443}, {}, looking_up));
    connections.push_back(network.connect(server_at(listener->uri()), {}, open));
  });
  ASSERT_TRUE(open.wait_open()) << open.words();
  auto* const peer = acceptor.wait_peer();
  ASSERT_NE(peer, nullptr);
  loop.reset();
  for (const Inbox* inbox : {&connecting, &open, &peer->inbox}) {
    EXPECT_EQ(inbox->closings, 1);
    EXPECT_EQ(inbox->words(), "the loop has ended");
  }
  EXPECT_EQ(looking_up.closings, 1);
  for (auto& connection : connections) connection->send("x");  // nothing happens any more
}

TEST(Loop, N04RoundsLeaveNoThreadsAndNoDescriptors) {
  { auto warm_up = Loop::start(); }
  const auto threads = running_threads();
  const auto descriptors = open_descriptors();
  for (int round = 0; round < 50; ++round) {
    Fixture fixture;
    Acceptor acceptor;
    auto listener = fixture.listen(acceptor);
    Inbox pending;
    auto never = fixture.connect({.scheme = "ws", .host = "192.0.2.1", .port = 9}, {}, pending);
    fixture.run([&] {
      never.reset();
      listener.reset();
    });
  }
  EXPECT_TRUE(threads_back_at(threads));
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST(Loop, N04ConnectionsLeaveNoDescriptors) {
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  const auto round = [&] {
    Inbox inbox;
    auto connection = fixture.connect(server_at(listener->uri()), {}, inbox);
    ASSERT_TRUE(inbox.wait_open()) << inbox.words();
    auto* const peer = acceptor.wait_peer();
    ASSERT_NE(peer, nullptr);
    fixture.run([&] { connection->close(); });
    ASSERT_TRUE(inbox.wait_closed());
    ASSERT_TRUE(peer->inbox.wait_closed());
    fixture.run([&] {
      connection.reset();
      acceptor.peers.clear();
    });
  };
  round();
  const auto descriptors = open_descriptors();
  const auto threads = running_threads();
  for (int i = 0; i < 50; ++i) round();
  fixture.run([] {});
  EXPECT_EQ(running_threads(), threads);
  EXPECT_EQ(open_descriptors(), descriptors);
  fixture.drop(listener);
}

TEST(Loop, SharedIsOneForAllAndEndsWithTheLast) {
  const auto before = running_threads();
  auto first = Loop::shared().value();
  auto second = Loop::shared().value();
  EXPECT_EQ(first.get(), second.get());
  EXPECT_EQ(running_threads(), before + 1);
  first.reset();
  EXPECT_TRUE(second->post([] {}));
  second.reset();
  EXPECT_TRUE(threads_back_at(before));
}

}  // namespace
}  // namespace parley::transport::test
