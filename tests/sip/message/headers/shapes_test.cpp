// SPDX-License-Identifier: MIT
// Every header of RFC 3261 and of the extensions a user agent meets, read by its shape.
#include "../parse_support.hpp"
#include "listing.hpp"

#include <parley/sip/message/header_values.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::sip {
namespace {

using test::Parsed;
using test::request_with;

std::vector<std::string> read(std::string_view name, std::string_view value) { return test::list({header_id(name), name, value}); }

struct Sample {
  const char* name;
  const char* value;
  std::vector<std::string> values;
};

const Sample samples[] = {
    {"Accept", "application/sdp;level=1, text/*;q=0.5", {"application|sdp|;level=1|1000", "text|*|;q=0.5|500"}},
    {"Accept-Contact", "*;audio;require, *;sip.methods=\"BYE,INVITE\"", {"*||;audio;require", "*||;sip.methods=\"BYE,INVITE\""}},
    {"Accept-Encoding", "gzip, identity;q=0.5", {"gzip||", "identity||;q=0.5"}},
    {"Accept-Language", "da, en-gb;q=0.8, *;q=0", {"da||", "en-gb||;q=0.8", "*||;q=0"}},
    {"Alert-Info", "<http://a.invalid/x,y.wav>;delay=1", {"|http://a.invalid/x,y.wav|;delay=1"}},
    {"Allow", "INVITE, ACK,BYE", {"INVITE||", "ACK||", "BYE||"}},
    {"u", "presence, message-summary", {"presence||", "message-summary||"}},
    {"Answer-Mode", "Auto;require", {"Auto||;require"}},
    {"Authentication-Info", "nextnonce=\"a\", qop=auth", {"nextnonce=\"a\", qop=auth"}},
    {"Authorization", "Digest username=\"a\", realm=\"b\"", {"Digest username=\"a\", realm=\"b\""}},
    {"i", "a@b", {"a@b||"}},
    {"Call-Info",
     "<http://a.invalid/p.jpg> ;purpose=icon, <http://b.invalid>",
     {"|http://a.invalid/p.jpg|;purpose=icon", "|http://b.invalid|"}},
    {"m", "\"A, B\" <sip:a@b;x=y>;expires=3, sip:c@d;q=1", {"\"A, B\"|sip:a@b;x=y|;expires=3", "|sip:c@d|;q=1"}},
    {"Content-Disposition", "session;handling=optional", {"session||;handling=optional"}},
    {"e", "gzip, tar", {"gzip||", "tar||"}},
    {"Content-Language", "fr, en-gb", {"fr||", "en-gb||"}},
    {"l", "0349", {"0349||"}},
    {"c", "text/plain ; charset=UTF-8", {"text|plain|; charset=UTF-8|1000"}},
    {"CSeq", "1 INVITE", {"1|INVITE"}},
    {"Date", "Sat, 13 Nov 2010 23:29:00 GMT", {"1289690940"}},
    {"Error-Info", "<sip:not-in-service@a.invalid>;x=1", {"|sip:not-in-service@a.invalid|;x=1"}},
    {"o", "refer;id=93809824", {"refer||;id=93809824"}},
    {"Expires", "5", {"5||"}},
    {"Flow-Timer", "126", {"126||"}},
    {"f", "Alice <sips:a@b>;tag=1", {"Alice|sips:a@b|;tag=1"}},
    {"Geolocation",
     "<cid:target@a.invalid>;inserted-by=b, <https://c.invalid/?t=1>",
     {"|cid:target@a.invalid|;inserted-by=b", "|https://c.invalid/?t=1|"}},
    {"History-Info", "<sip:a@b?Reason=SIP%3Bcause%3D302>;index=1.1;rc=1", {"|sip:a@b?Reason=SIP%3Bcause%3D302|;index=1.1;rc=1"}},
    {"Identity",
     "eyJh.eyJk._x-Y=;info=<https://a.invalid/c;v=1,2>;alg=ES256;ppt=\"shaken\"",
     {"eyJh.eyJk._x-Y=|https://a.invalid/c;v=1,2|;info=<https://a.invalid/c;v=1,2>;alg=ES256;ppt=\"shaken\""}},
    {"y", "\"ZYNBbHC00VMZr2kZt6/VmCvP==\"", {"\"ZYNBbHC00VMZr2kZt6/VmCvP==\"||"}},
    {"n", "<https://a.invalid/c.cer>;alg=rsa-sha1", {"|https://a.invalid/c.cer|;alg=rsa-sha1"}},
    {"In-Reply-To", "70710@a, 17320@b", {"70710@a||", "17320@b||"}},
    {"Info-Package", "dtmf;x=y", {"dtmf||;x=y"}},
    {"Join", "a@b;from-tag=1;to-tag=2", {"a@b||;from-tag=1;to-tag=2"}},
    {"Max-Forwards", "70", {"70||"}},
    {"MIME-Version", "1.0", {"1.0||"}},
    {"Min-Expires", "60", {"60||"}},
    {"Min-SE", "90;x", {"90||;x"}},
    {"Organization", "A, B; C", {"A, B; C"}},
    {"P-Access-Network-Info",
     "3GPP-UTRAN-TDD;utran-cell-id-3gpp=23456789ABCDE;np, IEEE-802.11",
     {"3GPP-UTRAN-TDD||;utran-cell-id-3gpp=23456789ABCDE;np", "IEEE-802.11||"}},
    {"P-Asserted-Identity", "\"C\" <sip:a@b>, tel:+14085264000", {"\"C\"|sip:a@b|", "|tel:+14085264000|"}},
    {"P-Associated-URI", "<sip:a@b>;x", {"|sip:a@b|;x"}},
    {"P-Preferred-Identity", "<sip:a@b>", {"|sip:a@b|"}},
    {"Path", "<sip:p@a;lr>,<sip:b;lr>", {"|sip:p@a;lr|", "|sip:b;lr|"}},
    {"Priority", "emergency", {"emergency||"}},
    {"Priv-Answer-Mode", "Auto", {"Auto||"}},
    {"Privacy", "id;critical", {"id||;critical"}},
    {"Proxy-Authenticate", "Digest realm=\"a, b\", nonce=\"c\"", {"Digest realm=\"a, b\", nonce=\"c\""}},
    {"Proxy-Authorization", "Digest username=\"a\", realm=\"b\"", {"Digest username=\"a\", realm=\"b\""}},
    {"Proxy-Require", "foo, bar", {"foo||", "bar||"}},
    {"RAck", "776656 1 INVITE", {"776656|1|INVITE"}},
    {"Reason", "SIP;cause=200;text=\"a, b\", Q.850;cause=16", {"SIP||;cause=200;text=\"a, b\"", "Q.850||;cause=16"}},
    {"Record-Route", "<sip:a;lr>, <sip:b;lr>;x", {"|sip:a;lr|", "|sip:b;lr|;x"}},
    {"Recv-Info", "foo, bar;x", {"foo||", "bar||;x"}},
    {"Refer-Sub", "false", {"false||"}},
    {"r", "<sip:a@b?Replaces=c%40d%3Bto-tag%3D1>", {"|sip:a@b?Replaces=c%40d%3Bto-tag%3D1|"}},
    {"b", "\"A\" <sip:a@b>;cid=\"2@c\"", {"\"A\"|sip:a@b|;cid=\"2@c\""}},
    {"j", "*;actor=\"msg-taker\"", {"*||;actor=\"msg-taker\""}},
    {"Replaces", "a@b;to-tag=1;from-tag=2;early-only", {"a@b||;to-tag=1;from-tag=2;early-only"}},
    {"Reply-To", "Bob <sip:bob@b>", {"Bob|sip:bob@b|"}},
    {"d", "proxy, recurse", {"proxy||", "recurse||"}},
    {"Require", "100rel", {"100rel||"}},
    {"Resource-Priority", "dsn.flash, wps.3", {"dsn.flash||", "wps.3||"}},
    {"Retry-After", "18000 (in a (long) meeting);duration=3600", {"18000|(in a (long) meeting)|;duration=3600"}},
    {"Route", "<sip:a;lr>", {"|sip:a;lr|"}},
    {"RSeq", "988789", {"988789||"}},
    {"Security-Client", "ipsec-ike;d-ver=\"a\", tls;q=0.2", {"ipsec-ike||;d-ver=\"a\"", "tls||;q=0.2"}},
    {"Security-Server", "tls;q=0.1", {"tls||;q=0.1"}},
    {"Security-Verify", "tls;q=0.1", {"tls||;q=0.1"}},
    {"Server", "A/1 (b, c)", {"A/1 (b, c)"}},
    {"Service-Route", "<sip:a;lr>", {"|sip:a;lr|"}},
    {"x", "4000;refresher=uac", {"4000||;refresher=uac"}},
    {"SIP-ETag", "dx200xyz", {"dx200xyz||"}},
    {"SIP-If-Match", "dx200xyz", {"dx200xyz||"}},
    {"s", "Need more, boxes; now", {"Need more, boxes; now"}},
    {"Subscription-State", "active;expires=60", {"active||;expires=60"}},
    {"k", "100rel, timer", {"100rel||", "timer||"}},
    {"Target-Dialog", "a@b;local-tag=1;remote-tag=2", {"a@b||;local-tag=1;remote-tag=2"}},
    {"Timestamp", "54.2 0.1", {"54.2|0.1"}},
    {"t", "<tel:+358-555-1234567>", {"|tel:+358-555-1234567|"}},
    {"Unsupported", "foo", {"foo||"}},
    {"User-Agent", "A/1, B", {"A/1, B"}},
    {"v", "SIP/2.0/UDP a:5060;branch=z9hG4bK1, SIP / 2.0 / WSS b", {"UDP|a|z9hG4bK1", "WSS|b|"}},
    {"Warning", "307 isi.edu \"a, b\", 301 c \"d\"", {"307|isi.edu|\"a, b\"", "301|c|\"d\""}},
    {"WWW-Authenticate", "Digest realm=\"a, b\", nonce=\"c\"", {"Digest realm=\"a, b\", nonce=\"c\""}},
    {"X-Unknown", "a, \"b, ;<", {"a, \"b, ;<"}},
};

TEST(HeaderShapes, A05A07A20EveryHeaderIsReadByItsShape) {
  for (const Sample& sample : samples) EXPECT_EQ(read(sample.name, sample.value), sample.values) << sample.name;
}

TEST(HeaderShapes, EveryKnownHeaderHasASample) {
  for (int i = 1; i <= static_cast<int>(HeaderId::WwwAuthenticate); ++i) {
    bool found = false;
    for (const Sample& sample : samples) found = found || header_id(sample.name) == static_cast<HeaderId>(i);
    EXPECT_TRUE(found) << to_string(static_cast<HeaderId>(i));
  }
}

TEST(HeaderShapes, A20Sec21WhatCannotBeReadSpoilsNoMessage) {
  for (const Sample& sample : samples) {
    const HeaderId id = header_id(sample.name);
    if (header_shape(id) == HeaderShape::Text) continue;
    EXPECT_TRUE(read(sample.name, "").empty()) << sample.name;
    for (const char* junk : {"\"", "<", ";;=", "\x80\xFF", "(", "@,@"}) {
      for (const std::string& value : read(sample.name, junk)) EXPECT_FALSE(value.empty());
      // Core headers are the exception: parse() reads them, and so it refuses the message.
      switch (id) {
        case HeaderId::CallId:
        case HeaderId::Contact:
        case HeaderId::ContentLength:
        case HeaderId::ContentType:
        case HeaderId::CSeq:
        case HeaderId::From:
        case HeaderId::MaxForwards:
        case HeaderId::RecordRoute:
        case HeaderId::Route:
        case HeaderId::To:
        case HeaderId::Via: break;
        default:
          EXPECT_EQ(Parsed(request_with(std::string(sample.name) + ": " + junk + "\r\n")).verdict(), Verdict::Ok) << sample.name << junk;
      }
    }
  }
}

TEST(HeaderShapes, UnreadableValuesSayWhereAndWhy) {
  const auto wrong = parse_item(HeaderId::Event, "dialog;id=");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().offset, 10U);
  EXPECT_EQ(wrong.error().text(), "parameter value expected");
  EXPECT_EQ(parse_item(HeaderId::Allow, "INVITE ACK").error().offset, 7U);
  EXPECT_EQ(parse_item(HeaderId::Expires, "soon").error().offset, 0U);
  EXPECT_EQ(parse_identity("a;info=<b").error().offset, 9U);
}

