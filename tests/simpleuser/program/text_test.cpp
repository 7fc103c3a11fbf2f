// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/event_log.hpp>
#include <parley/simpleuser/program/ladder.hpp>
#include <parley/simpleuser/program/phone_commands.hpp>
#include <parley/simpleuser/program/terminal.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::program {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(SplitCommand, TakesTheFirstWordAndLeavesTheRestAsItIs) {
  const auto message = split_command("  message sip:bob@x  two  words \r");
  EXPECT_EQ(message.name, "message");
  EXPECT_EQ(message.rest, "sip:bob@x  two  words");
  EXPECT_EQ(split_command("hold").rest, "");
  EXPECT_EQ(split_command(" \t ").name, "");
}

TEST(EventLog, AnEventCountsOnceAndAlsoWhenItCameBefore) {
  EventLog log;
  log.note("registered");
  log.note("call_hangup", "486");
  EXPECT_EQ(log.wait("call_hangup", 0ms), "486");
  EXPECT_EQ(log.wait("call_hangup", 0ms), std::nullopt);
  EXPECT_TRUE(log.has("call_hangup"));
  log.clear();
  EXPECT_EQ(log.wait("registered", 0ms), std::nullopt);
}

TEST(Ladder, DrawsArrowsBetweenColumns) {
  Ladder ladder({"alice", "switch", "bob"});
  ladder.add(0, 1,
             "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/WS a;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x>\r\nCall-ID: 1\r\nCSeq: 1 "
             "OPTIONS\r\n\r\n");
  ladder.add(2, 1,
             "SIP/2.0 200 OK\r\nVia: SIP/2.0/WS a;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 "
             "OPTIONS\r\n\r\n");
  const std::string text = ladder.text();
  EXPECT_THAT(text, HasSubstr("|-- OPTIONS --"));
  EXPECT_THAT(text, HasSubstr("->|"));
  EXPECT_THAT(text, HasSubstr("|<-- 200 OK (OPTIONS) -"));
  for (const char* name : {"alice", "switch", "bob"}) EXPECT_THAT(text, HasSubstr(name));
}

TEST(Printable, Sec35EscapeSequencesDoNotReachTheTerminal) {
  EXPECT_EQ(printable("\033[31mred\r\n\x07"), "?[31mred???");
  EXPECT_EQ(printable("Grüße"), "Grüße");
}

}  // namespace
}  // namespace parley::program
