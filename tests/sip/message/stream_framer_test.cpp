// SPDX-License-Identifier: MIT
#include "parse_support.hpp"

#include <parley/sip/message/stream_framer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace parley::sip {
namespace {

using namespace std::string_literals;
using test::RequestText;
using testing::ElementsAre;

std::string request(std::string method, std::string body = {}) {
  RequestText text;
  text.method = std::move(method);
  text.body = std::move(body);
  return text.text();
}

std::string with_length(std::string_view length) {
  RequestText text;
  text.with_length = false;
  text.more = std::string(length);
  return text.text();
}

/// What a stream gives: messages by their bytes, "PING", "PONG", and at the end "ERROR status".
std::vector<std::string> drain(StreamFramer& framer) {
  std::vector<std::string> items;
  for (;;) {
    const auto next = framer.next();
    if (!next) {
      items.push_back("ERROR " + std::to_string(next.error().status));
      return items;
    }
    if (!*next) return items;
    switch ((*next)->kind) {
      case StreamFramer::Item::Kind::Message: items.emplace_back((*next)->bytes); break;
      case StreamFramer::Item::Kind::Ping: items.emplace_back("PING"); break;
      case StreamFramer::Item::Kind::Pong: items.emplace_back("PONG"); break;
    }
  }
}

std::vector<std::string> frame(std::string_view stream, std::size_t step) {
  StreamFramer framer;
  std::vector<std::string> items;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    framer.append(stream.substr(at, step));
    for (std::string& item : drain(framer)) {
      items.push_back(std::move(item));
      if (items.back().starts_with("ERROR")) return items;
    }
  }
  return items;
}

std::vector<std::string> frame(std::string_view stream) { return frame(stream, stream.size()); }

TEST(StreamFramer, Sec08SeveralMessagesInOneSegment) {  // RFC 3261 s.18.3
  const std::string invite = request("INVITE", "v=0");
  const std::string ack = request("ACK");
  EXPECT_THAT(frame(invite + invite + invite + ack), ElementsAre(invite, invite, invite, ack));
}

TEST(StreamFramer, Sec09AnySplitGivesTheSame) {
  const std::string stream =
      "\r\n\r\n" + request("INVITE", "v=0\r\n\r\nINVITE x") + "\r\n" + request("ACK") + "\r\n\r\n\r\n" + request("BYE");
  const auto whole = frame(stream);
  EXPECT_EQ(whole.size(), 9U);
  for (std::size_t step = 1; step < stream.size(); ++step) EXPECT_EQ(frame(stream, step), whole) << step;
}

TEST(StreamFramer, KeepAlives) {  // RFC 5626 s.4.4.1
  EXPECT_THAT(frame("\r\n"), ElementsAre("PONG"));
  EXPECT_THAT(frame("\r\n\r\n"), ElementsAre("PONG", "PING"));
  const std::string options = request("OPTIONS");
  EXPECT_THAT(frame("\r\n" + options + "\r\n"), ElementsAre("PONG", options, "PONG"));
  EXPECT_THAT(frame("\rX"), ElementsAre("ERROR 400"));
}

TEST(StreamFramer, A30BodyMayHoldAnything) {
  std::string body = "a\r\n\r\nINVITE sip:x SIP/2.0\r\n";
  body += '\0';
  const std::string message = request("MESSAGE", body);
  EXPECT_THAT(frame(message + message), ElementsAre(message, message));
}

TEST(StreamFramer, Sec01NegativeContentLength) { EXPECT_THAT(frame(with_length("Content-Length: -1\r\n")), ElementsAre("ERROR 400")); }

TEST(StreamFramer, Sec02ContentLengthThatWrapsDispatchesNothing) {
  const std::string stream = with_length("Content-Length: 4294967328\r\n") + std::string(32, 'x') + request("INVITE");
  EXPECT_THAT(frame(stream), ElementsAre("ERROR 413"));
}

TEST(StreamFramer, Sec03ContentLengthOfManyDigits) {
  for (const std::size_t digits : {10U, 20U, 40U, 400U}) {
    EXPECT_THAT(frame(with_length("Content-Length: " + std::string(digits, '9') + "\r\n")), ElementsAre("ERROR 413"));
    EXPECT_THAT(frame(with_length("Content-Length: " + std::string(digits, '0') + "\r\n")), testing::SizeIs(1));
  }
}

TEST(StreamFramer, Sec04HugeContentLengthAllocatesNothing) {
  StreamFramer framer;
  framer.append(with_length("l: 2000000000\r\n"));
  const auto next = framer.next();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().status, 413);
}

TEST(StreamFramer, Sec05ContentLengthMustBeOneNumber) {
  for (const char* length : {"Content-Length: +5\r\n", "Content-Length: 5 5\r\n", "Content-Length: 0x5\r\n", "Content-Length: 5,5\r\n",
                             "Content-Length:\r\n", "", "Content-Length: 5\r\nl: 6\r\n", "Content-Length: 5;a\r\n"}) {
    EXPECT_THAT(frame(with_length(length) + "12345"), ElementsAre("ERROR 400")) << length;
  }
  EXPECT_THAT(frame(with_length("Content-Length: 5\r\nl : 05\r\n") + "12345"), testing::SizeIs(1));
}

