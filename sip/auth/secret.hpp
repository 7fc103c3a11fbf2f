// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace parley {

/// Text that must not reach a log: it converts from text, but nothing formats or streams it. Value type; wiped at its end.
class Secret {
 public:
  Secret() = default;
  Secret(std::string text) : text_(std::move(text)) {}
  Secret(std::string_view text) : text_(text) {}
  Secret(const char* text) : text_(text) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret() { wipe(); }

  bool empty() const noexcept { return text_.empty(); }
  /// The one way to read it; grep for it.
  std::string_view reveal() const noexcept { return text_; }

 private:
  void wipe() noexcept {
    volatile char* octets = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) octets[i] = '\0';
  }

  std::string text_;
};

}  // namespace parley
