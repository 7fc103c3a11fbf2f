// SPDX-License-Identifier: MIT
// What a parse costs, in steps: the parser is compiled once more, with a call at the beginning of each basic block
// (-fsanitize-coverage=trace-pc). No clock, so it is the same each time and on every machine.
#include <parley/sip/message/parser.hpp>
#include <parley/tests/bench/fillers.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string_view>

static std::size_t steps = 0;

extern "C" void __sanitizer_cov_trace_pc() { ++steps; }

namespace parley::sip {
namespace {

std::size_t steps_of(std::string_view message) {
  static MessageIndex index;
  const std::size_t before = steps;
  parse(message, index);
  return steps - before;
}

constexpr std::string_view ordinary =
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKfill\r\n"
    "Max-Forwards: 70\r\n"
    "To: Bob <sip:bob@example.com>\r\n"
    "From: \"Alice\" <sip:alice@example.com>;tag=1\r\n"
    "Call-ID: fill@192.0.2.1\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:alice@192.0.2.1:5060;transport=udp>;expires=60\r\n"
    "Content-Length: 0\r\n\r\n";

TEST(LinearTime, A27FillersCostNoMoreForEachOctetHoweverManyThereAre) {
  const double ordinary_cost = static_cast<double>(steps_of(ordinary)) / static_cast<double>(ordinary.size());
  const auto some = bench::all_fillers(15'000);
  const auto more = bench::all_fillers(60'000);
  ASSERT_EQ(some.size(), more.size());
  for (std::size_t i = 0; i < some.size(); ++i) {
    const std::size_t few = steps_of(some[i].message);
    const std::size_t many = steps_of(more[i].message);
    ASSERT_GT(few, 0U);
    EXPECT_LE(many, few * 4 + few / 10) << more[i].name;
    EXPECT_LE(static_cast<double>(many) / static_cast<double>(more[i].message.size()), 3 * ordinary_cost) << more[i].name;
  }
}

}  // namespace
}  // namespace parley::sip
