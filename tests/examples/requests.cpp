// SPDX-License-Identifier: MIT
// What can the other side do? And a request of one's own inside a call: requests SERVER URI
#include <parley/simpleuser/account.hpp>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  parley::SimpleUserOptions options{.aor = "sip:alice@example.test"};
  options.media_factory = parley::make_null_media();
  auto account = parley::Account::create(argv[1], {}, options).value();
  if (auto up = account->connect().get(5s); !up) return std::fprintf(stderr, "%s\n", up.error().text().c_str()), 1;

  const auto can = account->options(argv[2]).get(35s);  // OPTIONS out of a call
  if (!can) return std::fprintf(stderr, "%s\n", can.error().text().c_str()), 1;
  std::printf("%u %s, allows %s\n", can->status, can->reason.c_str(), std::string(can->header("Allow")).c_str());

  parley::Call call = account->call(argv[2]);
  if (auto answered = call.answered().get(30s); !answered) return std::fprintf(stderr, "%s\n", answered.error().text().c_str()), 1;
  const auto heard = call.request("INFO", {.content_type = "application/dtmf-relay", .body = "Signal=1\r\nDuration=160\r\n"}).get(35s);
  if (!heard) return std::fprintf(stderr, "%s\n", heard.error().text().c_str()), 1;
  std::printf("INFO: %u %s\n", heard->status, heard->reason.c_str());
  account->disconnect().get(5s);
  return can->status == 200 && heard->status == 200 ? 0 : 1;
}
