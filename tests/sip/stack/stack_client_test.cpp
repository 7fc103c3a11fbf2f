// SPDX-License-Identifier: MIT
#include "stack_support.hpp"

#include <set>

namespace parley::sip {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

using StackClient = StackTest;

TEST_F(StackClient, C01EachRequestHasAFreshBranchWithTheCookie) {  // RFC 3261 s.8.1.1.7
  std::set<std::string> branches;
  for (int i = 0; i < 100; ++i) {
    MessageBuilder builder = stack->make_request(ws, "OPTIONS", "sip:peer@example.com");
    const std::string bytes = std::move(builder).finish().value();
    const std::size_t begin = bytes.find(";branch=") + 8;
    const std::string branch = bytes.substr(begin, bytes.find("\r\n", begin) - begin);
    EXPECT_THAT(branch, StartsWith("z9hG4bK"));
    EXPECT_GE(branch.size(), 7U + 11U);  // 64 random bits in letters and digits
    branches.insert(branch);
  }
  EXPECT_THAT(branches, SizeIs(100));
}

TEST_F(StackClient, RequestBeginsWithViaOfTheFlowAndMaxForwards) {  // s.8.1.1, s.18.1.1; rport: B10, RFC 3581 s.3
  send(ws, "OPTIONS");
  EXPECT_THAT(sent.back(), StartsWith("OPTIONS sip:peer@example.com SIP/2.0\r\nVia: SIP/2.0/WS us.invalid;branch=z9hG4bK"));
  EXPECT_THAT(sent.back(), HasSubstr("\r\nMax-Forwards: 70\r\n"));
  EXPECT_THAT(sent.back(), Not(HasSubstr("rport")));
  send(udp, "OPTIONS");
  EXPECT_THAT(sent.back(), HasSubstr("Via: SIP/2.0/UDP 198.51.100.1:5060;branch="));
  EXPECT_THAT(sent.back(), HasSubstr(";rport\r\n"));
  EXPECT_THAT(sent_on, ElementsAre(ws, udp));
}

TEST_F(StackClient, C01BranchInUseIsRefused) {
  send(ws, "OPTIONS");
  const Result<TransactionId> again = stack->send_request(ws, last_request(), now);
  EXPECT_EQ(again.error().code, Errc::BadValue);
  EXPECT_EQ(stack->transaction_count(), 1U);
}

TEST_F(StackClient, Sec70FlowThatIsNotOpenLeavesNothingBehind) {
  MessageBuilder builder = stack->make_request(FlowId{99}, "OPTIONS", "sip:peer@example.com");
  EXPECT_TRUE(std::move(builder).finish());
  EXPECT_EQ(stack->send_request(FlowId{99}, request(), now).error().code, Errc::NotConnected);
  EXPECT_EQ(stack->transaction_count(), 0U);
  EXPECT_EQ(stack->poll_output(), std::nullopt);
}

TEST_F(StackClient, OnlyRequestsOpenAClientTransaction) {
  EXPECT_EQ(stack->send_request(ws, "nonsense", now).error().code, Errc::BadValue);
  EXPECT_EQ(stack->send_request(ws, request("ACK"), now).error().code, Errc::BadValue);
  EXPECT_EQ(stack->send_request(ws, request("CANCEL"), now).error().code, Errc::BadValue);
  EXPECT_EQ(stack->send_request(ws, "SIP/2.0 200 OK\r\n" + request().substr(request().find("Via")), now).error().code, Errc::BadValue);
  EXPECT_EQ(stack->send_request(ws, std::string(70'000, 'x'), now).error().code, Errc::TooLong);
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackClient, C02InviteIsRepeatedOnUnreliableTransportOnly) {  // s.17.1.1.2
  send(udp, "INVITE");
  run_until(60s);
  EXPECT_THAT(sent_at, ElementsAre(0ms, 500ms, 1'500ms, 3'500ms, 7'500ms, 15'500ms, 31'500ms));
  EXPECT_EQ(std::set(sent.begin(), sent.end()).size(), 1U);
  EXPECT_EQ(last<TransactionFailed>().error.code, Errc::Timeout);
  EXPECT_EQ(last<TransactionFailed>().error.status, 408);
  EXPECT_EQ(stack->transaction_count(), 0U);
  EXPECT_EQ(stack->next_timeout(), std::nullopt);
}

TEST_F(StackClient, C04TimeoutNamesItsTransaction) {  // s.17.1.1.2, timer B
  const TransactionId first = send(ws, "INVITE");
  now = at(1s);
  const TransactionId second = send(ws, "OPTIONS");
  run_until(32s);
  EXPECT_EQ(last<TransactionFailed>().transaction, first);
  run_until(33s);
  EXPECT_EQ(last<TransactionFailed>().transaction, second);
}

TEST_F(StackClient, C06RefusalIsAckedByTheStack) {  // s.17.1.1.2, s.17.1.1.3
  const TransactionId id = send(udp, "INVITE");
  const std::string busy = response(486);
  receive(udp, busy);
  EXPECT_EQ(last<ResponseReceived>().transaction, id);
  EXPECT_EQ(last<ResponseReceived>().message.view().status(), 486);
  EXPECT_THAT(sent.back(), StartsWith("ACK sip:peer@example.com SIP/2.0\r\n"));
  EXPECT_THAT(sent.back(), HasSubstr("To: <sip:peer@example.com>;tag=p9\r\n"));
  const std::string ack = sent.back();
  forget();
  receive(udp, busy);
  EXPECT_THAT(sent, ElementsAre(ack));
  EXPECT_THAT(events, IsEmpty());
  run_until(32s);
  EXPECT_EQ(stack->transaction_count(), 0U);  // timer D ends without a word
  EXPECT_THAT(events, IsEmpty());
}

TEST_F(StackClient, C08EachCopyAndForkOf2xxComesUp) {  // RFC 6026 s.7.2
  const TransactionId id = send(ws, "INVITE");
  const std::string one = response(200, "fork1");
  const std::string two = response(200, "fork2");
  receive(ws, one);
  receive(ws, one);
  receive(ws, two);
  EXPECT_EQ(count<ResponseReceived>(), 3U);
  EXPECT_EQ(last<ResponseReceived>().transaction, id);
  EXPECT_THAT(sent, SizeIs(1));  // the core acknowledges
  run_until(32s);
  EXPECT_EQ(stack->transaction_count(), 0U);
  EXPECT_EQ(count<TransactionFailed>(), 0U);
}

TEST_F(StackClient, B13StrayResponsesAreDroppedBut2xxToInvite) {  // RFC 3261 s.18.1.2; a 2xx is the core's (s.13.2.2.4)
  send(ws, "INVITE");
  const std::string ok = response(200);
  run_until(32s);
  forget();
  receive(ws, ok);
  EXPECT_EQ(last<StrayResponse>().message.view().status(), 200);
  forget();
  receive(ws, replaced(ok, "200 OK", "486 Busy Here"));
  receive(ws, replaced(ok, "9 INVITE", "9 OPTIONS"));
  EXPECT_EQ(count<Dropped>(), 2U);
  EXPECT_THAT(events, SizeIs(2));
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(StackClient, B13Success2xxAfterARefusalIsAStray) {  // RFC 3261 s.16.7 step 10: a proxy passes both on
  send(udp, "INVITE");
  receive(udp, response(404, "one"));
  receive(udp, response(200, "two"));
  EXPECT_EQ(last<StrayResponse>().message.view().to_tag(), "two");
}

TEST_F(StackClient, C10BranchAndMethodMustBothMatch) {  // s.17.1.3
  send(ws, "INVITE");
  const std::string ringing = response(180);
  receive(ws, replaced(ringing, "9 INVITE", "9 CANCEL"));
  receive(ws, replaced(ringing, "z9hG4bK", "z9hG4bKx"));
  EXPECT_EQ(count<ResponseReceived>(), 0U);
  receive(ws, ringing);
  EXPECT_EQ(count<ResponseReceived>(), 1U);
}

TEST_F(StackClient, B12ResponseToAnotherSentByIsDropped) {  // s.18.1.2
  send(ws, "OPTIONS");
  receive(ws, replaced(response(200), "us.invalid", "them.invalid"));
  EXPECT_EQ(count<Dropped>(), 1U);
  EXPECT_EQ(count<ResponseReceived>(), 0U);
  receive(ws, replaced(response(200), "us.invalid", "US.Invalid"));
  EXPECT_EQ(count<ResponseReceived>(), 1U);
}

TEST_F(StackClient, B12ResponseWithTwoViasIsDroppedByAUserAgent) {  // s.8.1.3.3
  send(ws, "OPTIONS");
  receive(ws, replaced(response(200), "From:", "Via: SIP/2.0/WS below.invalid;branch=z9hG4bKb\r\nFrom:"));
  EXPECT_EQ(count<Dropped>(), 1U);
  EXPECT_EQ(count<ResponseReceived>(), 0U);
}

TEST_F(StackClient, ProxyForwardsBelowItsOwnVia) {
  StackOptions options;
  options.proxy = true;
  make(options);
  receive(udp, request("MESSAGE"));
  const auto& received = last<RequestReceived>();
  MessageBuilder builder = stack->make_request(ws, "MESSAGE", "sip:us@elsewhere.invalid");
  builder.copy(received.message.view(), HeaderId::Via)
      .copy(received.message.view(), HeaderId::From)
      .copy(received.message.view(), HeaderId::To)
      .copy(received.message.view(), HeaderId::CallId)
      .copy(received.message.view(), HeaderId::CSeq);
  ASSERT_TRUE(stack->send_request(ws, std::move(builder).finish().value(), now));
  drain();
  receive(ws, response(200));
  EXPECT_EQ(last<ResponseReceived>().message.view().via_count(), 2U);
}

TEST_F(StackClient, C09NonInviteIsRepeatedUntilFinal) {  // s.17.1.2.2
  send(udp, "REGISTER");
  run_until(2s);
  receive(udp, response(200));
  run_until(60s);
  EXPECT_THAT(sent_at, ElementsAre(0ms, 500ms, 1'500ms));
  EXPECT_EQ(count<ResponseReceived>(), 1U);
  EXPECT_EQ(stack->transaction_count(), 0U);
}

// ---- CANCEL (RFC 3261 s.9.1)

TEST_F(StackClient, D12CancelRepeatsTheInvitesFields) {
  const TransactionId invite = send(udp, "INVITE");
  const std::string sent_invite = last_request();
  receive(udp, response(180));
  const Result<TransactionId> cancel = stack->cancel(invite, now, "SIP ;cause=200 ;text=\"Call completed elsewhere\"");
  ASSERT_TRUE(cancel);
  EXPECT_NE(*cancel, invite);
  drain();
  const Message message = Message::parse(sent.back()).value();
  const Message original = Message::parse(sent_invite).value();
  EXPECT_EQ(message.view().method(), Method::Cancel);
  EXPECT_EQ(message.view().request_uri().text, original.view().request_uri().text);
  EXPECT_EQ(message.view().via().text, original.view().via().text);
  EXPECT_EQ(message.view().via_count(), 1U);
  EXPECT_EQ(message.view().from().text, original.view().from().text);
  EXPECT_EQ(message.view().to().text, original.view().to().text);
  EXPECT_EQ(message.view().call_id(), original.view().call_id());
  EXPECT_EQ(message.view().cseq().number, original.view().cseq().number);
  EXPECT_EQ(message.view().header(HeaderId::Reason), "SIP ;cause=200 ;text=\"Call completed elsewhere\"");
}

TEST_F(StackClient, D11CancelNeedsAProvisionalAndNoFinal) {
  const TransactionId invite = send(ws, "INVITE");
  EXPECT_EQ(stack->cancel(invite, now).error().code, Errc::WrongState);
  receive(ws, response(180));
  EXPECT_EQ(stack->cancel(invite, now, "a\r\nb").error().code, Errc::BadValue);
  EXPECT_TRUE(stack->cancel(invite, now));
  EXPECT_EQ(stack->cancel(invite, now).error().code, Errc::WrongState);  // D14
  const TransactionId other = send(ws, "OPTIONS");
  EXPECT_EQ(stack->cancel(other, now).error().code, Errc::WrongState);
  EXPECT_EQ(stack->cancel(TransactionId{4711}, now).error().code, Errc::WrongState);
}

TEST_F(StackClient, C19CancelIsItsOwnTransaction) {
  const TransactionId invite = send(ws, "INVITE");
  const std::string ringing = response(180);
  const std::string terminated = response(487);
  receive(ws, ringing);
  const TransactionId cancel = stack->cancel(invite, now).value();
  drain();
  receive(ws, response(200));  // of the CANCEL, the last request
  EXPECT_EQ(last<ResponseReceived>().transaction, cancel);
  receive(ws, terminated);
  EXPECT_EQ(last<ResponseReceived>().transaction, invite);
  EXPECT_THAT(sent.back(), StartsWith("ACK "));
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackClient, D13CancelledInviteWithoutFinalFails) {
  const TransactionId invite = send(udp, "INVITE");
  receive(udp, response(180));
  run_until(100s);  // no limit of the transaction's own in Proceeding
  ASSERT_TRUE(stack->cancel(invite, now));
  drain();
  receive(udp, response(200));
  run_until(132s);
  EXPECT_EQ(last<TransactionFailed>().transaction, invite);
  EXPECT_EQ(last<TransactionFailed>().error.code, Errc::Timeout);
}

}  // namespace
}  // namespace parley::sip
