// SPDX-License-Identifier: MIT
// The messages that are measured are messages: keeps the corpus of ./run bench honest without its peers.
#include <parley/fuzz/rebuild.hpp>
#include <parley/tests/bench/sample.hpp>

#include <parley/sip/message/parser.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace parley::sip {
namespace {

std::vector<bench::Sample> corpus() {
  const char* const folder = std::getenv("PARLEY_BENCH_CORPUS");
  return bench::load_corpus(folder ? folder : (std::filesystem::path(__FILE__).parent_path() / "corpus").c_str());
}

TEST(BenchCorpus, IsAcceptedPrintedAndReadAgainAsTheSame) {
  const auto samples = corpus();
  ASSERT_GE(samples.size(), 30U);
  for (const bench::Sample& sample : samples) {
    SCOPED_TRACE(sample.name);
    MessageIndex index;
    const ParseResult result = parse(sample.bytes, index);
    ASSERT_EQ(result.verdict, Verdict::Ok) << result.error.text();
    const MessageView view(sample.bytes, index);
    EXPECT_EQ(view.content_length(), view.body().size());
    EXPECT_EQ(view.bytes(), sample.bytes);
    const auto printed = test::rebuild(view);
    ASSERT_TRUE(printed);
    MessageIndex again;
    ASSERT_EQ(parse(*printed, again).verdict, Verdict::Ok);
    EXPECT_TRUE(test::same_message(view, MessageView(*printed, again))) << *printed;
  }
}

TEST(BenchCorpus, LooksLikeTheTrafficOfAUserAgent) {
  const auto samples = corpus();
  std::size_t headers = 0;
  std::size_t bodies = 0;
  for (const bench::Sample& sample : samples) {
    MessageIndex index;
    ASSERT_EQ(parse(sample.bytes, index).verdict, Verdict::Ok) << sample.name;
    const std::size_t body = MessageView(sample.bytes, index).body().size();
    bodies += body;
    headers += sample.bytes.size() - body;
  }
  EXPECT_NEAR(static_cast<double>(headers) / static_cast<double>(samples.size()), 600.0, 60.0);
  EXPECT_NEAR(static_cast<double>(bodies) / static_cast<double>(samples.size()), 280.0, 40.0);
}

}  // namespace
}  // namespace parley::sip
