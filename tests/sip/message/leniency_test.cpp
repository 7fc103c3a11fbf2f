// SPDX-License-Identifier: MIT
// sip/message/LENIENCY.md, row by row: what the page says is what the parser does.
#include "headers/listing.hpp"
#include "parse_support.hpp"

#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/head.hpp>
#include <parley/sip/message/headers/number.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace parley::sip {
namespace {

using test::Parsed;

using Row = std::vector<std::string>;

/// `\r`, `\n`, `\t`, `\0`, `\xFF` for what they stand for.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "\\x") {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 2, 2)), nullptr, 16));
      i += 3;
      continue;
    }
    const std::size_t which = text[i] == '\\' && i + 1 < text.size() ? std::string_view("rnt0").find(text[i + 1]) : std::string_view::npos;
    if (which == std::string_view::npos) {
      out += text[i];
    } else {
      out += std::string_view("\r\n\t\0", 4)[which];
      ++i;
    }
  }
  return out;
}

/// The cells of a row: what stands in backquotes is unescaped, and " absent" behind it kept as a mark in front: "-From".
Row cells_of(const std::string& line) {
  Row cells;
  for (std::size_t begin = 1; begin < line.size();) {
    const std::size_t end = line.find('|', begin);
    std::string cell = line.substr(begin, end - begin);
    const std::size_t open = cell.find('`');
    const std::size_t close = cell.rfind('`');
    if (cells.empty() || open == close) {
      cell = cell.substr(std::min(cell.find_first_not_of(' '), cell.size()));
      cell = cell.substr(0, cell.find_last_not_of(' ') + 1);
    } else {
      const std::string mark = cell.find("absent", close) == std::string::npos ? "" : "-";
      cell = mark + unescaped(std::string_view(cell).substr(open + 1, close - open - 1));
    }
    cells.push_back(cell);
    begin = end + 1;
  }
  return cells;
}

/// The rows below the heading.
std::vector<Row> rows_of(const std::string& heading) {
  std::vector<Row> rows;
  const char* const page = std::getenv("PARLEY_LENIENCY_PAGE");
  std::ifstream file(page == nullptr ? "" : page);
  bool here = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("## ", 0) == 0) here = line == "## " + heading;
    if (here && line.rfind('|', 0) == 0) rows.push_back(cells_of(line));
  }
  if (rows.size() < 2) return {};
  return {rows.begin() + 2, rows.end()};
}

/// A complete request in which the example has replaced the lines it has other words for.
std::string request_with(std::string_view example) {
  test::RequestText plain;
  plain.cseq = "CSeq: 314159 OPTIONS\r\n";
  const std::map<HeaderId, std::string*> lines = {{HeaderId::Via, &plain.via},    {HeaderId::From, &plain.from},
                                                  {HeaderId::To, &plain.to},      {HeaderId::CallId, &plain.call_id},
                                                  {HeaderId::CSeq, &*plain.cseq}, {HeaderId::MaxForwards, &plain.max_forwards}};
  std::string start_line;
  std::string more = std::string(example) + "\r\n";
  if (example.substr(0, 1) == "-") {
    more.clear();
    example = example.substr(1, example.find(':') - 1);
    lines.at(header_id(example))->clear();
  } else if (example.substr(0, 8) == "OPTIONS " || example.substr(0, 8) == "SIP/2.0 ") {
    start_line.swap(more);
  }
  for (std::string_view rest = more; const auto field = HeadView::next(rest);) {
    const auto line = lines.find(field->id);
    if (line != lines.end()) line->second->clear();
    if (field->id == HeaderId::ContentLength) plain.with_length = false;
  }
  const std::string text = plain.text();
  const std::size_t first_header = text.find("\r\n") + 2;
  return (start_line.empty() ? text.substr(0, first_header) : start_line) + more + text.substr(first_header);
}

