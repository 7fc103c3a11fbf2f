// SPDX-License-Identifier: MIT
// Heap of a call, each end for itself, a line each: what, caller, callee, and both as malloc rounds them.
// It replaces operator new: sip/ takes memory in no other way.
#include <parley/tests/bench/call_rig.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <vector>

namespace {

using parley::bench::End;

struct Meter {
  End in = End::Outside;  ///< whose memory is being taken
  std::array<long, 3> octets{};
  std::array<long, 3> rounded{};  ///< with what glibc's malloc adds to a block
};
Meter meter;

/// Stands before each block: what it is and whose.
struct alignas(std::max_align_t) Label {
  std::size_t size;
  End owner;
};

void count(End owner, std::size_t size, long sign) {
  const std::size_t chunk = std::max<std::size_t>(32, (size + 8 + 15) & ~std::size_t{15});
  meter.octets[static_cast<std::size_t>(owner)] += sign * static_cast<long>(size);
  meter.rounded[static_cast<std::size_t>(owner)] += sign * static_cast<long>(chunk);
}

void* take(std::size_t size) {
  auto* const label = static_cast<Label*>(std::malloc(sizeof(Label) + size));
  if (!label) throw std::bad_alloc{};
  *label = {size, meter.in};
  count(meter.in, size, 1);
  return label + 1;
}

void give_back(void* memory) noexcept {
  if (!memory) return;
  Label* const label = static_cast<Label*>(memory) - 1;
  count(label->owner, label->size, -1);
  std::free(label);
}

}  // namespace

void* operator new(std::size_t size) { return take(size); }
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }

namespace {

using namespace parley::bench;
using parley::Duration;

constexpr int many = 1'000;

void print(const char* what, const Meter& before) {
  std::printf("%s", what);
  for (const auto counter : {&Meter::octets, &Meter::rounded}) {
    for (const End end : {End::Caller, End::Callee}) {
      const auto i = static_cast<std::size_t>(end);
      std::printf("\t%.0f", static_cast<double>((meter.*counter)[i] - (before.*counter)[i]) / many);
    }
  }
  std::printf("\n");
}

}  // namespace

int main() {
  CallRig rig([](End end) { meter.in = end; });
  std::vector<CallRig::Call> calls(many);
  rig.hang_up(rig.set_up());
  rig.advance(Duration{60'000});
  if (!rig.is_idle()) return std::fprintf(stderr, "calls: something stayed\n"), 1;

  const Meter idle = meter;
  for (auto& call : calls) call = rig.set_up();
  print("a call that has just been answered, with its transactions", idle);
  rig.advance(Duration{60'000});
  print("an established dialog", idle);
  for (const auto& call : calls) rig.hang_up(call);
  print("a call that has just ended, with its transactions", idle);
  rig.advance(Duration{60'000});
  if (!rig.is_idle()) return std::fprintf(stderr, "calls: something stayed\n"), 1;
  print("a call that is over", idle);

  const Meter again = meter;
  for (auto& call : calls) rig.hang_up(call = rig.set_up());
  print("a short call with all its transactions", again);
  rig.advance(Duration{60'000});
  return rig.is_idle() ? 0 : 1;
}
