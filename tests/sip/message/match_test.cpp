// SPDX-License-Identifier: MIT
#include <parley/sip/message/match.hpp>
#include <parley/sip/message/parser.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace parley::sip {
namespace {

constexpr std::string_view request =
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "Max-Forwards: 70\r\n"
    "v : SIP/2.0/UDP a.example.com:5060\r\n ;branch=z9hG4bKtop, SIP/2.0/UDP b;branch=z9hG4bKsecond\r\n"
    "Contact: <sip:alice@a.example.com>\r\n"
    "i: call@a\r\n"
    "CSeq: 0007  INVITE\r\n"
    "From: <sip:alice@example.com>;tag=1\r\n"
    "To: <sip:bob@example.com>\r\n\r\n";

std::string without(std::string_view line_start) {
  std::string text(request);
  const std::size_t begin = text.find(line_start);
  return text.erase(begin, text.find("\r\n", begin) + 2 - begin);
}

void expect_agreement(std::string_view bytes, const std::string& what) {
  MessageIndex index;
  if (parse(bytes, index).verdict != Verdict::Ok) {
    match(bytes);  // whatever it says, it reads no octet beyond
    return;
  }
  const MessageView message(bytes, index);
  const auto found = match(bytes);
  ASSERT_TRUE(found) << what;
  EXPECT_EQ(found->is_request, message.is_request()) << what;
  EXPECT_EQ(found->method_text, message.method_text()) << what;
  EXPECT_EQ(found->via.text, message.via().text) << what;
  EXPECT_EQ(found->via.branch, message.via().branch) << what;
  EXPECT_EQ(found->via.sent_by(), message.via().sent_by()) << what;
  EXPECT_EQ(found->call_id, message.call_id()) << what;
  EXPECT_EQ(found->cseq.number, message.cseq().number) << what;
  EXPECT_EQ(found->cseq.method, message.cseq().method) << what;
  EXPECT_EQ(found->cseq.method_text, message.cseq().method_text) << what;
}

TEST(Match, FindsWhatATransactionIsMatchedBy) {
  const auto found = match(request);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->is_request);
  EXPECT_EQ(found->method_text, "INVITE");
  EXPECT_EQ(found->via.branch, "z9hG4bKtop");
  EXPECT_EQ(found->via.sent_by(), "a.example.com:5060");
  EXPECT_EQ(found->call_id, "call@a");
  EXPECT_EQ(found->cseq.number, 7U);
  EXPECT_EQ(found->cseq.method, Method::Invite);
}

TEST(Match, TakesTheMethodOfAResponseFromCSeq) {
  const auto found = match("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nCall-ID: c\r\nCSeq: 1 BYE\r\n\r\n");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->is_request);
  EXPECT_EQ(found->method_text, "BYE");
}

TEST(Match, FindsNothingWhereAPartIsMissingOrBroken) {
  for (const char* const line : {"v :", "i:", "CSeq:"}) EXPECT_FALSE(match(without(line))) << line;
  for (const char* const text : {"", "\r\n", "INVITE", "INVITE\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\nVia: x\r\n\r\n"})
    EXPECT_FALSE(match(text)) << text;
}

TEST(Match, StopsWhereItHasSeenEnough) {
  const std::string head(request.substr(0, request.find("From:")));
  EXPECT_TRUE(match(head + "never looked at\r"));
}

TEST(Match, ReadsNoOctetBeyondTheEnd) {
  for (std::size_t size = 0; size <= request.size(); ++size) {
    const std::vector<char> exact(request.begin(), request.begin() + static_cast<std::ptrdiff_t>(size));
    expect_agreement({exact.data(), exact.size()}, std::to_string(size));
  }
}

/// Every file of the corpora, whole and with each line taken out.
TEST(Match, AgreesWithTheParserOnEveryAcceptedMessage) {
  const char* const folders = std::getenv("PARLEY_MATCH_CORPORA");
  if (folders == nullptr) GTEST_SKIP() << "PARLEY_MATCH_CORPORA names no folders";
  std::size_t files = 0;
  std::string_view rest = folders;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      expect_agreement(text, file.path());
      for (std::size_t line = text.find("\r\n"); line + 2 < text.size() && line != std::string::npos; line = text.find("\r\n", line + 2)) {
        std::string shorter = text;
        expect_agreement(shorter.erase(line, std::min(text.find("\r\n", line + 2), text.size()) - line), file.path());
      }
      ++files;
    }
  }
  EXPECT_GT(files, 150U);
}

}  // namespace
}  // namespace parley::sip
