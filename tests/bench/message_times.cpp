// SPDX-License-Identifier: MIT
// Time of each job on the whole corpus, by Google Benchmark: message-times CORPUS [--benchmark_…].
#include <parley/tests/bench/agreement.hpp>
#include <parley/tests/bench/jobs.hpp>

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace parley::bench;

void run(benchmark::State& state, const Job& job, Peer& peer, const std::vector<Sample>& samples) {
  for (auto _ : state) {
    for (const Sample& sample : samples) {
      bool done = job.run(peer, sample.bytes);
      benchmark::DoNotOptimize(done);
    }
  }
  state.counters["messages"] = static_cast<double>(samples.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const auto samples = load_corpus(argv[1]);
  const auto peers = all_peers();
  if (!all_agree(peers, samples)) return 1;
  for (const Job& job : jobs) {
    for (const auto& peer : peers) {
      if (!job.fits(*peer)) continue;
      benchmark::RegisterBenchmark((std::string(job.name) + '/' + peer->name()).c_str(),
                                   [&](benchmark::State& state) { run(state, job, *peer, samples); });
    }
  }
  argv[1] = argv[0];
  int rest = argc - 1;
  benchmark::Initialize(&rest, argv + 1);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
