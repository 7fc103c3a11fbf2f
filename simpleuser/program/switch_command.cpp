// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/switch_command.hpp>

#include <parley/simpleuser/program/embedded_switch.hpp>
#include <parley/simpleuser/program/listen_uri.hpp>
#include <parley/simpleuser/program/terminal.hpp>

#include <csignal>
#include <cstdio>

namespace parley::program {

namespace {

int usage(const char* what, const std::string& text) {
  std::fprintf(stderr, "parley: %s: %s\n", what, text.c_str());
  return 2;
}

/// @return status 2 for a user that makes no sense, else 0.
int read_users(const std::vector<std::string>& texts, SwitchOptions& options) {
  for (const auto& user : texts) {
    const auto colon = user.find(':');
    if (colon == std::string::npos || colon == 0) return usage("--user wants NAME:PASSWORD", user.substr(0, colon));
    options.users.insert_or_assign(user.substr(0, colon), Secret(user.substr(colon + 1)));
  }
  return 0;
}

/// @return as run_switch().
int start_listener(EmbeddedSwitch& hub, const std::string& text, const SwitchCommandOptions& options) {
  auto listen = parse_listen_uri(text);
  if (!listen) return usage("--listen wants a URI like ws://127.0.0.1:0", text);
  if (listen->scheme == "wss" && (options.certificate.empty() || options.key.empty())) return usage("wss wants --cert and --key", text);
  listen->certificate = options.certificate;
  listen->key = options.key;
  const auto uri = hub.listen(*listen);
  if (!uri) {
    std::fprintf(stderr, "parley: %s: %s\n", text.c_str(), uri.error().text().c_str());
    return uri.error().code == Errc::NotSupported ? 2 : 1;
  }
  std::printf("listening %s\n", uri->c_str());
  std::fflush(stdout);
  return 0;
}

}  // namespace

int run_switch(const SwitchCommandOptions& options) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before the loop's thread is made, which inherits it

  SwitchOptions hub_options{
      .domain = options.domain, .users = {}, .log = [](std::string_view line) { std::fprintf(stderr, "%s\n", printable(line).c_str()); }};
  if (const int status = read_users(options.users, hub_options); status != 0) return status;
  auto runtime = make_runtime({.log = {}, .warm_up_media = false});
  if (!runtime) return std::fprintf(stderr, "parley: %s\n", runtime.error().text().c_str()), 1;
  EmbeddedSwitch hub(*runtime, std::move(hub_options));
  for (const auto& text : options.listen) {
    if (const int status = start_listener(hub, text, options); status != 0) return status;
  }
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

}  // namespace parley::program
