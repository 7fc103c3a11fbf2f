// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace parley {

/// Bytes that never change and have several owners: a message on its way out and the transaction that may have to send it again.
/// One heap block of exactly their size; copying a SharedBytes shares it and allocates nothing. The count of owners is plain:
/// all copies stay on one thread (for another thread copy the text: `std::string(bytes)`). Value type.
class PARLEY_EXPORT SharedBytes {
 public:
  SharedBytes() noexcept = default;
  /// Copies `text`: the one allocation.
  explicit SharedBytes(std::string_view text);
  SharedBytes(const SharedBytes& other) noexcept : block_(other.block_) {
    if (block_) ++block_->owners;
  }
  SharedBytes(SharedBytes&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedBytes& operator=(SharedBytes other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedBytes() {
    if (block_ && --block_->owners == 0) release(block_);
  }

  std::string_view view() const noexcept {
    return block_ ? std::string_view(reinterpret_cast<const char*>(block_ + 1), block_->size) : std::string_view{};
  }
  operator std::string_view() const noexcept { return view(); }
  std::size_t size() const noexcept { return block_ ? block_->size : 0; }
  bool empty() const noexcept { return size() == 0; }
  friend bool operator==(const SharedBytes& a, const SharedBytes& b) noexcept { return a.view() == b.view(); }
  friend bool operator==(const SharedBytes& bytes, std::string_view text) noexcept { return bytes.view() == text; }

 private:
  struct Block {  ///< the bytes follow it
    std::uint32_t owners;
    std::uint32_t size;
  };
  static void release(Block* block) noexcept;

  Block* block_ = nullptr;
};

}  // namespace parley
