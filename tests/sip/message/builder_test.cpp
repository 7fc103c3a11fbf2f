// SPDX-License-Identifier: MIT
#include "parse_support.hpp"

#include <parley/sip/message/builder.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace parley::sip {
namespace {

using namespace std::string_literals;
using test::Parsed;
using test::RequestText;

TEST(MessageBuilder, WritesARequestOnce) {  // RFC 3261 s.7, s.8.1.1
  auto builder = MessageBuilder::request(Method::Invite, "sip:bob@example.com");
  builder.header(HeaderId::Via, "SIP/2.0/WS a.invalid;branch=z9hG4bKx").header(HeaderId::MaxForwards, 70).header("X-Any", "thing");
  builder.body("text/plain", "hi");
  const auto text = std::move(builder).finish();
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "INVITE sip:bob@example.com SIP/2.0\r\n"
            "Via: SIP/2.0/WS a.invalid;branch=z9hG4bKx\r\n"
            "Max-Forwards: 70\r\n"
            "X-Any: thing\r\n"
            "Content-Type: text/plain\r\n"
            "Content-Length: 2\r\n"
            "\r\n"
            "hi");
}

TEST(MessageBuilder, ResponseTakesTheReasonOfTheRfc) {  // s.21
  EXPECT_EQ(*MessageBuilder::response(486).finish(), "SIP/2.0 486 Busy Here\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(*MessageBuilder::response(486, "Not now").finish(), "SIP/2.0 486 Not now\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(reason_phrase(488), "Not Acceptable Here");
  EXPECT_EQ(reason_phrase(499), "Bad Request");
  EXPECT_EQ(reason_phrase(299), "OK");
  EXPECT_EQ(reason_phrase(193), "Session Progress");
  EXPECT_EQ(reason_phrase(699), "Busy Everywhere");
  EXPECT_FALSE(MessageBuilder::response(99).finish());
  EXPECT_FALSE(MessageBuilder::response(700).finish());
}

TEST(MessageBuilder, ResponseToCopiesWhatTheRfcNames) {  // s.8.2.6.2
  RequestText request;
  request.via = "v: SIP/2.0/WS a.invalid;branch=z9hG4bK1,\r\n SIP/2.0/UDP b;branch=z9hG4bK2\r\nVia: SIP/2.0/TCP c\r\n";
  request.more = "Timestamp: 54\r\n";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Ok) << parsed.why();
  EXPECT_EQ(*MessageBuilder::response_to(parsed.view(), 486, "xyz").finish(),
            "SIP/2.0 486 Busy Here\r\n"
            "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1,\r\n SIP/2.0/UDP b;branch=z9hG4bK2\r\n"
            "Via: SIP/2.0/TCP c\r\n"
            "From: \"Alice\" <sip:alice@example.com>;tag=1928301774\r\n"
            "To: Bob <sip:bob@example.com>;tag=xyz\r\n"
            "Call-ID: a84b4c76e66710@pc33.example.com\r\n"
            "CSeq: 314159 OPTIONS\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(MessageBuilder, TryingTakesTimestampAndNoTag) {  // s.8.2.6.1
  RequestText request;
  request.more = "Timestamp: 54\r\n";
  const auto text = MessageBuilder::response_to(Parsed(request.text()).view(), 100, "xyz").finish();
  EXPECT_THAT(*text, testing::HasSubstr("\r\nTimestamp: 54\r\n"));
  EXPECT_THAT(*text, testing::Not(testing::HasSubstr("xyz")));
}

TEST(MessageBuilder, ResponseKeepsATagThatIsThere) {
  RequestText request;
  request.to = "To: <sip:bob@example.com>;tag=theirs\r\n";
  const auto text = MessageBuilder::response_to(Parsed(request.text()).view(), 200, "ours").finish();
  EXPECT_THAT(*text, testing::HasSubstr("\r\nTo: <sip:bob@example.com>;tag=theirs\r\n"));
  EXPECT_THAT(*text, testing::Not(testing::HasSubstr("ours")));
}

TEST(MessageBuilder, AnswersABrokenRequestWithWhatThereIs) {  // A19
  RequestText request;
  request.to = "To: \"Bob <sip:bob@example.com>\r\n";
  request.call_id = "";
  const Parsed parsed(request.text());
  ASSERT_EQ(parsed.verdict(), Verdict::Bad);
  const auto text = MessageBuilder::response_to(parsed.view(), 400, "t").finish();
  EXPECT_EQ(*text,
            "SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/WS host.invalid;branch=z9hG4bK776asdhds\r\n"
            "From: \"Alice\" <sip:alice@example.com>;tag=1928301774\r\nTo: \"Bob <sip:bob@example.com>\r\n"
            "CSeq: 314159 OPTIONS\r\nContent-Length: 0\r\n\r\n");
}

TEST(MessageBuilder, Sec05CopiesNoSecondContentLength) {
  RequestText request;
  request.more = "X-Own: value\r\n";
  const Parsed parsed(request.text());
  auto builder = MessageBuilder::request("MESSAGE", "sip:a@b");
  builder.copy(parsed.view(), HeaderId::ContentLength).copy(parsed.view(), HeaderId::Other).body("x");
  const auto text = std::move(builder).finish();
  EXPECT_EQ(*text, "MESSAGE sip:a@b SIP/2.0\r\nContent-Length: 1\r\n\r\nx");
}

TEST(MessageBuilder, Sec34A31RefusesLineBreaksInEveryPlace) {
  for (const std::string& bad : {"x\r\nInjected: y"s, "x\rInjected: y"s, "x\nInjected: y"s, "x\0y"s}) {
    EXPECT_FALSE(MessageBuilder::request(bad, "sip:a@b").finish());
    EXPECT_FALSE(MessageBuilder::request("INFO", "sip:" + bad + "@b").finish());
    EXPECT_FALSE(MessageBuilder::response(200, bad).finish());
    auto by_id = MessageBuilder::response(200);
    by_id.header(HeaderId::Subject, bad);
    const auto refused = std::move(by_id).finish();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::BadValue);
    EXPECT_EQ(refused.error().detail, "Subject");
    auto by_name = MessageBuilder::response(200);
    by_name.header("X-Any", bad);
    EXPECT_FALSE(std::move(by_name).finish());
    auto name = MessageBuilder::response(200);
    name.header(bad, "value");
    EXPECT_FALSE(std::move(name).finish());
    auto type = MessageBuilder::response(200);
    type.body(bad, "");
    EXPECT_FALSE(std::move(type).finish());
    EXPECT_FALSE(MessageBuilder::response_to(Parsed(RequestText().text()).view(), 200, bad).finish());
    EXPECT_FALSE(format_name_addr(bad, "sip:a@b"));
    EXPECT_FALSE(format_name_addr("A", "sip:" + bad));
  }
}

