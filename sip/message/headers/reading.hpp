// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/error.hpp>

#include <cstdint>

namespace parley::sip {

/// What a typed reader made of a text: a value, or why there is none and where. Costs no allocation, unlike a Result nothing to destroy.
/// Test it before use; after a failure the value is an empty one. Value type; lives as long as the text where T is a view.
template <class T>
class Reading {
 public:
  using value_type = T;

  Reading(const T& value) noexcept : value_(value) {}
  /// @param why     static sentence
  /// @param offset  octets from the start of the text to the first bad one
  Reading(const char* why, std::uint32_t offset) noexcept : why_(why), offset_(offset) {}

  explicit operator bool() const noexcept { return why_ == nullptr; }
  T& operator*() noexcept { return value_; }
  const T& operator*() const noexcept { return value_; }
  const T* operator->() const noexcept { return &value_; }

  /// The same failure where another type is read.
  template <class Other>
  Reading<Other> failure() const noexcept {
    return {why_, offset_};
  }
  /// Errc::BadSyntax with offset and sentence; only where there is no value.
  Error error() const { return Error{Errc::BadSyntax, 0, offset_, why_}; }

 private:
  T value_{};
  const char* why_ = nullptr;
  std::uint32_t offset_ = 0;
};

}  // namespace parley::sip
