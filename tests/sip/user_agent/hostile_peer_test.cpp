// SPDX-License-Identifier: MIT
// What a peer may send to wear us down: requests that cannot be answered, answers that never end.
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

#include <limits>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;

namespace {

struct HostilePeer : ::testing::Test {
  static UserAgentOptions with_long_name() {
    auto options = Probe::alice();
    options.user_agent = "A device whose maker likes to tell each part of it/1.2.3 and every version of that/4.5.6";
    return options;
  }
  Probe ua{with_long_name()};
};

}  // namespace

// Timers that make no sense are brought within reason once, for transactions and calls alike.
TEST(AbsurdTimers, Sec80DoNotEndACallThatWasAccepted) {
  for (const Duration t1 : {Duration{0}, Duration{-5}, Duration{1} * (std::numeric_limits<Duration::rep>::max() / 32)}) {
    auto options = Probe::alice();
    options.stack.timers.t1 = t1;
    Probe ua(std::move(options));
    ua.receive(peer_invite().text());
    const auto session = ua.told<IncomingSession>()->session;
    EXPECT_TRUE(ua->accept(session, sdp(sdp_answer), {}, ua.now())) << t1.count();
    ua->handle_timeout(ua.now());
    EXPECT_EQ(ua.count<SessionEnded>(), 0U) << t1.count();
    EXPECT_TRUE(ua->next_timeout() > ua.now()) << t1.count();
  }
}

TEST(AbsurdTimers, Sec80PatienceWithoutEndIsNotOverAtOnce) {
  auto options = Probe::alice();
  options.no_answer_timeout = Duration::max();
  Probe ua(std::move(options));
  ua.receive(peer_invite().text());
  InviteRequest request;
  request.target = "sip:bob@example.com";
  request.offer = sdp();
  request.ring_timeout = Duration::max();
  ASSERT_TRUE(ua->invite(request, ua.now()));
  auto sent = ua.sent();
  while (!sent.is(Method::Invite)) sent = ua.sent();
  ua.answer(sent, 180);
  ua.advance(1h);
  EXPECT_EQ(ua.count<SessionEnded>(), 0U);
  EXPECT_EQ(ua->session_count(), 2U);
}

// One that nobody can repair is given up with its transaction.
TEST(UnwritableAnswer, N04LeavesNoTransaction) {
  auto options = Probe::alice();
  options.user_agent = "two\r\nlines";
  Probe ua(std::move(options));
  ua.receive(peer_invite().text());
  EXPECT_EQ(ua.unread(), 0U);
  EXPECT_EQ(ua->stack().transaction_count(), 0U);
  ua.advance(60s);
  EXPECT_EQ(ua.told<SessionEnded>()->cause.kind, EndCause::Kind::NoAnswer);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}

TEST_F(HostilePeer, Sec30EveryInviteIsAnsweredOrDroppedWhateverItsSize) {
  constexpr std::size_t longest = 65'535;
  for (std::size_t size = longest; size > longest - 4'000; size -= 250) {
    auto invite = peer_invite();
    invite.branch += std::to_string(size);
    invite.call_id += std::to_string(size);
    invite.headers.clear();
    invite.content_type.clear();
    invite.body.clear();
    const auto name = std::string(size - invite.text().size(), 'x');
    invite.from.insert(1, name);
    ua.receive(invite.text());
    if (const auto incoming = ua.told<IncomingSession>()) {
      EXPECT_TRUE(ua->reject(incoming->session, 486, {}, ua.now())) << size;
      EXPECT_EQ(ua.labels().back(), "486 INVITE") << size;
      invite.method = "ACK";
      ua.receive(invite.text());
    }
    ua.forget_told();
  }
  EXPECT_EQ(ua->stack().transaction_count(), 0U);
  EXPECT_EQ(ua->unfinished_session_count(), 0U);
}
