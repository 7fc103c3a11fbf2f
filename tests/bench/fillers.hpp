// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parley::bench {

/// A message that means harm: one pattern in one place, again and again.
struct Filler {
  std::string name;  ///< "From: comma"
  std::string message;
};

/// Every pattern, so many octets of it, in every place where a parser might look twice.
std::vector<Filler> all_fillers(std::size_t octets = 60'000);

}  // namespace parley::bench
