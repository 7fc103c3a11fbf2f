// SPDX-License-Identifier: MIT
// The text form of a script.
#include <parley/sip/testing/script.hpp>

#include <gmock/gmock.h>

using namespace parley;
using namespace parley::sip::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

namespace {

std::string error_of(std::string_view text) {
  const auto script = Script::parse(text);
  return script ? "" : script.error().text();
}

TEST(Script, ReadsEveryStep) {
  std::vector<std::string> done;
  const auto script = Script::parse(
      "# A comment, and an empty line\n"
      "\n"
      "expect INVITE as invite within 500ms after 100ms\n"
      "  To: <sip:*>\n"
      "  -Require\n"
      "expect copy INVITE\n"
      "send 180 Ringing now to invite tag fork2 as ringing\n"
      "expect no 200 BYE for 2s\n"
      "expect nothing for 3min\n"
      "wait 10ms\n"
      "send new MESSAGE\r\n"
      "  Content-Type: text/plain\n"
      "  | hello\n"
      "  |\n"
      "  | world\n"
      "send ACK in ringing with sdp\n"
      "send raw\n"
      "  | NONSENSE\n"
      "resend ringing\n"
      "user hangup now\n",
      [&](std::string_view words) {
        done.emplace_back(words);
        return Result<void>{};
      });
  ASSERT_TRUE(script) << script.error().text();
  const auto& steps = script->steps();
  using Kind = Step::Kind;
  std::vector<Kind> kinds;
  for (const Step& step : steps) kinds.push_back(step.kind);
  EXPECT_THAT(kinds, ElementsAre(Kind::Expect, Kind::ExpectCopy, Kind::Send, Kind::ExpectNone, Kind::ExpectNone, Kind::Wait, Kind::Send,
                                 Kind::Send, Kind::SendRaw, Kind::Resend, Kind::Act));
  EXPECT_EQ(steps[0].what, "INVITE");
  EXPECT_EQ(steps[0].name, "invite");
  EXPECT_EQ(steps[0].limit, 500ms);
  EXPECT_EQ(steps[0].not_before, 100ms);
  EXPECT_THAT(steps[0].fields, ElementsAre(Pair("To", "<sip:*>")));
  EXPECT_THAT(steps[0].without, ElementsAre("Require"));
  EXPECT_EQ(steps[0].line, 3U);
  EXPECT_EQ(steps[2].what, "180");
  EXPECT_EQ(steps[2].reason, "Ringing now");
  EXPECT_EQ(steps[2].about, "invite");
  EXPECT_EQ(steps[2].tag, "fork2");
  EXPECT_EQ(steps[3].what, "200 BYE");
  EXPECT_EQ(steps[3].limit, 2s);
  EXPECT_EQ(steps[4].what, "*");
  EXPECT_EQ(steps[4].limit, 3min);
  EXPECT_TRUE(steps[6].outside_dialog);
  EXPECT_EQ(steps[6].body, "hello\r\n\r\nworld\r\n");
  EXPECT_TRUE(steps[7].with_sdp);
  EXPECT_EQ(steps[8].what, "NONSENSE\r\n");
  EXPECT_EQ(steps[9].what, "ringing");
  EXPECT_TRUE(steps[10].act());
  EXPECT_THAT(done, ElementsAre("hangup now"));
}

TEST(Script, SaysWhichLineItCannotRead) {
  EXPECT_THAT(error_of("expect INVITE\nexpct ACK\n"), HasSubstr("line 2"));
  EXPECT_THAT(error_of("wait 2\n"), HasSubstr("not a time"));
  EXPECT_THAT(error_of("wait 99999999999s\n"), HasSubstr("not a time"));
  EXPECT_THAT(error_of("wait 2s more\n"), HasSubstr("too many words"));
  EXPECT_THAT(error_of("expect INVITE soon\n"), HasSubstr("expected: as, within or after"));
  EXPECT_THAT(error_of("expect no ACK\n"), HasSubstr("for TIME"));
  EXPECT_THAT(error_of("send BYE ok\n"), HasSubstr("to, in, as"));
  EXPECT_THAT(error_of("send\n"), HasSubstr("send what"));
  EXPECT_THAT(error_of("  Via: x\n"), HasSubstr("first column"));
  EXPECT_THAT(error_of("send BYE\n  Via\n"), HasSubstr("neither"));
  EXPECT_THAT(error_of("user hangup\n"), HasSubstr("nobody"));
}

TEST(Script, ChainedCallsMeanTheSame) {
  Script chained;
  chained.expect("INVITE").as("invite").send(180).wait(2s).send(200).with_sdp().expect_none("ACK", 1s).expect("ACK").within(2s);
  const auto text =
      Script::parse("expect INVITE as invite\nsend 180\nwait 2s\nsend 200 with sdp\nexpect no ACK for 1s\nexpect ACK within 2s\n");
  ASSERT_TRUE(text);
  ASSERT_EQ(chained.steps().size(), text->steps().size());
  for (std::size_t i = 0; i < chained.steps().size(); ++i) {
    EXPECT_EQ(chained.steps()[i].kind, text->steps()[i].kind);
    EXPECT_EQ(chained.steps()[i].what, text->steps()[i].what);
    EXPECT_EQ(chained.steps()[i].limit, text->steps()[i].limit);
    EXPECT_EQ(chained.steps()[i].name, text->steps()[i].name);
  }
}

}  // namespace