TEST(StreamFramer, Sec10HeadWithoutEndIsGivenUpAtTheLimit) {
  StreamFramer framer;
  framer.append("INVITE sip:a@b SIP/2.0\r\nX: ");
  const std::string chunk(1000, 'x');
  std::size_t appended = 0;
  for (;; appended += chunk.size()) {
    framer.append(chunk);
    const auto next = framer.next();
    if (!next) {
      EXPECT_EQ(next.error().status, 513);
      break;
    }
    ASSERT_FALSE(*next);
    EXPECT_TRUE(framer.has_partial());
    ASSERT_LT(appended, limits::message);
  }
  EXPECT_GT(appended, limits::message - 3000);
}

TEST(StreamFramer, Sec10SlowMessageIsPartialFromItsFirstOctetToItsLast) {  // so its owner can tell how long it has been coming
  const std::string keep_alive = "\r\n\r\n";
  const std::string message = request("MESSAGE", "hello");
  StreamFramer framer;
  framer.append(keep_alive);
  EXPECT_EQ(drain(framer).size(), 2U);
  EXPECT_FALSE(framer.has_partial());
  for (std::size_t i = 0; i + 1 < message.size(); ++i) {
    framer.append(message.substr(i, 1));
    EXPECT_TRUE(drain(framer).empty());
    ASSERT_TRUE(framer.has_partial()) << i;
  }
  framer.append(message.substr(message.size() - 1));
  EXPECT_EQ(drain(framer).size(), 1U);
  EXPECT_FALSE(framer.has_partial());
}

TEST(StreamFramer, A26MessageAtTheLimitPassesAndOneOctetMoreDoesNot) {
  const std::string head = request("MESSAGE", std::string(10'000, 'x'));
  const std::size_t rest = head.size() - 10'000;
  const std::string fits = request("MESSAGE", std::string(limits::message - rest, 'x'));
  ASSERT_EQ(fits.size(), limits::message);
  EXPECT_THAT(frame(fits), ElementsAre(fits));
  EXPECT_THAT(frame(request("MESSAGE", std::string(limits::message - rest + 1, 'x'))), ElementsAre("ERROR 413"));
}

TEST(StreamFramer, Sec88EachItemTakesOctetsOffTheStream) {
  std::string stream;
  for (int i = 0; i < 1000; ++i) stream += i % 3 == 0 ? "\r\n\r\n" : "\r\n";
  StreamFramer framer;
  framer.append(stream);
  const auto items = drain(framer);
  EXPECT_EQ(items.size(), stream.size() / 2);
}

TEST(StreamFramer, LoneLineBreakInTheHeadEndsTheStream) {
  EXPECT_THAT(frame(with_length("X: a\nContent-Length: 0\r\nY: b\r\n")), ElementsAre("ERROR 400"));
  EXPECT_THAT(frame(with_length("X: a\rContent-Length: 0\r\nY: b\r\n")), ElementsAre("ERROR 400"));
  for (const char* alone : {"\n", "\r"}) {  // in the start line and before it
    EXPECT_THAT(frame("OPTIONS sip:a SIP/2.0"s + alone + "l: 60\r\nContent-Length: 0\r\n\r\n" + request("INVITE")),
                ElementsAre("ERROR 400"));
    EXPECT_THAT(frame(alone + request("OPTIONS")), ElementsAre("ERROR 400"));
  }
}

TEST(StreamFramer, BrokenStreamStaysBrokenAndKeepsItsHead) {
  StreamFramer framer;
  const std::string bad = with_length("Content-Length: x\r\n");
  framer.append(bad + "rest");
  EXPECT_FALSE(framer.next());
  framer.append(request("OPTIONS"));
  EXPECT_FALSE(framer.next());
  EXPECT_EQ(framer.broken_head(), bad);
  const test::Parsed parsed(framer.broken_head());
  EXPECT_EQ(parsed.verdict(), Verdict::Bad);
  EXPECT_EQ(parsed.status(), 400);
}

TEST(StreamFramer, ErrorTellsWhereInTheBrokenHead) {
  struct Case {
    std::string head;
    std::size_t offset;
  };
  const auto at = [](std::string_view length, std::string_view where) {
    std::string head = with_length(length);
    const std::size_t offset = head.find(where);
    return Case{std::move(head), offset};
  };
  const std::string whole = request("OPTIONS");
  const std::string endless = "OPTIONS sip:a SIP/2.0\r\nX: " + std::string(limits::message, 'x');
  for (const Case& broken :
       {at("Content-Length: x\r\n", "x\r\n"), at("Content-Length: 5 6\r\n", " 6\r\n"), at("Content-Length: 99999999\r\n", "99999999"),
        at("Content-Length: 5\r\nl: 6\r\n", "6\r\n"), at("Content-Length: 65535\r\n", "none"), at("X: a\nl: 0\r\n", "\nl:"),
        at("", "OPTIONS"), Case{"OPTIONS sip:a SIP/2.0\nl: 0\r\n\r\n", 21}, Case{"\rX", 0}, Case{endless, limits::message}}) {
    StreamFramer framer;
    framer.append(whole + "\r\n" + broken.head);  // what was taken before does not count
    auto next = framer.next();
    while (next && *next) next = framer.next();
    ASSERT_FALSE(next) << broken.head;
    EXPECT_EQ(next.error().offset, std::min(broken.offset, broken.head.size())) << broken.head.substr(0, 300);
    EXPECT_LE(next.error().offset, framer.broken_head().size());
    EXPECT_EQ(framer.next().error().offset, next.error().offset);
  }
}

}  // namespace
}  // namespace parley::sip
