// SPDX-License-Identifier: MIT
// What a tester can make a whole user agent do wrong: hooks, raw bytes, switches.
#include "scripted_agent.hpp"

#include <gmock/gmock.h>

namespace parley::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view comes_in =
    "send INVITE with sdp\n"
    "expect 100\n";

TEST(Misbehaviour, HoldsBackTheAckOfA2xxUntilItBehaves) {
  ScriptedAgent agent({});
  EXPECT_EQ(agent.play("user hold back ack\n"
                       "user invite sip:bob@example.com\n"
                       "expect INVITE as invite\n"
                       "send 200 to invite with sdp as ok\n"
                       "expect no ACK for 500ms\n"
                       "resend ok\n"
                       "expect no ACK for 1s\n"
                       "user behave\n"
                       "resend ok\n"
                       "expect ACK within 1ms\n"
                       "user hangup\n"
                       "expect BYE\n"
                       "send 200\n"),
            "");
}

TEST(Misbehaviour, HoldsBackTheAckOfARefusal) {
  ScriptedAgent agent({});
  EXPECT_EQ(agent.play("user hold back ack\n"
                       "user invite sip:bob@example.com\n"
                       "expect INVITE\n"
                       "send 486 as busy\n"
                       "expect no ACK for 1s\n"
                       "user behave\n"
                       "resend busy\n"
                       "expect ACK within 1ms\n"),
            "");
}

TEST(Misbehaviour, HoldsBackThe100) {
  ScriptedAgent agent({});
  EXPECT_EQ(agent.play("user hold back trying\n"
                       "send INVITE with sdp\n"
                       "expect nothing for 1s\n"
                       "user reject 486\n"
                       "expect 486\n"
                       "send ACK\n"),
            "");
  EXPECT_EQ(agent.play("user behave\n" + std::string(comes_in) + "user reject 486\nexpect 486\nsend ACK\n"), "");
}

TEST(Misbehaviour, HoldsBackRetransmissions) {
  ScriptedAgent agent({});
  EXPECT_EQ(agent.play(std::string(comes_in) + "user hold back retransmissions\n"
                                               "user accept\n"
                                               "expect 200\n"
                                               "expect nothing for 10s\n"
                                               "user behave\n"
                                               "expect copy 200 within 4s\n"
                                               "send ACK\n"
                                               "send BYE\n"
                                               "expect 200 BYE\n"),
            "");
  ScriptedAgent caller({});
  EXPECT_EQ(caller.play("user hold back retransmissions\n"
                        "user invite sip:bob@example.com\n"
                        "expect INVITE\n"
                        "expect nothing for 31s\n"),
            "");
}

TEST(Misbehaviour, SendsRawBytes) {
  ScriptedAgent agent({});
  sip::testing::Script script;
  script
      .act([&] {
        agent.ua().stack().send_raw(sip::FlowId{1}, "OPTIONS sip:bob@example.com SIP/7.0\r\n\r\n");
        return Result<void>{};
      })
      .expect("*");
  EXPECT_THAT(agent.play(script), HasSubstr("\"OPTIONS sip:bob@example.\" came"));
}

TEST(Misbehaviour, SendHookChangesAndDropsWhatGoesOut) {
  ScriptedAgent agent({});
  agent.ua().stack().set_send_hook([dropped = false](sip::FlowId, std::string& bytes) mutable {
    if (bytes.starts_with("INVITE") && !dropped) {
      dropped = true;
      bytes.clear();
    }
    if (const auto at = bytes.find("Max-Forwards: 70"); at != std::string::npos) bytes.replace(at, 16, "Max-Forwards: 7");
  });
  EXPECT_EQ(agent.play("user invite sip:bob@example.com\n"
                       "expect INVITE after 500ms\n"
                       "  Max-Forwards: 7\n"
                       "send 603\n"
                       "expect ACK\n"),
            "");
}

TEST(Misbehaviour, ReceiveHookSeesAllThatComesIn) {
  ScriptedAgent agent({});
  std::vector<std::string> seen;
  agent.ua().stack().set_receive_hook([&](sip::FlowId, std::string_view bytes) { seen.emplace_back(bytes.substr(0, bytes.find(' '))); });
  EXPECT_EQ(agent.play("send OPTIONS\nexpect 200\nsend new REFER\nexpect 405\n"), "");
  EXPECT_THAT(seen, ::testing::ElementsAre("OPTIONS", "REFER"));
}

}  // namespace
}  // namespace parley::test
