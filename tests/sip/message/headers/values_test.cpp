// SPDX-License-Identifier: MIT
#include "../parse_support.hpp"

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
  EXPECT_EQ(delta_seconds(Parsed(request_with("Min-SE: 90;x=y\r\n")).view(), HeaderId::MinSe), 90U);  // RFC 4028 s.5: generic-param
}

TEST(HeaderValues, A25QValues) {
  EXPECT_EQ(parse_qvalue("1"), 1000);
  EXPECT_EQ(parse_qvalue("1.000"), 1000);
  EXPECT_EQ(parse_qvalue("0.7"), 700);
  EXPECT_EQ(parse_qvalue("0.333"), 333);
  EXPECT_EQ(parse_qvalue("0."), 0);
  for (const char* text : {"", "1.001", "0.3333", "2", ".5", "0,5", "-0.1", "0.x"}) EXPECT_FALSE(parse_qvalue(text)) << text;
}

TEST(HeaderValues, A25QualityOfParameters) {  // s.20.1, s.20.3, s.20.10; RFC 3329 s.2.2
  EXPECT_EQ(quality(parse_item(HeaderId::AcceptLanguage, "da;q=0.5")->params), 500);
  EXPECT_EQ(quality(parse_item(HeaderId::SecurityClient, "tls;Q=0.1;d-alg=md5")->params), 100);
  EXPECT_EQ(quality(parse_name_addr("<sip:a@b>;q=0.25;expires=1")->params), 250);
  EXPECT_EQ(quality(ParamsView(";level=1")), 1000);
  EXPECT_FALSE(quality(ParamsView(";q=2")));
  EXPECT_FALSE(quality(ParamsView(";q")));
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
  EXPECT_EQ(*format_reason("SIP", 200, "Call completed elsewhere"), "SIP;cause=200;text=\"Call completed elsewhere\"");
  EXPECT_EQ(*format_reason("SIP", 486, ""), "SIP;cause=486");
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
  const std::string_view wrong = "text/plain;charset=x;q=2";
  EXPECT_EQ(parse_accept(wrong).error().offset, wrong.size() - 1);  // where q's value is
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

TEST(HeaderValues, A24DateIsInGmtOrAbsent) {  // s.20.17
  EXPECT_EQ(*parse_date("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
  EXPECT_EQ(*parse_date("Sat, 13 Nov 2010 23:29:00 GMT"), 1'289'690'940);
  EXPECT_EQ(*parse_date("Thu, 29 Feb 2024 12:00:00 gmt"), 1'709'208'000);
  for (const char* text :
       {"Fri, 01 Jan 2010 16:00:00 EST", "Fri, 01 Jan 2010 16:00:00 +0000", "Fri, 01 Jan 2010 16:00:00", "Fri, 1 Jan 2010 16:00:00 GMT",
        "Friday, 01 Jan 2010 16:00:00 GMT", "Xyz, 01 Jan 2010 16:00:00 GMT", "Fri, 01 Foo 2010 16:00:00 GMT",
        "Fri, 30 Feb 2010 16:00:00 GMT", "Fri, 00 Jan 2010 16:00:00 GMT", "Fri, 01 Jan 2010 24:00:00 GMT", "Fri, 01 Jan 2010 16:60:00 GMT",
        "Fri, 31 Dec 9999 23:59:60 GMT", "Fri, 01 Jan 2010 16:00:00 GMT ", "", "1289690940"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
  EXPECT_EQ(parse_date("Fri, 01 Jan 2010 16:00:00 EST").error().offset, 26U);
  // The message that holds such a date is none the worse for it.
  EXPECT_EQ(Parsed(request_with("Date: Fri, 01 Jan 2010 16:00:00 EST\r\n")).verdict(), Verdict::Ok);
}

TEST(HeaderValues, A28DatesReadAsWritten) {
  for (const UnixSeconds seconds : {-62'167'219'200LL, -1LL, 0LL, 951'782'399LL, 1'709'208'000LL, 4'102'444'800LL, 253'402'300'799LL}) {
    EXPECT_EQ(*parse_date(*format_date(seconds)), seconds) << *format_date(seconds);
  }
  EXPECT_EQ(*format_date(1'289'690'940), "Sat, 13 Nov 2010 23:29:00 GMT");
  EXPECT_FALSE(format_date(-62'167'219'201));
  EXPECT_FALSE(format_date(253'402'300'800));
}

TEST(HeaderValues, Timestamp) {  // s.20.38
  EXPECT_EQ(parse_timestamp("54")->time, "54");
  EXPECT_EQ(parse_timestamp("54.321")->delay, "");
  EXPECT_EQ(parse_timestamp("54.321 0.5")->time, "54.321");
  EXPECT_EQ(parse_timestamp("54. \t.5")->delay, ".5");
  for (const char* text : {"", ".5", "x", "1 2 3", "1 x", "-1", "1.2.3"}) EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(HeaderValues, A16RSeq) {  // RFC 3262 s.7.1
  EXPECT_EQ(*parse_rseq("1"), 1U);
  EXPECT_EQ(*parse_rseq("0988789"), 988'789U);
  EXPECT_EQ(*parse_rseq("4294967295"), 4'294'967'295U);
  for (const char* text : {"", "0", "00", "4294967296", "99999999999999999999", "-1", "1 2", "1;x"}) EXPECT_FALSE(parse_rseq(text)) << text;
  EXPECT_FALSE(first_item(Parsed(request_with("RSeq: 4294967296\r\n")).view(), HeaderId::RSeq));
  EXPECT_FALSE(parse_item(HeaderId::RSeq, "0"));
  EXPECT_EQ(parse_item(HeaderId::RSeq, "4294967295")->number(), 4'294'967'295U);
}

TEST(HeaderValues, A16CSeq) {  // RFC 3261 s.8.1.1.5, s.20.16
  EXPECT_EQ(parse_cseq("0004711\r\n INVITE")->number, 4'711U);
  EXPECT_EQ(parse_cseq("1 INVITE")->method, Method::Invite);
  EXPECT_EQ(parse_cseq("2147483647 Foo")->method_text, "Foo");
  for (const char* text : {"", "1", "INVITE", "seven OPTIONS", "2147483648 INVITE", "1 INVITE x", "1INVITE", "1 "}) {
    EXPECT_FALSE(parse_cseq(text)) << text;
  }
}

TEST(HeaderValues, A16RAck) {  // RFC 3262 s.7.2
  const auto rack = parse_rack("776656 1 INVITE");
  ASSERT_TRUE(rack);
  EXPECT_EQ(rack->response_number, 776'656U);
  EXPECT_EQ(rack->cseq.number, 1U);
  EXPECT_EQ(rack->cseq.method, Method::Invite);
  EXPECT_EQ(*format_rack(*rack), "776656 1 INVITE");
  for (const char* text :
       {"", "1", "1 2", "1 2 ", "1 INVITE", "1 2INVITE", "4294967296 1 INVITE", "1 2147483648 INVITE", "1 2 INVITE x", "0 1 INVITE"}) {
    EXPECT_FALSE(parse_rack(text)) << text;
  }
  EXPECT_FALSE(format_rack({0, rack->cseq}));
  EXPECT_FALSE(format_rack({1, {1, Method::Other, "A B"}}));
}

TEST(HeaderValues, ReplacesAndTargetDialogNameADialog) {  // RFC 3891 s.6.1, RFC 4538 s.7
  const auto replaces = parse_replaces("98asdf@host.invalid ;to-tag=7743; from-tag=6472;early-only;x=y");
  ASSERT_TRUE(replaces);
  EXPECT_EQ(replaces->call_id, "98asdf@host.invalid");
  EXPECT_EQ(replaces->to_tag, "7743");
  EXPECT_EQ(replaces->from_tag, "6472");
  EXPECT_TRUE(replaces->early_only);
  EXPECT_EQ(*format_replaces(*replaces), "98asdf@host.invalid;to-tag=7743;from-tag=6472;early-only");
  const auto target = parse_target_dialog("a@b;local-tag=1;remote-tag=2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->from_tag, "1");
  EXPECT_EQ(target->to_tag, "2");
  EXPECT_EQ(*format_target_dialog(*target), "a@b;remote-tag=2;local-tag=1");
  for (const char* text :
       {"", "a@b", "a@b;to-tag=1", "a@b;from-tag=1", "a@b;to-tag=1;from-tag=2;to-tag=3", "a@b;to-tag;from-tag=1",
        "a@b;to-tag=\"1\";from-tag=2", ";to-tag=1;from-tag=2", "a@b;to-tag=1;from-tag=2;", "a@b c;to-tag=1;from-tag=2"}) {
    EXPECT_FALSE(parse_replaces(text)) << text;
  }
  EXPECT_FALSE(format_replaces({"a b", "1", "2"}));
  EXPECT_FALSE(format_replaces({"a;b", "1", "2"}));
  EXPECT_FALSE(format_replaces({"a", "", "2"}));
  EXPECT_FALSE(format_replaces({"a", "1", "2\r\nX: y"}));
}

TEST(HeaderValues, EventAndSubscriptionState) {  // RFC 6665 s.8.2
  const auto event = parse_event("presence.winfo ;id=7;x");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->package, "presence.winfo");
  EXPECT_EQ(event->id, "7");
  EXPECT_FALSE(parse_event(""));
  EXPECT_FALSE(parse_event("a b"));
  const auto ended = parse_subscription_state("Terminated;reason=noresource;retry-after=30");
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->state, SubscriptionState::Terminated);
  EXPECT_EQ(ended->reason, "noresource");
  EXPECT_EQ(ended->retry_after, 30U);
  EXPECT_FALSE(ended->expires);
  EXPECT_EQ(parse_subscription_state("active;expires=99999999999")->expires, 4'294'967'295U);
  EXPECT_EQ(parse_subscription_state("pending")->state, SubscriptionState::Pending);
  EXPECT_EQ(parse_subscription_state("waiting")->state, SubscriptionState::Other);
  EXPECT_EQ(parse_subscription_state("waiting")->state_text, "waiting");
  EXPECT_FALSE(parse_subscription_state(";expires=1"));
}

TEST(HeaderValues, SessionExpires) {  // RFC 4028 s.4
  const auto timer = parse_session_expires("1800 ;refresher=UAS");
  ASSERT_TRUE(timer);
  EXPECT_EQ(timer->seconds, 1800U);
  EXPECT_EQ(timer->refresher, Refresher::Uas);
  EXPECT_EQ(parse_session_expires("90;refresher=uac")->refresher, Refresher::Uac);
  EXPECT_EQ(parse_session_expires("90;refresher=me")->refresher, Refresher::Unsaid);
  for (const char* text : {"", "x", "90;", "90 91", "-1"}) EXPECT_FALSE(parse_session_expires(text)) << text;
}

}  // namespace
}  // namespace parley::sip
