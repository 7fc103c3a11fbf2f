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
    d.on_server_disconnect = [this](const std::optional<Error>& why) { tell(why ? "server_disconnect(" + why->text() + ")" : "server_disconnect"); };
    d.on_registered = [this](const Registration&) { tell("registered"); };
    d.on_unregistered = [this](const UnregisteredReason& why) { tell(why.error ? "unregistered(" + why.error->text() + ")" : "unregistered"); };
    d.on_call_created = [this] { tell("created"); };
    d.on_call_received = [this](const Caller& caller) { tell("received(" + caller.uri + ")"); };
    d.on_call_answered = [this] { tell("answered"); };
    d.on_call_hangup = [this](const Cause& cause) {
      last_cause = cause;
      tell("hangup(" + std::string(to_string(cause.kind)) + (cause.status != 0 ? " " + std::to_string(cause.status) : "") + ")");
    };
    d.on_call_hold = [this](bool held) { tell(held ? "hold" : "unhold"); };
    d.on_call_dtmf_received = [this](char tone, Duration duration) { tell(std::string("dtmf(") + tone + " " + std::to_string(duration.count()) + ")"); };
    d.on_message_received = [this](std::string_view text, const MessageInfo& info) { tell("message(" + info.from + ": " + std::string(text) + ")"); };
    d.on_call_progress = [this](sip::StatusCode status, bool) { tell("progress(" + std::to_string(status) + ")"); };
    d.on_remote_hold = [this](bool held) { tell(held ? "remote_hold" : "remote_unhold"); };
    d.on_message_sent = [this](const Result<sip::StatusCode>& result) {
      tell(result ? "message_sent(" + std::to_string(*result) + ")" : "message_failed(" + result.error().text() + ")");
    };
    d.on_media_state = [this](const MediaState& state) { media_states.emplace_back(to_string(state.state)); };
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

/// The far end written out by hand: it sees every message but REGISTER that a user sends, and answers in raw SIP.
class Remote {
 public:
  explicit Remote(User& user) : user_(user), rig_(user.rig) {
    rig_.proxy.intercept = [this](WireId wire, const sip::MessageView& message) {
      if (message.method() == sip::Method::Register) return false;
      wire_ = wire;
      inbox_.emplace_back(message);
      return true;
    };
    wire_ = rig_.net.open_wires().back();
    media_ = factory_.create({}, rig_.executor, observer_).value();
  }
  ~Remote() { rig_.proxy.intercept = nullptr; }
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

  /// The oldest message of this start ("INVITE", "SIP/2.0 200", ...) that was not taken yet; an empty one: none came.
  sip::Message take(std::string_view start) {
    rig_.executor.run_until_idle();
    for (auto it = inbox_.begin(); it != inbox_.end(); ++it) {
      if (!it->bytes().starts_with(start)) continue;
      sip::Message message = std::move(*it);
      inbox_.erase(it);
      return message;
    }
    return {};
  }
  bool has(std::string_view start) {
    rig_.executor.run_until_idle();
    return std::any_of(inbox_.begin(), inbox_.end(), [&](const sip::Message& m) { return m.bytes().starts_with(start); });
  }
  void forget() { inbox_.clear(); }

  void send(std::string bytes) {
    rig_.net.deliver(rig_.net.open_wires().back(), std::move(bytes));
    rig_.executor.run_until_idle();
  }
  using Fields = std::vector<std::pair<std::string, std::string>>;
  void reply(const sip::Message& request, sip::StatusCode status, const Fields& headers = {}, std::string_view body = {}) {
    auto builder = sip::MessageBuilder::response_to(request.view(), status, status == 100 ? "" : "remotetag");
    if (status >= 180 && status < 300) builder.header("Contact", "<sip:remote@remote.invalid;transport=ws>");
    for (const auto& [name, value] : headers) builder.header(name, value);
    if (!body.empty()) builder.body("application/sdp", body);
    send(std::move(builder).finish().value());
  }

