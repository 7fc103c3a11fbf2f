// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/json_line.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace parley::program {
namespace {

TEST(JsonLine, MembersComeInOrderAndReadBack) {
  JsonLine line;
  line.add("event", "call_received").add("t", 1.25).add("held", true).add("status", 486).null("call").raw("list", "[1,2]");
  EXPECT_EQ(line.text(), R"({"event":"call_received","t":1.250,"held":true,"status":486,"call":null,"list":[1,2]})");
  EXPECT_EQ(nlohmann::json::parse(line.text())["status"], 486);
}

TEST(JsonLine, NumbersThatAreNoneBecomeNull) {
  JsonLine line;
  line.add("db", -std::numeric_limits<double>::infinity());
  EXPECT_EQ(line.text(), R"({"db":null})");
}

TEST(JsonString, WhatAPeerSendsCannotBreakTheLine) {  // SEC-35, SEC-38
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
  const std::string text = json_string(all);
  EXPECT_EQ(text.find_first_of("\r\n"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(text));
}

TEST(JsonString, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(nlohmann::json::parse(json_string("Grüße \U0001F514")), "Grüße \U0001F514");
  for (const std::string_view broken : {"\xC3", "\xE2\x82", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
    const std::string text = json_string(broken);
    EXPECT_TRUE(nlohmann::json::accept(text)) << text;
    EXPECT_NE(text.find("\\ufffd"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace parley::program
