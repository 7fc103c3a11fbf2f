// SPDX-License-Identifier: MIT
#include <parley/tests/bench/sample.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace parley::bench {

namespace {

std::string group_of(std::string_view bytes) {
  constexpr std::string_view version = "SIP/2.0 ";
  if (bytes.starts_with(version)) return bytes.substr(version.size(), 1).data()[0] + std::string("xx");
  return std::string(bytes.substr(0, bytes.find(' ')));
}

}  // namespace

std::vector<Sample> load_corpus(const char* folder) {
  std::vector<Sample> samples;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".sip") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::string group = group_of(bytes);
    samples.push_back({entry.path().stem().string(), std::move(group), std::move(bytes)});
  }
  if (samples.empty()) std::fprintf(stderr, "no messages in %s\n", folder), std::exit(2);
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.name < b.name; });
  return samples;
}

}  // namespace parley::bench
