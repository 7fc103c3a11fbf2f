// SPDX-License-Identifier: MIT
// What a SimpleUser costs and how fast a call stands: printed, not judged. Two users, the embedded switch, real sound, the loopback.
#include <parley/simpleuser/program/embedded_switch.hpp>
#include <parley/simpleuser/simple_user.hpp>

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

using namespace parley;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// A flag that the loop raises and main() waits for.
class Signal {
 public:
  void raise() {
    const std::lock_guard lock(mutex_);
    raised_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, 10s, [this] { return raised_; })) std::fprintf(stderr, "figures: nothing came in 10 s\n"), std::exit(1);
    raised_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;
};

struct Person {
  Signal registered, rings, heard, ended;
  std::unique_ptr<SimpleUser> user;

  Person(const std::string& server, const char* name, const std::shared_ptr<Runtime>& runtime) {
    SimpleUserOptions options;
    options.aor = std::string("sip:") + name + "@example.com";
    options.media.audio_source = {.kind = media::AudioEndpoint::Kind::Tone, .argument = {}, .tone_hz = 440.0};
    options.media.audio_sink.kind = media::AudioEndpoint::Kind::Silence;
    options.media.loopback_only = true;
    options.loop = runtime;
    options.delegate.on_registered = [this](const Registration&) { registered.raise(); };
    options.delegate.on_call_received = [this](const Caller&) { rings.raise(), user->answer(); };
    options.delegate.on_media_state = [this](const MediaState& state) { state.receiving ? heard.raise() : void(); };
    options.delegate.on_call_hangup = [this](const Cause&) { ended.raise(); };
    user = SimpleUser::create(server, std::move(options)).value();
    user->connect().get(5s).value();
    user->register_().get(5s).value();
    registered.wait();
  }
};

long heap() { return static_cast<long>(mallinfo2().uordblks + mallinfo2().hblkhd); }

std::size_t threads() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator("/proc/self/task")) ++count;
  return count;
}

template <class T>
T median(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print(const char* what, long bytes) {
  std::printf("%-44s %8.1f kB heap, %zu threads in all\n", what, static_cast<double>(bytes) / 1024.0, threads());
}

double place_call(Person& alice, Person& bob) {
  const auto begin = SteadyClock::now();
  alice.user->call("sip:bob@example.com");
  alice.heard.wait();
  const auto end = SteadyClock::now();
  bob.heard.wait();
  return std::chrono::duration<double, std::milli>(end - begin).count();
}

void hang_up(Person& alice, Person& bob) {
  alice.user->hangup().get(5s).value();
  alice.ended.wait();
  bob.ended.wait();
  alice.user->mute();  // a verb's round through the loop: what the call left behind is gone
  alice.user->stats().get(5s);
}

}  // namespace

int main() {
  const auto runtime = make_runtime().value();
  program::EmbeddedSwitch hub(runtime, program::SwitchOptions{.domain = "example.com", .users = {}, .log = {}});
  const std::string server = hub.listen({}).value();
  Person alice(server, "alice", runtime);
  Person bob(server, "bob", runtime);

  place_call(alice, bob);  // warms up what a process pays once
  hang_up(alice, bob);

  // GStreamer takes calls down on threads of its own, so single readings swing: many users, the median of many calls.
  constexpr long crowd_size = 50;
  std::vector<std::unique_ptr<Person>> crowd;
  long before = heap();
  for (long i = 0; i < crowd_size; ++i) crowd.push_back(std::make_unique<Person>(server, "carol", runtime));
  print("an idle registered SimpleUser", (heap() - before) / crowd_size);

  std::vector<double> times;
  std::vector<long> bytes;
  for (int i = 0; i < 21; ++i) {
    before = heap();
    times.push_back(place_call(alice, bob));
    bytes.push_back(heap() - before);
    if (i == 20) print("a call of two SimpleUsers, both ends", median(bytes));
    hang_up(alice, bob);
  }
  const auto [least, most] = std::minmax_element(times.begin(), times.end());
  std::printf("call() to the first decoded sound: median %.0f ms, %.0f to %.0f ms in %zu calls\n", median(times), *least, *most,
              times.size());
  return 0;
}
