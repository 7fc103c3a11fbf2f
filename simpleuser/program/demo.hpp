// SPDX-License-Identifier: MIT
#pragma once

namespace parley::program {

struct DemoOptions {
  bool json = false;
  bool trace = false;
};

/// `parley demo`: alice, bob and carol at the embedded switch, on the loopback, through the whole tour.
/// @return the exit status: 0 when every step worked.
int run_demo(const DemoOptions& options);

}  // namespace parley::program