TEST(MessageBuilder, A31RefusesCoreHeadersThatParseWouldRefuse) {
  const auto refused = [](HeaderId id, std::string_view value) {
    auto builder = MessageBuilder::response(200);
    builder.header(id, value);
    const auto written = std::move(builder).finish();
    return !written && written.error().code == Errc::BadValue && written.error().detail == to_string(id);
  };
  const std::pair<HeaderId, const char*> bad[] = {{HeaderId::Via, "SIP/2.0/WS"},
                                                  {HeaderId::From, "\"a"},
                                                  {HeaderId::To, "<sip:a@b>;tag=1;tag=2"},
                                                  {HeaderId::To, ""},
                                                  {HeaderId::CallId, "a b"},
                                                  {HeaderId::CSeq, "x"},
                                                  {HeaderId::CSeq, "2147483648 INVITE"},
                                                  {HeaderId::MaxForwards, "256"},
                                                  {HeaderId::Contact, "\"a"},
                                                  {HeaderId::Contact, "<sip:a@b>,"},
                                                  {HeaderId::Route, "sip:a@b;lr"},
                                                  {HeaderId::RecordRoute, "<sip:a"},
                                                  {HeaderId::ContentType, "garbage"}};
  for (const auto& [id, value] : bad) EXPECT_TRUE(refused(id, value)) << to_string(id) << ": " << value;
  auto body = MessageBuilder::response(200);
  body.body("garbage", "x");
  EXPECT_FALSE(std::move(body).finish());
  auto compact = MessageBuilder::response(200);
  compact.header("m", "\"a");
  EXPECT_FALSE(std::move(compact).finish());
}

