// SPDX-License-Identifier: MIT
#include <parley/fuzz/rebuild.hpp>
#include "parse_support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::sip {
namespace {

using namespace std::string_literals;
using test::Parsed;
using test::request_with;
using test::RequestText;
using test::response_with;

Verdict verdict_of(const std::string& text) { return Parsed(text).verdict(); }

TEST(ParserThreats, Sec01BadContentLength) {
  RequestText request;
  request.with_length = false;
  for (const char* bad : {"-1", "+5", "5 5", "0x5", "5,5", "", "5;x", "\"5\""}) {
    request.more = std::string("Content-Length: ") + bad + "\r\n";
    const Parsed parsed(request.text());
    EXPECT_EQ(parsed.verdict(), Verdict::Bad) << bad;
    EXPECT_EQ(parsed.status(), 400) << bad;
  }
}

TEST(ParserThreats, Sec02Sec03N13HugeContentLength) {
  RequestText request;
  request.with_length = false;
  for (const char* large :
       {"65536", "4294967295", "4294967296", "4294967328", "18446744073709551617", "9999999999999999999999999999999999999999"}) {
    request.more = std::string("Content-Length: ") + large + "\r\n";
    const Parsed parsed(request.text());
    EXPECT_EQ(parsed.verdict(), Verdict::Bad) << large;
    EXPECT_EQ(parsed.status(), 413) << large;
  }
}

TEST(ParserThreats, Sec14EveryPrefixIsReadSafely) {
  RequestText request;
  request.more = "Contact: \"A \\\" B\" <sip:a%20b:c@[2001:db8::1]:5060;x=y>;q=0.5\r\nRoute: <sip:a;lr>\r\n";
  request.body = "v=0";
  const std::string text = request.text();
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_NE(verdict_of(text.substr(0, size)), Verdict::Ok) << size;
  EXPECT_EQ(verdict_of(text), Verdict::Ok);
  for (const char* start : {"INV", "REGISTE", "INVITE", "INVITE ", "SIP/", "SIP/2.0", "SIP/2.0 2"})
    EXPECT_EQ(verdict_of(start), Verdict::Drop) << start;
}

TEST(ParserThreats, Sec11LongRequestUris) {
  RequestText request;
  request.uri = "sip:" + std::string(255, 'a') + "@b";
  EXPECT_EQ(verdict_of(request.text()), Verdict::Ok);
  request.uri = "sip:" + std::string(65'000, 'a') + "@b";
  EXPECT_EQ(Parsed(request.text()).status(), 414);
  request.uri = "sip:" + std::string(70'000, 'a') + "@b";
  EXPECT_EQ(verdict_of(request.text()), Verdict::Drop);
}

TEST(ParserThreats, Sec12Sec15Sec16Addresses) {
  for (const char* bad :
       {"Contact: %\r\n", "Contact: <sip:a%>\r\n", "Contact: sip:a%4\r\n", "Contact: /\r\n", "Contact: <sip:@192.168.0.200>\r\n"}) {
    EXPECT_EQ(verdict_of(request_with(bad)), Verdict::Bad) << bad;
  }
  EXPECT_EQ(verdict_of(request_with("Diversion: /\r\n")), Verdict::Ok);
  for (const char* bad : {"/", "<sip:@h>;tag=x", "", ";tag=x", "\"a\\", "<sip:a@b", "<>;tag=x", "sip:a@b>"}) {
    RequestText request;
    request.from = std::string("From: ") + bad + "\r\n";
    EXPECT_EQ(verdict_of(request.text()), Verdict::Bad) << bad;
  }
  RequestText generic;
  generic.from = "From: <x:y>;tag=1\r\n";
  const Parsed parsed(generic.text());
  EXPECT_EQ(parsed.verdict(), Verdict::Ok);
  EXPECT_EQ(parsed->from().uri.scheme, Scheme::Other);
}

TEST(ParserThreats, Sec21EveryEmptyHeaderIsHarmless) {
  for (int i = 1; i <= static_cast<int>(HeaderId::WwwAuthenticate); ++i) {
    const auto id = static_cast<HeaderId>(i);
    for (const char* value : {":\r\n", ": \r\n", ":\r\n \r\n"}) {
      const Parsed parsed(request_with(std::string(to_string(id)) + value));
      EXPECT_NE(parsed.verdict(), Verdict::Drop) << to_string(id);
      std::size_t elements = 0;
      parsed->for_each(id, [&](std::string_view element) { elements += element.empty() ? 0U : 1U; });
      EXPECT_LE(elements, 1U);
    }
  }
  EXPECT_EQ(verdict_of(request_with("Warning:\r\n")), Verdict::Ok);
}

TEST(ParserThreats, Sec22LongCallIdTagAndBranch) {
  RequestText request;
  request.call_id = "Call-ID: " + std::string(4096, 'c') + "\r\n";
  request.from = "From: <sip:a@b>;tag=" + std::string(600, 't') + "\r\n";
  request.via = "Via: SIP/2.0/WS h;branch=z9hG4bK" + std::string(600, 'b') + "\r\n";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok);
  EXPECT_EQ(parsed->call_id().size(), 4096U);
  EXPECT_EQ(parsed->from_tag().size(), 600U);
  EXPECT_EQ(parsed->via().branch.size(), 607U);
}

TEST(ParserThreats, Sec23CSeqNumbers) {
  for (const auto& [number, expected] : {std::pair<const char*, Verdict>{"0", Verdict::Ok},
                                         {"2147483647", Verdict::Ok},
                                         {"2147483648", Verdict::Bad},
                                         {"4294967295", Verdict::Bad},
                                         {"4294967296", Verdict::Bad},
                                         {"4294967297", Verdict::Bad},
                                         {"115211521152", Verdict::Bad},
                                         {"abc", Verdict::Bad}}) {
    RequestText request;
    request.cseq = std::string("CSeq: ") + number + " OPTIONS\r\n";
    EXPECT_EQ(verdict_of(request.text()), expected) << number;
  }
}

TEST(ParserThreats, Sec24N13OverlongCSeqMethodWithoutBranch) {
  RequestText request;
  request.via = "Via: SIP/2.0/UDP h\r\n";
  request.cseq = "CSeq: 1 " + std::string(500, 'M') + "\r\n";
  const Parsed parsed(request.text());
  EXPECT_EQ(parsed.verdict(), Verdict::Bad);
  EXPECT_EQ(parsed.status(), 400);
}

TEST(ParserThreats, Sec25NumbersOfManyDigits) {
  for (const std::string& digits :
       {std::string("4294967295"), std::string("99999999999"), std::string(300, '9'), std::string(300, '0') + "1"}) {
    for (const std::string& line : {"Via: SIP/2.0/UDP h:" + digits + "\r\n", "Contact: <sip:a@b:" + digits + ">\r\n"}) {
      EXPECT_EQ(verdict_of(request_with(line)), digits.back() == '1' ? Verdict::Ok : Verdict::Bad) << line;
    }
    EXPECT_EQ(verdict_of(request_with("Via: SIP/2.0/UDP h;ttl=" + digits + ";rport=" + digits + "\r\nExpires: " + digits + "\r\n")),
              Verdict::Ok);
  }
}

TEST(ParserThreats, Sec26N13BrokenVias) {
  for (const std::string& bad :
       {"SIP/2.0/UDP 10.10.5.93:506\xFF\0##"s, "SIP/2.0/UDP"s, "SIP/2.0/UDP ;branch=x"s, "SIP/2.0/UDP 192.0.2.15;;,;,,"s}) {
    RequestText first;
    first.via = "Via: " + bad + "\r\n";
    EXPECT_EQ(verdict_of(first.text()), Verdict::Drop) << bad;  // nowhere to answer to
    EXPECT_EQ(verdict_of(request_with("Via: " + bad + "\r\n")), Verdict::Bad) << bad;
    EXPECT_EQ(verdict_of(response_with("SIP/2.0 200 OK", "Via: " + bad + "\r\n")), Verdict::Drop) << bad;
  }
}

TEST(ParserThreats, Sec27TwoTosEmptyTagBadSecondVia) {
  EXPECT_EQ(verdict_of(request_with("To: <sip:x@y>\r\n")), Verdict::Bad);
  RequestText request;
  request.to = "To: <sip:x@y>;tag=\r\n";
  EXPECT_EQ(verdict_of(request.text()), Verdict::Bad);
  EXPECT_TRUE(MessageBuilder::response_to(Parsed(request.text()).view(), 400, "t").finish());
}

TEST(ParserThreats, Sec27BadSecondViaIsAnsweredByTheFirst) {
  for (const char* bad : {"SIP/2.0/UDP ;branch=z9hG4bK1", "SIP/2.0/UDP", "x", "SIP/2.0/UDP h:x"}) {
    const Parsed below(request_with("Via: "s + bad + "\r\n"));
    EXPECT_EQ(below.verdict(), Verdict::Bad) << bad;
    EXPECT_EQ(below->via_count(), 1U) << bad;
    EXPECT_TRUE(MessageBuilder::response_to(below.view(), 400, "t").finish()) << bad;
    // On top: an answer would go to a hop that is not ours.
    RequestText on_top;
    on_top.via = "Via: "s + bad + "\r\n" + on_top.via;
    EXPECT_EQ(verdict_of(on_top.text()), Verdict::Drop) << bad;
  }
}

std::string vias_of_one_field(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += ",SIP/2.0/UDP h";
  return text;
}

TEST(ParserThreats, Sec28N13ManyHeaders) {
  std::string tiny;
  for (int i = 0; i < 10'000; ++i) tiny += "a:\r\n";
  EXPECT_EQ(Parsed(request_with(tiny)).status(), 513);
  std::string accepts;
  for (int i = 0; i < 50; ++i) accepts += "Accept: " + std::string(200, 'A') + "\r\n";
  EXPECT_EQ(verdict_of(request_with(accepts)), Verdict::Ok);
  accepts.clear();
  for (int i = 0; i < 300; ++i) accepts += "Accept: " + std::string(100, 'A') + "\r\n";
  EXPECT_EQ(Parsed(request_with(accepts)).status(), 513);
  std::string vias;
  for (int i = 0; i < 1000; ++i) vias += "Via: SIP/2.0/UDP h;branch=z9hG4bKx\r\n";
  const Parsed parsed(request_with(vias));
  EXPECT_EQ(parsed.verdict(), Verdict::Bad);
  EXPECT_EQ(parsed.status(), 400);  // refused at the first Via too many, before the fields are too many
  EXPECT_LE(parsed->via_count(), limits::vias);
  const Parsed in_one_field(request_with("Via: SIP/2.0/UDP h" + vias_of_one_field(limits::vias) + "\r\n"));
  EXPECT_EQ(in_one_field.status(), 400);
  EXPECT_EQ(in_one_field->via_count(), limits::vias);
}

TEST(ParserThreats, Sec29A26ManyContactsAndRoutesAreBounded) {
  std::string contacts = "Contact: <sip:a@b>";
  std::string routes = "Record-Route: <sip:a;lr>";
  for (int i = 0; i < 200; ++i) contacts += ",<sip:a@b>";
  for (int i = 0; i < 200; ++i) routes += ",<sip:a;lr>";
  const Parsed many(response_with("SIP/2.0 200 OK", contacts + "\r\nService-Route: <sip:a;lr>,<sip:a;lr>\r\nPath: <sip:a;lr>\r\n"));
  EXPECT_EQ(many.verdict(), Verdict::Ok);
  EXPECT_EQ(many->contact_count(), limits::contacts);
  EXPECT_EQ(verdict_of(request_with(routes + "\r\n")), Verdict::Bad);
  std::string most = "Record-Route: <sip:a;lr>";
  for (std::size_t i = 1; i < limits::routes; ++i) most += ",<sip:a;lr>";
  EXPECT_EQ(Parsed(request_with(most + "\r\n"))->record_route_count(), limits::routes);
}

TEST(ParserThreats, Sec31BlanksInListsDoNotCount) {
  EXPECT_TRUE(Parsed(request_with("Supported:   100rel  ,\r\n  timer \r\n"))->lists(HeaderId::Supported, "timer"));
}

TEST(ParserThreats, Sec32BlankBeforeTheColonIsTheSameName) {
  const Parsed parsed(request_with("X-Bypass-me : v\r\nSubject \t: s\r\n"));
  ASSERT_EQ(parsed.verdict(), Verdict::Ok);
  EXPECT_EQ(parsed->header("X-Bypass-me"), "v");
  EXPECT_EQ(parsed->header(HeaderId::Subject), "s");
}

TEST(ParserThreats, Sec33ControlCharactersInNames) {
  for (const std::string& bad : {"Contact\x01: <sip:a@b>\r\n"s, "Con\0tact: <sip:a@b>\r\n"s, "Contact\v: x\r\n"s, ": x\r\n"s,
                                 "NoColon\r\n"s, "Two Words: x\r\n"s, "\xC3\xA4: x\r\n"s}) {
    const Parsed parsed(request_with(bad));
    EXPECT_EQ(parsed.verdict(), Verdict::Bad) << bad;
    EXPECT_EQ(parsed->contact_count(), 0U);
    EXPECT_EQ(parsed->content_length(), 0U);  // read on behind it
  }
}

TEST(ParserThreats, Sec30PrintsAtEverySize) {
  RequestText request;
  for (std::size_t size = 0; size < 600; ++size) {
    request.more = "X: " + std::string(size, 'x') + "\r\n";
    request.body = std::string(size, 'b');
    const Parsed parsed(request.text());
    ASSERT_EQ(parsed.verdict(), Verdict::Ok);
    ASSERT_EQ(*parley::test::rebuild(parsed.view()), request.text());
  }
}

TEST(ParserThreats, Sec38FormatStringsAreText) {
  RequestText request;
  request.from = "From: \"%n%s%n%s\" <sip:%25n%25s@b>;tag=%n%s\r\n";
  EXPECT_EQ(Parsed(request.text())->from_tag(), "%n%s");
  request.to = "To: %n%s";
  EXPECT_FALSE(Parsed(request.text()).error().text().empty());
}

TEST(ParserThreats, N13ToOf64KiB) {
  RequestText request;
  request.to = "To: <sip:" + std::string(65'536, 'a') + "@b>\r\n";
  EXPECT_NE(verdict_of(request.text()), Verdict::Ok);
  request.to = "To: \"" + std::string(60'000, 'a') + "\" <sip:a@b>\r\n";
  EXPECT_EQ(verdict_of(request.text()), Verdict::Ok);
}

TEST(ParserThreats, Sec39LineFeedsOnlyAreNoMessage) {
  std::string text = RequestText().text();
  std::erase(text, '\r');
  EXPECT_EQ(verdict_of(text), Verdict::Drop);
  RequestText backtick;
  backtick.more = "content-type: multipart/mixed;`boundary=++\r\n";
  EXPECT_EQ(verdict_of(backtick.text()), Verdict::Ok);
}

}  // namespace
}  // namespace parley::sip
