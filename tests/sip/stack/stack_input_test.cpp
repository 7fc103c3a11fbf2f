// SPDX-License-Identifier: MIT
#include "stack_support.hpp"

namespace parley::sip {
namespace {

using namespace test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

using StackInput = StackTest;

TEST_F(StackInput, B20DoubleCrlfIsAPingAnsweredByCrlf) {  // RFC 5626 s.4.4.1
  receive(ws, "\r\n\r\n");
  EXPECT_THAT(sent, ElementsAre("\r\n"));
  EXPECT_THAT(events, IsEmpty());
}

TEST_F(StackInput, B20OtherKeepAlivesAreIgnored) {
  receive(ws, "\r\n");
  receive(ws, "");
  receive(udp, std::string_view("\0\0\0\0", 4));
  receive(udp, "\r\n\r\n");
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(events, IsEmpty());
}

TEST_F(StackInput, UnknownFlowIsIgnored) {
  receive(FlowId{99}, request());
  EXPECT_THAT(events, IsEmpty());
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(StackInput, A22OtherVersionIsAnswered505) {  // RFC 3261 s.21.5.6
  receive(udp, replaced(request("INVITE"), "SIP/2.0\r\n", "SIP/7.0\r\n"));
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent[0], StartsWith("SIP/2.0 505 "));
  EXPECT_THAT(sent[0], HasSubstr("Call-ID: call-1\r\n"));
  EXPECT_THAT(sent[0], HasSubstr("CSeq: 5 INVITE\r\n"));
  EXPECT_THAT(sent[0], HasSubstr("From: <sip:peer@example.com>;tag=p1\r\n"));
  EXPECT_EQ(count<Dropped>(), 1U);
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackInput, A23MethodsThatDifferAreAnswered400) {
  receive(udp, replaced(request("INVITE"), "CSeq: 5 INVITE", "CSeq: 5 OPTIONS"));
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent[0], StartsWith("SIP/2.0 400 "));
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackInput, E11StatelessAnswersToCopiesAreEqual) {  // RFC 3261 s.8.2.7
  const std::string bad = replaced(request(), "SIP/2.0\r\n", "SIP/7.0\r\n");
  receive(udp, bad);
  now = at(10s);
  receive(udp, bad);
  receive(udp, replaced(bad, "call-1", "call-2"));
  ASSERT_THAT(sent, SizeIs(3));
  EXPECT_EQ(sent[0], sent[1]);
  const auto tag = [&](std::size_t i) { return std::string(Message::parse(sent[i]).value().view().to_tag()); };
  EXPECT_GE(tag(0).size(), 10U);
  EXPECT_NE(tag(0), tag(2));
}

TEST_F(StackInput, E11ToTagOfTheRequestIsKept) {
  const std::string bad = replaced(request(), "SIP/2.0\r\n", "SIP/7.0\r\n");
  receive(udp, replaced(bad, "To: <sip:us@example.com>", "To: <sip:us@example.com>;tag=mine"));
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent[0], HasSubstr("To: <sip:us@example.com>;tag=mine\r\n"));
}

