// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/reconnect_policy.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace parley::detail {
namespace {

constexpr Duration stable_after{8'000};  ///< a connection that lived this long was a good one

std::uint64_t random_below(sip::Crypto& crypto, std::uint64_t bound) {
  std::array<std::uint8_t, 8> octets{};
  crypto.random(octets);
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets) value = (value << 8) | octet;
  return value % bound;
}

}  // namespace

Duration Backoff::next(sip::Crypto& crypto) {
  const Duration base = base_;
  base_ = std::min(2 * base_, longest_);
  const auto half = static_cast<std::uint64_t>(base.count() / 2);
  return Duration{static_cast<Duration::rep>(half + random_below(crypto, half + 1))};
}

void ReconnectPolicy::opened(TimePoint now) {
  opened_ = now;
  proved_ = false;
}

void ReconnectPolicy::lost(TimePoint now) {
  number_ = 0;
  const bool was_stable = opened_ && now - *opened_ >= stable_after;
  opened_.reset();
  if (was_stable) short_lives_ = 0;
  if (was_stable || (proved_ && short_lives_++ < settings_.quick_attempts)) begin_anew();
}

void ReconnectPolicy::failed_at_first(TimePoint now) {
  begin_anew();
  last_planned_ = now;
}

std::optional<TimePoint> ReconnectPolicy::next(TimePoint now, sip::Crypto& crypto) {
  if (attempt_ >= settings_.quick_attempts && !settings_.forever) return std::nullopt;
  TimePoint due = now;
  if (attempt_ >= settings_.quick_attempts) {
    due = now + backoff_.next(crypto);
  } else if (last_planned_) {
    due = std::max(now, *last_planned_ + settings_.quick_delay);
  }
  ++attempt_;
  ++number_;
  last_planned_ = due;
  return due;
}

void ReconnectPolicy::begin_anew() {
  attempt_ = number_ = 0;
  last_planned_.reset();
  backoff_.reset();
}

}  // namespace parley::detail
