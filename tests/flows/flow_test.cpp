// SPDX-License-Identifier: MIT
// Plays every .flow file of this folder: a whole user agent against the scripted peer, in virtual time.
//
// After a change that is meant, PARLEY_REGENERATE_FLOWS=1 writes the ladders anew; read the difference before it is committed.
#include "flow_file.hpp"

#include <gmock/gmock.h>

#include <cctype>
#include <cstdlib>

namespace parley::test {
namespace {

const std::filesystem::path& folder() {
  static const std::filesystem::path path = std::getenv("PARLEY_FLOWS") != nullptr ? std::getenv("PARLEY_FLOWS") : "tests/flows";
  return path;
}

class GoldenFlow : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(GoldenFlow, Plays) {
  const auto flow = FlowFile::read(GetParam());
  ASSERT_TRUE(flow) << flow.error().text();
  ScriptedAgent agent(flow->cast);
  const std::string failure = agent.play(std::string(flow->script_line, '\n') + flow->script);
  ASSERT_EQ(failure, "") << GetParam();
  EXPECT_EQ(agent.ua().unfinished_session_count(), 0U) << "a call is left over";
  EXPECT_EQ(agent.ua().stack().transaction_count(), 0U) << "a transaction is left over";
  if (std::getenv("PARLEY_REGENERATE_FLOWS") != nullptr) {
    flow->rewrite(agent.ladder());
    GTEST_SKIP() << "written anew: " << GetParam();
  }
  EXPECT_TRUE(agent.ladder() == flow->ladder) << GetParam() << " (- should be, + is):\n" << difference(flow->ladder, agent.ladder());
}

/// "rfc3665-3.1-caller.flow" becomes "Rfc3665S3x1Caller".
std::string name_of(const ::testing::TestParamInfo<std::filesystem::path>& info) {
  std::string name;
  bool upper = true;
  for (const char c : info.param.stem().string()) {
    if (c == '-' || c == '.' || c == '_') {
      if (c == '.') name += 'x';
      upper = true;
      continue;
    }
    name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Flows, GoldenFlow, ::testing::ValuesIn(flow_files(folder())), name_of);

TEST(FlowFile, DifferenceShowsWhatIsMissingAndWhatIsNew) {
  EXPECT_EQ(difference("a\nb\nc\n", "a\nx\nc\nd\n"), "  a\n- b\n+ x\n  c\n+ d\n");
  EXPECT_EQ(difference("a\n", "a\n"), "  a\n");
}

}  // namespace
}  // namespace parley::test
