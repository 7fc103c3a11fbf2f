// SPDX-License-Identifier: MIT
#include "parse_support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::sip {
namespace {

using test::Parsed;
using test::request_with;
using test::RequestText;
using testing::ElementsAre;

const std::string invite =
    "INVITE sip:bob@biloxi.example.com;transport=ws SIP/2.0\r\n"
    "Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks;rport, SIP/2.0/UDP [2001:db8::9]:5062 ;received=192.0.2.1\r\n"
    "v: SIP/2.0/TCP third.example.com\r\n"
    "Max-Forwards: 70\r\n"
    "f: \"Alice \\\"A\\\" Smith\" <sip:alice:secret@atlanta.example.com:5070;lr>;tag=asdyka899\r\n"
    "t: sip:bob@biloxi.example.com;x=y\r\n"
    "i: asidkj3ss\r\n"
    "CSeq: 42 INVITE\r\n"
    "m: <sip:cdq4ugs0@df7jal23ls0d.invalid;transport=ws;ob>;expires=300, sip:alice@192.0.2.4\r\n"
    "Record-Route: <sip:p2.example.com;lr>\r\n"
    "Record-Route: <sip:p1.example.com;lr>\r\n"
    "Route: <sip:proxy.example.com;lr>,<sip:next.example.com;lr>\r\n"
    "k: path, gruu\r\n"
    "Supported: outbound\r\n"
    "c: application/sdp;charset=\"utf-8\"\r\n"
    "X-Odd: ;;,,\r\n"
    "l: 4\r\n"
    "\r\n"
    "v=0\n";

TEST(MessageView, ReadsRequestLine) {  // RFC 3261 s.7.1
  const Parsed message(invite);
  ASSERT_EQ(message.verdict(), Verdict::Ok) << message.why();
  EXPECT_TRUE(message->is_request());
  EXPECT_EQ(message->method(), Method::Invite);
  EXPECT_EQ(message->method_text(), "INVITE");
  EXPECT_EQ(message->request_uri().user, "bob");
  EXPECT_EQ(message->request_uri().host, "biloxi.example.com");
  EXPECT_EQ(message->request_uri().param("transport"), "ws");
  EXPECT_EQ(message->status(), 0);
  EXPECT_EQ(message->reason(), "");
}

TEST(MessageView, ReadsViasInOrder) {  // s.20.42
  const Parsed message(invite);
  ASSERT_EQ(message->via_count(), 3U);
  EXPECT_EQ(message->via().transport, "WSS");
  EXPECT_EQ(message->via().branch, "z9hG4bK56sdasks");
  EXPECT_TRUE(message->via().params.has("rport"));
  EXPECT_EQ(message->via(1).host, "[2001:db8::9]");
  EXPECT_EQ(message->via(1).port, 5062);
  EXPECT_EQ(message->via(1).sent_by(), "[2001:db8::9]:5062");
  EXPECT_EQ(message->via(1).params.find("received"), "192.0.2.1");
  EXPECT_EQ(message->via(1).branch, "");
  EXPECT_EQ(message->via(2).sent_by(), "third.example.com");
  EXPECT_EQ(message->via(3).host, "");
}

TEST(MessageView, ReadsAddresses) {  // s.20.10, s.20.20, s.20.39
  const Parsed message(invite);
  EXPECT_EQ(message->from().display_name, "\"Alice \\\"A\\\" Smith\"");
  EXPECT_EQ(message->from().display_text(), "Alice \"A\" Smith");
  EXPECT_EQ(message->from().uri.text, "sip:alice:secret@atlanta.example.com:5070;lr");
  EXPECT_EQ(message->from().uri.password, "secret");
  EXPECT_EQ(message->from().uri.port, 5070);
  EXPECT_EQ(message->from_tag(), "asdyka899");
  EXPECT_EQ(message->from().tag(), "asdyka899");
  EXPECT_EQ(message->to().uri.text, "sip:bob@biloxi.example.com");
  EXPECT_EQ(message->to().params.find("x"), "y");
  EXPECT_EQ(message->to_tag(), "");
  ASSERT_EQ(message->contact_count(), 2U);
  EXPECT_EQ(message->contact(0).uri.params, "transport=ws;ob");
  EXPECT_EQ(message->contact(0).params.find("EXPIRES"), "300");
  EXPECT_EQ(message->contact(1).uri.host, "192.0.2.4");
  ASSERT_EQ(message->route_count(), 2U);
  EXPECT_EQ(message->route(1).uri.host, "next.example.com");
  ASSERT_EQ(message->record_route_count(), 2U);
  EXPECT_EQ(message->record_route(1).text, "<sip:p1.example.com;lr>");
}

TEST(MessageView, ReadsTheOtherCoreHeaders) {
  const Parsed message(invite);
  EXPECT_EQ(message->call_id(), "asidkj3ss");
  EXPECT_EQ(message->cseq().number, 42U);
  EXPECT_EQ(message->cseq().method, Method::Invite);
  EXPECT_EQ(message->max_forwards(), 70);
  ASSERT_TRUE(message->content_type());
  EXPECT_TRUE(message->content_type()->is("Application/SDP"));
  EXPECT_FALSE(message->content_type()->is("application/sd"));
  EXPECT_EQ(message->content_type()->params.find("charset"), "\"utf-8\"");
  EXPECT_EQ(message->content_length(), 4U);
  EXPECT_EQ(message->body(), "v=0\n");
}

TEST(MessageView, FindsHeadersByNameAndList) {  // s.7.3.1
  const Parsed message(invite);
  EXPECT_EQ(message->header("x-oDD"), ";;,,");
  EXPECT_EQ(message->header(HeaderId::Supported), "path, gruu");
  EXPECT_EQ(message->header("k"), "path, gruu");
  EXPECT_FALSE(message->has(HeaderId::Require));
  EXPECT_FALSE(message->header("X-Other"));
  EXPECT_TRUE(message->lists(HeaderId::Supported, "GRUU"));
  EXPECT_TRUE(message->lists(HeaderId::Supported, "outbound"));
  EXPECT_FALSE(message->lists(HeaderId::Supported, "100rel"));
  std::vector<std::string> tags;
  message->for_each(HeaderId::Supported, [&](std::string_view tag) { tags.emplace_back(tag); });
  EXPECT_THAT(tags, ElementsAre("path", "gruu", "outbound"));
}

TEST(Message, OwnsItsBytesAndSurvivesMoves) {
  Message first;
  {
    const Parsed message(invite);
    first = Message(message.view());
  }
  const std::string_view call_id = first.view().call_id();
  Message second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_TRUE(second);
  EXPECT_EQ(call_id.data(), second.view().call_id().data());
  EXPECT_EQ(second.bytes(), invite);
  EXPECT_EQ(second.view().via(1).port, 5062);
  EXPECT_EQ(second.view().contact(1).uri.user, "alice");
  EXPECT_EQ(second.view().record_route(0).uri.host, "p2.example.com");
  EXPECT_EQ(second.view().header("x-odd"), ";;,,");
}

TEST(Message, WithoutContentSaysNothing) {
  const Message none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.bytes(), "");
  EXPECT_EQ(none.view().via_count(), 0U);
  EXPECT_EQ(none.view().from().uri.text, "");
}

TEST(Message, ParseGivesTheError) {
  const auto bad = Message::parse(request_with("Contact: <sip:a@b>;;\r\n"));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::BadSyntax);
  EXPECT_EQ(bad.error().status, 400);
  EXPECT_TRUE(Message::parse(invite));
}

TEST(NextElement, A07CommasInQuotesAndAnglesDoNotSplit) {
  std::string_view rest = " a, \"b,\\\",c\" , <sip:x,y>;p=\",\", sip:a(b@c, tel:+1 ,,f, \"open, g";
  std::vector<std::string> elements;
  while (const auto element = next_element(rest)) elements.emplace_back(*element);
  EXPECT_THAT(elements, ElementsAre("a", "\"b,\\\",c\"", "<sip:x,y>;p=\",\"", "sip:a(b@c", "tel:+1", "f", "\"open, g"));
}

TEST(Unfolded, A06MakesOneLine) {  // RFC 3261 s.7.3.1
  EXPECT_EQ(unfolded("a \r\n\t b\r\n c"), "a b c");
  EXPECT_EQ(unfolded("a  b"), "a  b");
}

}  // namespace
}  // namespace parley::sip
