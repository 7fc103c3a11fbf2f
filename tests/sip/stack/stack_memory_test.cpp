// SPDX-License-Identifier: MIT
// What the stack allocates, and what it does when that fails.
#include "stack_support.hpp"

#include <parley/sip/message/stream_framer.hpp>
#include <parley/tests/support/heap_meter.hpp>

#include <new>

namespace parley::sip {
namespace {

using namespace test;
using parley::test::meter;

class StackMemory : public StackTest {
 protected:
  /// Runs one input of the stack with the meter on. False: it ran out of memory, as the wrapper outside sip/ would find.
  template <class F>
  bool metered(F&& input) {
    bool done = true;
    meter.armed = true;
    try {
      input();
    } catch (const std::bad_alloc&) {
      done = false;
    }
    meter.armed = false;
    return done;
  }

  template <class F>
  std::size_t allocations_of(F&& input) {
    meter.allocations = 0;
    EXPECT_TRUE(metered(input));
    return meter.allocations;
  }

  /// Takes the outputs with nothing allocated by the test.
  std::size_t count_sends() {
    std::size_t sends = 0;
    while (const auto output = stack->poll_output()) sends += std::holds_alternative<Send>(*output) ? 1 : 0;
    return sends;
  }

  /// As receive(), metered.
  bool try_receive(FlowId flow, const std::string& bytes) {
    const bool done = metered([&] { stack->receive(flow, bytes, now); });
    drain();
    return done;
  }

  bool try_respond(TransactionId transaction, std::string bytes) {
    bool accepted = false;
    const bool done = metered([&] { accepted = stack->respond(transaction, std::move(bytes), now).has_value(); });
    drain();
    return done && accepted;
  }

  std::optional<TransactionId> try_send(FlowId flow, std::string bytes) {
    std::optional<TransactionId> id;
    metered([&] {
      if (const auto result = stack->send_request(flow, std::move(bytes), now)) id = *result;
    });
    drain();
    return id;
  }

  void try_time(Duration since_start) {
    now = at(since_start);
    metered([&] { stack->handle_timeout(now); });
    drain();
  }

  std::string refusal_of(const RequestReceived& received) {
    return MessageBuilder::response_to(received.message.view(), 486, "u9").finish().value();
  }

  std::string our_invite(int number) {
    RequestParts parts;
    parts.method = "INVITE";
    parts.via = "SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKours" + std::to_string(number);
    return request(parts);
  }

  void release_records() {  // what the test itself holds
    std::vector<std::string>().swap(sent);
    std::vector<FlowId>().swap(sent_on);
    std::vector<Duration>().swap(sent_at);
    std::vector<StackEvent>().swap(events);
  }

