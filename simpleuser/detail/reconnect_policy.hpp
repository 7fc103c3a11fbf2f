// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>
#include <parley/sip/crypto.hpp>

#include <optional>

namespace parley::detail {

/// Ever longer pauses, 50 to 100 % of each at random, so that the clients of a restarted server do not come all at once
/// (RFC 5626 s.4.5). Value-like.
class Backoff {
 public:
  Backoff(Duration first, Duration longest) : first_(first), longest_(longest), base_(first) {}

  Duration next(sip::Crypto& crypto);
  void reset() { base_ = first_; }

 private:
  Duration first_;
  Duration longest_;
  Duration base_;
};

/// When to try to connect again: a few quick attempts, then back-off with jitter. Pure but for its chance. Value-like.
class ReconnectPolicy {
 public:
  struct Settings {
    unsigned quick_attempts = 3;
    Duration quick_delay{4'000};
    bool forever = true;
    Duration first_backoff{8'000};
    Duration longest_backoff{30 * 60'000};
  };

  explicit ReconnectPolicy(const Settings& settings) : settings_(settings), backoff_(settings.first_backoff, settings.longest_backoff) {}

  /// A connection is open since `now`.
  void opened(TimePoint now);
  /// The server spoke SIP over it: it is not one that accepts and drops.
  void proved() { proved_ = true; }
  /// An open connection broke. The quick attempts start anew, unless it had been open for a moment only: a server that accepts and
  /// drops must not be hammered, nor one that speaks first and does so again and again.
  void lost(TimePoint now);
  /// The user wants it now: the quick attempts start anew.
  void begin_anew();
  /// A first connect failed just now: the quick attempts follow it by one delay each.
  void failed_at_first(TimePoint now);
  /// Time for the next attempt; nullopt: give up. Counts it.
  std::optional<TimePoint> next(TimePoint now, sip::Crypto& crypto);
  /// Number of the attempt that next() planned last, from 1 at each loss; 0: none yet.
  unsigned attempt() const noexcept { return number_; }

 private:
  Settings settings_;
  Backoff backoff_;
  unsigned attempt_ = 0;      ///< since the quick ones started
  unsigned number_ = 0;       ///< as it is told
  unsigned short_lives_ = 0;  ///< of proved connections, in a row
  bool proved_ = false;
  std::optional<TimePoint> opened_;
  std::optional<TimePoint> last_planned_;
};

}  // namespace parley::detail
