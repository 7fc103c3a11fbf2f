// SPDX-License-Identifier: MIT
// An Account that registers, takes calls, and leaves: registration SERVER AOR PASSWORD
#include <parley/simpleuser/account.hpp>

#include <chrono>
#include <cstdio>
#include <future>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::promise<int> outcome;
  parley::AccountDelegate delegate;
  delegate.on_registered = [&](const parley::Registration& granted) {
    std::printf("registered for %lld s\n", static_cast<long long>(granted.expires.count() / 1000));
    outcome.set_value(0);
  };
  delegate.on_unregistered = [&](const parley::UnregisteredReason& why) {
    if (!why.error) return;  // we asked for it
    std::printf("refused: %s\n", why.error->text().c_str());
    outcome.set_value(1);
  };
  delegate.on_call_received = [](parley::Call call, const parley::Caller&) { call.answer(); };  // any number of them

  parley::SimpleUserOptions options{.aor = argv[2], .authorization_password = std::string(argv[3])};
  options.media_factory = parley::make_null_media();
  auto account = parley::Account::create(argv[1], std::move(delegate), options).value();
  if (auto up = account->connect().get(5s); !up) return std::fprintf(stderr, "%s\n", up.error().text().c_str()), 1;
  account->register_();  // refreshed by itself, and made anew after a reconnect
  const int status = outcome.get_future().get();
  account->disconnect().get(5s);  // un-registers
  return status;
}