  void run_failing(std::size_t from, std::size_t to);
  void scenario();
  void all_is_well_again();
};

TEST_F(StackMemory, Sec04AnnouncedBodyAllocatesNothingBeforeItIsThere) {
  for (const char* length : {"60000", "65535", "2000000000"}) {
    StreamFramer framer;
    framer.append("OPTIONS sip:a SIP/2.0\r\nContent-Length: " + std::string(length) + "\r\n\r\n");
    EXPECT_EQ(allocations_of([&] { (void)framer.next(); }), 0U) << length;
  }
}

TEST_F(StackMemory, C02RetransmittedRequestAllocatesNothing) {
  send(udp, "INVITE");
  std::size_t sends = 0;
  EXPECT_EQ(allocations_of([&] {
              for (int i = 0; i < 3; ++i) {
                now = *stack->next_timeout();
                stack->handle_timeout(now);
                sends += count_sends();
              }
            }),
            0U);
  EXPECT_EQ(sends, 3U);
}

TEST_F(StackMemory, C06CopyOfARefusalAllocatesNothing) {
  send(udp, "INVITE");
  const std::string busy = response(486);
  receive(udp, busy);
  std::size_t sends = 0;
  EXPECT_EQ(allocations_of([&] {
              stack->receive(udp, busy, now);
              sends += count_sends();
            }),
            0U);
  EXPECT_EQ(sends, 1U);
}

TEST_F(StackMemory, C12CopyOfARequestAndTimerGAllocateNothing) {
  const std::string invite = request("INVITE");
  receive(udp, invite);
  respond(last<RequestReceived>(), 486);
  std::size_t sends = 0;
  EXPECT_EQ(allocations_of([&] {
              stack->receive(udp, invite, now);
              now = *stack->next_timeout();
              stack->handle_timeout(now);
              sends += count_sends();
            }),
            0U);
  EXPECT_EQ(sends, 2U);
}

TEST_F(StackMemory, C12LateCopyOfARefusedInviteAllocatesNothing) {
  const std::string invite = request("INVITE");
  receive(ws, invite);
  respond(last<RequestReceived>(), 486);
  const std::string ack = request("ACK");
  EXPECT_EQ(allocations_of([&] {
              stack->receive(ws, ack, now);
              stack->receive(ws, invite, now);
            }),
            0U);
  EXPECT_EQ(count_sends(), 0U);
}

TEST_F(StackMemory, C21LingeringTransactionIsSmall) {
  send(udp, "INVITE");  // tables and scratch have their first size
  receive(udp, response(200));
  receive(udp, replaced(request("INVITE"), "z9hG4bKone", "z9hG4bKfirst"));
  forget();
  const std::size_t before = meter.live;
  send(udp, "INVITE");
  receive(udp, response(200));
  forget();
  EXPECT_LE(meter.live - before, 320U);  // Accepted: no request, no response
  RecordProperty("lingering_invite_client_bytes", static_cast<int>(meter.live - before));
  const std::size_t with_client = meter.live;
  receive(udp, request("INVITE"));
  respond(last<RequestReceived>(), 200);
  forget();
  EXPECT_LE(meter.live - with_client, 320U);
  RecordProperty("lingering_invite_server_bytes", static_cast<int>(meter.live - with_client));
}

/// Both directions, refusal, success, malformed input, time-out, a flow that closes. What fails is left out, as the wire would lose it.
void StackMemory::scenario() {
  try_receive(udp, request("INVITE"));
  try_time(300ms);  // the 100
  if (count<RequestReceived>() == 1) {
    const RequestReceived received = std::move(last<RequestReceived>());
    try_respond(received.transaction, refusal_of(received));
  }
  try_time(1s);
  try_receive(udp, request("ACK"));
  try_receive(ws, request("MESSAGE"));
  try_receive(udp, replaced(request(), "SIP/2.0\r\n", "SIP/7.0\r\n"));
  try_receive(ws, "\r\n\r\n");
  if (try_send(udp, our_invite(1))) {
    sent.push_back(our_invite(1));
    try_receive(udp, response(180));
    try_receive(udp, response(404));
    try_receive(udp, response(404));
  }
  if (const auto invite = try_send(udp, our_invite(2))) {
    sent.push_back(our_invite(2));
    try_receive(udp, response(180));
    metered([&] { (void)stack->cancel(*invite, now); });
    drain();
    sent.push_back(our_invite(2));
    try_receive(udp, response(200));
  }
  try_send(ws, request("REGISTER"));
  metered([&] { stack->flow_closed(ws, Error{Errc::ConnectionLost}, now); });
  drain();
}

const std::string any_refusal = "SIP/2.0 486 Busy Here\r\n\r\n";

/// The memory is back: whatever is still open ends, a new call works, and nothing is left.
void StackMemory::all_is_well_again() {
  forget();
  receive(udp, replaced(request("INVITE"), "z9hG4bKone", "z9hG4bKnext"));
  ASSERT_EQ(count<RequestReceived>(), 1U);
  EXPECT_TRUE(respond(last<RequestReceived>(), 486));
  receive(udp, replaced(request("ACK"), "z9hG4bKone", "z9hG4bKnext"));
  for (std::uint64_t id = 1; id < 20; ++id) (void)stack->respond(TransactionId{id}, any_refusal, now);
  drain();
  run_until(200s);
  for (std::uint64_t id = 1; id < 20; ++id) (void)stack->cancel(TransactionId{id}, now);
  drain();
  run_until(400s);
  EXPECT_EQ(stack->transaction_count(), 0U);
  EXPECT_EQ(stack->next_timeout(), std::nullopt);
  forget();
}

void StackMemory::run_failing(std::size_t from, std::size_t to) {
  stack.reset();
  now = at(0ms);
  release_records();
  const std::size_t before = meter.live;
  make({});
  meter.allocations = 0;
  meter.fail_from = from;
  meter.fail_to = to;
  scenario();
  meter.fail_from = 0;
  all_is_well_again();
  stack.reset();
  release_records();
  EXPECT_EQ(meter.live, before) << "allocation " << from;
}

TEST_F(StackMemory, EachAllocationFailsOnce) {
  std::size_t point = 0;
  do {
    ++point;
    run_failing(point, point);
  } while (meter.allocations >= point && !HasFailure());
  EXPECT_GT(point, 20U);
}

TEST_F(StackMemory, MemoryIsGoneForAWhile) {
  std::size_t point = 0;
  do {
    ++point;
    run_failing(point, point + 15);
  } while (meter.allocations >= point && !HasFailure());
  EXPECT_GT(point, 20U);
}

}  // namespace
}  // namespace parley::sip
