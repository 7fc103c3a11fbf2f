// SPDX-License-Identifier: MIT
// The same on a real loop with real sockets: SimpleUser against a listener of transport/, on 127.0.0.1.
#include <parley/simpleuser/simple_user.hpp>
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/message.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

/// A registrar that says 200 to everything, with the Contact back. Lives on a runtime's loop.
class YesServer final : public sip::ListenerObserver {
 public:
  explicit YesServer(std::shared_ptr<Runtime> runtime) : runtime_(std::move(runtime)) {
    on_loop([this] { listener_ = runtime_->transport().listen({}, *this).value(); });
  }
  ~YesServer() override {
    on_loop([this] {
      guests_.clear();
      listener_.reset();
    });
  }
  YesServer(const YesServer&) = delete;
  YesServer& operator=(const YesServer&) = delete;

  std::string uri() {
    std::string uri;
    on_loop([&] { uri = listener_->uri(); });
    return uri;
  }
  void drop() {
    on_loop([this] { guests_.clear(); });
  }

  sip::ConnectionObserver* on_accept(std::unique_ptr<sip::Connection> connection, const sip::FlowInfo&) override {
    guests_.push_back(std::make_unique<Guest>(std::move(connection)));
    return guests_.back().get();
  }

 private:
  struct Guest final : sip::ConnectionObserver {
    explicit Guest(std::unique_ptr<sip::Connection> accepted) : connection(std::move(accepted)) {}

    void on_open(const sip::FlowInfo&) override {}
    void on_message(std::string_view bytes) override {
      const auto message = sip::Message::parse(bytes);
      if (!message || message->view().is_response() || message->view().method() == sip::Method::Ack) return;
      auto builder = sip::MessageBuilder::response_to(message->view(), 200, "server");
      builder.copy(message->view(), sip::HeaderId::Contact);
      connection->send(std::move(builder).finish().value());
    }
    void on_closed(const std::optional<Error>&) override { connection.reset(); }

    std::unique_ptr<sip::Connection> connection;
  };

  template <class F>
  void on_loop(F f) {
    std::promise<void> done;
    runtime_->executor().post([&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  std::shared_ptr<Runtime> runtime_;
  std::vector<std::unique_ptr<Guest>> guests_;
  std::unique_ptr<sip::Listener> listener_;
};

SimpleUserOptions options_for(std::shared_ptr<Runtime> runtime) {
  SimpleUserOptions options{.aor = "sip:alice@example.com"};
  options.media_factory = make_null_media();
  options.loop = std::move(runtime);
  return options;
}

TEST(RealLoop, ConnectRegisterMessageDisconnect) {
  auto runtime = make_runtime({.warm_up_media = false}).value();
  YesServer server(runtime);
  auto options = options_for(runtime);
  std::promise<void> registered;
  std::promise<sip::StatusCode> delivered;
  options.delegate.on_registered = [&](const Registration&) { registered.set_value(); };
  options.delegate.on_message_sent = [&](const Result<sip::StatusCode>& result) { delivered.set_value(result ? *result : 0); };
  auto alice = SimpleUser::create(server.uri(), std::move(options)).value();
  ASSERT_TRUE(alice->connect().get(5s));
  EXPECT_TRUE(alice->is_connected());
  ASSERT_TRUE(alice->register_().get(5s));
  ASSERT_EQ(registered.get_future().wait_for(5s), std::future_status::ready);
  ASSERT_TRUE(alice->message("bob", "hi").get(5s));
  auto status = delivered.get_future();
  ASSERT_EQ(status.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(status.get(), 200);
  EXPECT_TRUE(alice->disconnect().get(6s));
}

TEST(RealLoop, ComesBackAfterTheConnectionWasDropped) {
  auto runtime = make_runtime({.warm_up_media = false}).value();
  YesServer server(runtime);
  auto options = options_for(runtime);
  std::promise<void> again;
  int count = 0;
  options.delegate.on_registered = [&](const Registration&) {
    if (++count == 2) again.set_value();
  };
  auto alice = SimpleUser::create(server.uri(), std::move(options)).value();
  ASSERT_TRUE(alice->connect().get(5s));
  ASSERT_TRUE(alice->register_().get(5s));
  while (!alice->is_registered()) std::this_thread::yield();
  server.drop();
  EXPECT_EQ(again.get_future().wait_for(10s), std::future_status::ready);
}

TEST(RealLoop, RefusedConnectionFailsWithTheReason) {
  auto options = options_for(nullptr);
  options.keep_trying = false;
  auto alice = SimpleUser::create("ws://127.0.0.1:1", std::move(options)).value();
  const auto failed = alice->connect().get(10s);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::Refused);
}

TEST(RealLoop, SeveralUsersShareOneLoopAndItsThread) {
  auto runtime = make_runtime({.warm_up_media = false}).value();
  YesServer server(runtime);
  std::vector<std::unique_ptr<SimpleUser>> users;
  std::promise<std::thread::id> first;
  std::promise<std::thread::id> second;
  for (std::promise<std::thread::id>* thread : {&first, &second}) {
    auto options = options_for(runtime);
    options.delegate.on_server_connect = [thread] { thread->set_value(std::this_thread::get_id()); };
    users.push_back(SimpleUser::create(server.uri(), std::move(options)).value());
    ASSERT_TRUE(users.back()->connect().get(5s));
  }
  const auto id = first.get_future().get();
  EXPECT_EQ(id, second.get_future().get());
  EXPECT_NE(id, std::this_thread::get_id());
}

TEST(RealLoop, DestroyedInACallbackEndsItsLoopByItself) {
  auto server_runtime = make_runtime({.warm_up_media = false}).value();
  YesServer server(server_runtime);
  for (int i = 0; i < 5; ++i) {
    auto options = options_for(make_runtime({.warm_up_media = false}).value());
    std::unique_ptr<SimpleUser> user;
    std::promise<void> gone;
    options.delegate.on_server_connect = [&] {
      user.reset();
      gone.set_value();
    };
    user = SimpleUser::create(server.uri(), std::move(options)).value();
    const auto connecting = user->connect();
    ASSERT_EQ(gone.get_future().wait_for(5s), std::future_status::ready);
  }
}

TEST(RealLoop, WaitingOnTheLoopThreadIsRefused) {
  auto runtime = make_runtime({.warm_up_media = false}).value();
  YesServer server(runtime);
  auto options = options_for(runtime);
  std::promise<Errc> code;
  SimpleUser* raw = nullptr;
  options.delegate.on_server_connect = [&] { code.set_value(raw->register_().get(5s).error().code); };
  auto alice = SimpleUser::create(server.uri(), std::move(options)).value();
  raw = alice.get();
  ASSERT_TRUE(alice->connect().get(5s));
  EXPECT_EQ(code.get_future().get(), Errc::WouldDeadlock);
}

TEST(RealLoop, DestroyedWhileBusyOnManyThreads) {
  auto runtime = make_runtime({.warm_up_media = false}).value();
  YesServer server(runtime);
  for (int i = 0; i < 20; ++i) {
    auto user = SimpleUser::create(server.uri(), options_for(runtime)).value();
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        user->connect();
        user->register_();
        user->call("bob");
        user->mute();
        static_cast<void>(user->state());
        user->hangup();
      });
    }
    for (std::thread& thread : threads) thread.join();
    auto last = user->connect();
    user.reset();
    EXPECT_TRUE(last.is_done());
  }
}

}  // namespace
}  // namespace parley::test