TEST_F(StackInput, A26TooLargeBodyIsAnswered413) {
  const std::string body(70'000, 'x');
  const std::string without_length = replaced(request("MESSAGE"), "Content-Length: 0\r\n", "");
  for (const std::string& big :
       {replaced(request("MESSAGE"), "Content-Length: 0", "Content-Length: 70000") + body,
        replaced(request("MESSAGE"), "Content-Length: 0", "Content-Length: 65500") + body, without_length + body}) {
    receive(udp, big);
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_THAT(sent[0], StartsWith("SIP/2.0 413 "));
    EXPECT_EQ(stack->transaction_count(), 0U);
    forget();
  }
}

TEST_F(StackInput, A26TooLongHeadIsAnswered513) {
  receive(udp, replaced(request("MESSAGE"), "Content-Length: 0", "X-Long: " + std::string(70'000, 'x')));
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent[0], StartsWith("SIP/2.0 513 "));
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackInput, A26WhatIsTooLongAndCannotBeAnsweredIsDropped) {
  const std::string body(70'000, 'x');
  receive(udp, body);
  receive(udp,
          replaced("SIP/2.0 200 OK\r\n" + request().substr(request().find("Via")), "Content-Length: 0", "Content-Length: 70000") + body);
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_EQ(count<Dropped>(), 2U);
}

TEST_F(StackInput, A26WhatIsBrokenAndTooLongIsToldAsBroken) {
  receive(udp, replaced(request("MESSAGE"), "CSeq: 5 MESSAGE", "CSeq: five MESSAGE") + std::string(70'000, 'x'));
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent[0], StartsWith("SIP/2.0 400 "));
}

TEST_F(StackInput, Sec06SurplusIsLeftOutHoweverMuchThereIs) {  // RFC 3261 s.18.3
  for (const std::size_t surplus : {1U, 70'000U}) {
    RequestParts parts;
    parts.via += std::to_string(surplus);
    receive(udp, replaced(request(parts), "Content-Length: 0", "Content-Length: 2") + "hi" + std::string(surplus, 'x'));
    ASSERT_EQ(count<RequestReceived>(), 1U) << surplus;
    EXPECT_EQ(last<RequestReceived>().message.view().body(), "hi");
    forget();
  }
}

TEST_F(StackInput, Sec75StrayAndBrokenResponsesAreDropped) {
  const std::string headers = request().substr(request().find("Via"));
  receive(ws, "SIP/2.0 200 OK\r\n" + headers);                                              // a foreign Via
  receive(ws, "SIP/2.0 200 OK\r\n" + headers.substr(headers.find("Max")));                  // no Via at all
  receive(ws, "SIP/2.0 200 OK\r\n" + replaced(headers, "peer.example.com", "us.invalid"));  // ours, but nobody waits
  receive(ws, "SIP/2.0 999 OK\r\n" + headers);
  receive(ws, "SIP/2.0 200 OK\r\n\r\n");
  receive(ws, replaced("SIP/2.0 200 OK\r\n" + headers, "SIP/2.0/UDP", "SIP/2.0/UNKNOWN"));
  EXPECT_THAT(sent, IsEmpty());  // N05: nothing answers a response
  EXPECT_EQ(count<Dropped>(), 6U);
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackInput, N13RubbishIsDroppedAndSaidInPrintableWords) {
  for (const std::string_view rubbish : {std::string_view("x"), std::string_view("INV"), std::string_view("\x01\x02\x1b[2J"),
                                         std::string_view("INVITE\r\n\r\n"), std::string_view("a\0b\r\n\r\n", 7)}) {
    receive(ws, rubbish);
  }
  EXPECT_EQ(count<Dropped>(), 5U);
  for (const StackEvent& event : events) {
    const std::string& text = std::get<Dropped>(event).text;
    EXPECT_FALSE(text.empty());
    EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c >= ' ' && c != '\x7f'; })) << text;
  }
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(StackInput, N13OverlongValuesAreSurvived) {
  receive(udp, replaced(request(), "call-1", std::string(4'096, 'c')));
  receive(udp, replaced(request(), "z9hG4bKone", "z9hG4bK" + std::string(600, 'b')));
  receive(udp, replaced(request(), "z9hG4bKone", "x" + std::string(600, 'b')));
  EXPECT_EQ(count<RequestReceived>(), 3U);
  RequestParts parts;
  parts.method = std::string(500, 'M');
  parts.via = "SIP/2.0/UDP peer.example.com";
  receive(udp, request(parts));
  EXPECT_EQ(count<RequestReceived>(), 4U);  // an unknown method is the core's to refuse
  receive(udp, replaced(request(parts), "CSeq: 5 " + parts.method, "CSeq: 5 " + std::string(500, 'X')));
  EXPECT_THAT(sent.back(), StartsWith("SIP/2.0 400 "));
}

TEST_F(StackInput, N05AnswerIsNotLargerThanThreeTimesTheRequest) {
  const std::string bad = replaced(request(), "SIP/2.0\r\n", "SIP/7.0\r\n");
  receive(udp, bad);
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_LE(sent[0].size(), 3 * bad.size());
}

TEST_F(StackInput, A02LeadingCrlfsAreSkipped) {  // RFC 3261 s.7.5
  receive(ws, "\r\n\r\n" + request());
  EXPECT_EQ(count<RequestReceived>(), 1U);
}

// ---- Flows (B15)

TEST_F(StackInput, B15ClosedFlowEndsItsTransactionsAsIfBy503) {  // RFC 3261 s.8.1.3.1
  const TransactionId invite = send(ws, "INVITE");
  const TransactionId options = send(ws, "OPTIONS");
  const TransactionId elsewhere = send(udp, "OPTIONS");
  receive(ws, request("MESSAGE"));
  RequestReceived received = std::move(last<RequestReceived>());
  forget();
  stack->flow_closed(ws, Error{Errc::ConnectionLost}, now);
  drain();
  std::vector<TransactionId> failed;
  for (const StackEvent& event : events) {
    const auto& failure = std::get<TransactionFailed>(event);
    EXPECT_EQ(failure.error.code, Errc::ConnectionLost);
    EXPECT_EQ(failure.error.status, 503);
    failed.push_back(failure.transaction);
  }
  EXPECT_THAT(failed, testing::UnorderedElementsAre(invite, options, received.transaction));
  EXPECT_EQ(stack->transaction_count(), 1U);
  EXPECT_EQ(stack->flow(ws), nullptr);
  EXPECT_EQ(respond(received, 200).error().code, Errc::WrongState);
  run_until(32s);
  EXPECT_EQ(last<TransactionFailed>().transaction, elsewhere);  // no timer of the others is left
  EXPECT_THAT(events, SizeIs(4));
}

TEST_F(StackInput, B15WhoOnlyWaitedForCopiesEndsQuietly) {
  send(ws, "INVITE");
  receive(ws, response(200));
  receive(ws, request("INVITE"));
  respond(last<RequestReceived>(), 200);
  forget();
  stack->flow_closed(ws, Error{Errc::ConnectionLost}, now);
  drain();
  EXPECT_THAT(events, IsEmpty());
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackInput, B12ResponseOnTheNextConnectionStillFindsOurName) {
  send(udp, "OPTIONS");
  receive(ws, response(200));  // another flow of ours: its Via is ours, its branch known
  EXPECT_EQ(count<ResponseReceived>(), 1U);
}

TEST_F(StackInput, C20DestroyingTheStackReleasesEverything) {  // checked by the sanitizers
  for (int i = 0; i < 40; ++i) {
    send(i % 2 ? ws : udp, "INVITE");
    receive(udp, replaced(request("INVITE"), "z9hG4bKone", "z9hG4bK" + std::to_string(i)));
    if (i % 3 == 0) respond(last<RequestReceived>(), 486);
  }
  stack->receive(udp, request("MESSAGE"), now);  // an event nobody takes
  EXPECT_EQ(stack->transaction_count(), 81U);
  stack.reset();
}

TEST_F(StackInput, ManyTransactionsAreAllFound) {
  std::vector<TransactionId> ids;
  for (int i = 0; i < 500; ++i) ids.push_back(send(ws, "INVITE"));
  std::vector<std::string> invites = sent;
  for (std::size_t i = 0; i < invites.size(); ++i) {
    sent.push_back(invites[i]);
    receive(ws, response(180));
    EXPECT_EQ(last<ResponseReceived>().transaction, ids[i]);
  }
  stack->flow_closed(ws, Error{Errc::ConnectionLost}, now);
  EXPECT_EQ(stack->transaction_count(), 0U);
}

// ---- For testers

TEST_F(StackInput, HooksSeeAndChangeWhatPasses) {
  std::vector<std::string> seen;
  stack->set_receive_hook([&](FlowId flow, std::string_view bytes) {
    EXPECT_EQ(flow, ws);
    seen.emplace_back(bytes);
  });
  stack->set_send_hook([](FlowId, std::string& bytes) {
    if (bytes.starts_with("SIP/2.0 180")) bytes.clear();
    if (bytes.starts_with("SIP/2.0 486")) bytes += "odd";
  });
  receive(ws, request("INVITE"));
  EXPECT_THAT(seen, ElementsAre(request("INVITE")));
  RequestReceived received = std::move(last<RequestReceived>());
  respond(received, 180);
  EXPECT_THAT(sent, IsEmpty());
  respond(received, 183);
  EXPECT_THAT(sent, SizeIs(1));
  respond(received, 486);
  EXPECT_THAT(sent.back(), testing::EndsWith("odd"));
}

TEST_F(StackInput, SendRawGoesOutAsItIs) {
  stack->send_raw(ws, "anything\r\n");
  stack->send_raw(FlowId{99}, "nowhere");
  stack->send_raw(ws, "");
  drain();
  EXPECT_THAT(sent, ElementsAre("anything\r\n"));
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackInput, MisbehaviourHoldsBack) {
  stack->set_misbehaviour(Misbehaviour{true, true, true});
  send(udp, "INVITE");
  receive(udp, request("INVITE"));
  run_until(1s);
  EXPECT_THAT(sent, SizeIs(1));  // no retransmission, no 100
  receive(udp, response(486));
  EXPECT_THAT(sent, SizeIs(1));  // no ACK
  EXPECT_EQ(count<ResponseReceived>(), 1U);
  stack->set_misbehaviour({});
  receive(udp, response(486));
  EXPECT_THAT(sent.back(), StartsWith("ACK "));
}

TEST_F(StackInput, Sec80AbsurdTimersNeitherSpinNorOverflow) {
  StackOptions options;
  options.timers = TimerValues{0ms, 0ms, -5s};
  make(options);
  send(udp, "INVITE");
  run_until(10s);
  EXPECT_EQ(count<TransactionFailed>(), 1U);
  options.timers = TimerValues{Duration::max(), Duration::max(), Duration::max()};
  make(options);
  send(udp, "INVITE");
  EXPECT_GT(stack->next_timeout(), now);
}

}  // namespace
}  // namespace parley::sip
