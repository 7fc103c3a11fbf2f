// SPDX-License-Identifier: MIT
#include <parley/sip/core/shared_bytes.hpp>

#include <algorithm>
#include <new>

namespace parley {

SharedBytes::SharedBytes(std::string_view text) {
  if (text.empty()) return;
  void* const memory = ::operator new(sizeof(Block) + text.size());
  block_ = new (memory) Block{1, static_cast<std::uint32_t>(text.size())};
  std::copy(text.begin(), text.end(), reinterpret_cast<char*>(block_ + 1));
}

void SharedBytes::release(Block* block) noexcept { ::operator delete(block); }

}  // namespace parley
