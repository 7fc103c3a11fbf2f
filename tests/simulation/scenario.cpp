// SPDX-License-Identifier: MIT
#include "scenario.hpp"

#include <string>

namespace parley::simulation {
namespace {

Manners any_manners(Random& chance) {
  Manners manners;
  manners.latest_answer = Duration{static_cast<Duration::rep>(chance.below(8'000))};
  if (chance.chance(0.5)) return manners;
  manners.rejects = 0.1;
  manners.ignores = 0.02;
  manners.cancels = 0.2;
  manners.offers_late = 0.1;
  manners.changes = 0.5;
  manners.refuses_change = 0.2;
  manners.hangs_up_first = 0.3;
  manners.chats = 0.2;
  return manners;
}

double any_share(Random& chance, double most) { return chance.chance(0.5) ? 0 : most * static_cast<double>(chance.below(1'000)) / 1'000; }

Faults any_faults(Random& chance, bool corrupting) {
  Faults faults;
  faults.loss = any_share(chance, 0.3);
  faults.duplicate = any_share(chance, 0.2);
  faults.reorder = any_share(chance, 0.2);
  faults.split = any_share(chance, 0.8);
  faults.reset = any_share(chance, 0.02);
  faults.half_open = any_share(chance, 0.01);
  faults.delay = Duration{1 + static_cast<Duration::rep>(chance.below(150))};
  faults.jitter = Duration{static_cast<Duration::rep>(chance.below(100))};
  if (corrupting) {
    faults.truncate = any_share(chance, 0.05);
    faults.flip = any_share(chance, 0.1);
  }
  return faults;
}

/// Outages and sleep on the way.
void disturb(World& world, std::size_t stations) {
  Random& chance = world.chance();
  const std::size_t station = chance.below(stations);
  const Duration length = chance.between(Duration{100}, Duration{40'000});
  if (chance.chance(0.5)) return world.network().interrupt(station, length);
  world.network().suspend(station, length, chance.chance(0.5) ? Network::Clock::Stands : Network::Clock::Runs);
}

}  // namespace

Outcome mixed_faults(std::uint64_t seed, Ladder::Keep keep) {
  World world(seed, keep);
  Random& chance = world.chance();
  const std::size_t count = 2 + chance.below(3);
  const bool corrupting = chance.chance(0.2);
  world.diary().expect_agreement(!corrupting);
  std::vector<Phone*> phones;
  for (std::size_t i = 0; i < count; ++i) {
    Access access;
    access.reliable = chance.chance(0.4) ? sip::Reliable::Yes : sip::Reliable::No;
    access.up = any_faults(chance, corrupting);
    access.down = any_faults(chance, corrupting);
    phones.push_back(&world.add_phone("p" + std::to_string(i), any_manners(chance), access));
  }
  const TimePoint begin = world.now();
  for (std::uint64_t call = 0; call < calls_in_a_mix; ++call) {
    const std::size_t from = chance.below(count);
    const std::size_t to = (from + 1 + chance.below(count - 1)) % count;
    phones[from]->dial_at(begin + chance.between(Duration{0}, Duration{60'000}), phones[to]->name());
  }
  for (std::uint64_t trouble = chance.below(4); trouble > 0; --trouble) {
    world.run_for(chance.between(Duration{0}, Duration{20'000}));
    disturb(world, count);
  }
  return world.finish();
}

Outcome single_call(std::uint64_t seed, const Faults& faults, Ladder::Keep keep) {
  World world(seed, keep);
  Access faulty;
  faulty.up = faulty.down = faults;
  Phone& caller = world.add_phone("p0", {}, faulty);
  world.add_phone("p1", {}, {});
  caller.dial_at(world.now(), "p1");
  return world.finish();
}

}  // namespace parley::simulation
