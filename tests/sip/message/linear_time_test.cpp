// SPDX-License-Identifier: MIT
// What a parse costs, in steps: the parser is compiled once more, with a call at the beginning of each basic block
// (-fsanitize-coverage=trace-pc). No clock, so it is the same each time and on every machine.
#include <parley/sip/auth/authentication_info.hpp>
#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/message/header_values.hpp>
#include <parley/sip/message/multipart.hpp>
#include <parley/sip/message/parser.hpp>
#include <parley/sip/message/sipfrag.hpp>
#include <parley/tests/bench/fillers.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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

struct Ignored {
  template <class... View>
  void operator()(const View&...) const {}
};

/// A reader that is asked on demand.
struct Reader {
  std::string name;
  std::function<void(std::string_view)> read;
};

void read_parts(std::string_view body) {
  auto parts = *MultipartReader::open(*parse_media_type("multipart/mixed;boundary=b"), body);
  while (const auto part = parts.next()) {
    for (std::string_view rest = part->head.text(); HeadView::next(rest);) {
    }
  }
}

void read_fragment(std::string_view text) {
  const auto fragment = parse_sipfrag(text);
  for (std::string_view rest = fragment ? fragment->head.text() : std::string_view{}; HeadView::next(rest);) {
  }
}

void read_copyable(std::string_view headers) {
  UriView uri;
  uri.headers = headers;
  CopyableHeaders copied(uri);
  while (copied.next()) {
  }
}

void read_challenges(std::string_view value) {
  static MessageIndex index;
  std::string message(ordinary);
  message.insert(message.size() - 2, "WWW-Authenticate: " + std::string(value) + "\r\n");
  parse(message, index);
  parse_challenges(MessageView(message, index));
}

std::vector<Reader> all_readers() {
  std::vector<Reader> readers = {{"challenges of a message", read_challenges},
                                 {"challenge", parse_challenge},
                                 {"credentials", parse_credentials},
                                 {"Authentication-Info", parse_authentication_info},
                                 {"multipart", read_parts},
                                 {"sipfrag", read_fragment},
                                 {"URI headers", read_copyable},
                                 {"unquote", unquote},
                                 {"Replaces", parse_replaces},
                                 {"Session-Expires", parse_session_expires},
                                 {"Subscription-State", parse_subscription_state},
                                 {"Reason", parse_reason}};
  for (int i = 1; i <= static_cast<int>(HeaderId::WwwAuthenticate); ++i) {
    const auto id = static_cast<HeaderId>(i);
    readers.push_back({std::string(to_string(id)), [id](std::string_view value) { visit_values({id, to_string(id), value}, Ignored{}); }});
  }
  return readers;
}

struct Pattern {
  const char* begin;
  const char* again;
};

/// What each reader takes much of, and what it takes little of.
constexpr Pattern patterns[] = {{"", ","},
                                {"", ";"},
                                {"", "\""},
                                {"\"", "\\\""},
                                {"\"", "\r\n "},
                                {"", "<"},
                                {"", "("},
                                {"1 (", "("},
                                {"1 (", "\\)"},
                                {"", "a,"},
                                {"a", ";a"},
                                {"a", ";a=b"},
                                {"a", ";a=\"b\\\"\""},
                                {"a/b", ";q=1"},
                                {"<a:b>", ";a=b"},
                                {"a", ",<"},
                                {"", "a=b,"},
                                {"Digest a=b", ", a=b"},
                                {"Digest a=b", ", a b"},
                                {"", "&a=b"},
                                {"", "&&"},
                                {"--b\r\n", "--b\r\n"},
                                {"--b\r\n", "--"},
                                {"--b\r\n", "\r\n"},
                                {"--b\r\n", "a:b\r\n"},
                                {"a:b\r\n", "c:d\r\n"},
                                {"", "%41"},
                                {"1", "0"},
                                {"399 a \"", "b"},
                                {"", "a "},
                                {"a", "."},
                                {"\"a\"", ";info=<b>"}};

TEST(LinearTime, A27ReadersOnDemandCostNoMoreForEachOctetHoweverManyThereAre) {
  const auto steps_for = [](const Reader& reader, const Pattern& pattern, std::size_t octets) {
    std::string text = pattern.begin;
    while (text.size() < octets) text += pattern.again;
    const std::size_t before = steps;
    reader.read(text);
    return steps - before;
  };
  for (const Reader& reader : all_readers()) {
    for (const Pattern& pattern : patterns) {
      const std::size_t few = steps_for(reader, pattern, 5'000);
      const std::size_t many = steps_for(reader, pattern, 20'000);
      EXPECT_LE(many, few * 4 + few / 10 + 1000) << reader.name << ": " << pattern.begin << pattern.again;
      EXPECT_LE(many, 200U * 20'000) << reader.name << ": " << pattern.begin << pattern.again;
    }
  }
}

}  // namespace
}  // namespace parley::sip
