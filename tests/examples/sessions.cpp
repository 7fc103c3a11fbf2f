// SPDX-License-Identifier: MIT
// Two calls at once by one Account: sessions SERVER URI URI, with the null media of conformance and load tests.
#include <parley/simpleuser/account.hpp>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  parley::SimpleUserOptions options{.aor = "sip:alice@example.test"};
  options.media_factory = parley::make_null_media();
  auto account = parley::Account::create(argv[1], {}, options).value();
  if (auto up = account->connect().get(5s); !up) return std::fprintf(stderr, "%s\n", up.error().text().c_str()), 1;

  parley::CallDelegate each;
  each.on_hangup = [](const parley::Cause& cause) { std::printf("ended: %s\n", std::string(to_string(cause.kind)).c_str()); };
  parley::Call first = account->call(argv[2], {}, each);
  parley::Call second = account->call(argv[3], {}, each);
  for (parley::Call* call : {&first, &second}) {
    if (auto answered = call->answered().get(30s); !answered) return std::fprintf(stderr, "%s\n", answered.error().text().c_str()), 1;
  }
  first.hold().get(5s);     // one waits
  second.hangup().get(5s);  // while the other ends
  first.unhold().get(5s);
  std::printf("the first call is %s\n", std::string(to_string(first.state().phase)).c_str());
  account->disconnect().get(5s);  // hangs up what is left
}
