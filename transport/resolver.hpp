// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/core/unique_function.hpp>

#include <memory>
#include <string>
#include <vector>

namespace parley::transport {

class LoopCore;

/// One host name being looked up (hosts file, then DNS: A and AAAA), without blocking the loop. Destroying it gives up.
///
/// Each has a channel of its own, so a change of the name servers counts from the next one on, and an idle loop holds none.
/// Loop thread only.
class Lookup {
 public:
  /// Numeric addresses, the most promising first (RFC 6724); or Errc::Unresolved.
  using Done = UniqueFunction<void(Result<std::vector<std::string>>)>;

  virtual ~Lookup() = default;
  /// `done` is called once, not before this returns, and may destroy the Lookup. A literal is answered as it is.
  static std::unique_ptr<Lookup> start(std::shared_ptr<LoopCore> core, std::string host, Done done);
};

}  // namespace parley::transport
