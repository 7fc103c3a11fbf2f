// SPDX-License-Identifier: MIT
#include "heap.hpp"

#include <cstdlib>
#include <new>
#include <utility>

namespace parley::simulation::heap {
namespace {

struct Meter {
  std::size_t live = 0;
  std::size_t count = 0;
  std::size_t first_failure = 0;
  std::size_t last_failure = 0;
  bool armed = false;
};
Meter meter;

constexpr std::size_t prefix = alignof(std::max_align_t);

void* allocate(std::size_t size) {
  if (meter.armed) {
    ++meter.count;
    if (meter.first_failure != 0 && meter.count >= meter.first_failure && meter.count <= meter.last_failure) throw std::bad_alloc{};
  }
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

}  // namespace

std::size_t live() noexcept { return meter.live; }

Failing::Failing(std::size_t first, std::size_t last) noexcept {
  meter.count = 0;
  meter.first_failure = first;
  meter.last_failure = last;
  meter.armed = true;
}
Failing::~Failing() { meter.armed = false; }
std::size_t Failing::count() noexcept { return meter.count; }

Spared::Spared() noexcept : was_armed_(std::exchange(meter.armed, false)) {}
Spared::~Spared() { meter.armed = was_armed_; }

}  // namespace parley::simulation::heap

void* operator new(std::size_t size) { return parley::simulation::heap::allocate(size); }
void operator delete(void* memory) noexcept { parley::simulation::heap::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { parley::simulation::heap::release(memory); }
