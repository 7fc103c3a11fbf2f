// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace parley::bench {

/// A message that means harm: 60,000 octets of one pattern in one place.
struct Filler {
  std::string name;  ///< "From: comma"
  std::string message;
};

/// Every pattern in every place where a parser might look twice.
std::vector<Filler> all_fillers();

}  // namespace parley::bench
