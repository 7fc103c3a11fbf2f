// SPDX-License-Identifier: MIT
// Proof by simulation. Beside GoogleTest's options:
//   --share=N       an Nth of the runs
//   --calls=N       so many calls over mixed faults, --first-seed=N from this seed on
//   --seed=N        plays the run over mixed faults of one seed and prints its ladder: how a failure is looked at
//   --row=M         with --seed: the call of that row (from 0) of the loss table instead
#include "arguments.hpp"
#include "scenario.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <string_view>

namespace {

using namespace parley::simulation;

bool take(std::string_view argument, std::string_view name, std::uint64_t& value) {
  if (!argument.starts_with(name)) return false;
  argument.remove_prefix(name.size());
  return std::from_chars(argument.data(), argument.data() + argument.size(), value).ec == std::errc{};
}

bool read(std::string_view argument) {
  std::uint64_t seed = 0;
  if (take(argument, "--seed=", seed)) return arguments.replay.emplace(seed), true;
  if (take(argument, "--row=", seed)) return arguments.row.emplace(seed), seed < loss_rows.size();
  return (take(argument, "--share=", arguments.share) && arguments.share > 0) || take(argument, "--calls=", arguments.mixed_calls) ||
         take(argument, "--first-seed=", arguments.first_seed);
}

int replay(std::uint64_t seed) {
  const Outcome outcome =
      arguments.row ? call_of_row(loss_rows[*arguments.row], seed, Ladder::Keep::Text) : mixed_faults(seed, Ladder::Keep::Text);
  std::fputs(outcome.ladder.c_str(), stdout);
  std::printf("seed %llu: trace %016llx, %llu calls, %llu established, %llu hung up\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(outcome.hash), static_cast<unsigned long long>(outcome.calls),
              static_cast<unsigned long long>(outcome.established), static_cast<unsigned long long>(outcome.hung_up));
  for (const std::string& problem : outcome.problems) std::printf("PROBLEM %s\n", problem.c_str());
  return outcome.problems.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (!read(argv[i])) {
      std::fprintf(stderr, "unknown argument: %s\n", argv[i]);
      return 2;
    }
  }
  return arguments.replay ? replay(*arguments.replay) : RUN_ALL_TESTS();
}