  std::string make_offer() {
    return run<std::string>([this](auto done) { media_->make_offer(std::move(done)); });
  }
  std::string make_answer(std::string offer) {
    return run<std::string>([&](auto done) { media_->accept_offer(std::move(offer), std::move(done)); });
  }
  void accept_answer(std::string answer) {
    bool done = false;
    media_->accept_answer(std::move(answer), [&](const Result<void>&) { done = true; });
    rig_.executor.run_until_idle();
    EXPECT_TRUE(done);
  }
  media::Session& media() { return *media_; }

  /// A request of ours to the user, out of a dialog or, once there is one, in it.
  std::string request(std::string_view method, const Fields& headers = {}, std::string_view content_type = {}, std::string_view body = {}) {
    if (method != "ACK" && method != "CANCEL") ++cseq_;
    auto builder = sip::MessageBuilder::request(method, target_.empty() ? "sip:alice@example.com" : target_);
    builder.header("Via", "SIP/2.0/WS remote.invalid;branch=z9hG4bKremote" + std::to_string(method == "CANCEL" ? branch_ : ++branch_));
    builder.header("Max-Forwards", "70");
    builder.header("From", "<sip:remote@example.com>;tag=remotetag");
    builder.header("To", "<sip:alice@example.com>" + (to_tag_.empty() ? std::string() : ";tag=" + to_tag_));
    builder.header("Call-ID", call_id_);
    builder.header("CSeq", std::to_string(cseq_) + " " + std::string(method));
    builder.header("Contact", "<sip:remote@remote.invalid;transport=ws>");
    for (const auto& [name, value] : headers) builder.header(name, value);
    if (!content_type.empty()) builder.body(content_type, body);
    return std::move(builder).finish().value();
  }
  void invite(const Fields& headers = {}) { send(request("INVITE", headers, "application/sdp", make_offer())); }
  /// After the user's 200: ACK, and the dialog is known.
  void acknowledge(const sip::Message& ok, std::string_view body = {}) {
    to_tag_ = std::string(ok.view().to_tag());
    target_ = std::string(ok.view().contact(0).uri.text);
    send(request("ACK", {}, body.empty() ? "" : "application/sdp", body));
  }
  /// As callee: the dialog of the user's INVITE.
  void enter_dialog(const sip::Message& invite) {
    call_id_ = std::string(invite.view().call_id());
    to_tag_ = std::string(invite.view().from_tag());
    target_ = std::string(invite.view().contact(0).uri.text);
  }

 private:
  struct Deaf final : media::SessionObserver {
    void on_media_state(media::State, const std::optional<Error>&) override {}
    void on_first_media() override {}
  };
  template <class T, class F>
  T run(F start) {
    std::optional<T> out;
    start([&out](Result<T> result) {
      if (result) out = std::move(*result);
    });
    rig_.executor.run_until_idle();
    EXPECT_TRUE(out.has_value());
    return out.value_or(T{});
  }

  User& user_;
  Rig& rig_;
  WireId wire_ = 0;
  std::vector<sip::Message> inbox_;
  Deaf observer_;
  media::NullFactory factory_;
  std::unique_ptr<media::Session> media_;
  std::string call_id_ = "remote-call-1";
  std::string to_tag_;
  std::string target_;
  unsigned cseq_ = 0;
  unsigned branch_ = 0;
};

/// The remote answers the user's INVITE; a call is up.
inline sip::Message answer_by_remote(User& alice, Remote& remote) {
  EXPECT_TRUE(alice.rig.wait(alice->call("remote")));
  sip::Message invite = remote.take("INVITE");
  EXPECT_TRUE(invite);
  if (!invite) return invite;
  const std::string answer = remote.make_answer(std::string(invite.view().body()));
  remote.reply(invite, 200, {}, answer);
  EXPECT_TRUE(remote.take("ACK"));
  EXPECT_TRUE(alice.rig.wait(alice->answered()));
  remote.enter_dialog(invite);
  alice.take();
  return invite;
}

/// The remote calls, the user answers; a call is up.
inline void call_by_remote(User& alice, Remote& remote) {
  remote.invite();
  EXPECT_TRUE(alice.rig.wait(alice->answer()));
  const sip::Message ok = remote.take("SIP/2.0 200");
  EXPECT_TRUE(ok);
  if (!ok) return;
  remote.accept_answer(std::string(ok.view().body()));
  remote.acknowledge(ok);
  alice.take();
  remote.forget();
}

}  // namespace parley::test