TEST(HeaderShapes, A28ItemsReadAsWritten) {
  const struct {
    HeaderId id;
    const char* value;
  } heads[] = {{HeaderId::Event, "presence.winfo"}, {HeaderId::Replaces, "a(b)<c>@d"}, {HeaderId::SessionExpires, "1800"}};
  const char* const params[] = {"token", "a b", "quote\" and \\", "", "a,b;c=d<e>", "\xC3\xA4", "tab\t"};
  for (const auto& head : heads) {
    for (const char* value : params) {
      const auto text = format_item(head.id, head.value, {{"p", value, true}, {"flag", {}, false}});
      ASSERT_TRUE(text);
      const auto item = parse_item(head.id, *text);
      ASSERT_TRUE(item) << *text;
      EXPECT_EQ(item->value, head.value);
      EXPECT_EQ(unquote(item->params.find("p").value()), value);
      EXPECT_EQ(item->params.find("flag"), "");
    }
  }
}

TEST(HeaderShapes, A31ItemsAreWrittenStrictly) {
  EXPECT_FALSE(format_item(HeaderId::Event, "a b"));
  EXPECT_FALSE(format_item(HeaderId::Event, ""));
  EXPECT_FALSE(format_item(HeaderId::Event, "a;b"));
  EXPECT_FALSE(format_item(HeaderId::Event, "a\r\n"));
  EXPECT_FALSE(format_item(HeaderId::Expires, "1 (a)"));
  EXPECT_FALSE(format_item(HeaderId::Event, "a", {{"b c", "d", true}}));
  EXPECT_FALSE(format_item(HeaderId::Event, "a", {{"", {}, false}}));
  EXPECT_FALSE(format_item(HeaderId::Event, "a", {{"b", "c\r\nX: y", true}}));
  EXPECT_FALSE(format_item(HeaderId::Event, "a", {{"b", std::string_view("c\0d", 3), true}}));
  EXPECT_FALSE(format_item(HeaderId::Event, "a", {{"b", "\x01", true}}));
  EXPECT_FALSE(format_item(HeaderId::Event, "a", {{"b", "\x7F", true}}));
  EXPECT_EQ(format_item(HeaderId::Event, "a b").error().code, Errc::BadValue);
}

