// SPDX-License-Identifier: MIT
#pragma once

#include <parley/tests/support/ua_probe.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace parley::test {

/// Two UserAgents and a wire between them, in virtual time. What one sends the other receives at once, in order, unless `lose` says no.
class UaPair {
 public:
  explicit UaPair(bool reliable = true)
      : alice(Probe::alice(), info(reliable, "alice.invalid"), 1), bob(bob_options(), info(reliable, "bob.invalid"), 2) {}

  static sip::UserAgentOptions bob_options() {
    sip::UserAgentOptions options;
    options.aor = "sip:bob@example.com";
    options.contact_user = "b1";
    return options;
  }

  static sip::InviteRequest to_bob() {
    sip::InviteRequest request;
    request.target = "sip:bob@example.com";
    request.offer = sdp();
    return request;
  }

  /// Carries messages until nobody has one.
  void run() {
    for (bool moved = true; moved;) {
      moved = carry(alice, bob, 'A', 'B');
      moved = carry(bob, alice, 'B', 'A') || moved;
    }
  }
  void advance(Duration duration) {
    const TimePoint target = alice.now() + duration;
    run();
    for (;;) {
      const auto due = next_timeout();
      if (!due || *due > target) break;
      alice.advance_to(std::max(*due, alice.now()));
      bob.advance_to(std::max(*due, bob.now()));
      run();
    }
    alice.advance_to(target);
    bob.advance_to(target);
    run();
  }
  std::optional<TimePoint> next_timeout() {
    const auto a = alice->next_timeout();
    const auto b = bob->next_timeout();
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
  }

  /// A call that is up: sessions of alice, who called, and of bob.
  std::pair<sip::SessionId, sip::SessionId> call() {
    const auto caller = alice->invite(to_bob(), alice.now()).value();
    run();
    const auto incoming = bob.told<sip::IncomingSession>();
    const auto callee = incoming ? incoming->session : sip::SessionId{};
    bob->ring(callee, 180, bob.now());
    bob->accept(callee, sdp(sdp_answer), {}, bob.now()).value();
    run();
    return {caller, callee};
  }
  void forget() {
    for (Probe* probe : {&alice, &bob}) {
      probe->forget_told();
      probe->forget_sent();
    }
    ladder.clear();
  }

  Probe alice;
  Probe bob;
  std::vector<std::string> ladder;  ///< "A>B INVITE", "B>A 200 INVITE", lost ones with "lost"
  std::function<bool(const Wire&)> lose = [](const Wire&) { return false; };

 private:
  static sip::FlowInfo info(bool reliable, const char* name) { return reliable ? websocket(name) : datagrams(name); }

  bool carry(Probe& from, Probe& to, char from_name, char to_name) {
    bool moved = false;
    while (auto sent = from.take_sent()) {
      moved = true;
      const Wire wire(std::move(sent->second));
      const bool lost = lose(wire);
      ladder.push_back(std::string{from_name, '>', to_name, ' '} + wire.label() + (lost ? " lost" : ""));
      if (!lost) to.receive(wire.text());
    }
    return moved;
  }
};

}  // namespace parley::test
