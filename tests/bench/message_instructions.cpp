// SPDX-License-Identifier: MIT
// Instructions of each job, peer and message, and of nasty fillers: run under callgrind by report.py.
#include <parley/tests/bench/agreement.hpp>
#include <parley/tests/bench/callgrind.hpp>
#include <parley/tests/bench/fillers.hpp>
#include <parley/tests/bench/jobs.hpp>

#include <parley/sip/message/parser.hpp>

using namespace parley::bench;

namespace {

bool count_jobs(const std::vector<Sample>& samples) {
  const auto peers = all_peers();
  if (!all_agree(peers, samples)) return false;
  for (const Job& job : jobs) {
    for (const auto& peer : peers) {
      if (!job.fits(*peer)) continue;
      for (const Sample& sample : samples) {
        const std::string label = std::string("job\t") + job.name + '\t' + peer->name() + '\t' + sample.name;
        if (!counted(label, [&] { return job.run(*peer, sample.bytes); })) return false;
      }
    }
  }
  return true;
}

void count_fillers() {
  parley::sip::MessageIndex index;
  for (const Filler& filler : all_fillers()) {
    counted("filler\t" + filler.name + '\t' + std::to_string(filler.message.size()),
            [&] { return parley::sip::parse(filler.message, index).verdict; });
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  if (!count_jobs(load_corpus(argv[1]))) return 1;
  count_fillers();
  return 0;
}
