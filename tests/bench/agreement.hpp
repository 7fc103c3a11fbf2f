// SPDX-License-Identifier: MIT
#pragma once

#include <parley/tests/bench/peer.hpp>
#include <parley/tests/bench/sample.hpp>

namespace parley::bench {

/// Whether all peers deliver the same fields of every message, and print it with nothing changed but the added Via.
/// Differences go to stderr. What is timed afterwards does the same work by this proof.
bool all_agree(const std::vector<std::unique_ptr<Peer>>& peers, const std::vector<Sample>& samples);

}  // namespace parley::bench
