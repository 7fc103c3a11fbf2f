// SPDX-License-Identifier: MIT
#include "parse_support.hpp"

#include <parley/sip/message/header_values.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::sip {
namespace {

using test::Parsed;
using test::request_with;

TEST(HeaderValues, A17DeltaSecondsSaturate) {  // RFC 3261 s.20.19
  EXPECT_EQ(parse_delta_seconds("0"), 0U);
  EXPECT_EQ(parse_delta_seconds("0003600"), 3600U);
  EXPECT_EQ(parse_delta_seconds("4294967295"), 4'294'967'295U);
  EXPECT_EQ(parse_delta_seconds("4294967296"), 4'294'967'295U);
  EXPECT_EQ(parse_delta_seconds(std::string(1000, '9')), 4'294'967'295U);
  for (const char* text : {"", "-1", "1s", " 1", "+1"}) EXPECT_FALSE(parse_delta_seconds(text)) << text;
  const Parsed message(request_with("Expires: 99999999999999999999\r\nContact: <sip:a@b>;expires=300\r\nMin-Expires: x\r\n"));
  EXPECT_EQ(delta_seconds(message.view(), HeaderId::Expires), 4'294'967'295U);
  EXPECT_FALSE(delta_seconds(message.view(), HeaderId::MinExpires));
  EXPECT_FALSE(delta_seconds(message.view(), HeaderId::MinSe));
  EXPECT_EQ(contact_expires(message->contact()), 300U);
}

TEST(HeaderValues, A25QValues) {
  EXPECT_EQ(parse_qvalue("1"), 1000);
  EXPECT_EQ(parse_qvalue("1.000"), 1000);
  EXPECT_EQ(parse_qvalue("0.7"), 700);
  EXPECT_EQ(parse_qvalue("0.333"), 333);
  EXPECT_EQ(parse_qvalue("0."), 0);
  for (const char* text : {"", "1.001", "0.3333", "2", ".5", "0,5", "-0.1", "0.x"}) EXPECT_FALSE(parse_qvalue(text)) << text;
}

TEST(HeaderValues, A25RetryAfter) {  // s.20.33
  const auto plain = parse_retry_after("18000;duration=3600");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->seconds, 18000U);
  EXPECT_EQ(plain->duration, 3600U);
  const auto comment = parse_retry_after("120 (I'm (really) in a \\) meeting) ; x=y");
  ASSERT_TRUE(comment);
  EXPECT_EQ(comment->comment, "(I'm (really) in a \\) meeting)");
  EXPECT_FALSE(comment->duration);
  EXPECT_EQ(parse_retry_after("99999999999")->seconds, 4'294'967'295U);
  for (const char* text : {"", "x", "1 (a", "1 (a\\", "1;", "1 2"}) EXPECT_FALSE(parse_retry_after(text)) << text;
}

TEST(HeaderValues, A25Sec21Warning) {  // s.20.43
  const auto warning = parse_warning("370 devnull \"Choose a bigger \\\"pipe\\\"\"");
  ASSERT_TRUE(warning);
  EXPECT_EQ(warning->code, 370);
  EXPECT_EQ(warning->agent, "devnull");
  EXPECT_EQ(unquote(warning->text), "Choose a bigger \"pipe\"");
  EXPECT_EQ(parse_warning("301 isi.edu:5060 \"x\"")->agent, "isi.edu:5060");
  for (const char* text :
       {"", "37", "3700 a \"b\"", "370", "370 ", "370 a", "370 a b", "370 a \"b", "370 a \"b\"c", "1812 overture \"In Progress\""}) {
    EXPECT_FALSE(parse_warning(text)) << text;
  }
}

TEST(HeaderValues, A31Sec34WarningAndReasonAreWrittenStrictly) {
  const auto text = format_warning(304, "host.invalid", "no \"common\" codec");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "304 host.invalid \"no \\\"common\\\" codec\"");
  EXPECT_EQ(unquote(parse_warning(*text)->text), "no \"common\" codec");
  EXPECT_FALSE(format_warning(299, "a", "b"));
  EXPECT_FALSE(format_warning(400, "a", "b"));
  EXPECT_FALSE(format_warning(304, "a b", "b"));
  EXPECT_FALSE(format_warning(304, "", "b"));
  EXPECT_FALSE(format_warning(304, "a", "b\r\nX: y"));
  EXPECT_EQ(*format_reason("SIP", 200, "Call completed elsewhere"), "SIP ;cause=200 ;text=\"Call completed elsewhere\"");
  EXPECT_EQ(*format_reason("SIP", 486, ""), "SIP ;cause=486");
  EXPECT_FALSE(format_reason("S P", 486, ""));
  EXPECT_FALSE(format_reason("SIP", 486, "a\nb"));
}

TEST(HeaderValues, Reason) {  // RFC 3326
  const auto reason = parse_reason("Q.850 ;cause=16;text=\"Terminated\"");
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->protocol, "Q.850");
  EXPECT_EQ(reason->cause, 16);
  EXPECT_EQ(unquote(reason->text), "Terminated");
  EXPECT_FALSE(parse_reason("SIP")->cause);
  for (const char* text : {"", ";cause=1", "SIP;cause=x", "SIP;cause=65536", "SIP;cause=", "SIP x"})
    EXPECT_FALSE(parse_reason(text)) << text;
}

TEST(HeaderValues, A25AcceptWithParameters) {  // s.20.1
  const auto range = parse_accept("application / x-private;level=1;q=0.5");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->type, "application");
  EXPECT_EQ(range->subtype, "x-private");
  EXPECT_EQ(range->q, 500);
  EXPECT_EQ(range->params.find("level"), "1");
  EXPECT_EQ(parse_accept("*/*")->q, 1000);
  for (const char* text : {"", "a", "a/", "/b", "a/b;q=2", "a/b;", "a/b c"}) EXPECT_FALSE(parse_accept(text)) << text;
}

TEST(HeaderValues, AcceptDecidesByTheMostExactRange) {
  const auto takes_sdp = [](const char* lines) { return accepts(Parsed(request_with(lines)).view(), "application/sdp"); };
  EXPECT_TRUE(takes_sdp(""));
  EXPECT_FALSE(takes_sdp("Accept:\r\n"));
  EXPECT_TRUE(takes_sdp("Accept: text/plain, Application/SDP;level=1\r\n"));
  EXPECT_TRUE(takes_sdp("Accept: application/*\r\n"));
  EXPECT_TRUE(takes_sdp("Accept: text/plain\r\nAccept: */*\r\n"));
  EXPECT_FALSE(takes_sdp("Accept: */*, application/sdp;q=0\r\n"));
  EXPECT_FALSE(takes_sdp("Accept: text/nobodyKnowsThis\r\n"));
}

TEST(HeaderValues, F15Gruus) {  // RFC 5627 s.4.2
  const Parsed message(test::response_with(
      "SIP/2.0 200 OK",
      "Contact: <sip:a@192.0.2.1>;pub-gruu=\"sip:a@example.com;gr=urn:uuid:f81d\";temp-gruu=\"sip:tgruu.7h==jd@example.com;gr\""
      ";+sip.instance=\"<urn:uuid:f81d>\";expires=3600\r\n"));
  ASSERT_EQ(message.verdict(), Verdict::Ok) << message.why();
  EXPECT_EQ(public_gruu(message->contact()), "sip:a@example.com;gr=urn:uuid:f81d");
  EXPECT_EQ(temporary_gruu(message->contact()), "sip:tgruu.7h==jd@example.com;gr");
  EXPECT_EQ(instance_id(message->contact()), "<urn:uuid:f81d>");
  EXPECT_EQ(public_gruu(NameAddrView{}), "");
}

}  // namespace
}  // namespace parley::sip
