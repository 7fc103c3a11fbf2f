// SPDX-License-Identifier: MIT
#include <parley/fuzz/rebuild.hpp>
#include "parse_support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::sip {
namespace {

using namespace std::string_literals;
using test::Parsed;
using test::request_with;
using test::RequestText;
using test::response_with;

/// Expects a 400 and gives what stands where the error is.
std::string refused_at(const std::string& text, std::uint16_t status = 400) {
  const Parsed parsed(text);
  EXPECT_EQ(parsed.verdict(), Verdict::Bad) << text;
  EXPECT_EQ(parsed.status(), status) << parsed.why();
  return std::string(parsed.at_error().substr(0, 12));
}

bool accepted(const std::string& text) {
  const Parsed parsed(text);
  EXPECT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why() << "\n" << text;
  return parsed.verdict() == Verdict::Ok;
}

TEST(Parser, A01StartLineHasExactlyTwoBlanks) {  // RFC 3261 s.7.1
  for (const char* line : {"OPTIONS  sip:a@b SIP/2.0", "OPTIONS sip:a@b  SIP/2.0", "OPTIONS sip:a@b SIP/2.0 ", "OPTIONS sip:a@b",
                           "OPTIONS sip:a b@c SIP/2.0", "OPTIONS <sip:a@b> SIP/2.0", "OPTIONS sip:a@b SIP/2.0x", "OPTIONS sip:a@b HTTP/1.1",
                           "OPTIONS sip:a@b SIP/", "OPTIONS sip:a@b SIP/x", "OPTIONS  ", "OPTIONS \tsip:a@b SIP/2.0"}) {
    std::string text = RequestText().text();
    text.replace(0, text.find("\r\n"), line);
    refused_at(text);
  }
  for (const char* line : {"OPTIONS", "", " OPTIONS sip:a@b SIP/2.0", "OPT@IONS sip:a@b SIP/2.0", "\tX", "<html>"}) {
    std::string text = RequestText().text();
    text.replace(0, text.find("\r\n"), line);
    EXPECT_EQ(Parsed(text).verdict(), Verdict::Drop) << line;
  }
}

TEST(Parser, A02LeadingLineBreaksAreSkipped) {  // s.7.5
  const std::string text = RequestText().text();
  const Parsed parsed("\r\n\r\n\r\n" + text);
  ASSERT_EQ(parsed.verdict(), Verdict::Ok);
  EXPECT_EQ(parsed->bytes(), text);
  EXPECT_EQ(Message(parsed.view()).bytes(), text);
  EXPECT_EQ(Parsed("\r\n\r\n").verdict(), Verdict::Drop);
  EXPECT_EQ(Parsed("").verdict(), Verdict::Drop);
  EXPECT_EQ(Parsed("\r").verdict(), Verdict::Drop);
}

TEST(Parser, A03MethodsAreCaseSensitiveTokens) {  // s.7.1
  RequestText request;
  request.method = "options";
  const Parsed lower(request.text());
  ASSERT_EQ(lower.verdict(), Verdict::Ok);
  EXPECT_EQ(lower->method(), Method::Other);
  EXPECT_EQ(lower->method_text(), "options");
  request.method = "!interesting-Method0123456789_*+`.%indeed'~";
  EXPECT_TRUE(accepted(request.text()));
  request.method = "RE%47IST%45R";
  EXPECT_EQ(Parsed(request.text())->method(), Method::Other);
}

TEST(Parser, A04NamesAndVersionInAnyCase) {  // s.7.3.1
  RequestText request;
  request.version = "sip/2.0";
  request.via = "vIA: sip/2.0/ws Host.Invalid;Branch=z9hG4bKx\r\n";
  request.from = "FROM: <SIP:alice@Example.com>;TAG=Ab\r\n";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
  EXPECT_EQ(parsed->via().branch, "z9hG4bKx");
  EXPECT_EQ(parsed->from_tag(), "Ab");
  EXPECT_EQ(parsed->from().uri.scheme, Scheme::Sip);
}

TEST(Parser, A04TagsCallIdAndBranchDifferByCase) {  // s.7.3.1, s.19.3, s.20.8
  RequestText request;
  request.via = "Via: SIP/2.0/WS a;branch=z9hG4bKaB\r\n";
  request.from = "From: <sip:a@b>;tag=aB\r\n";
  request.to = "To: <sip:a@b>;tag=Ab\r\n";
  request.call_id = "Call-ID: X@y\r\n";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
  EXPECT_EQ(parsed->via().branch, "z9hG4bKaB");
  EXPECT_NE(parsed->from_tag(), parsed->to_tag());
  EXPECT_EQ(parsed->from_tag(), "aB");
  EXPECT_EQ(parsed->to_tag(), "Ab");
  EXPECT_EQ(parsed->call_id(), "X@y");
  request.via = "Via: SIP/2.0/WS a;branch=Z9HG4BKaB\r\n";  // the cookie, too
  EXPECT_FALSE(Parsed(request.text())->via().has_rfc3261_branch());
}

TEST(Parser, A11EscapesInNamesAreNotDecodedAndSurviveARoundTrip) {  // RFC 4475 s.3.1.1.5
  RequestText request;
  request.method = "RE%47IST%45R";
  request.more = "S%75bject: escaped\r\nContact: <sip:%61%00@b>\r\n";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
  EXPECT_EQ(parsed->method(), Method::Other);
  EXPECT_FALSE(parsed->has(HeaderId::Subject));
  EXPECT_EQ(parsed->header("s%75BJECT"), "escaped");
  const auto printed = parley::test::rebuild(parsed.view());
  ASSERT_TRUE(printed);
  EXPECT_EQ(*printed, request.text());
}

TEST(Parser, A05CompactAndLongFormsMix) {  // s.7.3.3
  RequestText request;
  request.via = "v: SIP/2.0/WS a;branch=z9hG4bK1\r\nVia: SIP/2.0/WS b;branch=z9hG4bK2\r\n";
  request.from = "f: <sip:a@b>;tag=1\r\n";
  request.to = "t: <sip:c@d>\r\n";
  request.call_id = "i: x@y\r\n";
  request.more = "m: <sip:e@f>\r\nContact: <sip:g@h>\r\nc: text/plain\r\nk: a\r\nSupported: b\r\n";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
  EXPECT_EQ(parsed->via_count(), 2U);
  EXPECT_EQ(parsed->contact_count(), 2U);
  EXPECT_EQ(parsed->call_id(), "x@y");
  EXPECT_TRUE(parsed->lists(HeaderId::Supported, "a") && parsed->lists(HeaderId::Supported, "b"));
}

TEST(Parser, A06FoldsAndBlanks) {  // s.7.3.1
  RequestText request;
  request.to = "TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n";
  request.cseq = "cseq: 0009\r\n  OPTIONS\r\n";
  request.max_forwards = "MaX-fOrWaRdS\t: \t0068 \r\n";
  request.more = "NewFangledHeader:   newfangled value\r\n continued newfangled value\r\nSubject:\r\nEmpty-And-Folded:\r\n \r\n\t\r\n";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
  EXPECT_EQ(parsed->to_tag(), "1918181833n");
  EXPECT_EQ(parsed->cseq().number, 9U);
  EXPECT_EQ(parsed->max_forwards(), 68);
  EXPECT_EQ(parsed->header("newfangledheader"), "newfangled value\r\n continued newfangled value");
  EXPECT_EQ(parsed->header(HeaderId::Subject), "");
  EXPECT_EQ(parsed->header("Empty-And-Folded"), "");
}

TEST(Parser, A07ListsEqualSeveralHeadersAndChallengesStayWhole) {  // s.7.3.1
  const Parsed list(request_with("Route: <sip:a,b@c;lr>,<sip:d@e;lr>;x=\",\"\r\nContact: \"A, B\" <sip:a@b>,<sip:c@d>\r\n"));
  const Parsed lines(
      request_with("Route: <sip:a,b@c;lr>\r\nContact: \"A, B\" <sip:a@b>\r\nRoute: <sip:d@e;lr>;x=\",\"\r\nContact: <sip:c@d>\r\n"));
  ASSERT_EQ(list.verdict(), Verdict::Ok) << list.why();
  ASSERT_EQ(lines.verdict(), Verdict::Ok) << lines.why();
  ASSERT_EQ(list->route_count(), 2U);
  ASSERT_EQ(lines->route_count(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(list->route(i).text, lines->route(i).text);
    EXPECT_EQ(list->contact(i).text, lines->contact(i).text);
  }
  const Parsed challenge(request_with("Authorization: Digest username=\"a\", realm=\"b\"\r\nProxy-Authorization: Digest c=d, e=f\r\n"));
  std::vector<std::string> values;
  challenge->for_each(HeaderId::Authorization, [&](std::string_view value) { values.emplace_back(value); });
  challenge->for_each(HeaderId::ProxyAuthorization, [&](std::string_view value) { values.emplace_back(value); });
  EXPECT_THAT(values, testing::ElementsAre("Digest username=\"a\", realm=\"b\"", "Digest c=d, e=f"));
}

TEST(Parser, A07CallIdsSplitAtEachComma) {  // s.25.1 word: quotes and <> are letters of it
  const Parsed parsed(request_with("In-Reply-To: \"a@b, <c@d,e\r\nIn-Reply-To: f>\"\r\n"));
  std::vector<std::string> values;
  parsed->for_each(HeaderId::InReplyTo, [&](std::string_view value) { values.emplace_back(value); });
  EXPECT_THAT(values, testing::ElementsAre("\"a@b", "<c@d", "e", "f>\""));
}

TEST(Parser, A14HeadersInTheRequestUriAreRefused) {  // s.19.1.1
  RequestText request;
  request.uri = "sip:user@example.com?Route=%3Csip:example.com%3E";
  EXPECT_EQ(refused_at(request.text()), "Route=%3Csip");
}

TEST(Parser, A16NumbersDoNotWrap) {  // s.8.1.1.5, s.20.22
  RequestText request;
  for (const char* good : {"0", "1", "0000000000000000000000001", "2147483647"}) {
    request.cseq = std::string("CSeq: ") + good + " OPTIONS\r\n";
    EXPECT_TRUE(accepted(request.text()));
  }
  for (const char* bad :
       {"2147483648", "4294967295", "4294967296", "4294967297", "115211521152", "36893488147419103232", "abc", "-1", "+1", "1x", ""}) {
    request.cseq = std::string("CSeq: ") + bad + " OPTIONS\r\n";
    refused_at(request.text());
  }
  request.cseq.reset();
  for (const char* bad : {"256", "300", "65792", "-1", "", "7 0", "x"}) {
    request.max_forwards = std::string("Max-Forwards: ") + bad + "\r\n";
    refused_at(request.text());
  }
  request.max_forwards = "Max-Forwards: 255\r\n";
  EXPECT_EQ(Parsed(request.text())->max_forwards(), 255);
}

TEST(Parser, A16StatusCodes) {  // s.7.2
  for (const char* bad : {"99", "099", "700", "1000", "4294967301", "2x0", "", "-20", "20", "0200"}) {
    EXPECT_EQ(Parsed(response_with(std::string("SIP/2.0 ") + bad + " OK")).verdict(), Verdict::Drop) << bad;
  }
  EXPECT_EQ(Parsed(response_with("SIP/2.0 699 X"))->status(), 699);
  EXPECT_EQ(Parsed(response_with("SIP/2.0  200 OK")).verdict(), Verdict::Drop);
  EXPECT_EQ(Parsed(response_with("SIP/2.0 200OK")).verdict(), Verdict::Drop);
}

TEST(Parser, A18HeadersAllowedOnce) {  // s.7.3.1
  for (const char* twice : {"From: <sip:a@b>;tag=x\r\n", "To: <sip:a@b>\r\n", "Call-ID: x\r\n", "CSeq: 314159 OPTIONS\r\n",
                            "Max-Forwards: 70\r\n", "t: <sip:a@b>\r\n", "l: 1\r\n"}) {
    refused_at(request_with(twice));
  }
  EXPECT_TRUE(accepted(request_with("l: 0\r\n")));
  refused_at(request_with("Content-Type: a/b\r\nc: a/b\r\n"));
  EXPECT_EQ(Parsed(response_with("SIP/2.0 200 OK", "CSeq: 1 INVITE\r\n")).verdict(), Verdict::Drop);
}

TEST(Parser, A19MissingHeaders) {  // s.8.1.1
  RequestText request;
  request.from = request.to = request.call_id = "";
  const Parsed parsed(request.text());
  EXPECT_EQ(parsed.verdict(), Verdict::Bad);
  EXPECT_EQ(parsed.status(), 400);
  EXPECT_EQ(parsed->via().branch, "z9hG4bK776asdhds");
  EXPECT_EQ(parsed->cseq().number, 314159U);
  RequestText no_via;
  no_via.via = "";
  EXPECT_EQ(Parsed(no_via.text()).verdict(), Verdict::Drop);
  RequestText no_cseq;
  no_cseq.cseq = "X: y\r\n";
  EXPECT_EQ(Parsed(no_cseq.text()).why(), "CSeq is missing");
  EXPECT_EQ(Parsed("SIP/2.0 200 OK\r\nVia: SIP/2.0/WS a;branch=x\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\nCSeq: 1 INVITE\r\n\r\n").verdict(),
            Verdict::Drop);
}

TEST(Parser, A20UnknownHeadersAreKeptWhateverTheySay) {
  const Parsed parsed(request_with("Odd: ;;,,;;,;\r\nExtensionHeader-!.%*+_`'~: \xEF\xBB\xBF\xE5\xA4\xA7\r\nNul: a\0b\r\nTab: \ta\t\r\n"s));
  ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
  EXPECT_EQ(parsed->header("odd"), ";;,,;;,;");
  EXPECT_EQ(parsed->header("extensionheader-!.%*+_`'~"), "\xEF\xBB\xBF\xE5\xA4\xA7");
  EXPECT_EQ(parsed->header("nul"), std::string_view("a\0b", 3));
  EXPECT_EQ(parsed->header("tab"), "a");
}

TEST(Parser, A21ReasonPhrases) {  // RFC 4475 s.3.1.1.12, s.3.1.1.13
  EXPECT_EQ(Parsed(response_with("SIP/2.0 100 "))->reason(), "");
  EXPECT_EQ(Parsed(response_with("SIP/2.0 100")).verdict(), Verdict::Ok);
  EXPECT_EQ(Parsed(response_with("SIP/2.0 200 = 2**3 * 5**2 \xD0\xBD\xD0\xBE\t\"\\"))->reason(), "= 2**3 * 5**2 \xD0\xBD\xD0\xBE\t\"\\");
  EXPECT_EQ(Parsed(response_with("SIP/2.0 200 \xFF\xC3"))->status(), 200);
  EXPECT_EQ(Parsed(response_with("SIP/2.0 200 a\x01")).verdict(), Verdict::Drop);
}

TEST(Parser, A22OtherVersions) {  // s.21.5.6
  RequestText request;
  for (const char* version : {"SIP/7.0", "SIP/3.0", "SIP/1.9", "SIP/20", "SIP/2.00"}) {
    request.version = version;
    refused_at(request.text(), 505);
  }
  EXPECT_EQ(Parsed(response_with("SIP/7.0 200 OK")).verdict(), Verdict::Drop);
}

TEST(Parser, A23MethodOfCSeqMustBeTheSame) {  // s.8.1.1.5
  RequestText request;
  request.cseq = "CSeq: 1 INVITE\r\n";
  EXPECT_EQ(refused_at(request.text()).substr(0, 6), "INVITE");
  request.cseq = "CSeq: 1 options\r\n";
  refused_at(request.text());
  EXPECT_EQ(Parsed(response_with("SIP/2.0 200 OK"))->method(), Method::Invite);
  EXPECT_EQ(Parsed(response_with("SIP/2.0 200 OK"))->method_text(), "INVITE");
}

TEST(Parser, A24DateIsNotLookedAt) { EXPECT_TRUE(accepted(request_with("Date: Fri, 01 Jan 2010 16:00:00 EST\r\n"))); }

TEST(Parser, A26LongValuesHaveNoSmallLimit) {  // RFC 4475 s.3.1.1.7
  const std::string long_text(4000, 'x');
  RequestText request;
  request.from = "From: \"" + long_text + "\" <sip:" + long_text + "@example.com>;tag=" + long_text + "\r\n";
  request.call_id = "Call-ID: " + long_text + "\r\n";
  request.more = long_text + ": " + long_text + "\r\n";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
  EXPECT_EQ(parsed->from_tag(), long_text);
  EXPECT_EQ(parsed->header(long_text), long_text);
}

TEST(Parser, A26Sec28LimitsAreAnsweredNotExceeded) {
  std::string headers;
  for (std::size_t i = 6; i < limits::headers; ++i) headers += "Accept: AAAA\r\n";  // five others and Content-Length
  EXPECT_TRUE(accepted(request_with(headers.substr(0, headers.size() - 14))));
  refused_at(request_with(headers + "X: y\r\n"), 513);
  RequestText request;
  request.via.clear();
  for (std::size_t i = 0; i < limits::vias; ++i) request.via += (i == 0 ? "Via: " : ",") + std::string("SIP/2.0/WS a;branch=z9hG4bKx");
  request.via += "\r\n";
  EXPECT_TRUE(accepted(request.text()));
  request.via += "Via: SIP/2.0/WS a;branch=z9hG4bKx\r\n";
  refused_at(request.text());
  request = RequestText();
  request.uri = "sip:" + std::string(limits::uri, 'a');
  refused_at(request.text(), 414);
}

TEST(Parser, A26WholeMessageLimit) {
  RequestText request;
  const std::size_t rest = [&] {
    request.body = std::string(10'000, 'x');
    return request.text().size() - 10'000;
  }();
  request.body = std::string(limits::message - rest, 'x');
  ASSERT_EQ(request.text().size(), limits::message);
  EXPECT_TRUE(accepted(request.text()));
  request.body += 'x';
  refused_at(request.text(), 413);
  request.body = "";
  request.more = "X: " + std::string(limits::message, 'x') + "\r\n";
  refused_at(request.text(), 513);
  request.more = "";
  request.with_length = false;
  request.body = std::string(limits::message, 'x');
  refused_at(request.text(), 413);
}

TEST(Parser, A30BodyIsCountedNotSearched) {  // s.18.3
  RequestText request;
  request.body = std::string("a\0\r\n\r\nINVITE sip:x SIP/2.0\r\n", 27);
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok);
  EXPECT_EQ(parsed->body(), request.body);
  request.with_length = false;
  EXPECT_EQ(Parsed(request.text())->body(), request.body);
}

TEST(Parser, Sec06DatagramLengths) {  // s.18.3
  RequestText request;
  request.with_length = false;
  request.more = "Content-Length: 3\r\n";
  request.body = "12345";
  const Parsed longer(request.text());
  ASSERT_EQ(longer.verdict(), Verdict::Ok);
  EXPECT_EQ(longer->body(), "123");
  EXPECT_EQ(longer->bytes().substr(longer->bytes().size() - 3), "123");
  request.body = "12";
  refused_at(request.text());
}

TEST(Parser, A32A33OtherSchemesInTheRequestLine) {  // RFC 3966, RFC 3261 s.19.1
  RequestText request;
  request.uri = "tel:+1-201-555-0123;phone-context=x";
  request.to = "To: <tel:+1-201-555-0123>\r\n";
  request.from = "From: tel:911;tag=x\r\n";
  const Parsed tel(request.text());
  ASSERT_EQ(tel.verdict(), Verdict::Ok) << tel.why();
  EXPECT_EQ(tel->request_uri().scheme, Scheme::Tel);
  EXPECT_EQ(tel->from().uri.user, "911");
  request.uri = "sips:bob@example.com";
  EXPECT_EQ(Parsed(request.text())->request_uri().scheme, Scheme::Sips);
  request.uri = "nobodyKnowsThisScheme:totallyopaquecontent";
  EXPECT_EQ(Parsed(request.text())->request_uri().scheme, Scheme::Other);
}

TEST(Parser, ContactStarStandsAlone) {  // s.10.2.2
  EXPECT_TRUE(Parsed(request_with("Contact: *\r\n"))->contact_is_star());
  refused_at(request_with("Contact: *\r\nContact: <sip:a@b>\r\n"));
  refused_at(request_with("Contact: <sip:a@b>\r\nContact: *\r\n"));
  refused_at(request_with("Contact: *,<sip:a@b>\r\n"));
}

TEST(Parser, EmptyCoreHeaders) {
  EXPECT_TRUE(accepted(request_with("Contact:\r\nRoute:\r\nRecord-Route:\r\nContent-Type:\r\n")));
  for (const char* name : {"From:\r\n", "To: \r\n", "Call-ID:\r\n", "CSeq:\r\n", "Via:\r\n", "Content-Length:\r\n"})
    refused_at(request_with(name));
}

TEST(Parser, RoutesNeedBrackets) {  // s.20.30, s.20.34
  refused_at(request_with("Route: sip:proxy.example.com;lr\r\n"));
  refused_at(request_with("Record-Route: <sip:a;lr>, sip:b;lr\r\n"));
}

TEST(Parser, LoneLineBreaksEndTheReading) {
  EXPECT_EQ(refused_at(request_with("X: a\nVia: SIP/2.0/WS evil\r\n")).substr(0, 4), "\nVia");
  EXPECT_EQ(refused_at(request_with("X: a\rVia: SIP/2.0/WS evil\r\n")).substr(0, 4), "\rVia");
  EXPECT_EQ(Parsed(request_with("X: a\nVia: SIP/2.0/WS evil\r\n"))->via_count(), 1U);
}

TEST(Parser, ErrorsTellWhereAndTheRestIsStillRead) {
  RequestText request;
  request.to = "To: \"Bob <sip:bob@example.com>\r\n";
  const Parsed parsed(request.text());
  EXPECT_EQ(parsed.verdict(), Verdict::Bad);
  EXPECT_EQ(parsed.why(), "unterminated quoted string");
  EXPECT_EQ(parsed->header(HeaderId::To), "\"Bob <sip:bob@example.com>");
  EXPECT_EQ(parsed->call_id(), "a84b4c76e66710@pc33.example.com");
  EXPECT_EQ(parsed->from_tag(), "1928301774");
}

TEST(Parser, RowsOfLinesWithoutANameHideNoHeaderBehindThem) {
  const Parsed message(request_with("X: 1\r\nA\r\n:\r\nB C\r\n\tfold\r\n: D\r\ne f: g\r\nY\t: 2\r\n"));
  EXPECT_EQ(message.verdict(), Verdict::Bad);
  EXPECT_EQ(message.at_error().substr(0, 3), "A\r\n");  // the first of them
  EXPECT_EQ(message->header("X"), "1");
  EXPECT_EQ(message->header("Y"), "2");
  EXPECT_FALSE(message->header("e"));
}

TEST(Parser, IndexServesManyMessages) {
  MessageIndex index;
  const std::string first = request_with("Contact: <sip:a@b>\r\nRoute: <sip:c;lr>\r\n");
  EXPECT_EQ(parse(first, index).verdict, Verdict::Ok);
  const std::string second = RequestText().text();
  EXPECT_EQ(parse(second, index).verdict, Verdict::Ok);
  EXPECT_EQ((MessageView{second, index}.contact_count()), 0U);
  EXPECT_EQ((MessageView{second, index}.route_count()), 0U);
  EXPECT_FALSE((MessageView{second, index}.header(HeaderId::Contact)));
}

TEST(Parser, A28PrintingThenParsingYieldsTheSame) {
  for (const std::string& text :
       {RequestText().text(),
        request_with("Contact: \"A\\\"\" <sip:a@b>;q=0.5,\r\n <sip:c@d>\r\nOdd:\r\n  folded\r\n\tvalue\r\nc: a/b;c=d\r\n"),
        response_with("SIP/2.0 200 OK", "Record-Route: <sip:a;lr>,<sip:b;lr>\r\n"), response_with("SIP/2.0 183 ")}) {
    const Parsed parsed(text);
    ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
    const auto printed = parley::test::rebuild(parsed.view());
    ASSERT_TRUE(printed);
    const Parsed again(*printed);
    ASSERT_EQ(again.verdict(), Verdict::Ok) << *printed;
    EXPECT_TRUE(parley::test::same_message(parsed.view(), again.view())) << *printed;
  }
}

}  // namespace
}  // namespace parley::sip
