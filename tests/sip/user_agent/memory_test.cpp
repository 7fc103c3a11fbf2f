// SPDX-License-Identifier: MIT
// What dialogs, calls and registrations cost, and that all of it comes back.
#include <parley/tests/support/heap_meter.hpp>
#include <parley/tests/support/ua_pair.hpp>

#include <memory>
#include <vector>

using namespace parley;
using namespace parley::sip;
using namespace parley::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t many = 50;  // as many as a small device has at a time (N12)

/// Forgets what the probes have kept, so that only the agents' own memory counts.
void tidy(UaPair& pair) {
  pair.run();
  pair.forget();
  pair.alice.forget_order();
  pair.bob.forget_order();
  pair.ladder.shrink_to_fit();
}

std::vector<SessionId> calls(UaPair& pair, std::size_t count) {
  std::vector<SessionId> callers;
  callers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    callers.push_back(pair.call().first);
    tidy(pair);
  }
  return callers;
}

void end(UaPair& pair, const std::vector<SessionId>& callers) {
  for (const auto session : callers) pair.alice->terminate(session, {}, pair.alice.now());
  tidy(pair);
}

}  // namespace

TEST(AgentMemory, N12FiftyCallsAtATimeStayWithinWhatIsPromised) {
  UaPair pair(false);
  end(pair, calls(pair, 2 * many));  // tables and queues have grown to their size
  pair.advance(70s);
  tidy(pair);
  const auto empty = meter.live;
  const auto callers = calls(pair, many);
  const auto with_transactions = (meter.live - empty) / (2 * many);  // each end
  pair.advance(70s);
  tidy(pair);
  const auto dialogs = (meter.live - empty) / (2 * many);
  EXPECT_LE(dialogs, 1'024U);
  EXPECT_LE(with_transactions, 2'500U);
  end(pair, callers);
  pair.advance(70s);
  tidy(pair);
  EXPECT_LE(meter.live, empty + 64);  // N04
  RecordProperty("bytes_a_dialog", static_cast<int>(dialogs));
  RecordProperty("bytes_a_call_with_lingering_transactions", static_cast<int>(with_transactions));
}

TEST(AgentMemory, N12FiftyRegistrationsStayWithinWhatIsPromised) {
  std::vector<std::unique_ptr<Probe>> agents;
  agents.reserve(many);
  const auto before = meter.live;
  for (std::size_t i = 0; i < many; ++i) {
    auto& agent = *agents.emplace_back(std::make_unique<Probe>(Probe::alice(), datagrams("192.0.2.1:5060"), i + 1));
    EXPECT_TRUE(agent->register_({}, agent.now()));
    agent.answer(agent.sent(), 200, "reg");
    agent.advance(40s);
    agent.forget_told();
    agent.forget_order();
  }
  const auto each = (meter.live - before) / many;
  EXPECT_LE(each, 28U * 1'024);  // two timer wheels with their slots are the most of it
  agents.clear();
  EXPECT_EQ(meter.live, before);
  RecordProperty("bytes_a_registered_agent", static_cast<int>(each));
}

namespace {

/// Messages that a user agent sends, and what its heap is asked for meanwhile; the test itself allocates nothing.
struct Cost {
  std::size_t sent = 0;
  std::size_t allocations = 0;
};
template <class F>
Cost cost_of(UserAgent& ua, F&& input) {
  Cost cost;
  meter.allocations = 0;
  meter.armed = true;
  input();
  while (const auto output = ua.poll_output()) cost.sent += std::holds_alternative<Send>(*output) ? 1 : 0;
  meter.armed = false;
  cost.allocations = meter.allocations;
  return cost;
}

Cost cost_of_next_timer(UserAgent& ua) {
  return cost_of(ua, [&] { ua.handle_timeout(*ua.next_timeout()); });
}

}  // namespace

TEST(AgentMemory, C02H03RetransmissionsAllocateNothing) {
  Probe ua(Probe::alice(), datagrams("192.0.2.1:5060"));
  const auto session = ua->invite(UaPair::to_bob(), ua.now()).value();
  ua.drain();
  cost_of_next_timer(ua.ua());            // queues have grown to their size
  for (int copy = 0; copy < 3; ++copy) {  // timer A
    const auto cost = cost_of_next_timer(ua.ua());
    EXPECT_EQ(cost.sent, 1U);
    EXPECT_EQ(cost.allocations, 0U);
  }
  ua->terminate(session, {}, ua.now());

  Probe callee(Probe::alice(), datagrams("192.0.2.1:5060"));
  const std::string invite = peer_invite().text();
  callee.receive(invite);
  const auto incoming = callee.told<IncomingSession>()->session;
  callee->ring(incoming, 180, callee.now());
  callee.drain();
  const auto ringing = cost_of(callee.ua(), [&] { callee->receive(Probe::first_flow, invite, callee.now()); });
  EXPECT_EQ(ringing.sent, 1U);  // the 180 again
  EXPECT_EQ(ringing.allocations, 0U);
  callee->accept(incoming, sdp(sdp_answer), {}, callee.now());
  callee.drain();
  for (int copy = 0; copy < 3; ++copy) {  // the core's 200
    const auto cost = cost_of_next_timer(callee.ua());
    EXPECT_EQ(cost.sent, 1U);
    EXPECT_EQ(cost.allocations, 0U);
  }
}

TEST(AgentMemory, N04ManyCallsFailedRegistrationsAndStraysLeaveNothing) {
  auto pair = std::make_unique<UaPair>(false);
  const auto round = [&] {
    end(*pair, calls(*pair, 10));
    for (int i = 0; i < 10; ++i) {
      pair->alice->register_({}, pair->alice.now());
      pair->alice.answer(pair->alice.sent(), 403);
    }
    PeerRequest stray;
    stray.method = "BYE";
    stray.to += ";tag=nobody";
    for (std::uint32_t i = 0; i < 100; ++i) {
      stray.branch = "z9hG4bK" + std::to_string(i);
      stray.cseq = i;
      pair->bob.receive(stray.text());
      pair->bob.receive("nonsense " + std::to_string(i) + "\r\n\r\n");
    }
    tidy(*pair);
    pair->advance(70s);
    tidy(*pair);
  };
  round();
  round();
  const auto level = meter.live;
  for (int i = 0; i < 20; ++i) round();
  EXPECT_LE(meter.live, level + 512);  // a queue may stand elsewhere in its block
}
