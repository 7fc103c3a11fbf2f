// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <deque>
#include <unordered_map>

namespace parley::sip {

/// Notices requests that a proxy forked and that reached us on two ways (RFC 3261 s.8.2.2.2): same From tag, Call-ID and CSeq
/// without To tag, but another branch. Remembers each request as two numbers for as long as a transaction may live. Loop thread only.
class MergeGuard {
 public:
  /// True: `request` is the second of a pair. Else it is remembered until `until`, which does not go back.
  bool is_merged(const MessageView& request, TimePoint now, TimePoint until);

 private:
  struct Seen {
    std::size_t request;
    TimePoint until;
  };

  std::unordered_map<std::size_t, std::size_t> branches_;  ///< request → branch
  std::deque<Seen> order_;
};

}  // namespace parley::sip
