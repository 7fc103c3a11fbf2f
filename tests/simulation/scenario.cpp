// SPDX-License-Identifier: MIT
#include "scenario.hpp"

#include "odd_peer.hpp"

#include <array>
#include <string>
#include <utility>

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

/// What peers do that know no better, or mean harm.
constexpr std::array odd_scripts{
    "expect INVITE\nsend 180\nsend 200 with sdp\n",  // deaf from then on
    "expect INVITE\nsend 180\nsend 200\n",           // no answer in the 200
    "expect INVITE\nsend 183\n",                     // nothing more
    "expect INVITE\nsend 180 tag a\nsend 180 tag b\nsend 200 tag b with sdp\nsend 200 tag a with sdp\nexpect ACK\n",
    "expect INVITE\nsend 200 with sdp\n  CSeq: 99 INVITE\nsend 486 tag x\n",
    "expect INVITE\nsend 302\n  Contact: <sip:odd@example.com>\nexpect ACK\nexpect INVITE\nsend 302\n  Contact: <sip:p0@example.com>\n",
    "expect INVITE\nsend 407\nexpect ACK\n",  // a challenge without one
    "expect INVITE as one\nsend 200 with sdp\nexpect ACK\nsend BYE\nsend BYE\nsend INVITE with sdp\nsend 500 to one\n",
    "send INVITE with sdp\nexpect 200\nwait 1s\nsend BYE\n",        // a caller who never sends an ACK
    "send INVITE with sdp\nexpect 180\nsend CANCEL\nexpect 487\n",  // nor one for a 487
    "send new BYE\nsend raw\n  | SIP/2.0 200 OK\n  | Via: nobody\nsend raw\n  | nonsense\nsend new OPTIONS\n",
};

/// Outages and sleep on the way.
void disturb(World& world, std::size_t stations) {
  Random& chance = world.chance();
  const std::size_t station = chance.below(stations);
  const Duration length = chance.between(Duration{100}, Duration{40'000});
  if (chance.chance(0.5)) return world.network().interrupt(station, length);
  if (chance.chance(0.2)) return world.network().jump_clock(station, length);
  world.network().suspend(station, length, chance.chance(0.5) ? Network::Clock::Stands : Network::Clock::Runs);
}

}  // namespace

Outcome mixed_faults(std::uint64_t seed, Ladder::Keep keep) {
  OddPeer odd("odd", odd_scripts[seed % odd_scripts.size()]);  // outlives the world
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
    sip::UserAgentOptions options;
    options.most_redirects = chance.below(3);
    phones.push_back(&world.add_phone("p" + std::to_string(i), any_manners(chance), access, std::move(options)));
  }
  const bool is_odd = chance.chance(0.2);
  if (is_odd) world.add(odd, "odd", {});
  if (chance.chance(0.1)) world.run_short_of_memory(any_share(chance, 0.02));
  const TimePoint begin = world.now();
  for (std::uint64_t call = 0; call < calls_in_a_mix; ++call) {
    const std::size_t from = chance.below(count);
    const std::size_t to = (from + 1 + chance.below(count - 1)) % count;
    const bool to_odd = is_odd && call < 2;
    phones[from]->dial_at(begin + chance.between(Duration{0}, Duration{60'000}), to_odd ? "odd" : phones[to]->name());
  }
  for (std::uint64_t trouble = chance.below(4); trouble > 0; --trouble) {
    world.run_for(chance.between(Duration{0}, Duration{20'000}));
    disturb(world, count);
  }
  return world.finish();
}

Outcome call_of_row(const LossRow& row, std::uint64_t seed, Ladder::Keep keep) {
  Faults faults;
  faults.loss = row.loss;
  if (row.shuffles) {
    faults.duplicate = faults.reorder = 0.2;
    faults.jitter = Duration{30};
  }
  return single_call(seed, faults, keep);
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
