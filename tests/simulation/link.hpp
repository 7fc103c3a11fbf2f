// SPDX-License-Identifier: MIT
#pragma once

#include "random.hpp"

#include <parley/sip/core/time.hpp>
#include <parley/sip/message/stream_framer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace parley::simulation {

/// What a link does to what it carries: probabilities for each message, 0 .. 1.
struct Faults {
  // Datagrams.
  double loss = 0;
  double duplicate = 0;
  double reorder = 0;  ///< held back for up to 200 ms, so that others overtake it
  double truncate = 0;
  double flip = 0;  ///< one bit
  // Streams, which lose nothing while they stand.
  double split = 0;      ///< cut at any byte, the pieces apart in time
  double reset = 0;      ///< breaks within this message; both ends notice
  double half_open = 0;  ///< silently dead from this message on; the phone notices after up to 10 s
  // Both.
  Duration delay{10};
  Duration jitter{0};  ///< added, up to this much

  bool corrupts() const noexcept { return truncate > 0 || flip > 0; }
};

/// Bytes that come out at the far end of a link.
struct Piece {
  Duration after{0};
  std::string bytes;
  const char* fate = "";  ///< "", "copy", "late", "cut", "bit", of the ladder
};

/// What becomes of one datagram: none, one or two pieces.
std::vector<Piece> carry_datagram(std::string_view bytes, const Faults& faults, Random& chance);

/// One direction of a connection: bytes in order, in pieces of any size, put together again at the far end. Value-like.
class Stream {
 public:
  /// The pieces of one message, none before what was sent earlier.
  std::vector<Piece> carry(std::string_view bytes, const Faults& faults, Random& chance, TimePoint now);
  /// A piece has arrived: the messages that are whole with it.
  std::vector<std::string> arrive(std::string_view piece);

 private:
  TimePoint busy_until_{};
  sip::StreamFramer framer_;
};

}  // namespace parley::simulation
