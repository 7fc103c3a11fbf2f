// SPDX-License-Identifier: MIT
#include <parley/sip/message/name_addr.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace parley::sip {
namespace {

/// Parses a copy whose end AddressSanitizer guards.
bool is_name_addr(std::string_view text) {
  const auto copy = std::make_unique<char[]>(text.size());
  text.copy(copy.get(), text.size());
  return parse_name_addr({copy.get(), text.size()}).has_value();
}

TEST(NameAddr, A09Forms) {  // RFC 3261 s.20.10
  const auto quoted = parse_name_addr("\"Alice\" <sip:alice@example.com;lr>;tag=a;x");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->display_text(), "Alice");
  EXPECT_EQ(quoted->uri.params, "lr");
  EXPECT_EQ(quoted->tag(), "a");
  EXPECT_TRUE(quoted->params.has("X"));
  const auto tokens = parse_name_addr("Mr. Watson  <sip:watson@example.com>");
  EXPECT_EQ(tokens->display_name, "Mr. Watson");
  const auto close = parse_name_addr("caller<sip:caller@example.com>;tag=323");
  EXPECT_EQ(close->display_name, "caller");
  const auto bracketed = parse_name_addr("<sip:a@b>");
  EXPECT_EQ(bracketed->display_name, "");
  EXPECT_EQ(bracketed->text, "<sip:a@b>");
}

TEST(NameAddr, A09ParametersOfAnAddrSpecAreTheHeaders) {
  const auto bare = parse_name_addr("sip:caller@example.net ; tag=134161461246");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->uri.text, "sip:caller@example.net");
  EXPECT_EQ(bare->uri.params, "");
  EXPECT_EQ(bare->tag(), "134161461246");
  EXPECT_EQ(parse_name_addr("isbn:2983792873;tag=x")->uri.text, "isbn:2983792873");
  EXPECT_EQ(parse_name_addr("tel:+1201;tag=x")->uri.text, "tel:+1201");
}

TEST(NameAddr, A10AmbiguousAddrSpecIsRefused) {
  for (const char* text : {"sip:a:b/c@h", "sip:user@example.com?Route=%3Csip:sip.example.com%3E", "sip:user;x=y@example.com", "sip:a,b@c",
                           "x:a?b", "x:,", "x:;a"}) {
    EXPECT_FALSE(is_name_addr(text)) << text;
  }
  EXPECT_TRUE(is_name_addr("<sip:user;x=y@example.com?Subject=a>"));
}

TEST(NameAddr, A08QuotedStrings) {  // s.25.1 quoted-string
  const std::string text("\"a\\\"b\\\\ \\\0\\\x7F\tc\" <sip:a@b>", 25);
  const auto value = parse_name_addr(text);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->display_text(), std::string("a\"b\\ \0\x7F\tc", 9));
  EXPECT_EQ(parse_name_addr("\"\" <sip:a@b>")->display_text(), "");
  EXPECT_EQ(parse_name_addr("\"fold\r\n ed\" <sip:a@b>")->display_name, "\"fold\r\n ed\"");
  EXPECT_FALSE(is_name_addr(std::string("\"a\0b\" <sip:a@b>", 15)));
  EXPECT_FALSE(is_name_addr("\"a\nb\" <sip:a@b>"));
  EXPECT_FALSE(is_name_addr("\"a\\\nb\" <sip:a@b>"));
}

TEST(NameAddr, A21Utf8) {
  EXPECT_EQ(parse_name_addr("\"J\xC3\xBCrgen\" <sip:a@b>")->display_text(), "J\xC3\xBCrgen");
  EXPECT_EQ(parse_name_addr("J\xC3\xBCrgen <sip:a@b>")->display_text(), "J\xC3\xBCrgen");
  EXPECT_TRUE(is_name_addr("\"\xFF\xC3\" <sip:a@b>"));  // not UTF-8, and no reason to fall over
}

TEST(NameAddr, A06WhiteSpaceAndFolds) {
  const auto value = parse_name_addr("\"A\"\r\n <sip:a@b>\r\n\t;\r\n tag \t=\r\n  x  ; lr");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->tag(), "x");
  EXPECT_EQ(value->params.find("LR"), "");
}

