// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::simulation {

/// What happened in a run: always as a hash, which tells two runs apart, and as text where somebody will read it.
class Ladder {
 public:
  enum class Keep : bool { Hash, Text };
  explicit Ladder(Keep keep) noexcept : keep_(keep) {}

  /// A message left one for another; `fate`: what became of it.
  void message(TimePoint time, std::string_view from, std::string_view to, std::string_view bytes, std::string_view fate);
  /// Something else happened to `who`.
  void note(TimePoint time, std::string_view who, std::string_view what);

  std::uint64_t hash() const noexcept { return hash_; }
  const std::string& text() const noexcept { return text_; }

 private:
  void mix(std::string_view bytes) noexcept;
  void mix(TimePoint time) noexcept;
  void begin_line(TimePoint time);

  Keep keep_;
  std::uint64_t hash_ = 0xCBF29CE484222325;
  std::string text_;
};

}  // namespace parley::simulation
