// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>
#include <parley/sip/message/message.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::sip {

/// INVITEs whose refusal was acknowledged over a reliable transport. Their transactions end at once (timer I is zero, RFC 3261
/// s.17.2.1), for no copy can follow on such a way. But a stateless proxy (s.16.11) may have taken the INVITE as a datagram and bring a
/// copy that was late there: it must not ring again for a caller who has heard long ago that nobody answers.
/// Remembers the newest in a fixed amount of memory. One that had to make room is a new request again, as the RFC has it.
class RefusedInvites {
 public:
  /// @param secret  random: keys the hash.
  explicit RefusedInvites(const std::array<std::uint64_t, 2>& secret) noexcept : secret_(secret) {}

  /// @param key  of the transaction that `ack` has ended.
  void add(std::string_view key, const MessageView& ack, TimePoint until) noexcept;
  /// `invite` is one of them once more, field by field what names a request: who uses a branch for another call gets a new transaction.
  bool holds(std::string_view key, const MessageView& invite, TimePoint now) const noexcept;

 private:
  struct Slot {
    std::uint64_t name = 0;
    TimePoint until{};
  };
  std::uint64_t name_of(std::string_view key, const MessageView& request) const noexcept;

  std::array<std::uint64_t, 2> secret_;
  TimePoint last_until_{};  ///< when the newest is forgotten: most of the time there is nothing to look for
  std::array<Slot, 64> slots_{};
};

}  // namespace parley::sip
