// SPDX-License-Identifier: MIT
#pragma once

#include "ladder.hpp"
#include "link.hpp"
#include "node.hpp"
#include "random.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::simulation {

/// How a node is attached.
struct Access {
  sip::Reliable reliable = sip::Reliable::No;
  Faults up;
  Faults down;
};

/// Nodes, each with an access link, around a centre that passes on by name: requests to the user of their Request-URI, responses to
/// the host of their Via. Virtual time moves from event to event. Nodes outlive the network.
class Network {
 public:
  Network(Random& chance, Ladder& ladder) : chance_(chance), ladder_(ladder) {}
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// `name` is its user part; its host is "NAME.invalid". The flow opens at once.
  std::size_t attach(Node& node, std::string name, Access access);

  TimePoint now() const noexcept { return now_; }
  /// The time on a node's own clock.
  TimePoint local_time(std::size_t station) const { return now_ - stations_[station].behind; }
  Access& access(std::size_t station) { return stations_[station].access; }
  void heal();  ///< no faults on any link from now on; sleepers wake in time, broken connections are made anew

  /// The connection of a node breaks; a new one stands after `pause`. On datagrams: nothing gets through for that long.
  void interrupt(std::size_t station, Duration pause);
  /// Another connection, perhaps of another kind, takes the place of this one after `pause`.
  void reattach(std::size_t station, const Access& access, Duration pause);
  enum class Clock : bool { Runs, Stands };
  /// The machine sleeps. On a clock that stands it has never slept; on one that runs all that was due is late.
  void suspend(std::size_t station, Duration length, Clock clock);
  /// A node's own clock goes on by this much at once; a monotonic one never goes back.
  void jump_clock(std::size_t station, Duration length);

  /// Takes what a node wants to send: after commands were given to it.
  void drain(std::size_t station);
  void run_until(TimePoint end);
  /// Until nothing is left to happen, at most until `limit`. @return whether it came to that.
  bool run_until_idle(TimePoint limit);

 private:
  enum class Kind : std::uint8_t { AtCentre, AtNode, Reset, Connect };
  struct Event {
    TimePoint time;
    std::uint64_t serial;  ///< events of one time keep their order
    Kind kind;
    std::size_t station;
    std::uint64_t connection;  ///< bytes of an older one are gone
    std::string bytes;
  };
  struct Later {
    bool operator()(const Event& a, const Event& b) const noexcept { return a.time != b.time ? a.time > b.time : a.serial > b.serial; }
  };
  struct Station {
    Node* node;
    std::string name;
    Access access;
    std::uint64_t connection = 0;
    bool open = false;
    bool dead = false;  ///< half-open: the node does not know yet
    TimePoint silent_until{};
    TimePoint asleep_until{};
    Duration behind{0};
    Stream up{};
    Stream down{};
  };

  void push(Duration after, Kind kind, std::size_t station, std::string bytes = {});
  std::optional<TimePoint> next_time() const;
  bool step(TimePoint limit);
  void dispatch(Event event);
  void connect(std::size_t station);
  void disconnect(std::size_t station, Duration pause);
  void enter(std::size_t station, std::string_view bytes);
  void pass_on(std::string_view bytes);
  void carry(std::size_t station, const Faults& faults, Stream& stream, Kind kind, std::string_view bytes);
  void deliver(std::size_t station, std::string_view bytes);
  std::optional<std::size_t> find(std::string_view name) const;
  TimePoint due_of(const Station& station) const;

  Random& chance_;
  Ladder& ladder_;
  TimePoint now_ = TimePoint{} + Duration{1'000'000};
  std::uint64_t serial_ = 0;
  std::vector<Event> events_;  ///< a heap
  std::deque<Station> stations_;
};

}  // namespace parley::simulation
