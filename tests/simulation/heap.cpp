// SPDX-License-Identifier: MIT
#include "heap.hpp"

#include "random.hpp"

#include <cstdlib>
#include <limits>
#include <new>

namespace parley::simulation::heap {
namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

struct Meter {
  std::size_t live = 0;
  std::size_t tried = 0;
  std::size_t failed = 0;
  std::size_t first_failure = none;
  std::size_t last_failure = none;
  double share = 0;
  Random chance{0};
  bool counts = false;
};
Meter meter;

constexpr std::size_t prefix = alignof(std::max_align_t);

bool fails() noexcept {
  ++meter.tried;
  const bool failure = (meter.tried >= meter.first_failure && meter.tried <= meter.last_failure) || meter.chance.chance(meter.share);
  meter.failed += failure ? 1 : 0;
  return failure;
}

void* allocate(std::size_t size) {
  if (meter.counts && fails()) throw std::bad_alloc{};
  auto* const block = static_cast<std::byte*>(std::malloc(size + prefix));
  if (block == nullptr) throw std::bad_alloc{};
  *reinterpret_cast<std::size_t*>(block) = size;
  meter.live += size;
  return block + prefix;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  std::byte* const block = static_cast<std::byte*>(memory) - prefix;
  meter.live -= *reinterpret_cast<std::size_t*>(block);
  std::free(block);
}

void plan(std::size_t first, std::size_t last, std::uint64_t seed, double share) noexcept {
  meter.tried = meter.failed = 0;
  meter.first_failure = first;
  meter.last_failure = last;
  meter.chance = Random(seed);
  meter.share = share;
}

}  // namespace

std::size_t live() noexcept { return meter.live; }

Shortage::Shortage(std::size_t first, std::size_t last) noexcept { plan(first, last, 0, 0); }
Shortage::Shortage(std::uint64_t seed, double share) noexcept { plan(none, none, seed, share); }
Shortage::~Shortage() { end(); }
void Shortage::end() noexcept {
  meter.first_failure = meter.last_failure = none;
  meter.share = 0;
}
std::size_t Shortage::tried() noexcept { return meter.tried; }
std::size_t Shortage::failed() noexcept { return meter.failed; }

Counted::Counted() noexcept { meter.counts = true; }
Counted::~Counted() { meter.counts = false; }

}  // namespace parley::simulation::heap

void* operator new(std::size_t size) { return parley::simulation::heap::allocate(size); }
void operator delete(void* memory) noexcept { parley::simulation::heap::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { parley::simulation::heap::release(memory); }
