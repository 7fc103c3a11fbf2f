// SPDX-License-Identifier: MIT
#include <parley/sip/dialog/dialog.hpp>

#include <parley/sip/message/builder.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace parley;
using namespace parley::sip;

namespace {

Message invite(const std::string& headers = "Contact: <sip:alice@192.0.2.1;transport=ws>\r\n") {
  return Message::parse(
             "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n"
             "From: \"A, \\\"B\\\"\" <sip:alice@example.com;x=1>;tag=aT;y=2\r\nTo: sip:bob@example.com\r\n"
             "Call-ID: c-1@a\r\nCSeq: 7 INVITE\r\n" +
             headers + "\r\n")
      .value();
}

Message ok(const std::string& to = "<sip:bob@example.com>;tag=bT", const std::string& headers = "Contact: <sip:bob@192.0.2.2>\r\n") {
  return Message::parse("SIP/2.0 200 OK\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\nFrom: <sip:alice@example.com>;tag=aT\r\nTo: " + to +
                        "\r\nCall-ID: c-1@a\r\nCSeq: 7 INVITE\r\n" + headers + "\r\n")
      .value();
}

Message written(const Dialog& dialog, std::uint32_t cseq, const char* method) {
  const auto aim = dialog.aim();
  auto builder = MessageBuilder::request(method, aim.request_uri);
  builder.header(HeaderId::Via, "SIP/2.0/WS x.invalid;branch=z9hG4bK2");
  dialog.address(builder, aim.route, cseq, method);
  return Message::parse(std::move(builder).finish().value()).value();
}

}  // namespace

TEST(Dialog, G01IdIsCallIdAndBothTags) {  // RFC 3261 s.12
  const auto request = invite();
  const auto callee = Dialog::as_uas(request.view(), "bT");
  EXPECT_EQ(callee.id(), (DialogIdView{"c-1@a", "bT", "aT"}));
  const auto caller = Dialog::as_uac(ok().view(), "sip:bob@example.com", 7);
  EXPECT_EQ(caller.id(), (DialogIdView{"c-1@a", "aT", "bT"}));
}

TEST(Dialog, G01NullRemoteTag) {  // RFC 3261 s.12.1.1: RFC 2543 peers
  const auto dialog = Dialog::as_uac(ok("<sip:bob@example.com>").view(), "sip:bob@example.com", 7);
  EXPECT_EQ(dialog.id(), (DialogIdView{"c-1@a", "aT", ""}));
  EXPECT_EQ(written(dialog, 8, "BYE").view().to_tag(), "");
}

TEST(Dialog, G05PartiesAreKeptAsBytes) {  // RFC 3261 s.12.2.1.1
  const auto request = invite();
  const auto dialog = Dialog::as_uas(request.view(), "bT");
  const auto bye = written(dialog, 1, "BYE");
  EXPECT_EQ(bye.view().header(HeaderId::To), "\"A, \\\"B\\\"\" <sip:alice@example.com;x=1>;tag=aT;y=2");
  EXPECT_EQ(bye.view().header(HeaderId::From), "sip:bob@example.com;tag=bT");
  EXPECT_EQ(bye.view().header(HeaderId::CallId), "c-1@a");
  EXPECT_EQ(bye.view().request_uri().text, "sip:alice@192.0.2.1;transport=ws");
}

TEST(Dialog, G05LocalCSeqCountsOnFromTheInvite) {
  auto dialog = Dialog::as_uac(ok().view(), "sip:bob@example.com", 7);
  EXPECT_EQ(dialog.local_cseq(), 7U);
  EXPECT_EQ(dialog.next_cseq(), 8U);
  EXPECT_EQ(dialog.next_cseq(), 9U);
}

TEST(Dialog, G07RemoteCSeqMustRiseAndMayJump) {  // RFC 3261 s.12.2.2
  auto dialog = Dialog::as_uas(invite().view(), "bT");
  EXPECT_FALSE(dialog.take_remote_cseq(6));
  EXPECT_FALSE(dialog.take_remote_cseq(7));
  EXPECT_TRUE(dialog.take_remote_cseq(8));
  EXPECT_TRUE(dialog.take_remote_cseq(2'000'000'000));
  EXPECT_FALSE(dialog.take_remote_cseq(9));
}

TEST(Dialog, G08ContactMovesTheTargetOnly) {  // RFC 3261 s.12.2.1.2
  auto dialog = Dialog::as_uac(ok("<sip:b@x>;tag=1", "Contact: <sip:bob@192.0.2.2>\r\nRecord-Route: <sip:p1;lr>\r\n").view(), "sip:b@x", 7);
  dialog.refresh_target(ok("<sip:b@x>;tag=1", "Contact: <sip:bob@192.0.2.99;x=1?Y=z>\r\nRecord-Route: <sip:p2;lr>\r\n").view());
  EXPECT_EQ(dialog.remote_target(), "sip:bob@192.0.2.99;x=1");
  EXPECT_EQ(dialog.route_set().text(), "<sip:p1;lr>");
  dialog.refresh_target(ok("<sip:b@x>;tag=1", "").view());
  EXPECT_EQ(dialog.remote_target(), "sip:bob@192.0.2.99;x=1");
}

TEST(Dialog, D18WithoutContactTheRequestUriStays) {
  const auto dialog = Dialog::as_uac(ok("<sip:b@x>;tag=1", "").view(), "sip:bob@example.com", 7);
  EXPECT_EQ(dialog.remote_target(), "sip:bob@example.com");
  const auto callee = Dialog::as_uas(invite("").view(), "bT");
  EXPECT_EQ(callee.remote_target(), "sip:alice@example.com;x=1");
}

TEST(Dialog, G12SipsContactMakesItSecure) {  // RFC 3261 s.12.1.1
  EXPECT_TRUE(Dialog::as_uas(invite("Contact: <sips:alice@192.0.2.1>\r\n").view(), "t").is_secure());
  EXPECT_FALSE(Dialog::as_uas(invite().view(), "t").is_secure());
}

TEST(Dialog, FoldedHeadersAreWrittenOnOneLine) {  // RFC 3261 s.7.3.1
  const auto dialog = Dialog::as_uac(ok("<sip:bob@example.com>\r\n ;tag=bT", "Contact: <sip:bob@192.0.2.2>\r\n").view(), "sip:b@x", 7);
  EXPECT_EQ(dialog.remote(), "<sip:bob@example.com> ;tag=bT");
  EXPECT_EQ(dialog.remote_tag(), "bT");
}
