// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/phone.hpp>

#include <parley/simpleuser/program/console.hpp>
#include <parley/simpleuser/program/event_log.hpp>
#include <parley/simpleuser/program/events.hpp>
#include <parley/simpleuser/program/ladder.hpp>
#include <parley/simpleuser/program/phone_commands.hpp>
#include <parley/simpleuser/program/terminal.hpp>

#include <chrono>
#include <cstdio>
#include <future>
#include <memory>

namespace parley::program {

using namespace std::chrono_literals;

namespace {

class Phone {
 public:
  explicit Phone(PhoneOptions options)
      : options_(std::move(options)),
        console_([this] { return prompt(); }, !options_.json),
        ladder_({"phone", "server"}),
        register_due_(options_.register_at_start) {}
  ~Phone();

  int run();

 private:
  Result<void> create();
  void start();
  void on_event(const Event& event);
  void on_trace(const TraceRecord& record);
  void print_event(const Event& event);
  void register_by_itself();
  void answer_by_itself();
  void command(const std::string& line);
  void print_reply(const Reply& reply);
  Result<void> leave();
  std::string prompt() const;
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }
  void draw_ladder();

  PhoneOptions options_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  EventLog events_;
  Console console_;
  Ladder ladder_;
  std::shared_ptr<Runtime> runtime_;
  std::unique_ptr<Deadline> alarm_;   // of --auto-answer; loop thread only
  bool closing_ = false;              // loop thread only
  bool register_due_;                 // loop thread only: nobody has registered yet, and it shall be done without being asked
  SimpleUser* line_ = nullptr;        // what callbacks use: it stays while *user_ is being destroyed
  std::unique_ptr<SimpleUser> user_;  // last: its callbacks use all of the above
};

Phone::~Phone() {
  if (!runtime_) return;
  std::promise<void> done;
  const bool posted = runtime_->executor().post([&] {
    closing_ = true;
    alarm_.reset();
    done.set_value();
  });
  if (posted) done.get_future().wait();
}

Result<void> Phone::create() {
  auto runtime = make_runtime();
  if (!runtime) return std::move(runtime).error();
  runtime_ = *std::move(runtime);
  SimpleUserOptions options = std::move(options_.user);
  options.loop = runtime_;
  options.delegate = delegate_for([this](const Event& event) { on_event(event); });
  if (options_.trace || options_.ladder) options.trace = [this](const TraceRecord& record) { on_trace(record); };
  options.log = [this](LogLevel level, std::string_view text) {
    if (level <= LogLevel::Warning) console_.print_error(std::string(to_string(level)) + ": " + printable(text));
  };
  auto user = SimpleUser::create(options_.server, std::move(options));
  if (!user) return std::move(user).error();
  user_ = *std::move(user);
  line_ = user_.get();
  return {};
}

void Phone::start() {
  // The delegate hears of connections that were open; that the first one failed, the Async tells. The SimpleUser keeps trying.
  user_->connect().then([this](const Result<void>& up) {
    const bool gave_up = !up && (up.error().code == Errc::Cancelled || up.error().code == Errc::Destroyed);  // quit came first
    if (!up && !gave_up) on_event(server_disconnect(up.error()));
  });
}

void Phone::on_event(const Event& event) {
  if (event.name == "server_connect" && register_due_) register_by_itself();
  print_event(event);
  events_.note(event.name, event.detail);  // after its line: it stands before the reply of who waits for it
  if (event.name == "call_received" && options_.auto_answer) answer_by_itself();
  if (event.name != "call_hangup") return;
  if (alarm_) alarm_->set(std::nullopt);
  if (options_.ladder) draw_ladder();
}

/// On the loop thread. A connection that breaks at once takes no REGISTER: then the next one does. From there on the SimpleUser sees to it.
void Phone::register_by_itself() {
  line_->register_().then([this](const Result<void>& sent) {
    if (sent) register_due_ = false;
  });
}

/// On the loop thread. A door phone lets it ring for a moment; the call may have ended by then.
void Phone::answer_by_itself() {
  if (closing_) return;
  if (!alarm_) alarm_ = runtime_->executor().make_deadline([this] { line_->answer(); });
  alarm_->set(runtime_->executor().now() + *options_.auto_answer);
}

void Phone::print_event(const Event& event) {
  if (options_.json) {
    JsonLine line;
    line.add("event", event.name).add("t", seconds());
    const std::string head = line.text();
    const std::string fields = event.fields.text();
    console_.print(fields == "{}" ? head : head.substr(0, head.size() - 1) + "," + fields.substr(1));
    return;
  }
  const auto colours = stdout_colours();
  char time[24];
  std::snprintf(time, sizeof time, "%8.3f ", seconds());
  console_.print(colours.dim(time) + colours.accent(event.name) + (event.detail.empty() ? "" : " " + printable(event.detail)));
}

void Phone::on_trace(const TraceRecord& record) {
  const bool out = record.direction == Traffic::Out;
  if (options_.ladder) ladder_.add(out ? 0 : 1, out ? 1 : 0, record.text);
  if (!options_.trace) return;
  char head[48];
  std::snprintf(head, sizeof head, "--- %.3f %s\n", seconds(), out ? "sent" : "received");
  console_.print_error(head + std::string(record.text));
}

void Phone::draw_ladder() {
  if (options_.json)
    console_.print_error(ladder_.text());
  else
    console_.print(ladder_.text());
  ladder_.clear();
}

std::string Phone::prompt() const {
  if (!user_) return "parley";
  const SimpleUserState state = user_->state();
  std::string text = state.registered ? "registered" : state.connected ? "connected" : "offline";
  if (state.call.phase != CallPhase::None) {
    text += " | " + std::string(to_string(state.call.phase)) + " " + printable(state.call.remote_uri);
    if (state.held) text += " held";
    if (state.muted) text += " muted";
  }
  return "[" + text + "]";
}

void Phone::command(const std::string& line) {
  const auto words = split_command(line);
  if (words.name.empty()) return;
  print_reply(run_command({*user_, events_}, words));
}

void Phone::print_reply(const Reply& reply) {
  if (!options_.json && !reply.outcome) {
    console_.print(stdout_colours().bad(reply.name + ": " + reply.outcome.error().text()));
  } else if (options_.json || reply.has_fields()) {
    console_.print(reply.json());
  }
}

/// What became of it all: it shall have been connected, and registered unless that was not wanted.
Result<void> Phone::leave() {
  user_->disconnect().get(8s);  // hangs up, unregisters, closes: at most 5 s
  if (!events_.has("server_connect")) return Error{.code = Errc::NotConnected, .reason = "never connected"};
  if (options_.register_at_start && !events_.has("registered")) return Error{.code = Errc::NotRegistered, .reason = "never registered"};
  return {};
}

int Phone::run() {
  if (auto made = create(); !made) {
    std::fprintf(stderr, "parley: %s\n", made.error().text().c_str());
    return made.error().code == Errc::OutOfMemory ? 1 : 2;  // no loop to be had; else a server, an AOR or an option
  }
  start();
  bool quit = false;
  while (!quit) {
    const auto line = console_.read_line();
    if (!line) break;  // the end of input wants the same, but no reply
    quit = split_command(*line).name == "quit";
    if (!quit) command(*line);
  }
  const Result<void> outcome = leave();
  if (quit && options_.json) print_reply({"quit", outcome});
  if (!outcome) std::fprintf(stderr, "parley: %s\n", outcome.error().text().c_str());
  return outcome ? 0 : 1;
}

}  // namespace

int run_phone(PhoneOptions options) { return Phone(std::move(options)).run(); }

}  // namespace parley::program