/// What is understood of a message, in words that do not depend on how it was written.
std::vector<std::string> understood(const MessageView& message) {
  std::vector<std::string> all{std::string(message.method_text()), std::string(message.request_uri().text),
                               std::to_string(message.status()) + ' ' + std::string(message.reason())};
  const auto add_address = [&all](const NameAddrView& address) {
    all.push_back(address.display_text() + '|' + std::string(address.uri.text) + '|' + std::string(address.tag()) + '|' +
                  std::to_string(contact_expires(address).value_or(1)));
  };
  add_address(message.from());
  add_address(message.to());
  for (std::size_t i = 0; i < message.contact_count(); ++i) add_address(message.contact(i));
  for (std::size_t i = 0; i < message.via_count(); ++i) {
    const ViaView via = message.via(i);
    all.push_back(std::string(via.transport) + '|' + std::string(via.sent_by()) + '|' + std::string(via.branch) + '|' +
                  std::string(via.received()));
  }
  all.push_back(std::to_string(message.cseq().number) + '|' + std::to_string(message.max_forwards().value_or(0)));
  all.emplace_back(message.call_id());
  all.emplace_back(message.body());
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    HeaderView field = message.header(i);
    const HeaderShape shape = header_shape(field.id);
    if (shape == HeaderShape::NameAddr && field.id != HeaderId::From && field.id != HeaderId::To && field.id != HeaderId::Contact) {
      const auto address = parse_name_addr(field.value);
      all.push_back(address ? std::string(address->uri.text) + std::string(address->params.text()) : "unreadable");
    }
    const bool seen = shape == HeaderShape::NameAddr || shape == HeaderShape::Via || shape == HeaderShape::CSeq;
    if (seen || field.id == HeaderId::MaxForwards || field.id == HeaderId::ContentLength) continue;
    for (const std::string& value : test::list(field)) all.push_back(std::string(to_string(field.id)) + '|' + value);
    if (const auto number = parse_item(field.id, field.value); shape == HeaderShape::Number && number) {
      all.back() = std::string(to_string(field.id)) + '|' + std::to_string(number->number().value_or(0));
    }
  }
  return all;
}

/// Each field of the example is there with its value as written.
void expect_kept(const MessageView& message, std::string_view example) {
  while (const auto field = HeadView::next(example)) EXPECT_EQ(message.header(field->name), field->value) << field->name;
}

TEST(LeniencyTest, A06A16A17WhatIsReadLenientlyMeansWhatThePageSays) {
  const auto rows = rows_of("Read leniently");
  ASSERT_GE(rows.size(), 20U);
  for (const Row& row : rows) {
    ASSERT_EQ(row.size(), 3U) << row.front();
    const Parsed lenient(request_with(row[1]));
    EXPECT_EQ(lenient.verdict(), Verdict::Ok) << row.front() << ": " << lenient.why();
    if (row[2].empty()) continue;
    if (row[2] == "kept as it comes") {
      expect_kept(lenient.view(), row[1] + "\r\n");
      continue;
    }
    const Parsed strict(request_with(row[2]));
    ASSERT_EQ(strict.verdict(), Verdict::Ok) << row.front() << ": " << strict.why();
    EXPECT_EQ(understood(lenient.view()), understood(strict.view())) << row.front();
  }
}

TEST(LeniencyTest, A20A24OptionalHeadersThatCannotBeReadSpoilNothing) {
  const auto rows = rows_of("Optional headers that cannot be read");
  ASSERT_GE(rows.size(), 9U);
  for (const Row& row : rows) {
    ASSERT_EQ(row.size(), 2U) << row.front();
    const Parsed message(request_with(row[1]));
    ASSERT_EQ(message.verdict(), Verdict::Ok) << row.front() << ": " << message.why();
    const HeaderView field = message->header(0);
    EXPECT_EQ(row[1].substr(0, field.name.size()), field.name);
    const auto values = test::list(field);
    EXPECT_EQ(values.front().rfind("unreadable", 0), 0U) << row.front() << ": " << values.front();
  }
}

TEST(LeniencyTest, A18A19A22WhatIsRefusedIsAnsweredAsThePageSays) {
  const auto rows = rows_of("Refused");
  ASSERT_GE(rows.size(), 30U);
  for (const Row& row : rows) {
    ASSERT_EQ(row.size(), 3U) << row.front();
    const std::string text = request_with(row[1]);
    const Parsed message(text);
    EXPECT_EQ(message.verdict(), row[2] == "drop" ? Verdict::Drop : Verdict::Bad) << row.front();
    ASSERT_NE(message.error().reason, nullptr) << row.front();
    EXPECT_LE(message.error().offset, text.size()) << row.front();
    if (message.verdict() != Verdict::Bad) continue;
    EXPECT_EQ(std::to_string(message.status()), row[2]) << row.front() << ": " << message.why();
    // What an answer needs is there: the Via it goes to, and what could be read of the rest.
    const auto answer = MessageBuilder::response_to(message.view(), message.status(), "t").finish();
    ASSERT_TRUE(answer) << row.front();
    EXPECT_EQ(answer->rfind("SIP/2.0 " + row[2] + ' ', 0), 0U) << *answer;
    EXPECT_NE(answer->find("\r\nVia: SIP/2.0/WS "), std::string::npos) << *answer;
  }
}

}  // namespace
}  // namespace parley::sip
