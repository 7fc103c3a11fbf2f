// SPDX-License-Identifier: MIT
// Instructions of calls, run under callgrind by report.py: call-instructions LIVE counts with LIVE other calls up.
#include <parley/tests/bench/call_rig.hpp>
#include <parley/tests/bench/callgrind.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace parley::bench;
using parley::Duration;

namespace {

constexpr int measured = 100;

/// A call that is placed, answered and ended.
bool call(CallRig& rig) {
  rig.hang_up(rig.set_up());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const int live = argc > 1 ? std::atoi(argv[1]) : 0;
  CallRig rig;
  for (int i = 0; i < live; ++i) {
    rig.set_up();
    rig.advance(Duration{10});
  }
  call(rig);  // tables and queues have their size
  rig.advance(Duration{60'000});

  const std::size_t before = rig.sent();
  // With their timers: what lingers of the calls rings out.
  counted("calls\t" + std::to_string(live), [&] {
    for (int i = 0; i < measured; ++i) {
      call(rig);
      rig.advance(Duration{100});
    }
    rig.advance(Duration{60'000});
    return true;
  });
  if (const std::size_t sent = rig.sent() - before; sent != 7 * measured) {
    std::fprintf(stderr, "calls: %zu messages in %d calls\n", sent, measured);
    return 1;
  }
  return 0;
}
