// SPDX-License-Identifier: MIT
#include <parley/sip/message/sipfrag.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace parley::sip {
namespace {

TEST(Sipfrag, StatusLineOfAReferredCall) {  // RFC 3515 s.2.4.5
  for (const char* text : {"SIP/2.0 603 Declined\r\n", "SIP/2.0 603 Declined", "sip/2.0 603 Declined\r\n\r\n"}) {
    const auto fragment = parse_sipfrag(text);
    ASSERT_TRUE(fragment) << text;
    EXPECT_EQ(fragment->status, 603);
    EXPECT_EQ(fragment->reason, "Declined");
    EXPECT_EQ(fragment->method, "");
    EXPECT_EQ(fragment->body, "");
  }
  EXPECT_EQ(parse_sipfrag("SIP/2.0 100")->status, 100);
  EXPECT_EQ(parse_sipfrag("SIP/2.0 100 ")->reason, "");
}

TEST(Sipfrag, AnyPartMayBeMissing) {  // RFC 3420 s.2
  const auto headers = parse_sipfrag("From: <sip:a@b>\r\nt: <sip:c@d>\r\n\r\nbody");
  ASSERT_TRUE(headers);
  EXPECT_EQ(headers->status, 0);
  EXPECT_EQ(headers->head.header(HeaderId::To), "<sip:c@d>");
  EXPECT_FALSE(headers->head.header(HeaderId::Via));
  EXPECT_EQ(headers->body, "body");
  const auto request = parse_sipfrag("INVITE sip:alice@a SIP/2.0\r\nContact: <sip:c>\r\n");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "INVITE");
  EXPECT_EQ(request->request_uri, "sip:alice@a");
  EXPECT_EQ(request->head.header(HeaderId::Contact), "<sip:c>");
  EXPECT_EQ(parse_sipfrag("\r\nbody alone")->body, "body alone");
}

TEST(Sipfrag, Sec45EmptyHugeOrNoStatusLine) {
  const auto empty = parse_sipfrag("");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->status, 0);
  for (const char* text :
       {"SIP/2.0", "SIP/2.0 ", "SIP/2.0 20 OK", "SIP/2.0 2000 OK", "SIP/2.0 0200 OK", "SIP/2.0 700 x", "SIP/2.0  200 OK", "SIP/2.0 200OK",
        "SIP/2.0 200 O\x0EK", "SIP/3.0 200 OK", "200 OK", "OK", " ", "INVITE sip:a@b", "INVITE sip:a@b HTTP/1.1", "<xml/>"}) {
    EXPECT_FALSE(parse_sipfrag(text)) << text;
  }
  EXPECT_EQ(parse_sipfrag("SIP/2.0 20x OK").error().offset, 10U);
  for (const std::string& huge : {std::string(65'535, 'A'), "SIP/2.0 200 " + std::string(70'000, 'x'), std::string(65'535, '\n'),
                                  std::string(65'535, ':'), std::string(65'536, '\0')}) {
    const auto block = std::make_unique<char[]>(huge.size());  // exactly its size: AddressSanitizer sees a step beyond it
    huge.copy(block.get(), huge.size());
    const auto fragment = parse_sipfrag({block.get(), huge.size()});
    EXPECT_LE(fragment->reason.size(), huge.size());
  }
}

TEST(Sipfrag, A28WrittenStrictlyReadsTheSame) {
  EXPECT_EQ(*format_sipfrag(200), "SIP/2.0 200 OK\r\n");
  const std::string text = *format_sipfrag(486, "Not now");
  const auto busy = parse_sipfrag(text);
  EXPECT_EQ(busy->status, 486);
  EXPECT_EQ(busy->reason, "Not now");
  EXPECT_FALSE(format_sipfrag(99));
  EXPECT_FALSE(format_sipfrag(700));
  EXPECT_FALSE(format_sipfrag(200, "OK\r\nX: y"));
  EXPECT_FALSE(format_sipfrag(200, "O\x0EK"));
}

}  // namespace
}  // namespace parley::sip
