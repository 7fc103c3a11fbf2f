// SPDX-License-Identifier: MIT
#pragma once

#include "diary.hpp"
#include "heap.hpp"
#include "ladder.hpp"
#include "network.hpp"
#include "phone.hpp"
#include "random.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace parley::simulation {

/// What is left of a run.
struct Outcome {
  std::uint64_t seed = 0;
  std::uint64_t hash = 0;  ///< of all that went over the wires
  std::uint64_t calls = 0;
  std::uint64_t established = 0;
  std::uint64_t hung_up = 0;
  std::uint64_t answered_byes = 0;
  Duration longest_end{0};            ///< see Phone
  std::vector<std::string> problems;  ///< invariants that did not hold
  std::string ladder;                 ///< only where it was asked for
};

/// Everything of one run, made from one seed.
class World {
 public:
  World(std::uint64_t seed, Ladder::Keep keep) : seed_(seed), chance_(seed), ladder_(keep), network_(chance_, ladder_) {}

  /// A node that is no phone and outlives the world.
  void add(Node& node, std::string name, const Access& access) { network_.attach(node, std::move(name), access); }
  Phone& add_phone(std::string name, const Manners& manners, const Access& access, sip::UserAgentOptions options = {});

  Random& chance() noexcept { return chance_; }
  Network& network() noexcept { return network_; }
  Diary& diary() noexcept { return diary_; }
  TimePoint now() const noexcept { return network_.now(); }
  /// From now on each allocation of what the phones use fails with this probability, until all is mended.
  void run_short_of_memory(double share) { shortage_.emplace(chance_.next(), share); }
  void run_for(Duration length) { network_.run_until(now() + length); }

  /// The links are mended, the people hang up; then all must come to its end by itself, and the invariants are looked at.
  Outcome finish();
  /// The same without mending anything: only what happens by itself.
  Outcome look();

 private:
  std::uint64_t seed_;
  Random chance_;
  Ladder ladder_;
  Diary diary_;
  std::deque<Phone> phones_;  ///< attached before any other node: the same numbers as in the network
  Network network_;
  std::optional<heap::Shortage> shortage_;
};

}  // namespace parley::simulation
