// SPDX-License-Identifier: MIT
#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/uri.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace parley::sip {
namespace {

/// Parses a copy whose end AddressSanitizer guards.
bool is_uri(std::string_view text) {
  const auto copy = std::make_unique<char[]>(text.size());
  text.copy(copy.get(), text.size());
  return parse_uri({copy.get(), text.size()}).has_value();
}

bool same(std::string_view a, std::string_view b) {
  const bool there = equivalent(parse_uri(a).value(), parse_uri(b).value());
  EXPECT_EQ(there, equivalent(parse_uri(b).value(), parse_uri(a).value()));
  return there;
}

TEST(Uri, ReadsEveryPart) {  // RFC 3261 s.19.1.1
  const auto uri = parse_uri("SIPS:alice:pa$$@Atlanta.example.com:05061;transport=ws;lr?subject=a%20b&priority=urgent");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, Scheme::Sips);
  EXPECT_TRUE(uri->is_sip());
  EXPECT_EQ(uri->scheme_text, "SIPS");
  EXPECT_EQ(uri->user, "alice");
  EXPECT_EQ(uri->password, "pa$$");
  EXPECT_EQ(uri->host, "Atlanta.example.com");
  EXPECT_EQ(uri->port, 5061);
  EXPECT_EQ(uri->params, "transport=ws;lr");
  EXPECT_EQ(uri->param("Transport"), "ws");
  EXPECT_EQ(uri->param("lr"), "");
  EXPECT_FALSE(uri->param("l"));
  EXPECT_EQ(uri->headers, "subject=a%20b&priority=urgent");
}

TEST(Uri, ReadsTheShortest) {
  const auto uri = parse_uri("sip:a");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "");
  EXPECT_EQ(uri->host, "a");
  EXPECT_FALSE(uri->port);
}

TEST(Uri, A13SemicolonAndQuestionMarkBelongToTheUser) {  // s.25.1 user-unreserved
  const auto uri = parse_uri("sip:user;par=u%40example.net?x@example.com;y");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "user;par=u%40example.net?x");
  EXPECT_EQ(uri->host, "example.com");
  EXPECT_EQ(uri->params, "y");
}

TEST(Uri, A11EscapesSurviveAndZeroEndsNothing) {  // s.19.1.2
  const auto uri = parse_uri("sip:null-%00-null@example.com");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->user, "null-%00-null");
  EXPECT_EQ(unescape(uri->user), std::string("null-\0-null", 11));
  EXPECT_EQ(unescape("%4"), "%4");
  EXPECT_EQ(unescape("%zz%41"), "%zzA");
  EXPECT_EQ(escape_user("a b@c%\xC3\xA9"), "a%20b%40c%25%C3%A9");
  EXPECT_TRUE(is_uri("sip:" + escape_user(std::string("\0\r\n <>\"#", 8)) + "@a"));
}

TEST(Uri, Sec12Sec13BrokenEscapesAreRefusedWithoutReadingOn) {
  for (const char* text :
       {"sip:%", "sip:%4", "sip:a%@b", "sip:a%4@b", "sip:a%4g@b", "sip:a@b;p%", "sip:a@b;p=%4", "sip:a@b?h=%", "sip:a:%1@b"}) {
    EXPECT_FALSE(is_uri(text)) << text;
  }
  EXPECT_EQ(unescape("%"), "%");
  EXPECT_EQ(unescape(""), "");
}

TEST(Uri, A15IPv6References) {  // RFC 5118 s.4.1 to s.4.5
  const auto uri = parse_uri("sip:user@[2001:db8::10]:5070;maddr=[2001:db8::1]");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->host, "[2001:db8::10]");
  EXPECT_EQ(uri->port, 5070);
  EXPECT_EQ(uri->param("maddr"), "[2001:db8::1]");
  EXPECT_FALSE(parse_uri("sip:[2001:db8::10:5070]")->port);
  for (const char* text :
       {"sip:[::]", "sip:[::1]", "sip:[1::]", "sip:[1:2:3:4:5:6:7:8]", "sip:[::ffff:192.0.2.1]", "sip:[1:2:3:4:5:6:192.0.2.1]"}) {
    EXPECT_TRUE(is_uri(text)) << text;
  }
  for (const char* text :
       {"sip:user@2001:db8::10", "sip:[2001:db8::10", "sip:[]", "sip:[1:2:3:4:5:6:7]", "sip:[1:2:3:4:5:6:7:8:9]", "sip:[1::2::3]",
        "sip:[:1]", "sip:[1:]", "sip:[12345::]", "sip:[::1.2.3]", "sip:[::1.2.3.256]", "sip:[1.2.3.4]", "sip:[::g]",
        "sip:[2001:db8:::192.0.2.1]", "sip:[1:2:3:4:5:6:7:8::]", "sip:[::1%eth0]", "sip:[::0001.2.3.4]", "sip:[::1.2.3.0000000004]"}) {
    EXPECT_FALSE(is_uri(text)) << text;
  }
}

