// SPDX-License-Identifier: MIT
#include "stack_support.hpp"

namespace parley::sip {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

using StackServer = StackTest;

TEST_F(StackServer, RequestOpensATransactionThatWaits) {
  receive(udp, request());
  const auto& received = last<RequestReceived>();
  EXPECT_EQ(received.flow, udp);
  EXPECT_EQ(received.message.view().method(), Method::Options);
  EXPECT_EQ(received.cancelled, std::nullopt);
  EXPECT_EQ(stack->transaction_count(), 1U);
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_TRUE(respond(received, 200));
  EXPECT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent_on, ElementsAre(udp));
}

TEST_F(StackServer, C11InviteGetsTryingAfter200ms) {  // RFC 3261 s.17.2.1
  receive(ws, request("INVITE"));
  run_until(10s);
  EXPECT_THAT(sent_at, ElementsAre(200ms));
  EXPECT_EQ(first_line(sent.back()), "SIP/2.0 100 Trying");
}

TEST_F(StackServer, C11AnswerBefore200msNeedsNoTrying) {
  receive(ws, request("INVITE"));
  now = at(150ms);
  respond(last<RequestReceived>(), 180);
  run_until(10s);
  EXPECT_THAT(sent, SizeIs(1));
}

TEST_F(StackServer, C12RefusalIsRepeatedUntilTheAck) {  // s.17.2.1
  receive(udp, request("INVITE"));
  respond(last<RequestReceived>(), 486);
  run_until(1'600ms);
  EXPECT_THAT(sent_at, ElementsAre(0ms, 500ms, 1'500ms));
  forget();
  receive(udp, request("ACK"));  // same branch: s.17.1.1.3
  run_until(60s);
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(events, IsEmpty());  // such an ACK is the transaction's
  EXPECT_EQ(stack->transaction_count(), 0U);
}

// A stateless proxy (s.16.11) that takes datagrams and speaks to us over a stream brings copies even there.
TEST_F(StackServer, C12LateCopyOfARefusedInviteDoesNotBeginAnew) {
  receive(ws, request("INVITE"));
  respond(last<RequestReceived>(), 486);
  receive(ws, request("ACK"));
  EXPECT_EQ(stack->transaction_count(), 0U);  // timer I is zero (s.17.2.1)
  forget();
  receive(ws, request("INVITE"));
  run_until(32s - 1ms);
  receive(ws, request("INVITE"));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(events, IsEmpty());
  EXPECT_EQ(stack->transaction_count(), 0U);
  run_until(32s);  // the client has given up long ago
  receive(ws, request("INVITE"));
  EXPECT_EQ(count<RequestReceived>(), 1U);
}

TEST_F(StackServer, C12OtherInvitesThanTheRefusedOneBeginAnew) {
  receive(ws, request("INVITE"));
  respond(last<RequestReceived>(), 486);
  receive(ws, request("ACK"));
  forget();
  const std::string invite = request("INVITE");  // of a peer, say, whose branches are all the same
  receive(ws, replaced(invite, "call-1", "call-2"));
  stack->abandon(last<RequestReceived>().transaction);
  receive(ws, replaced(invite, "tag=p1", "tag=p2"));
  stack->abandon(last<RequestReceived>().transaction);
  receive(ws, replaced(invite, "CSeq: 5", "CSeq: 6"));
  stack->abandon(last<RequestReceived>().transaction);
  receive(ws, replaced(invite, "z9hG4bKone", "z9hG4bKtwo"));
  stack->abandon(last<RequestReceived>().transaction);
  receive(ws, request("OPTIONS"));
  EXPECT_EQ(count<RequestReceived>(), 5U);
}

TEST_F(StackServer, C12RefusalWhoseAckIsMissingIsRepeated) {
  receive(ws, request("INVITE"));
  respond(last<RequestReceived>(), 486);
  forget();
  receive(ws, request("INVITE"));
  EXPECT_EQ(first_line(sent.back()), "SIP/2.0 486 Busy Here");
  stack->flow_closed(ws, Error{Errc::ConnectionLost}, now);
  stack->flow_opened(ws, FlowInfo{Reliable::Yes, Secure::No, "WS", "us.invalid", "192.0.2.7", 4321});
  receive(ws, request("INVITE"));  // the caller may know nothing yet
  EXPECT_EQ(count<RequestReceived>(), 1U);
}

TEST_F(StackServer, C12ManyRefusedInvitesAreRemembered) {
  constexpr int many = 1'000;
  const auto numbered = [](const char* method, int number) {
    return replaced(request(method), "z9hG4bKone", "z9hG4bK" + std::to_string(number));
  };
  for (int i = 0; i < many; ++i) {
    receive(ws, numbered("INVITE", i));
    respond(last<RequestReceived>(), 486);
    receive(ws, numbered("ACK", i));
    forget();
    receive(ws, numbered("INVITE", i));
    ASSERT_THAT(events, IsEmpty()) << i;
  }
  for (int i = 0; i < many; ++i) receive(ws, numbered("INVITE", i));
  EXPECT_THAT(events.size(), testing::AllOf(testing::Ge(many - 64U), testing::Lt(many)));  // the newest, in bounded memory
}

TEST_F(StackServer, C20AbandonedEndsWithoutAWord) {
  receive(udp, request("INVITE"));
  const TransactionId id = last<RequestReceived>().transaction;
  stack->abandon(id);
  EXPECT_EQ(stack->transaction_count(), 0U);
  EXPECT_EQ(stack->next_timeout(), std::nullopt);
  stack->abandon(id);  // a name whose transaction has ended is harmless
  EXPECT_FALSE(stack->respond(id, "SIP/2.0 480 Gone\r\n\r\n", now));
  EXPECT_THAT(sent, IsEmpty());
  receive(udp, request("INVITE"));
  EXPECT_EQ(count<RequestReceived>(), 2U);
}

TEST_F(StackServer, C12MissingAckIsTold) {  // s.17.2.1, timer H
  receive(ws, request("INVITE"));
  const TransactionId id = last<RequestReceived>().transaction;
  respond(last<RequestReceived>(), 486);
  run_until(32s);
  EXPECT_EQ(last<TransactionFailed>().transaction, id);
  EXPECT_EQ(last<TransactionFailed>().error.code, Errc::Timeout);
}

TEST_F(StackServer, C13CopiesOf2xxComeFromTheCore) {  // RFC 6026 s.7.1
  receive(udp, request("INVITE"));
  RequestReceived received = std::move(last<RequestReceived>());
  respond(received, 200);
  forget();
  receive(udp, request("INVITE"));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(events, IsEmpty());
  EXPECT_TRUE(respond(received, 200));
  EXPECT_THAT(sent, SizeIs(1));
  EXPECT_EQ(respond(received, 486).error().code, Errc::WrongState);
  run_until(32s);
  EXPECT_EQ(stack->transaction_count(), 0U);
  EXPECT_EQ(respond(received, 200).error().code, Errc::WrongState);
}

TEST_F(StackServer, C13AckOf2xxGoesUp) {  // its branch is new: RFC 3261 s.13.2.2.4
  receive(ws, request("INVITE"));
  respond(last<RequestReceived>(), 200);
  receive(ws, replaced(request("ACK"), "z9hG4bKone", "z9hG4bKtwo"));
  EXPECT_EQ(last<AckReceived>().message.view().method(), Method::Ack);
  receive(ws, request("ACK"));  // a careless peer keeps the branch
  EXPECT_EQ(count<AckReceived>(), 2U);
  EXPECT_EQ(stack->transaction_count(), 1U);
}

TEST_F(StackServer, C14CopyGetsTheSameAnswerUntilTimerJ) {  // s.17.2.2
  receive(udp, request());
  respond(last<RequestReceived>(), 200);
  const std::string answer = sent.back();
  forget();
  receive(udp, request());
  EXPECT_THAT(sent, ElementsAre(answer));
  EXPECT_THAT(events, IsEmpty());
  run_until(32s);
  receive(udp, request());
  EXPECT_EQ(count<RequestReceived>(), 1U);  // J is over: it is a new request
}

TEST_F(StackServer, C14UnansweredRequestIsGivenUp) {  // RFC 4320: 100 when timer E is T2, nothing after 64·T1
  receive(udp, request());
  run_until(60s);
  EXPECT_THAT(sent_at, ElementsAre(3'500ms));
  EXPECT_EQ(last<TransactionFailed>().error.code, Errc::Timeout);
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackServer, C15MethodBranchAndSentByMakeTheTransaction) {  // s.17.2.3
  receive(udp, request());
  receive(udp, request("MESSAGE"));
  receive(udp, replaced(request(), "z9hG4bKone", "z9hG4bKtwo"));
  EXPECT_EQ(count<RequestReceived>(), 3U);
  receive(udp, request());
  receive(udp, replaced(request(), "peer.example.com;", "PEER.Example.com;"));  // hosts in any case
  EXPECT_EQ(count<RequestReceived>(), 3U);
  receive(udp, replaced(request(), "z9hG4bKone", "z9hG4bKOne"));  // branches byte by byte
  EXPECT_EQ(count<RequestReceived>(), 4U);
}

TEST_F(StackServer, C17SameBranchFromAnotherSentByIsAnotherTransaction) {  // s.17.2.3, third paragraph
  receive(udp, request());
  receive(udp, replaced(request(), "peer.example.com;", "evil.example.com;"));
  receive(udp, replaced(request(), "peer.example.com;", "peer.example.com:5070;"));
  EXPECT_EQ(count<RequestReceived>(), 3U);
}

TEST_F(StackServer, C15Rfc2543RequestsMatchByTheirFields) {  // s.17.2.3, without the cookie
  RequestParts parts;
  parts.via = "SIP/2.0/UDP old.example.com;branch=1";
  const std::string original = request(parts);
  receive(udp, original);
  receive(udp, original);
  EXPECT_EQ(count<RequestReceived>(), 1U);
  const auto differs = [&](std::string RequestParts::*part, std::string_view value) {
    RequestParts other = parts;
    other.*part = value;
    const std::size_t before = count<RequestReceived>();
    receive(udp, request(other));
    return count<RequestReceived>() == before + 1;
  };
  EXPECT_TRUE(differs(&RequestParts::via, "SIP/2.0/UDP old.example.com;branch=2"));
  EXPECT_TRUE(differs(&RequestParts::uri, "sip:other@example.com"));
  EXPECT_TRUE(differs(&RequestParts::to, "<sip:us@example.com>;tag=u1"));
  EXPECT_TRUE(differs(&RequestParts::from, "<sip:peer@example.com>;tag=p2"));
  EXPECT_TRUE(differs(&RequestParts::call_id, "call-2"));
  EXPECT_TRUE(differs(&RequestParts::cseq, "6"));
  EXPECT_TRUE(differs(&RequestParts::method, "MESSAGE"));
}

TEST_F(StackServer, C15Rfc2543AckNeedsTheTagOfOurResponse) {  // s.17.2.3
  RequestParts parts;
  parts.method = "INVITE";
  parts.via = "SIP/2.0/UDP old.example.com";
  receive(udp, request(parts));
  respond(last<RequestReceived>(), 486);
  forget();
  parts.method = "ACK";
  parts.to = "<sip:us@example.com>;tag=wrong";
  receive(udp, request(parts));
  EXPECT_EQ(count<AckReceived>(), 1U);  // not the transaction's
  parts.to = "<sip:us@example.com>;tag=u9";
  receive(udp, request(parts));
  EXPECT_EQ(count<AckReceived>(), 1U);
  run_until(5s);
  EXPECT_EQ(stack->transaction_count(), 0U);
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(StackServer, C15Rfc2543AckInsideADialog) {  // the INVITE had the tag already
  RequestParts parts;
  parts.method = "INVITE";
  parts.via = "SIP/2.0/UDP old.example.com";
  parts.to = "<sip:us@example.com>;tag=u1";
  receive(ws, request(parts));
  respond(last<RequestReceived>(), 488);
  parts.method = "ACK";
  receive(ws, request(parts));
  EXPECT_EQ(count<AckReceived>(), 0U);
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackServer, C15Rfc2543CancelFindsItsInvite) {  // s.9.2, s.17.2.3
  RequestParts parts;
  parts.method = "INVITE";
  parts.via = "SIP/2.0/UDP old.example.com";
  receive(udp, request(parts));
  const TransactionId invite = last<RequestReceived>().transaction;
  parts.method = "CANCEL";
  receive(udp, request(parts));
  EXPECT_EQ(last<RequestReceived>().cancelled, invite);
}

TEST_F(StackServer, C16BareCookieIsNoBranch) {
  RequestParts parts;
  parts.via = "SIP/2.0/UDP odd.example.com;branch=z9hG4bK";
  receive(udp, request(parts));
  parts.call_id = "call-2";
  receive(udp, request(parts));
  EXPECT_EQ(count<RequestReceived>(), 2U);
}

TEST_F(StackServer, C18StrayAckIsHandedUpAndNeverAnswered) {  // s.17: an ACK opens no transaction
  receive(udp, request("ACK"));
  EXPECT_EQ(count<AckReceived>(), 1U);
  EXPECT_EQ(stack->transaction_count(), 0U);
  EXPECT_THAT(sent, IsEmpty());
  receive(udp, replaced(request("ACK"), "SIP/2.0\r\n", "SIP/3.0\r\n"));
  receive(udp, replaced(request("ACK"), "CSeq: 5 ACK", "CSeq: 5 INVITE"));
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(StackServer, C19CancelNamesTheInviteItMeans) {  // s.9.2
  receive(udp, request("INVITE"));
  const TransactionId invite = last<RequestReceived>().transaction;
  receive(udp, request("CANCEL"));
  EXPECT_EQ(last<RequestReceived>().cancelled, invite);
  EXPECT_NE(last<RequestReceived>().transaction, invite);
  EXPECT_EQ(stack->transaction_count(), 2U);
  receive(udp, request("CANCEL"));  // a copy
  EXPECT_EQ(count<RequestReceived>(), 2U);
  receive(udp, replaced(request("CANCEL"), "z9hG4bKone", "z9hG4bKtwo"));
  EXPECT_EQ(last<RequestReceived>().cancelled, std::nullopt);
}

TEST_F(StackServer, Sec71AckBeforeTheFinalResponseOrLate) {
  receive(ws, request("INVITE"));
  RequestReceived received = std::move(last<RequestReceived>());
  receive(ws, request("ACK"));  // before: ignored
  EXPECT_TRUE(respond(received, 180));
  EXPECT_TRUE(respond(received, 486));
  receive(ws, request("ACK"));
  EXPECT_EQ(stack->transaction_count(), 0U);
  forget();
  receive(ws, request("ACK"));  // late: nobody's
  EXPECT_EQ(count<AckReceived>(), 1U);
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(StackServer, C21OverloadIsAnswered503WithRetryAfter) {
  StackOptions options;
  options.max_transactions = 3;
  options.user_agent = "parley test";
  make(options);
  for (int i = 0; i < 5; ++i) receive(udp, replaced(request("INVITE"), "z9hG4bKone", "z9hG4bK" + std::to_string(i)));
  EXPECT_EQ(count<RequestReceived>(), 3U);
  EXPECT_EQ(stack->transaction_count(), 3U);
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_EQ(first_line(sent[0]), "SIP/2.0 503 Service Unavailable");
  EXPECT_THAT(sent[0], HasSubstr("Retry-After: 10\r\n"));
  EXPECT_THAT(sent[0], HasSubstr("Server: parley test\r\n"));
  receive(udp, replaced(request("INVITE"), "z9hG4bKone", "z9hG4bK1"));  // a copy of one that is served
  EXPECT_THAT(sent, SizeIs(2));
  receive(udp, replaced(request("ACK"), "z9hG4bKone", "z9hG4bK4"));  // an ACK of the 503
  EXPECT_THAT(sent, SizeIs(2));
  send(ws, "REGISTER");  // our own requests are not the network's doing
  EXPECT_EQ(stack->transaction_count(), 4U);
}

TEST_F(StackServer, RespondChecksWhatItIsGiven) {
  receive(udp, request());
  RequestReceived received = std::move(last<RequestReceived>());
  for (const char* bad :
       {"", "SIP/2.0 20", "SIP/2.0 2x0 OK\r\n", "SIP/2.0 099 No\r\n", "SIP/2.0 700 No\r\n", "SIP/2.0 2000 No\r\n", "OPTIONS x SIP/2.0"}) {
    EXPECT_EQ(stack->respond(received.transaction, bad, now).error().code, Errc::BadValue) << bad;
  }
  EXPECT_EQ(stack->respond(received.transaction, "SIP/2.0 200 OK" + std::string(70'000, 'x'), now).error().code, Errc::BadValue);
  const TransactionId client = send(ws, "OPTIONS");
  EXPECT_EQ(stack->respond(client, "SIP/2.0 200 OK\r\n\r\n", now).error().code, Errc::WrongState);
  EXPECT_EQ(stack->respond(TransactionId{4711}, "SIP/2.0 200 OK\r\n\r\n", now).error().code, Errc::WrongState);
  EXPECT_TRUE(respond(received, 200));
}

// ---- Where a request came from (RFC 3261 s.18.2.1, RFC 3581 s.4)

TEST_F(StackServer, B06ReceivedIsAddedWhereSentByDiffers) {
  receive(ws, request("INVITE"));
  EXPECT_EQ(last<RequestReceived>().message.view().via().params.find("received"), "192.0.2.7");
  respond(last<RequestReceived>(), 180);
  EXPECT_THAT(sent.back(), HasSubstr("Via: SIP/2.0/UDP peer.example.com;branch=z9hG4bKone;received=192.0.2.7\r\n"));
  receive(ws, request("ACK"));
  receive(ws, replaced(request("ACK"), "z9hG4bKone", "z9hG4bKack"));
  EXPECT_EQ(last<AckReceived>().message.view().via().params.find("received"), "192.0.2.7");
}

TEST_F(StackServer, B06NothingIsAddedWhereSentByIsTheSource) {
  const std::string same = replaced(request(), "peer.example.com", "192.0.2.7:5070");
  receive(udp, same);
  EXPECT_EQ(last<RequestReceived>().message.bytes(), same);
}

TEST_F(StackServer, B07RportIsFilledIn) {
  receive(udp, replaced(request(), "peer.example.com;", "192.0.2.7;rport;"));
  EXPECT_EQ(last<RequestReceived>().message.view().via().text, "SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKone;received=192.0.2.7;rport=5070");
}

TEST_F(StackServer, B07WhatTheSenderPutThereIsReplaced) {
  receive(udp, replaced(request(), "peer.example.com;", "peer.example.com;received=10.0.0.1;ttl=3;rport=1;flag;"));
  EXPECT_EQ(last<RequestReceived>().message.view().via().text,
            "SIP/2.0/UDP peer.example.com;ttl=3;flag;branch=z9hG4bKone;received=192.0.2.7;rport=5070");
}

TEST_F(StackServer, B06OnlyTheTopViaIsTouched) {
  receive(udp, replaced(request(), "branch=z9hG4bKone", "branch=z9hG4bKone, SIP/2.0/TCP first.example.com;branch=z9hG4bKzero"));
  const MessageView view = last<RequestReceived>().message.view();
  ASSERT_EQ(view.via_count(), 2U);
  EXPECT_EQ(view.via(0).params.find("received"), "192.0.2.7");
  EXPECT_EQ(view.via(1).text, "SIP/2.0/TCP first.example.com;branch=z9hG4bKzero");
}

TEST_F(StackServer, B06Ipv6SentByIsComparedWithoutBrackets) {
  stack->flow_opened(FlowId{3}, FlowInfo{Reliable::Yes, Secure::No, "TCP", "[2001:db8::1]", "2001:db8::9", 5060});
  const std::string same = replaced(request(), "peer.example.com", "[2001:DB8::9]");
  receive(FlowId{3}, same);
  EXPECT_EQ(last<RequestReceived>().message.bytes(), same);
  receive(FlowId{3}, replaced(request(), "peer.example.com", "[2001:db8::8]"));
  EXPECT_EQ(last<RequestReceived>().message.view().via().params.find("received"), "2001:db8::9");
}

TEST_F(StackServer, B07ResponseToAMalformedRequestIsFilledInToo) {
  receive(udp, replaced(request(), "SIP/2.0\r\nVia: SIP/2.0/UDP peer.example.com;", "SIP/9.0\r\nVia: SIP/2.0/UDP peer.example.com;rport;"));
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_THAT(sent[0], StartsWith("SIP/2.0 505 "));
  EXPECT_THAT(sent[0], HasSubstr(";received=192.0.2.7;rport=5070\r\n"));
}

}  // namespace
}  // namespace parley::sip
