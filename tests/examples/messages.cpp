// SPDX-License-Identifier: MIT
// Sends a MESSAGE (RFC 3428) and prints those that come meanwhile: messages SERVER URI TEXT
#include <parley/simpleuser/account.hpp>

#include <chrono>
#include <cstdio>
#include <future>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::promise<int> outcome;
  parley::AccountDelegate delegate;
  delegate.on_message_received = [](std::string_view text, const parley::MessageInfo& info) {
    std::printf("%s: %.*s\n", info.from.c_str(), static_cast<int>(text.size()), text.data());
  };
  delegate.on_message_sent = [&](const parley::Result<parley::sip::StatusCode>& sent) {
    std::printf("%s\n", sent ? "delivered" : sent.error().text().c_str());
    outcome.set_value(sent ? 0 : 1);
  };
  auto account = parley::Account::create(argv[1], std::move(delegate), {.aor = "sip:alice@example.test"}).value();
  if (auto up = account->connect().get(5s); !up) return std::fprintf(stderr, "%s\n", up.error().text().c_str()), 1;
  if (auto handed = account->message(argv[2], argv[3]).get(5s); !handed) return std::puts(handed.error().text().c_str()), 1;
  const int status = outcome.get_future().get();
  account->disconnect().get(5s);
  return status;
}
