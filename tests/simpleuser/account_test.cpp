// SPDX-License-Identifier: MIT
#include "rig.hpp"

#include <gtest/gtest.h>

namespace parley::test {
namespace {

/// An Account that answers every call and counts.
struct Switchboard {
  explicit Switchboard(Rig& rig, Account::MaxCalls max = Account::MaxCalls::Unlimited) {
    AccountDelegate d;
    d.on_call_created = [this](Call call) {
      CallDelegate each;
      each.on_answered = [this] { ++answered; };
      each.on_hangup = [this](const Cause&) { ++ended; };
      call.set_delegate(std::move(each));
    };
    d.on_call_received = [this](Call call, const Caller&) {
      calls.push_back(call);
      call.answer();
    };
    account = Account::create("ws://example.com", std::move(d), {.aor = "sip:board@example.com"}, max, rig.ports()).value();
    EXPECT_TRUE(rig.wait(account->connect()));
    EXPECT_TRUE(rig.wait(account->register_()));
  }
  std::unique_ptr<Account> account;
  std::vector<Call> calls;
  int answered = 0;
  int ended = 0;
};

TEST(Account, HoldsManyCallsAtOnce) {
  Rig rig;
  Switchboard board(rig);
  std::vector<std::unique_ptr<User>> users;
  for (int i = 0; i < 10; ++i) {
    users.push_back(std::make_unique<User>(rig, "user" + std::to_string(i)));
    users.back()->registered();
    EXPECT_TRUE(rig.wait((*users.back())->call("board")));
    EXPECT_TRUE(rig.wait((*users.back())->answered()));
  }
  EXPECT_EQ(board.answered, 10);
  EXPECT_TRUE(rig.wait(board.calls[3].hold()));
  rig.executor.run_until_idle();
  EXPECT_TRUE(board.calls[3].is_held());
  EXPECT_FALSE(board.calls[4].is_held());
  EXPECT_TRUE(users[3]->was_told("remote_hold"));
  EXPECT_TRUE(rig.wait(board.calls[5].hangup()));
  EXPECT_TRUE(users[5]->was_told("hangup(RemoteHangup)"));
  EXPECT_EQ(board.ended, 1);
  EXPECT_TRUE(rig.wait(board.account->disconnect()));
  EXPECT_EQ(board.ended, 10);
}

TEST(Account, CallsOutAndInAtOnce) {
  Rig rig;
  Switchboard board(rig);
  User alice(rig, "alice");
  User bob(rig, "bob");
  alice.registered();
  bob.registered();
  Call out = board.account->call("bob");
  EXPECT_TRUE(rig.wait(out.sent()));
  EXPECT_TRUE(rig.wait(bob->answer()));
  EXPECT_TRUE(rig.wait(out.answered()));
  EXPECT_TRUE(rig.wait(alice->call("board")));
  EXPECT_TRUE(rig.wait(alice->answered()));
  EXPECT_NE(out.id(), board.calls.at(0).id());
}

TEST(Account, LimitIsTheBusyPolicy) {
  Rig rig;
  Switchboard board(rig, Account::MaxCalls::One);
  User alice(rig, "alice");
  User bob(rig, "bob");
  alice.registered();
  bob.registered();
  EXPECT_TRUE(rig.wait(alice->call("board")));
  EXPECT_TRUE(rig.wait(alice->answered()));
  EXPECT_TRUE(rig.wait(bob->call("board")));
  EXPECT_EQ(rig.wait(bob->answered()).error().status, 486);
  EXPECT_EQ(rig.wait(board.account->call("bob").sent()).error().code, Errc::SessionExists);
}

TEST(Call, HandleOfAnEndedCallRemembersItsOutcome) {
  Rig rig;
  Switchboard board(rig);
  User alice(rig, "alice");
  alice.registered();
  Call call = board.account->call("alice");
  rig.executor.advance(10ms);
  EXPECT_TRUE(rig.wait(alice->decline(486)));
  rig.executor.run_until_idle();
  EXPECT_EQ(call.state().phase, CallPhase::Ended);
  EXPECT_TRUE(rig.wait(call.sent()));
  EXPECT_EQ(rig.wait(call.answered()).error().status, 486);
  EXPECT_EQ(rig.wait(call.hangup()).error().code, Errc::NoSession);
  call.mute();
  EXPECT_FALSE(call.is_muted());
}

TEST(Call, HandleOutlivesItsAccount) {
  Rig rig;
  auto board = std::make_unique<Switchboard>(rig);
  Call call = board->account->call("nobody");
  auto answered = call.answered();
  board->account.reset();
  EXPECT_EQ(rig.now(std::move(answered))->error().code, Errc::Destroyed);
  EXPECT_EQ(rig.now(call.hangup())->error().code, Errc::Destroyed);
  EXPECT_EQ(rig.now(call.answered())->error().code, Errc::Destroyed);
  EXPECT_EQ(call.state().phase, CallPhase::Ended);
}

TEST(Call, DroppedHandleLeavesTheCallAlone) {
  Rig rig;
  Switchboard board(rig);
  User alice(rig, "alice");
  alice.registered();
  board.account->call("alice");
  rig.executor.advance(10ms);
  EXPECT_TRUE(rig.wait(alice->answer()));
  EXPECT_TRUE(alice.was_told("answered"));
}

}  // namespace
}  // namespace parley::test
