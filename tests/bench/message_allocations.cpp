// SPDX-License-Identifier: MIT
// Allocations of each job, peer and message, a line each: message-allocations CORPUS.
#include <parley/tests/bench/agreement.hpp>
#include <parley/tests/bench/allocation_meter.hpp>
#include <parley/tests/bench/jobs.hpp>

#include <cstdio>

using namespace parley::bench;

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const auto samples = load_corpus(argv[1]);
  const auto peers = all_peers();
  if (!all_agree(peers, samples)) return 1;  // and everything that is made once, is made
  for (const Job& job : jobs) {
    for (const auto& peer : peers) {
      if (!job.fits(*peer)) continue;
      for (const Sample& sample : samples) {
        const std::size_t before = allocations();
        if (!job.run(*peer, sample.bytes)) return 1;
        std::printf("%s\t%s\t%s\t%zu\n", job.name, peer->name(), sample.name.c_str(), allocations() - before);
      }
    }
  }
  return 0;
}