TEST(NameAddr, A06FoldsInDisplayNamesAreBlanks) {  // RFC 3261 s.7.3.1, s.25.1 LWS
  for (const char* text :
       {"\"Alice\r\n Bob\" <sip:a@b>", "\"Alice \r\n\t Bob\"<sip:a@b>", "Alice\r\n Bob <sip:a@b>", "Alice\t\r\n  Bob\r\n <sip:a@b>"}) {
    EXPECT_EQ(parse_name_addr(text)->display_text(), "Alice Bob") << text;
  }
  EXPECT_EQ(parse_name_addr("\"\\\\\r\n \\\"\" <sip:a@b>")->display_text(), "\\ \"");
}

TEST(NameAddr, A20UnknownParametersWithAndWithoutValue) {
  const auto value = parse_name_addr("<sip:a@b>;one;two=2;three=\"3;,\\\"\";+sip.instance=\"<urn:x>\";host=[::1]:5");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->params.find("three"), "\"3;,\\\"\"");
  EXPECT_EQ(unquote(*value->params.find("three")), "3;,\"");
  EXPECT_EQ(value->params.find("host"), "[::1]:5");
  EXPECT_EQ(value->params.find("one"), "");
  std::string_view rest = value->params.text();
  int count = 0;
  while (const auto param = ParamsView::next(rest)) count += param->has_value ? 10 : 1;
  EXPECT_EQ(count, 41);
}

TEST(NameAddr, Sec17Sec18Sec19BrokenOnesAreRefused) {
  for (const char* text : {"\"a\\",
                           "\"a\\\"",
                           "\"a",
                           "\"",
                           "",
                           ";tag=x",
                           "<>",
                           "<",
                           "< sip:a@b>",
                           "<sip:a@b >",
                           "<sip:a@b",
                           "sip:a@b>",
                           "\"A\" sip:a@b",
                           "Bob sip:a@b",
                           "Bell, Alexander <sip:a@b>",
                           "<sip:a@b>;",
                           "<sip:a@b>;x=",
                           "<sip:a@b>;;x",
                           "<sip:a@b>;x=\"",
                           "<sip:a@b>x",
                           "<sip:a@b>;=x",
                           "<sip:a@b>;x=y z",
                           "<sip:a@b>;tag=",
                           "<sip:a@b>;tag",
                           "<sip:a@b>;tag=a;tag=b",
                           "<sip:a@b>;tag=\"a\"",
                           "\"A\" \"B\" <sip:a@b>",
                           "/",
                           "<sip:a@b>, <sip:c@d>",
                           "A\x01 <sip:a@b>"}) {
    EXPECT_FALSE(is_name_addr(text)) << text;
  }
}

TEST(NameAddr, Sec16OtherSchemesAreValues) {
  EXPECT_EQ(parse_name_addr("<name:John_Smith>")->uri.scheme, Scheme::Other);
  EXPECT_EQ(parse_name_addr("<http://www.example.com/?x=y>;tag=3")->tag(), "3");
}

TEST(Quoting, A06FoldsAreBlanks) {  // s.7.3.1
  EXPECT_EQ(unquote("\"a \r\n\tb\""), "a b");
  EXPECT_EQ(unquote("a\r\n b"), "a b");
  EXPECT_EQ(unescape_quoted("a\\\\\r\n b"), "a\\ b");
  EXPECT_EQ(unescape_quoted("a  b\\"), "a  b\\");
}

TEST(Quoting, Sec20ShortTextsAreLeftAlone) {
  EXPECT_EQ(unquote("x"), "x");
  EXPECT_EQ(unquote(""), "");
  EXPECT_EQ(unquote("\""), "\"");
  EXPECT_EQ(unquote("\"\""), "");
  EXPECT_EQ(unquote("\"a\\\""), "a\\");
  EXPECT_EQ(unquote(quote("a\"\\b")), "a\"\\b");
}

TEST(Params, NextStopsAtWhatIsNoParameter) {
  for (const char* text : {"", "x", ";", ";=", ";a=", ";a=\"b"}) {
    std::string_view rest = text;
    EXPECT_FALSE(ParamsView::next(rest)) << text;
    EXPECT_FALSE(ParamsView(text).has("a")) << text;
  }
}

}  // namespace
}  // namespace parley::sip
