// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/uas.hpp>

#include <parley/simpleuser/account.hpp>
#include <parley/simpleuser/program/listen_uri.hpp>
#include <parley/simpleuser/program/terminal.hpp>
#include <parley/sip/message/uri.hpp>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <future>
#include <map>
#include <memory>
#include <mutex>

namespace parley::program {

using namespace std::chrono_literals;

namespace {

int fail(int status, const std::string& sentence) {
  std::fprintf(stderr, "parley: %s\n", sentence.c_str());
  return status;
}

/// Counted on the loop thread, printed from main's.
struct Counters {
  unsigned long calls = 0;
  unsigned long answered = 0;
  unsigned long refused = 0;
  unsigned long ended = 0;
  unsigned long failed = 0;
  unsigned long messages = 0;
  unsigned long tones = 0;
};

class Uas {
 public:
  explicit Uas(UasOptions options) : options_(std::move(options)) {}
  ~Uas();

  int run();

 private:
  Result<void> create();
  int listen();
  void connect();
  int serve(const sigset_t& signals);
  void print_counters();

  AccountDelegate delegate();
  CallDelegate delegate_of(std::uint64_t call);
  void on_call(Call call, const Caller& caller);
  void answer_later(Call call);
  std::string_view user_of(const Caller& caller) const;
  void count(unsigned long Counters::*counter) {
    const std::lock_guard lock(mutex_);
    ++(counters_.*counter);
  }

