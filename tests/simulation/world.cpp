// SPDX-License-Identifier: MIT
#include "world.hpp"

#include <algorithm>

namespace parley::simulation {
namespace {

/// Ringing (3 min), 2xx without ACK, BYE: longer than all of it in a row.
constexpr Duration patience{10 * 60'000};

}  // namespace

Phone& World::add_phone(std::string name, const Manners& manners, const Access& access, sip::UserAgentOptions options) {
  Phone& phone = phones_.emplace_back(name, chance_.next(), manners, diary_, chance_, std::move(options));
  network_.attach(phone, std::move(name), access);
  return phone;
}

Outcome World::finish() {
  // What was planned comes to its end under the faults; only a call whose BYE was lost altogether is still there then.
  network_.run_until_idle(now() + patience);
  network_.heal();
  shortage_.reset();
  run_for(Duration{30'000});
  for (std::size_t station = 0; station < phones_.size(); ++station) {
    Phone& phone = phones_[station];
    phone.stop_registering(network_.local_time(station));
    phone.hang_up_all(network_.local_time(station));
    network_.drain(station);
  }
  return look();
}

Outcome World::look() {
  if (!network_.run_until_idle(now() + patience)) diary_.problem("something goes on for ever");
  Outcome outcome;
  for (Phone& phone : phones_) {
    phone.check_idle();
    outcome.answered_byes += phone.answered_byes();
    outcome.longest_end = std::max(outcome.longest_end, phone.longest_end());
  }
  diary_.close();
  outcome.seed = seed_;
  outcome.hash = ladder_.hash();
  outcome.calls = diary_.calls();
  outcome.established = diary_.established();
  outcome.hung_up = diary_.hung_up();
  outcome.problems = diary_.problems();
  outcome.ladder = ladder_.text();
  return outcome;
}

}  // namespace parley::simulation
