// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>

namespace parley::sip {

/// Base values of all transaction timers (RFC 3261 s.17, table 4). Timers A..M are derived from them where they are started.
struct TimerValues {
  Duration t1{500};    ///< round-trip estimate
  Duration t2{4'000};  ///< longest retransmission interval
  Duration t4{5'000};  ///< how long a message can live in the network

  /// 64·T1: timers B, F, H, J (unreliable), L, M.
  constexpr Duration transaction_timeout() const noexcept { return 64 * t1; }
};

}  // namespace parley::sip
