// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace parley::bench {

/// One message of the corpus.
struct Sample {
  std::string name;   ///< of its file: "invite-three-proxies"
  std::string group;  ///< message class: the method, or "1xx" to "6xx"
  std::string bytes;
};

/// All .sip files of a folder by name; ends the program with a sentence if there are none.
std::vector<Sample> load_corpus(const char* folder);

}  // namespace parley::bench
