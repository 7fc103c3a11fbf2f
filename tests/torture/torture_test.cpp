// SPDX-License-Identifier: MIT
#include <parley/fuzz/rebuild.hpp>

#include <parley/sip/message/parser.hpp>
#include <parley/tests/support/ua_probe.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sip {
namespace {

namespace fs = std::filesystem;

/// A line of an expect.tsv: name, class, what may be answered ("400|drop"), what it probes.
struct Expectation {
  std::string name;
  std::string category;
  std::string allowed;
};

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Expectation> read_expectations(const fs::path& path) {
  std::vector<Expectation> all;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    Expectation one;
    std::string* const fields[] = {&one.name, &one.category, &one.allowed};
    std::size_t begin = 0;
    for (std::string* const field : fields) {
      const std::size_t end = std::min(line.find('\t', begin), line.size());
      *field = line.substr(begin, end - begin);
      begin = std::min(end + 1, line.size());
    }
    all.push_back(one);
  }
  return all;
}

bool allows(const Expectation& expected, std::string_view answer) {
  std::string_view rest = expected.allowed;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    if (rest.substr(0, end) == answer) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

/// Anything that only a user agent can say means that the parser took the message.
bool allows_acceptance(const Expectation& expected) {
  constexpr std::string_view said_above[] = {"ok", "404", "405", "406", "415", "416", "420", "481", "483", "501"};
  return std::any_of(std::begin(said_above), std::end(said_above), [&](std::string_view answer) { return allows(expected, answer); });
}

void judge(const Expectation& expected, const fs::path& path) {
  SCOPED_TRACE(expected.name);
  const std::string bytes = read_file(path);
  ASSERT_FALSE(bytes.empty()) << path;
  MessageIndex index;
  const ParseResult result = parse(bytes, index);
  const std::string why = result.error.text();
  switch (result.verdict) {
    case Verdict::Ok: {
      EXPECT_TRUE(allows_acceptance(expected) || allows(expected, "resp")) << "was accepted";
      const MessageView view(bytes, index);
      const auto printed = test::rebuild(view);
      ASSERT_TRUE(printed);
      MessageIndex again;
      ASSERT_EQ(parse(*printed, again).verdict, Verdict::Ok);
      EXPECT_TRUE(test::same_message(view, MessageView(*printed, again))) << *printed;
      break;
    }
    case Verdict::Bad:
      EXPECT_TRUE(allows(expected, std::to_string(result.error.status))) << why;
      EXPECT_NE(expected.category, "valid") << why;
      break;
    case Verdict::Drop: EXPECT_TRUE(allows(expected, "drop") || (allows(expected, "resp") && expected.category != "valid")) << why; break;
  }
}

/// The same by a whole stack and user agent, which a datagram brings the message to. Whatever comes: at most one kind of answer.
void judge_by_user_agent(const Expectation& expected, const fs::path& path) {
  SCOPED_TRACE(expected.name);
  auto options = parley::test::Probe::alice();
  options.accept_any_user = options.serve_strangers = true;
  parley::test::Probe agent(std::move(options), parley::test::datagrams("alice.example.com"));
  agent.receive(read_file(path));
  agent.advance(std::chrono::seconds(1));  // an INVITE gets its 100 after 200 ms
  const std::string answer = agent.sent_text();
  if (answer.empty()) {  // dropped; or a response, or an ACK
    EXPECT_TRUE(allows(expected, "drop") || allows(expected, "resp") || allows(expected, "ok"));
    return;
  }
  constexpr std::string_view version = "SIP/2.0 ";
  ASSERT_TRUE(answer.starts_with(version)) << answer;
  const std::string status = answer.substr(version.size(), 3);
  EXPECT_TRUE(allows(expected, status) || (status != "400" && allows_acceptance(expected))) << answer;
}

fs::path own_corpus() {
  const char* const folder = std::getenv("PARLEY_TORTURE_CORPUS");
  return folder != nullptr ? fs::path(folder) : fs::path(__FILE__).parent_path() / "corpus";
}

TEST(Torture, A28OwnCorpusIsJudgedAsExpected) {
  const auto all = read_expectations(own_corpus() / "expect.tsv");
  ASSERT_GE(all.size(), 60U);
  for (const Expectation& expected : all) {
    judge(expected, own_corpus() / (expected.name + ".sip"));
    judge_by_user_agent(expected, own_corpus() / (expected.name + ".sip"));
  }
}

TEST(Torture, OwnCorpusHasAnExpectationForEachFile) {
  const auto all = read_expectations(own_corpus() / "expect.tsv");
  for (const auto& file : fs::directory_iterator(own_corpus())) {
    if (file.path().extension() != ".sip") continue;
    const std::string name = file.path().stem().string();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Expectation& one) { return one.name == name; })) << name;
  }
}

TEST(Torture, A28Rfc4475AndRfc5118AreJudgedAsExpected) {
  const char* const folder = std::getenv("PARLEY_TORTURE_DIR");
  // The messages are not ours to ship: without them there is nothing to judge.
  if (folder == nullptr || *folder == '\0') GTEST_SKIP() << "PARLEY_TORTURE_DIR is not set";
  const fs::path root = folder;
  const auto all = read_expectations(root / "expect.tsv");
  ASSERT_FALSE(all.empty());
  for (const Expectation& expected : all) {
    const fs::path in_4475 = root / "rfc4475" / (expected.name + ".dat");
    const fs::path path = fs::exists(in_4475) ? in_4475 : root / "rfc5118" / (expected.name + ".dat");
    judge(expected, path);
    judge_by_user_agent(expected, path);
  }
}

}  // namespace
}  // namespace parley::sip
