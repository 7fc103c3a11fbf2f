// SPDX-License-Identifier: MIT
#pragma once

#include "watched_media.hpp"

#include <parley/simpleuser/account.hpp>
#include <parley/simpleuser/simple_user.hpp>
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/tests/support/fake_crypto.hpp>
#include <parley/tests/support/fake_network.hpp>
#include <parley/tests/support/fake_proxy.hpp>
#include <parley/tests/support/virtual_executor.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::test {

using namespace std::chrono_literals;
using parley::testing::VirtualExecutor;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A world in virtual time: loop, network, proxy, media.
struct Rig {
  VirtualExecutor executor;
  FakeTransport net{executor};
  FakeCrypto crypto;
  WatchedMedia media;
  FakeProxy proxy{net, executor, crypto};

  Ports ports() { return Ports{.executor = executor, .transport = net, .crypto = crypto, .media = media}; }

  /// What an Async says by now; nullopt: nothing yet.
  template <class T>
  std::optional<Result<T>> now(Async<T> async) {
    auto box = std::make_shared<std::optional<Result<T>>>();
    async.then([box](Result<T> result) { box->emplace(std::move(result)); });
    executor.run_until_idle();
    return std::move(*box);
  }
  /// The outcome, within a minute of virtual time.
  template <class T>
  Result<T> wait(Async<T> async, Duration limit = 60s) {
    auto box = std::make_shared<std::optional<Result<T>>>();
    async.then([box](Result<T> result) { box->emplace(std::move(result)); });
    if (!executor.run_until([&] { return box->has_value(); }, limit)) return Errc::Timeout;
    return std::move(**box);
  }

  /// The server is gone: connections break (all, or `cut`), and none is to be had until come_back().
  void go_away() {
    go_away([this] { net.cut_all(); });
  }
  template <class Cut>
  void go_away(Cut cut) {
    net.refuse = Error{.code = Errc::Refused};
    cut();
  }
  void come_back() { net.refuse.reset(); }

  /// Texts of the messages that went to the server (or came from it) and begin with `start`.
  std::vector<std::string> sent(std::string_view start) const { return logged(start, true); }
  std::vector<std::string> received(std::string_view start) const { return logged(start, false); }

 private:
  std::vector<std::string> logged(std::string_view start, bool to_server) const {
    std::vector<std::string> found;
    for (const FakeTransport::Logged& message : net.log()) {
      if (message.to_server == to_server && message.text.starts_with(start)) found.push_back(message.text);
    }
    return found;
  }
};

/// Value of a header of a message text; empty: none.
inline std::string header_of(const std::string& text, std::string_view name) {
  const auto message = sip::Message::parse(text);
  if (!message) return {};
  return std::string(message->view().header(name).value_or(""));
}

/// A SimpleUser that writes down what it is told, in words.
struct User {
  explicit User(Rig& world, std::string name = "alice", SimpleUserOptions options = {}) : rig(world) {
    options.aor = "sip:" + name + "@example.com";
    options.delegate = make_delegate();
    user = SimpleUser::create("ws://example.com", std::move(options), rig.ports()).value();
  }
  User(const User&) = delete;
  User& operator=(const User&) = delete;

  SimpleUserDelegate make_delegate() {
    SimpleUserDelegate d;
    d.on_server_connect = [this] { tell("server_connect"); };
    d.on_server_disconnect = [this](const std::optional<Error>& why) {
      tell(why ? "server_disconnect(" + why->text() + ")" : "server_disconnect");
    };
    d.on_registered = [this](const Registration&) { tell("registered"); };
    d.on_unregistered = [this](const UnregisteredReason& why) {
      tell(why.error ? "unregistered(" + why.error->text() + ")" : "unregistered");
    };
    d.on_call_created = [this] { tell("created"); };
    d.on_call_received = [this](const Caller& caller) {
      last_caller = caller;
      tell("received(" + caller.uri + ")");
    };
    d.on_call_answered = [this] { tell("answered"); };
    d.on_call_hangup = [this](const Cause& cause) {
      last_cause = cause;
      tell("hangup(" + std::string(to_string(cause.kind)) + (cause.status != 0 ? " " + std::to_string(cause.status) : "") + ")");
    };
    d.on_call_hold = [this](bool held) { tell(held ? "hold" : "unhold"); };
    d.on_call_dtmf_received = [this](char tone, Duration duration) {
      tell(std::string("dtmf(") + tone + " " + std::to_string(duration.count()) + ")");
    };
    d.on_message_received = [this](std::string_view text, const MessageInfo& info) {
      last_message = info;
      tell("message(" + info.from + ": " + std::string(text) + ")");
    };
    d.on_call_progress = [this](sip::StatusCode status, bool) { tell("progress(" + std::to_string(status) + ")"); };
    d.on_remote_hold = [this](bool held) { tell(held ? "remote_hold" : "remote_unhold"); };
    d.on_message_sent = [this](const Result<sip::StatusCode>& result) {
      tell(result ? "message_sent(" + std::to_string(*result) + ")" : "message_failed(" + result.error().text() + ")");
    };
    d.on_media_state = [this](const MediaState& state) { media_states.emplace_back(to_string(state.state)); };
    d.on_reconnecting_given_up = [this](const Error& last) { tell("given_up(" + last.text() + ")"); };
    d.on_reconnecting = [this](unsigned attempt) { tell("reconnecting(" + std::to_string(attempt) + ")"); };
    return d;
  }

  void tell(std::string word) {
    events.push_back(word);
    if (on_event) on_event(word);
  }
  /// What was told since the last time this was asked.
  std::vector<std::string> take() {
    rig.executor.run_until_idle();
    return std::exchange(events, {});
  }
  bool was_told(std::string_view word) {
    rig.executor.run_until_idle();
    return std::find(events.begin(), events.end(), word) != events.end();
  }

  SimpleUser* operator->() const { return user.get(); }
  User& connected() {
    EXPECT_TRUE(rig.wait(user->connect()));
    return *this;
  }
  User& registered() {
    connected();
    EXPECT_TRUE(rig.wait(user->register_()));
    rig.executor.run_until_idle();
    EXPECT_TRUE(user->is_registered());
    events.clear();
    return *this;
  }

  Rig& rig;
  std::vector<std::string> events;
  std::vector<std::string> media_states;
  std::optional<Cause> last_cause;
  Caller last_caller;
  MessageInfo last_message;
  std::function<void(const std::string&)> on_event;  ///< runs in the callback
  std::unique_ptr<SimpleUser> user;
};

/// A call that is up, alice's to bob; what led to it is forgotten.
inline void establish(User& alice, User& bob) {
  ASSERT_TRUE(alice.rig.wait(alice->call("bob")));
  ASSERT_TRUE(alice.rig.executor.run_until([&] { return bob.was_told("received(" + alice->aor() + ")"); }, 5s));
  ASSERT_TRUE(alice.rig.wait(bob->answer()));
  ASSERT_TRUE(alice.rig.wait(alice->answered()));
  alice.rig.executor.advance(10ms);
  alice.take();
  bob.take();
  alice.rig.net.clear_log();
}

/// Two users with a call between them.
struct Pair {
  explicit Pair(SimpleUserOptions alice_options = {}, SimpleUserOptions bob_options = {})
      : alice(rig, "alice", std::move(alice_options)), bob(rig, "bob", std::move(bob_options)) {
    alice.registered();
    bob.registered();
  }
  Rig rig;
  User alice;
  User bob;
};

}  // namespace parley::test
