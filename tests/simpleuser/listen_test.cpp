// SPDX-License-Identifier: MIT
// An Account that listens, on a real loop; and requests that are no calls, in virtual time.
#include "remote.hpp"

#include <future>

namespace parley::test {
namespace {

SimpleUserOptions null_options(std::shared_ptr<Runtime> runtime) {
  SimpleUserOptions options{.aor = "sip:alice@example.com"};
  options.media_factory = make_null_media();
  options.loop = std::move(runtime);
  return options;
}

/// An account that answers all who connect to it.
struct Answering {
  explicit Answering(std::shared_ptr<Runtime> runtime, std::string_view server = "") {
    AccountDelegate d;
    d.on_server_disconnect = [this](const std::optional<Error>&) { lost_server.set_value(); };
    d.on_call_created = [this](Call call) {
      CallDelegate each;
      each.on_hangup = [this](const Cause& cause) { ended.set_value(cause.kind); };
      call.set_delegate(std::move(each));
    };
    d.on_call_received = [this](Call call, const Caller& caller) {
      dialled = caller.request_uri;
      last_caller = caller;
      last = call;
      call.answer();
    };
    SimpleUserOptions options = null_options(std::move(runtime));
    options.trusted_server = true;
    account = Account::create(server, std::move(d), std::move(options)).value();
    uri = account->listen({}).get(5s).value();
  }
  std::promise<Cause::Kind> ended;
  std::promise<void> lost_server;
  std::string dialled;
  Caller last_caller;
  Call last;
  std::string uri;
  std::unique_ptr<Account> account;
};

struct AccountListening : ::testing::Test {
  std::shared_ptr<Runtime> runtime = make_runtime({.log = {}, .warm_up_media = false}).value();
  Answering far{runtime};
  std::unique_ptr<Account> near = Account::create(far.uri, {}, null_options(runtime)).value();

