// SPDX-License-Identifier: MIT
#include "heap_meter.hpp"

#include <cstdlib>
#include <new>

namespace parley::test {

HeapMeter meter;

namespace {

constexpr std::size_t prefix = alignof(std::max_align_t);

void* metered_new(std::size_t size) {
  if (meter.armed) {
    ++meter.allocations;
    if (meter.fail_from != 0 && meter.allocations >= meter.fail_from && meter.allocations <= meter.fail_to) throw std::bad_alloc{};
  }
  auto* const block = static_cast<std::byte*>(std::malloc(size + prefix));
  if (!block) throw std::bad_alloc{};
  *reinterpret_cast<std::size_t*>(block) = size;
  meter.live += size;
  return block + prefix;
}

void metered_delete(void* memory) noexcept {
  if (!memory) return;
  std::byte* const block = static_cast<std::byte*>(memory) - prefix;
  meter.live -= *reinterpret_cast<std::size_t*>(block);
  std::free(block);
}

}  // namespace
}  // namespace parley::test

void* operator new(std::size_t size) { return parley::test::metered_new(size); }
void operator delete(void* memory) noexcept { parley::test::metered_delete(memory); }
void operator delete(void* memory, std::size_t) noexcept { parley::test::metered_delete(memory); }