TEST(Uri, A15IPv6AddressesAreComparedAsNumbers) {  // RFC 5954 s.4.2, RFC 3261 s.19.1.4
  for (const char* other :
       {"sip:u@[2001:DB8:0::1]", "sip:u@[2001:0db8:0:0:0:0:0:1]", "sip:u@[2001:db8::0.0.0.1]", "sip:u@[2001:db8:0:0:0:0::1]"}) {
    EXPECT_TRUE(same("sip:u@[2001:db8::1]", other)) << other;
  }
  EXPECT_TRUE(same("sip:[::ffff:192.0.2.1]", "sip:[::FFFF:C000:201]"));
  EXPECT_TRUE(same("sip:[1:2:3:4:5:6:7:8]", "sip:[01:02:03:04:05:06:07:08]"));
  EXPECT_TRUE(same("sip:[::]", "sip:[0::0]"));
  EXPECT_TRUE(same("sip:[1::]", "sip:[1:0::]"));
  for (const char* other : {"sip:u@[2001:db8::2]", "sip:u@[2001:db8::1:0]", "sip:u@[2001:db8::1]:5060", "sip:u@2001", "sip:u@[::1]"}) {
    EXPECT_FALSE(same("sip:u@[2001:db8::1]", other)) << other;
  }
}

TEST(Uri, A14HeadersAreOneAtLeast) {  // RFC 3261 s.25.1: headers = "?" header *( "&" header )
  EXPECT_EQ(parse_uri("sip:a@b?c=")->headers, "c=");
  EXPECT_EQ(parse_uri("sip:a@b?%41=d")->headers, "%41=d");
  for (const char* text : {"sip:a@b?", "sip:b?", "sip:a@b;lr?", "sip:a@b:5060?", "sip:a@b?<"}) EXPECT_FALSE(is_uri(text)) << text;
  EXPECT_EQ(parse_uri("sip:a@b?").error().offset, 8U);
}

TEST(Uri, A16PortsEndAt65535) {
  EXPECT_EQ(parse_uri("sip:a:65535")->port, 65535);
  EXPECT_EQ(parse_uri("sip:a:0000000005060")->port, 5060);
  for (const char* text :
       {"sip:a:65536", "sip:a:4294967301", "sip:a:99999999999999999999", "sip:a:", "sip:a:x", "sip:u@a:5060x", "sip:a:-1"}) {
    EXPECT_FALSE(is_uri(text)) << text;
  }
}

TEST(Uri, A32TelephoneNumbers) {  // RFC 3966
  const auto uri = parse_uri("tel:+1-(201).555-0123;phone-context=example.com;ext=5");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, Scheme::Tel);
  EXPECT_EQ(uri->user, "+1-(201).555-0123");
  EXPECT_EQ(uri->param("phone-context"), "example.com");
  EXPECT_EQ(uri->host, "");
  EXPECT_TRUE(is_uri("tel:*21#;phone-context=+1"));
  for (const char* text :
       {"tel:", "tel:+", "tel:-.-", "tel:12 34", "tel:abz", "tel:1;", "tel:1+2", "tel:+#", "tel:+cafe", "tel:+1a", "tel:+1*", "tel:+(-)"}) {
    EXPECT_FALSE(is_uri(text)) << text;
  }
  EXPECT_TRUE(is_uri("tel:+-1"));
  EXPECT_TRUE(same("tel:+1-201-555-0123", "TEL:+1(201)5550123"));
  EXPECT_FALSE(same("tel:+12015550123", "tel:12015550123"));
  EXPECT_TRUE(same("tel:863;phone-context=a;ext=1", "tel:863;EXT=1;phone-context=A"));
  EXPECT_FALSE(same("tel:863;phone-context=a", "tel:863;phone-context=b"));
  EXPECT_TRUE(same("tel:863;phone-context=+1-201", "tel:863;phone-context=+1(201)"));  // s.4: digit by digit
  EXPECT_FALSE(same("tel:863;phone-context=+1-201", "tel:863;phone-context=+1202"));
  EXPECT_FALSE(same("tel:863;phone-context=a-b.example", "tel:863;phone-context=ab.example"));  // a domain name
}

TEST(Uri, Sec16OtherSchemesStayOpaque) {  // RFC 4475 s.3.3.3
  const auto uri = parse_uri("soap.beep://192.0.2.103:3002");
  ASSERT_TRUE(uri);
  EXPECT_EQ(uri->scheme, Scheme::Other);
  EXPECT_EQ(uri->scheme_text, "soap.beep");
  EXPECT_EQ(uri->text, "soap.beep://192.0.2.103:3002");
  EXPECT_EQ(uri->host, "");
  EXPECT_TRUE(is_uri("nobodyKnowsThisScheme:totallyopaquecontent"));
  EXPECT_TRUE(is_uri("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"));
  for (const char* text :
       {"/", "", ":", "x", "1a:b", "+1:2", ".x:y", "-a:b", "a:", "a:<b>", "a:b c", "a:\"b\"", "<sip:a@b>", " sip:a", "sip:a ", "sip :a"}) {
    EXPECT_FALSE(is_uri(text)) << text;
  }
}