  Call call_up() { return call_up(*near, "sip:anybody@far.invalid"); }
  static Call call_up(Account& account, std::string_view callee) {
    EXPECT_TRUE(account.connect().get(5s));
    Call call = account.call(callee);
    EXPECT_TRUE(call.answered().get(5s));
    return call;
  }
};

TEST_F(AccountListening, TakesCallsWithoutServerAndRegistration) {
  Call call = call_up();
  EXPECT_EQ(far.dialled, "sip:anybody@far.invalid");
  EXPECT_TRUE(call.hangup().get(5s));
  EXPECT_EQ(far.ended.get_future().get(), Cause::Kind::RemoteHangup);
}

TEST_F(AccountListening, M15WhoConnectsIsNoTrustedServer) {  // RFC 3325 s.5
  ASSERT_TRUE(near->connect().get(5s));
  Call call = near->call("sip:anybody@far.invalid", {.extra_headers = {{"P-Asserted-Identity", "<sip:boss@example.com>"}}});
  ASSERT_TRUE(call.answered().get(5s));
  EXPECT_EQ(far.last_caller.uri, "sip:alice@example.com");
  EXPECT_FALSE(far.last_caller.asserted);
}

TEST_F(AccountListening, HoldsACallWithoutAServer) {
  call_up();
  EXPECT_TRUE(far.last.hold().get(5s));
}

TEST_F(AccountListening, HoldsACallWhileTheServerIsAway) {
  auto server = std::make_unique<Answering>(runtime);
  Answering phone(runtime, server->uri);
  ASSERT_TRUE(phone.account->connect().get(5s));
  const auto visitor = Account::create(phone.uri, {}, null_options(runtime)).value();
  call_up(*visitor, "sip:alice@example.com");
  server.reset();
  phone.lost_server.get_future().get();
  EXPECT_TRUE(phone.last.hold().get(5s));
}

TEST_F(AccountListening, EndsACallWithItsConnection) {
  call_up();
  near.reset();  // says nothing
  EXPECT_EQ(far.ended.get_future().get(), Cause::Kind::ConnectionLost);
}

TEST_F(AccountListening, DisconnectHangsUpAndStopsListening) {
  Call call = call_up();
  EXPECT_TRUE(far.account->disconnect().get(6s));
  EXPECT_EQ(far.ended.get_future().get(), Cause::Kind::LocalHangup);
  auto late = Account::create(far.uri, {}, null_options(runtime)).value();
  EXPECT_FALSE(late->connect().get(6s));
}

TEST_F(AccountListening, HasNoServerToConnectTo) {
  EXPECT_EQ(far.account->connect().get(5s).error().code, Errc::WrongState);
  EXPECT_EQ(far.account->message("sip:a@b", "x").get(5s).error().code, Errc::NotConnected);
  EXPECT_FALSE(far.account->listen({.scheme = "udp"}).get(5s));
  EXPECT_FALSE(SimpleUser::create("", {.aor = "sip:alice@example.com"}));
}

std::unique_ptr<Account> account_on(Rig& rig) {
  auto account =
      Account::create("ws://example.com", {}, {.aor = "sip:alice@example.com"}, Account::MaxCalls::Unlimited, rig.ports()).value();
  EXPECT_TRUE(rig.wait(account->connect()));
  return account;
}

TEST(AccountRequest, BringsTheFinalAnswer) {
  Rig rig;
  rig.proxy.intercept = [&](WireId wire, const sip::MessageView& request) {
    rig.proxy.reply(wire, request, request.method() == sip::Method::Options ? 200 : 404, {{"Allow", "INVITE, ACK"}});
    return true;
  };
  const auto account = account_on(rig);
  const auto can = rig.wait(account->options("bob"));
  ASSERT_TRUE(can);
  EXPECT_EQ(can->status, 200);
  EXPECT_EQ(can->header("allow"), "INVITE, ACK");
  EXPECT_EQ(can->header("Subject"), "");
  const auto published =
      rig.wait(account->request("PUBLISH", "bob", {.content_type = "text/x", .body = "y", .extra_headers = {{"Event", "presence"}}}));
  ASSERT_TRUE(published);
  EXPECT_EQ(published->status, 404);
  EXPECT_EQ(header_of(rig.sent("PUBLISH").back(), "Event"), "presence");
}

TEST(AccountRequest, SaysWhyThereIsNone) {
  Rig rig;
  rig.proxy.intercept = [](WireId, const sip::MessageView&) { return true; };
  const auto account = account_on(rig);
  EXPECT_EQ(rig.wait(account->request("BYE", "bob")).error().code, Errc::BadValue);
  EXPECT_EQ(rig.wait(account->options("@@")).error().code, Errc::BadSyntax);
  EXPECT_EQ(rig.wait(account->options("bob")).error().code, Errc::Timeout);
  rig.wait(account->disconnect());
  EXPECT_EQ(rig.wait(account->options("bob")).error().code, Errc::NotConnected);
}

TEST(AccountRequest, GoesThroughACallsDialog) {
  Rig rig;
  User alice(rig);
  alice.registered();
  Remote remote(alice);
  const auto account = account_on(rig);
  Call call = account->call("remote");
  EXPECT_EQ(rig.wait(call.request("INFO")).error().code, Errc::WrongState);
  const sip::Message invite = remote.take("INVITE");
  ASSERT_TRUE(invite);
  remote.reply(invite, 200, {}, remote.make_answer(std::string(invite.view().body())));
  ASSERT_TRUE(rig.wait(call.answered()));
  auto info = call.request("INFO", {.content_type = "text/x", .body = "y"});
  const sip::Message request = remote.take("INFO");
  ASSERT_TRUE(request);
  EXPECT_EQ(request.view().call_id(), invite.view().call_id());
  remote.reply(request, 200);
  EXPECT_EQ(rig.wait(std::move(info)).value().status, 200);
}

TEST(AccountStack, IsOpenToTesters) {
  Rig rig;
  const auto account = account_on(rig);
  account->with_stack([](sip::Stack& stack, std::optional<sip::FlowId> flow) {
    stack.send_raw(flow.value(), "NONSENSE\r\n\r\n");
    stack.set_misbehaviour({.hold_back_ack = true});
    stack.set_send_hook([](sip::FlowId, std::string& bytes) {
      if (bytes.starts_with("MESSAGE")) bytes.clear();
    });
  });
  rig.executor.run_until_idle();
  EXPECT_EQ(rig.sent("NONSENSE").size(), 1U);
  rig.wait(account->message("bob", "dropped by the hook"));
  EXPECT_THAT(rig.sent("MESSAGE"), IsEmpty());
  rig.proxy.intercept = [&](WireId wire, const sip::MessageView& request) {
    if (request.method() == sip::Method::Invite) rig.proxy.reply(wire, request, 486);
    return true;
  };
  EXPECT_EQ(rig.wait(account->call("bob").answered()).error().status, 486);
  rig.executor.run_until_idle();
  EXPECT_THAT(rig.sent("ACK"), IsEmpty());
}

}  // namespace
}  // namespace parley::test