TEST(HeaderShapes, Sec37OverlongValuesAreReadWhole) {
  const std::string lengthy(60'000, 'x');
  EXPECT_EQ(parse_item(HeaderId::SipEtag, lengthy)->value.size(), lengthy.size());
  EXPECT_EQ(parse_identity(lengthy + "." + "y;info=<https://a.invalid>")->digest.size(), lengthy.size() + 2);
  EXPECT_EQ(parse_name_addr("<tel:" + std::string(4'000, '1') + ";isub=" + std::string(4'000, '2') + ">")->uri.user.size(), 4'000U);
  for (const char* name : {"SIP-ETag: ", "SIP-If-Match: ", "Identity: ", "P-Asserted-Identity: <tel:1;isub=", "Replaces: "}) {
    const Parsed message(request_with(name + lengthy + "\r\n"));
    EXPECT_EQ(message.verdict(), Verdict::Ok) << name;
    EXPECT_EQ(test::Parsed(request_with(name + lengthy + lengthy + "\r\n")).status(), 513) << name;  // over a message's limit
  }
}

TEST(HeaderShapes, FirstItemOfAMessage) {
  const Parsed message(request_with("Supported: path, outbound\r\nEvent: a b\r\nk: timer\r\nRefer-Sub: false\r\n"));
  EXPECT_EQ(first_item(message.view(), HeaderId::Supported)->value, "path");
  EXPECT_FALSE(first_item(message.view(), HeaderId::Event));
  EXPECT_FALSE(first_item(message.view(), HeaderId::Require));
  EXPECT_FALSE(wants_subscription(message.view()));
}

}  // namespace
}  // namespace parley::sip
