// SPDX-License-Identifier: MIT
// The judge is judged: what two ends must not remember of one call.
#include "diary.hpp"

#include <gtest/gtest.h>

namespace parley::simulation {
namespace {

using Kind = sip::EndCause::Kind;

CallEnd end(Kind kind, bool established = true) {
  CallEnd made;
  made.began = true;
  made.established = established;
  made.cause.emplace().kind = kind;
  return made;
}

TEST(SimulationDiary, EndsThatFitAgree) {
  EXPECT_FALSE(disagreement({end(Kind::LocalHangup), end(Kind::RemoteHangup)}));
  EXPECT_FALSE(disagreement({end(Kind::LocalHangup), end(Kind::LocalHangup)}));
  EXPECT_FALSE(disagreement({end(Kind::Rejected, false), end(Kind::Rejected, false)}));
  EXPECT_FALSE(disagreement({end(Kind::Cancelled, false), end(Kind::Cancelled, false)}));
  EXPECT_FALSE(disagreement({end(Kind::NoAnswer, false), CallEnd{}}));
}

TEST(SimulationDiary, EndsThatDoNotFitAreNoticed) {
  EXPECT_TRUE(disagreement({end(Kind::LocalHangup), end(Kind::Rejected, false)}));
  EXPECT_TRUE(disagreement({end(Kind::LocalHangup), CallEnd{}}));
  EXPECT_TRUE(disagreement({end(Kind::RemoteHangup), end(Kind::RemoteHangup)}));
  EXPECT_TRUE(disagreement({end(Kind::Rejected, false), end(Kind::Cancelled, false)}));
  EXPECT_TRUE(disagreement({CallEnd{}, end(Kind::RemoteHangup)}));
}

TEST(SimulationDiary, CallThatNeverEndsIsAProblem) {
  Diary diary;
  const auto call = diary.begin_call();
  diary.story(call).caller = end(Kind::LocalHangup);
  diary.story(call).callee = end(Kind::RemoteHangup);
  diary.story(call).callee.cause.reset();
  diary.close();
  EXPECT_FALSE(diary.problems().empty());
  EXPECT_EQ(diary.established(), 1U);
}

}  // namespace
}  // namespace parley::simulation
