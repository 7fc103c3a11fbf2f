// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace parley::fuzz {

/// A property that must hold for every input: where it does not, the input is a finding.
inline void require(bool holds) {
  if (!holds) std::abort();
}

inline bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// Text in a heap block of exactly its size, so that AddressSanitizer sees the first octet read beyond it.
class Guarded {
 public:
  explicit Guarded(std::string_view text) : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
    require(text.size() <= PTRDIFF_MAX);  // the compiler fears for the copy otherwise
    std::copy(text.begin(), text.end(), bytes_.get());
  }
  std::string_view text() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

}  // namespace parley::fuzz