  UasOptions options_;
  std::shared_ptr<Runtime> runtime_;
  std::mutex mutex_;  // counters_, was_registered_
  Counters counters_;
  bool was_registered_ = false;
  std::map<std::uint64_t, std::unique_ptr<Deadline>> ringing_;  // by call; loop thread only
  std::unique_ptr<Account> account_;                            // last: its callbacks use all of the above
};

Uas::~Uas() {
  account_.reset();
  if (!runtime_) return;
  std::promise<void> done;
  const bool posted = runtime_->executor().post([&] {  // deadlines belong to the loop
    ringing_.clear();
    done.set_value();
  });
  if (posted) done.get_future().wait();
}

Result<void> Uas::create() {
  auto runtime = make_runtime({.log = {}, .warm_up_media = false});
  if (!runtime) return std::move(runtime).error();
  runtime_ = *std::move(runtime);
  SimpleUserOptions user = std::move(options_.user);
  user.loop = runtime_;
  user.no_answer_timeout = 24h;  // who only rings rings until the caller gives up
  user.log = [](LogLevel level, std::string_view text) {
    if (level <= LogLevel::Warning) std::fprintf(stderr, "%s: %s\n", std::string(to_string(level)).c_str(), printable(text).c_str());
  };
  auto account = Account::create(options_.server, delegate(), std::move(user));
  if (!account) return std::move(account).error();
  account_ = *std::move(account);
  return {};
}

AccountDelegate Uas::delegate() {
  AccountDelegate d;
  d.on_server_connect = [this] { account_->register_(); };
  d.on_registered = [this](const Registration&) {
    std::printf("registered %s\n", account_->aor().c_str());
    std::fflush(stdout);
    const std::lock_guard lock(mutex_);
    was_registered_ = true;
  };
  d.on_call_created = [this](Call call) {
    count(&Counters::calls);
    call.set_delegate(delegate_of(call.id()));
  };
  d.on_call_received = [this](Call call, const Caller& caller) { on_call(std::move(call), caller); };
  d.on_message_received = [this](std::string_view, const MessageInfo&) { count(&Counters::messages); };
  return d;
}

CallDelegate Uas::delegate_of(std::uint64_t call) {
  CallDelegate d;
  d.on_answered = [this] { count(&Counters::answered); };
  d.on_dtmf_received = [this](char, Duration) { count(&Counters::tones); };
  d.on_hangup = [this, call](const Cause& cause) {
    ringing_.erase(call);
    count(&Counters::ended);
    if (cause.kind == Cause::Kind::Rejected) count(&Counters::refused);
    if (cause.kind == Cause::Kind::Failed) count(&Counters::failed);
  };
  return d;
}

/// Whom the caller means: the user of the Request-URI; registered, that is our Contact, and To tells.
std::string_view Uas::user_of(const Caller& caller) const {
  const auto uri = sip::parse_uri(options_.server.empty() ? caller.request_uri : caller.to);
  return uri ? uri->user : std::string_view{};
}

void Uas::on_call(Call call, const Caller& caller) {
  const Verdict verdict = verdict_on(user_of(caller));
  switch (verdict.kind) {
    case Verdict::Kind::Ring: return;
    case Verdict::Kind::Refuse: call.decline(verdict.status); return;
    case Verdict::Kind::Answer: break;
  }
  if (options_.ring > 0ms) return answer_later(std::move(call));
  call.answer();
}

void Uas::answer_later(Call call) {
  auto& deadline = ringing_[call.id()];
  deadline = runtime_->executor().make_deadline([call]() mutable { call.answer(); });
  deadline->set(runtime_->executor().now() + options_.ring);
}

int Uas::listen() {
  for (const std::string& text : options_.listen) {
    auto listen = parse_listen_uri(text);
    if (!listen) return fail(2, "--listen wants a URI like ws://127.0.0.1:0: " + text);
    if (listen->scheme == "wss" && (options_.certificate.empty() || options_.key.empty())) return fail(2, "wss wants --cert and --key");
    listen->certificate = options_.certificate;
    listen->key = options_.key;
    const auto uri = account_->listen(*std::move(listen)).get(5s);
    if (!uri) return fail(uri.error().code == Errc::NotSupported ? 2 : 1, text + ": " + uri.error().text());
    std::printf("listening %s\n", uri->c_str());
    std::fflush(stdout);
  }
  return 0;
}

void Uas::connect() {
  if (options_.server.empty()) return;
  account_->connect().then([server = options_.server](const Result<void>& up) {
    if (!up) std::fprintf(stderr, "parley: %s: %s; trying on\n", server.c_str(), up.error().text().c_str());
  });
}

int Uas::serve(const sigset_t& signals) {
  for (int signal = SIGUSR1; signal == SIGUSR1;) {
    sigwait(&signals, &signal);
    if (signal != SIGUSR1) account_->disconnect().get(8s);  // hangs up and unregisters: at most 5 s
    print_counters();
  }
  const std::lock_guard lock(mutex_);
  return options_.server.empty() || was_registered_ ? 0 : fail(1, "never registered");
}

void Uas::print_counters() {
  const std::lock_guard lock(mutex_);
  const Counters& c = counters_;
  std::printf("calls %lu active %lu answered %lu refused %lu ended %lu failed %lu messages %lu dtmf %lu\n", c.calls, c.calls - c.ended,
              c.answered, c.refused, c.ended, c.failed, c.messages, c.tones);
  std::fflush(stdout);
}

int Uas::run() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the loop's thread is made, which inherits it
  if (auto made = create(); !made) return fail(2, made.error().text());
  if (const int status = listen(); status != 0) return status;
  connect();
  return serve(signals);
}

}  // namespace

Verdict verdict_on(std::string_view user) {
  using Kind = Verdict::Kind;
  if (user == "ring") return {Kind::Ring, 0};
  if (user == "busy") return {Kind::Refuse, 486};
  if (user == "decline") return {Kind::Refuse, 603};
  sip::StatusCode status = 0;
  const auto [end, error] = std::from_chars(user.data(), user.data() + user.size(), status);
  const bool is_number = error == std::errc{} && end == user.data() + user.size() && user.size() == 3;
  return is_number && status >= 300 && status <= 699 ? Verdict{Kind::Refuse, status} : Verdict{};
}

int run_uas(UasOptions options) { return Uas(std::move(options)).run(); }

}  // namespace parley::program
