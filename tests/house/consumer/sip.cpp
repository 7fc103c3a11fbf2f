// SPDX-License-Identifier: MIT
#include <parley/sip/core/error.hpp>

#include <cstdio>

// A program that takes the protocol alone.
int main() {
  const parley::Error error{.code = parley::Errc::Declined, .status = 486, .detail = "Busy Here"};
  std::puts(error.text().c_str());
  return error.text().find("486") == std::string::npos ? 1 : 0;
}
