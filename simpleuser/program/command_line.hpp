// SPDX-License-Identifier: MIT
#pragma once

namespace parley::program {

/// Reads the command line and runs the command it names.
/// @return the exit status: 0 done, 1 the work failed, 2 wrong usage.
int run(int argc, char** argv);

}  // namespace parley::program
