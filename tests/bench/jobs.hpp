// SPDX-License-Identifier: MIT
#pragma once

#include <parley/tests/bench/peer.hpp>

namespace parley::bench {

/// Something a peer can be asked to do with a message; true when it did. Includes giving back the memory.
struct Job {
  const char* name;
  bool (*run)(Peer& peer, std::string_view bytes);
  bool (*fits)(const Peer& peer) = [](const Peer&) { return true; };  ///< whether that peer can do it
};

inline constexpr Job jobs[] = {
    {"match", [](Peer& peer, std::string_view bytes) { return peer.match(bytes); }, [](const Peer& peer) { return peer.can_match(); }},
    {"parse",
     [](Peer& peer, std::string_view bytes) {
       const bool done = peer.parse(bytes);
       peer.clear();
       return done;
     }},
    {"parse+read",
     [](Peer& peer, std::string_view bytes) {
       const bool done = peer.parse(bytes) && peer.read() != 0;
       peer.clear();
       return done;
     }},
    {"parse+print",
     [](Peer& peer, std::string_view bytes) {
       const bool done = peer.parse(bytes) && !peer.print().empty();
       peer.clear();
       return done;
     }},
};

}  // namespace parley::bench
