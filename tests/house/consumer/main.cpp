// SPDX-License-Identifier: MIT
#include <parley/simpleuser/simple_user.hpp>

#include <chrono>
#include <cstdio>
using namespace std::chrono_literals;

// A program that knows nothing but what is installed. Nobody listens at the discard port: connecting fails, with a reason.
int main() {
  auto alice = parley::SimpleUser::create("ws://127.0.0.1:9", {.aor = "sip:alice@example.com", .authorization_password = "secret"});
  if (!alice) return std::puts(alice.error().text().c_str()), 1;
  auto up = (*alice)->connect().get(10s);
  std::puts(up ? "connected" : up.error().text().c_str());
  return up ? 1 : 0;
}