TEST(MessageBuilder, A18A31RefusesASecondOfWhatMayStandOnce) {
  const auto written = [](HeaderId first, const char* value, HeaderId second, const char* other) {
    auto builder = MessageBuilder::response(200);
    builder.header(first, value).header(second, other);
    return std::move(builder).finish().has_value();
  };
  EXPECT_FALSE(written(HeaderId::From, "<sip:a@b>", HeaderId::From, "<sip:a@b>"));
  EXPECT_FALSE(written(HeaderId::CSeq, "1 INVITE", HeaderId::CSeq, "1 INVITE"));
  EXPECT_FALSE(written(HeaderId::MaxForwards, "70", HeaderId::MaxForwards, "70"));
  EXPECT_FALSE(written(HeaderId::ContentType, "a/b", HeaderId::ContentType, "a/b"));
  EXPECT_FALSE(written(HeaderId::Contact, "*", HeaderId::Contact, "<sip:a@b>"));
  EXPECT_FALSE(written(HeaderId::Contact, "<sip:a@b>", HeaderId::Contact, "*"));
  EXPECT_TRUE(written(HeaderId::Contact, "<sip:a@b>", HeaderId::Contact, "<sip:c@d>"));
  EXPECT_TRUE(written(HeaderId::From, "<sip:a@b>", HeaderId::To, "<sip:a@b>"));
  auto answer = MessageBuilder::response_to(Parsed(RequestText().text()).view(), 200, "t");
  answer.header(HeaderId::To, "<sip:a@b>");
  EXPECT_FALSE(std::move(answer).finish());
}

TEST(MessageBuilder, A31ReasonPhraseIsWithoutControlCharacters) {  // RFC 3261 s.25.1
  for (const char* bad : {"Gone\x01", "Go\x7Fne", "\x1B[2J"}) EXPECT_FALSE(MessageBuilder::response(410, bad).finish()) << bad;
  EXPECT_TRUE(MessageBuilder::response(410, "Ver\tschwunden \xC3\xBC").finish());
}

TEST(MessageBuilder, A31DisplayNameIsWithoutControlCharacters) {
  for (const char* bad : {"A\x0E", "\x7F", "\x1B[2J"}) EXPECT_FALSE(format_name_addr(bad, "sip:a@b")) << bad;
  EXPECT_EQ(format_name_addr("A\tB", "sip:a@b").value(), "\"A\tB\" <sip:a@b>");
}

TEST(MessageBuilder, FirstRefusalStays) {
  auto builder = MessageBuilder::response(200);
  builder.header("X-One", "a\r").header("X-Two", "b\n").header("X-Three", "fine");
  EXPECT_EQ(std::move(builder).finish().error().detail, "X-One");
}

TEST(MessageBuilder, RefusesASecondContentLength) {
  auto builder = MessageBuilder::response(200);
  builder.header(HeaderId::ContentLength, 5);
  EXPECT_FALSE(std::move(builder).finish());
}

TEST(MessageBuilder, RefusesRequestUriThatIsNone) {  // A01, A14: strict writer
  EXPECT_FALSE(MessageBuilder::request("INFO", "bob").finish());
  EXPECT_FALSE(MessageBuilder::request("INFO", "<sip:bob@example.com>").finish());
  EXPECT_FALSE(MessageBuilder::request("INFO", "sip:bob@example.com SIP/2.0").finish());
  EXPECT_FALSE(MessageBuilder::request("INFO", "sip:bob@example.com?Route=x").finish());
}

TEST(MessageBuilder, A26RefusesMoreThanAMessageMayHold) {
  auto builder = MessageBuilder::response(200);
  builder.body("a/b", std::string(limits::message - 500, 'x'));
  EXPECT_TRUE(std::move(builder).finish());
  auto too_large = MessageBuilder::response(200);
  too_large.body("a/b", std::string(limits::message, 'x'));
  EXPECT_EQ(std::move(too_large).finish().error().code, Errc::TooLong);
  auto one_header = MessageBuilder::response(200);
  one_header.header("X", std::string(limits::message, 'x'));
  EXPECT_EQ(std::move(one_header).finish().error().code, Errc::TooLong);
}

TEST(FormatNameAddr, A31QuotesWhatTheApplicationSets) {
  EXPECT_EQ(*format_name_addr("", "sip:a@b"), "<sip:a@b>");
  EXPECT_EQ(*format_name_addr("Bob \"B\" \\", "sip:a@b"), "\"Bob \\\"B\\\" \\\\\" <sip:a@b>");
  EXPECT_FALSE(format_name_addr("Bob", "sip:a@b>;tag=x"));
  const std::string back = *format_name_addr("Bob, \"B\" <\\>", "sip:a@b");
  EXPECT_EQ(parse_name_addr(back)->display_text(), "Bob, \"B\" <\\>");
}

}  // namespace
}  // namespace parley::sip
