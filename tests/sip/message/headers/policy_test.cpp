// SPDX-License-Identifier: MIT
// Headers that must not be believed or obeyed without asking: who calls, what a REFER wants, how a call should be answered.
#include "../parse_support.hpp"

#include <parley/sip/message/header_values.hpp>

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace parley::sip {
namespace {

using test::Parsed;
using test::request_with;
using ::testing::ElementsAre;

TEST(Caller, M15AssertedIdentityCountsFromTrustedNextHopsOnly) {  // RFC 3325 s.5, s.9.1
  const Parsed message(request_with("P-Asserted-Identity: \"Boss\" <sip:boss@example.com>, tel:+1234\r\n"));
  EXPECT_FALSE(asserted_identity(message.view(), NextHop::Untrusted));
  EXPECT_EQ(asserted_identity(message.view(), NextHop::Trusted)->uri.user, "boss");
  const auto stranger = caller_to_show(message.view(), NextHop::Untrusted);
  EXPECT_EQ(stranger.address.uri.user, "alice");
  EXPECT_FALSE(stranger.asserted);
  EXPECT_FALSE(stranger.withheld);
  const auto known = caller_to_show(message.view(), NextHop::Trusted);
  EXPECT_EQ(known.address.uri.user, "boss");
  EXPECT_TRUE(known.asserted);
  const Parsed odd(request_with("P-Asserted-Identity: <, tel:+1234\r\n"));
  EXPECT_FALSE(asserted_identity(odd.view(), NextHop::Trusted)) << "an open < swallows the list";
  const Parsed second(request_with("P-Asserted-Identity: a b, tel:+1234\r\n"));
  EXPECT_EQ(asserted_identity(second.view(), NextHop::Trusted)->uri.user, "+1234");
}

TEST(Caller, M15PrivacyIdHidesTheAssertedIdentity) {  // RFC 3323 s.4.2, RFC 3325 s.9.3
  for (const char* value : {"id", "ID", "critical;id", "user; id ;critical"}) {
    const Parsed message(request_with(std::string("P-Asserted-Identity: <sip:boss@example.com>\r\nPrivacy: ") + value + "\r\n"));
    EXPECT_TRUE(wants_privacy(message.view(), "id")) << value;
    const auto shown = caller_to_show(message.view(), NextHop::Trusted);
    EXPECT_TRUE(shown.withheld) << value;
    EXPECT_NE(shown.address.uri.user, "boss") << value;
  }
  for (const char* value : {"none", "header;user", "idx", "", ";id", "id=1;"}) {
    EXPECT_FALSE(wants_privacy(Parsed(request_with(std::string("Privacy: ") + value + "\r\n")).view(), "id")) << value;
  }
  EXPECT_FALSE(wants_privacy(Parsed(request_with("")).view(), "id"));
}

TEST(Caller, M16AnonymousFromIsKnown) {  // RFC 3323 s.4.1.1.3
  test::RequestText request;
  request.from = "From: \"Anonymous\" <sip:anonymous@Anonymous.invalid>;tag=1\r\n";
  const Parsed message(request.text());
  EXPECT_TRUE(is_anonymous(message->from()));
  EXPECT_TRUE(caller_to_show(message.view(), NextHop::Untrusted).withheld);
  EXPECT_FALSE(is_anonymous(Parsed(request_with(""))->from()));
  // Whom the network vouches for and who did not ask to be hidden is shown, whatever From says.
  request.more = "P-Asserted-Identity: <sip:boss@example.com>\r\n";
  EXPECT_FALSE(caller_to_show(Parsed(request.text()).view(), NextHop::Trusted).withheld);
}

TEST(Caller, M20IdentityGeolocationAndPriorityPassThroughAsData) {  // RFC 8224, 6442, 4412
  const std::string lines =
      "Identity: eyJhbGciOiJFUzI1NiJ9..sig;info=<https://cert.example.org/passport.cer>;alg=ES256;ppt=shaken\r\n"
      "Geolocation: <cid:target123@atlanta.example.com>\r\nResource-Priority: q735.3\r\nX-Trace: a;b,c\r\n";
  const Parsed message(request_with(lines));
  ASSERT_EQ(message.verdict(), Verdict::Ok);
  const Message kept(message.view());
  EXPECT_NE(kept.bytes().find(lines), std::string_view::npos);
  const auto identity = parse_identity(kept.view().header(HeaderId::Identity).value());
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->info, "https://cert.example.org/passport.cer");
  for (const char* broken : {"abc;", "abc;;", "abc;info=", "abc;info=<>", "abc;=x", "abc;info=<a", "abc;x=\"a"})
    EXPECT_FALSE(parse_identity(broken)) << broken;
  EXPECT_EQ(parse_identity("abc;x;info=<a:b>; y = \"z\"")->info, "a:b");
  EXPECT_EQ(first_item(kept.view(), HeaderId::ResourcePriority)->value, "q735.3");
  EXPECT_EQ(parse_name_addr(kept.view().header(HeaderId::Geolocation).value())->uri.scheme_text, "cid");
}

std::vector<std::string> copied_from(std::string_view refer_to) {
  std::vector<std::string> all;
  const auto address = parse_name_addr(refer_to);
  EXPECT_TRUE(address) << refer_to;
  if (!address) return all;
  CopyableHeaders headers(address->uri);
  while (const auto header = headers.next()) all.push_back(std::string(to_string(header->id)) + ": " + unescape(header->value));
  return all;
}

TEST(Refer, Sec36OnlyHarmlessUriHeadersAreCopied) {  // RFC 3261 s.19.1.5
  EXPECT_THAT(copied_from("<sip:x@y?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&From=evil&Route=%3Csip:z%3Blr%3E&Subject=hi%20you>"),
              ElementsAre("Replaces: a@b;to-tag=1;from-tag=2", "Subject: hi you"));
  for (const char* name : {"From",
                           "f",
                           "To",
                           "Via",
                           "Route",
                           "Record-Route",
                           "Call-ID",
                           "CSeq",
                           "Contact",
                           "Max-Forwards",
                           "Content-Length",
                           "Content-Type",
                           "Authorization",
                           "Proxy-Authorization",
                           "P-Asserted-Identity",
                           "P-Preferred-Identity",
                           "Privacy",
                           "Require",
                           "Supported",
                           "Identity",
                           "Referred-By",
                           "Answer-Mode",
                           "Alert-Info",
                           "Call-Info",
                           "X-Own",
                           "body"}) {
    EXPECT_THAT(copied_from(std::string("<sip:x@y?") + name + "=v>"), ElementsAre()) << name;
  }
}

TEST(Refer, Sec34Sec36CopiedValuesBreakNoLine) {
  EXPECT_THAT(copied_from("<sip:x@y?Subject=a%0D%0AFrom:%20evil&Priority=b%00&Subject=c%0a&subject=d>"), ElementsAre("Subject: d"));
  EXPECT_THAT(copied_from("<sip:x@y?Su%62ject=a>"), ElementsAre()) << "no header has an escaped name";
}

TEST(Refer, Sec36OneDialogIsNamedAtMost) {  // RFC 3891 s.3
  EXPECT_THAT(copied_from("<sip:x@y?Replaces=a&Join=b&replaces=c>"), ElementsAre("Replaces: a"));
}

TEST(Refer, TargetWithoutHeaders) {
  const auto target = [](std::string_view text) { return std::string(without_headers(*parse_uri(text))); };
  EXPECT_EQ(target("sip:x@y:5060;transport=ws?Replaces=a&b=c"), "sip:x@y:5060;transport=ws");
  EXPECT_EQ(target("sip:x@y"), "sip:x@y");
  EXPECT_EQ(target("sip:x?1@y"), "sip:x?1@y") << "this ? belongs to the user";
  EXPECT_EQ(target("http://a.invalid/?b=c"), "http://a.invalid/?b=c");
}

TEST(AnswerMode, M18WishesAreReadAsData) {  // RFC 5373
  const auto wish = [](const char* lines) { return answer_wish(Parsed(request_with(lines)).view()); };
  using Mode = AnswerWish::Mode;
  EXPECT_EQ(wish("").mode, Mode::Unsaid);
  EXPECT_EQ(wish("Answer-Mode: Manual\r\n").mode, Mode::Manual);
  const auto plain = wish("Answer-Mode: auto ;require\r\n");
  EXPECT_EQ(plain.mode, Mode::Automatic);
  EXPECT_TRUE(plain.required);
  EXPECT_FALSE(plain.privileged);
  EXPECT_TRUE(wish("Priv-Answer-Mode: Auto\r\nAnswer-Mode: Manual\r\n").privileged);
  const auto old = wish("Call-Info: <sip:a@b>;answer-after=3\r\n");
  EXPECT_EQ(old.mode, Mode::Automatic);
  EXPECT_EQ(old.delay, 3U);
  EXPECT_TRUE(old.privileged);
  EXPECT_EQ(wish("Alert-Info: <http://a.invalid>;info=alert-autoanswer;delay=0\r\n").delay, 0U);
  EXPECT_EQ(wish("Answer-Mode: perhaps\r\nCall-Info: <sip:a@b>;purpose=icon\r\nAlert-Info: <\r\n").mode, Mode::Unsaid);
}

}  // namespace
}  // namespace parley::sip