TEST(UriComparison, A04A12SchemesInAnyCase) {  // RFC 3986 s.6.2.2.1
  EXPECT_TRUE(same("URN:service:sos", "urn:service:sos"));
  EXPECT_FALSE(same("urn:service:sos", "urn:service:SOS"));
  EXPECT_FALSE(same("urn:service:sos", "urx:service:sos"));
  EXPECT_TRUE(same("SIP:a@b", "sip:a@b"));
}

TEST(Uri, Sec15EmptyUserIsRefused) {
  EXPECT_FALSE(is_uri("sip:@192.168.0.200"));
  EXPECT_FALSE(is_uri("sip::secret@192.168.0.200"));
  EXPECT_FALSE(is_uri("sip:a@"));
  EXPECT_FALSE(is_uri("sip:a@b@c"));
  EXPECT_FALSE(is_uri("sip:"));
}

TEST(Uri, Sec19EmptyParametersAreRefused) {
  for (const char* text : {"sip:a;", "sip:a;;b", "sip:a;b=", "sip:a;=b", "sip:a;b=c;", "sip:a;b=\"c\""}) EXPECT_FALSE(is_uri(text)) << text;
}

TEST(Uri, Sec11A26LengthHasOneLimit) {
  EXPECT_TRUE(is_uri("sip:" + std::string(1000, 'a') + "@b"));
  EXPECT_TRUE(is_uri("sip:" + std::string(limits::uri - 4, 'a')));
  const auto longer = parse_uri("sip:" + std::string(limits::uri - 3, 'a'));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, Errc::TooLong);
}

TEST(Uri, ErrorTellsWhere) {
  EXPECT_EQ(parse_uri("sip:bob@exa mple").error().offset, 11U);
  EXPECT_EQ(parse_uri("sip:bob@a:99999").error().offset, 10U);
  EXPECT_EQ(parse_uri("sip:b%4x@a").error().offset, 5U);
  EXPECT_STREQ(parse_uri("bob").error().reason, "\":\" expected after the URI's scheme");
}

TEST(Uri, OwnsItsText) {
  const auto uri = Uri::parse("sip:alice@example.com;lr");
  ASSERT_TRUE(uri);
  const Uri copy = *uri;
  EXPECT_EQ(copy, *uri);
  EXPECT_EQ(copy.view().user, "alice");
  EXPECT_EQ(copy.view().params, "lr");
  EXPECT_FALSE(Uri::parse("alice"));
  EXPECT_TRUE(Uri().empty());
  EXPECT_EQ(Uri().view().text, "");
}

// The examples of s.19.1.4 and their rules.

TEST(UriComparison, A12Rfc3261EqualExamples) {
  EXPECT_TRUE(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
  EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
  EXPECT_TRUE(same("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"));
  EXPECT_TRUE(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                   "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
  EXPECT_TRUE(
      same("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
}

TEST(UriComparison, A12Rfc3261UnequalExamples) {
  EXPECT_FALSE(same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
  EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
  EXPECT_FALSE(same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
  EXPECT_FALSE(same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
  EXPECT_FALSE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

TEST(UriComparison, A12ParametersThatMustBeInBoth) {
  for (const char* param : {"user=phone", "ttl=1", "method=INFO", "maddr=1.2.3.4", "transport=ws"}) {
    EXPECT_FALSE(same("sip:a@b", std::string("sip:a@b;") + param)) << param;
  }
  EXPECT_TRUE(same("sip:a@b", "sip:a@b;lr"));
  EXPECT_FALSE(same("sip:a@b", "sips:a@b"));
  EXPECT_FALSE(same("sip:a@b", "sip:b"));
  EXPECT_FALSE(same("sip:a:x@b", "sip:a@b"));
  EXPECT_FALSE(same("sip:a;b@c", "sip:a%3Bb@c"));  // reserved characters differ from their escapes
  EXPECT_FALSE(same("sip:a@b;x=1", "sip:a@b;x"));
}

TEST(UriComparison, EveryUriEqualsItself) {
  for (const char* text : {"sip:a@b?p=u0b&p=uyy", "sip:a@b;p=1;p=2", "tel:1;a=1;a=2", "sip:a@b?&&", "sip:a@b?=x"})
    EXPECT_TRUE(same(text, text)) << text;
  EXPECT_FALSE(same("sip:a@b?p=1&p=2", "sip:a@b?p=1&p=3"));
}

TEST(UriComparison, ManyParametersStayCheap) {
  std::string many = "sip:a@b";
  for (int i = 0; i < 2000; ++i) many += ";p";
  EXPECT_TRUE(same(many, many));
  EXPECT_FALSE(same(many, many + ";q"));
}

}  // namespace
}  // namespace parley::sip
