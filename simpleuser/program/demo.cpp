// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/demo.hpp>

#include <parley/simpleuser/program/actor.hpp>
#include <parley/simpleuser/program/embedded_switch.hpp>
#include <parley/simpleuser/program/json_line.hpp>
#include <parley/simpleuser/program/terminal.hpp>

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace parley::program {

namespace {

constexpr double alice_hz = 440.0;
constexpr double bob_hz = 880.0;
constexpr double carol_hz = 660.0;
const std::string domain = "parley.example";
const std::string password = "a secret of the demo";

/// The actors and the switch between them; the switch is gone last.
struct Cast {
  std::shared_ptr<Runtime> runtime;
  std::shared_ptr<Ladder> ladder = std::make_shared<Ladder>(std::vector<std::string>{"alice", "switch", "bob"});
  std::unique_ptr<EmbeddedSwitch> hub;
  std::unique_ptr<Actor> alice;
  std::unique_ptr<Actor> bob;
  std::unique_ptr<Actor> carol;
};

struct Step {
  std::string name;
  std::string sentence;
  std::function<Result<void>(Cast&)> work;
};

/// All of these worked: the first failure counts. Arguments are evaluated in order only inside braces.
Result<void> all(std::initializer_list<Result<void>> outcomes) {
  for (const auto& each : outcomes) {
    if (!each) return each;
  }
  return {};
}

Result<void> raise_curtain(Cast& cast, const DemoOptions& options) {
  SwitchOptions switch_options{.domain = domain, .users = {}, .log = {}};
  for (const char* name : {"alice", "bob", "carol"}) switch_options.users.emplace(name, password);
  cast.hub = std::make_unique<EmbeddedSwitch>(cast.runtime, std::move(switch_options));
  const auto uri = cast.hub->listen({.scheme = "ws", .host = "127.0.0.1", .port = 0});
  if (!uri) return uri.error();
  Stage stage{.server = *uri,
              .domain = domain,
              .password = password,
              .runtime = cast.runtime,
              .media = nullptr,
              .ladder = nullptr,
              .trace = options.trace};
  const auto enter = [&](std::unique_ptr<Actor>& actor, const char* name, double hz, std::size_t column, bool drawn) -> Result<void> {
    stage.ladder = drawn ? cast.ladder : nullptr;
    auto made = Actor::create(name, hz, stage, column);
    if (!made) return made.error();
    actor = *std::move(made);
    return {};
  };
  return all({enter(cast.alice, "alice", alice_hz, 0, true), enter(cast.bob, "bob", bob_hz, 2, true),
              enter(cast.carol, "carol", carol_hz, 2, false)});
}

Result<void> connect(Cast& c) {
  return all({c.alice->done(c.alice->user().connect()), c.bob->done(c.bob->user().connect()), c.carol->done(c.carol->user().connect())});
}

Result<void> register_all(Cast& c) {
  for (Actor* each : {c.alice.get(), c.bob.get(), c.carol.get()}) {
    if (auto done = all({each->done(each->user().register_()), each->saw("registered")}); !done) return done;
  }
  return {};
}

Result<void> send_message(Cast& c) {
  return all({c.alice->done(c.alice->user().message(c.bob->uri(), "Can you hear me?")), c.bob->saw("message_received", "Can you hear me?"),
              c.alice->saw("message_sent", "200")});
}

Result<void> call_bob(Cast& c) {
  c.ladder->clear();
  return all({c.alice->done(c.alice->user().call(c.bob->uri())), c.bob->saw("call_received"), c.alice->saw("call_progress", "180")});
}

Result<void> answer(Cast& c) {
  return all({c.bob->done(c.bob->user().answer()), c.bob->saw("call_answered"), c.alice->saw("call_answered")});
}

Result<void> hold(Actor& holder, Actor& other) {
  return all({holder.done(holder.user().hold()), holder.saw("call_hold", "true"), other.saw("remote_hold", "true"), other.hears(0),
              holder.hears(0)});
}

Result<void> unhold(Actor& holder, double holder_hz, Actor& other, double other_hz) {
  return all({holder.done(holder.user().unhold()), holder.saw("call_hold", "false"), other.saw("remote_hold", "false"),
              other.hears(holder_hz), holder.hears(other_hz)});
}

Result<void> busy(Cast& c) {
  return all({c.carol->done(c.carol->user().call(c.bob->uri())), c.carol->saw("call_hangup", "486"), c.alice->hears(bob_hz)});
}

Result<void> hang_up(Cast& c) {
  return all({c.bob->done(c.bob->user().hangup()), c.bob->saw("call_hangup", "LocalHangup"), c.alice->saw("call_hangup", "RemoteHangup")});
}

Result<void> declined(Cast& c) {
  c.alice->forget();
  c.bob->forget();
  return all({c.alice->done(c.alice->user().call(c.bob->uri())), c.bob->saw("call_received"), c.bob->done(c.bob->user().decline(603)),
              c.alice->saw("call_hangup", "603")});
}

Result<void> cancelled(Cast& c) {
  c.alice->forget();
  c.bob->forget();
  return all({c.alice->done(c.alice->user().call(c.bob->uri())), c.bob->saw("call_received"), c.alice->done(c.alice->user().hangup()),
              c.alice->saw("call_hangup"), c.bob->saw("call_hangup")});
}

Result<void> unregister_all(Cast& c) {
  for (Actor* each : {c.alice.get(), c.bob.get(), c.carol.get()}) {
    if (auto done = all({each->done(each->user().unregister()), each->saw("unregistered")}); !done) return done;
  }
  return {};
}

Result<void> disconnect(Cast& c) {
  return all({c.alice->done(c.alice->user().disconnect()), c.bob->done(c.bob->user().disconnect()),
              c.carol->done(c.carol->user().disconnect()), c.alice->saw("server_disconnect")});
}

std::vector<Step> tour(const DemoOptions& options) {
  return {
      {"switch", "the embedded switch listens on the loopback", [options](Cast& c) { return raise_curtain(c, options); }},
      {"connect", "alice, bob and carol connect by WebSocket", connect},
      {"register", "they register, with digest", register_all},
      {"message", "alice sends bob a message", send_message},
      {"call", "alice calls bob, whose phone rings", call_bob},
      {"answer", "bob answers", answer},
      {"hear_alice", "bob hears alice's 440 Hz", [](Cast& c) { return c.bob->hears(alice_hz); }},
      {"hear_bob", "alice hears bob's 880 Hz", [](Cast& c) { return c.alice->hears(bob_hz); }},
      {"mute", "alice mutes: bob hears silence", [](Cast& c) { return c.alice->user().mute(), c.bob->hears(0); }},
      {"unmute", "alice is heard again", [](Cast& c) { return c.alice->user().unmute(), c.bob->hears(alice_hz); }},
      {"hold", "alice holds: silence at both ends", [](Cast& c) { return hold(*c.alice, *c.bob); }},
      {"unhold", "alice takes the call back: both hear each other", [](Cast& c) { return unhold(*c.alice, alice_hz, *c.bob, bob_hz); }},
      {"remote_hold", "bob holds: silence at both ends", [](Cast& c) { return hold(*c.bob, *c.alice); }},
      {"remote_unhold", "bob takes the call back: both hear each other",
       [](Cast& c) { return unhold(*c.bob, bob_hz, *c.alice, alice_hz); }},
      {"dtmf", "alice presses 5",
       [](Cast& c) {
         return all({c.alice->done(c.alice->user().send_dtmf("5")), c.bob->saw("call_dtmf_received", "5")});
       }},
      {"remote_dtmf", "bob presses #",
       [](Cast& c) {
         return all({c.bob->done(c.bob->user().send_dtmf("#")), c.alice->saw("call_dtmf_received", "#")});
       }},
      {"busy", "carol calls bob: busy, the call goes on", busy},
      {"hangup", "bob hangs up", hang_up},
      {"declined", "alice calls again, bob declines", declined},
      {"cancelled", "alice calls again and thinks better of it", cancelled},
      {"unregister", "they unregister", unregister_all},
      {"disconnect", "they disconnect", disconnect},
  };
}

void report(const Step& step, const Result<void>& outcome, long long ms, bool json) {
  if (json) {
    JsonLine line;
    line.add("step", step.name).add("ok", outcome.has_value()).add("ms", ms);
    if (!outcome) line.add("error", outcome.error().text());
    std::printf("%s\n", line.text().c_str());
  } else {
    const auto colour = stdout_colours();
    const std::string mark = outcome ? colour.good("✓") : colour.bad("✗");
    std::printf("  %s %-14s %6lld ms   %s\n", mark.c_str(), step.name.c_str(), ms, step.sentence.c_str());
    if (!outcome) std::printf("      %s\n", outcome.error().text().c_str());
  }
  std::fflush(stdout);
}

}  // namespace

int run_demo(const DemoOptions& options) {
  using clock = std::chrono::steady_clock;
  const auto ms_since = [](clock::time_point begin) {
    return static_cast<long long>(std::chrono::duration_cast<Duration>(clock::now() - begin).count());
  };
  Cast cast;
  auto runtime = make_runtime();
  if (!runtime) return std::fprintf(stderr, "parley: %s\n", runtime.error().text().c_str()), 1;
  cast.runtime = *std::move(runtime);
  if (!options.json)
    std::printf("parley demo: a switch, three users, real sound (%s), all on the loopback\n\n",
                has_webrtc_media() ? "WebRTC" : "no media built in");

  const auto begin = clock::now();
  std::size_t steps = 0;
  std::size_t failed = 0;
  std::string ladder;
  std::string failure;
  for (const Step& step : tour(options)) {
    const auto step_begin = clock::now();
    const auto outcome = step.work(cast);
    report(step, outcome, ms_since(step_begin), options.json);
    ++steps;
    if (step.name == "hangup") ladder = cast.ladder->text();
    if (!outcome) {  // what follows builds on it
      ++failed;
      failure = step.name + ": " + outcome.error().text();
      break;
    }
  }
  if (options.json) {
    JsonLine summary;
    summary.add("ok", failed == 0).add("steps", steps).add("failed", failed).add("ms", ms_since(begin));
    std::printf("{\"summary\":%s}\n", summary.text().c_str());
  } else {
    std::printf("\nThe first call, as alice and bob saw it:\n\n%s\n", ladder.c_str());
    std::printf("%zu steps, %zu failed, %.1f s\n", steps, failed, static_cast<double>(ms_since(begin)) / 1000.0);
  }
  if (failed == 0) return 0;
  std::fprintf(stderr, "parley: %s\n", failure.c_str());
  return 1;
}

}  // namespace parley::program
