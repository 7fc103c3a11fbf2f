// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/header_name.hpp>

#include <gtest/gtest.h>

#include <cctype>
#include <string>

namespace parley::sip {
namespace {

TEST(HeaderName, A04EveryNameIsFoundInAnyCase) {  // RFC 3261 s.7.3.1
  for (int i = 1; i <= static_cast<int>(HeaderId::WwwAuthenticate); ++i) {
    const auto id = static_cast<HeaderId>(i);
    const std::string name(to_string(id));
    ASSERT_FALSE(name.empty()) << i;
    EXPECT_EQ(header_id(name), id) << name;
    std::string upper = name;
    std::string lower = name;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    EXPECT_EQ(header_id(upper), id) << name;
    EXPECT_EQ(header_id(lower), id) << name;
    EXPECT_EQ(header_id(name + "x"), HeaderId::Other) << name;
    EXPECT_EQ(header_id(name.substr(0, name.size() - 1) + "~"), HeaderId::Other) << name;
  }
}

TEST(HeaderName, A05CompactForms) {  // s.7.3.3 and the SIP parameters registry
  const std::pair<const char*, HeaderId> forms[] = {{"a", HeaderId::AcceptContact},   {"b", HeaderId::ReferredBy},
                                                    {"c", HeaderId::ContentType},     {"d", HeaderId::RequestDisposition},
                                                    {"e", HeaderId::ContentEncoding}, {"f", HeaderId::From},
                                                    {"i", HeaderId::CallId},          {"j", HeaderId::RejectContact},
                                                    {"k", HeaderId::Supported},       {"l", HeaderId::ContentLength},
                                                    {"m", HeaderId::Contact},         {"n", HeaderId::IdentityInfo},
                                                    {"o", HeaderId::Event},           {"r", HeaderId::ReferTo},
                                                    {"s", HeaderId::Subject},         {"t", HeaderId::To},
                                                    {"u", HeaderId::AllowEvents},     {"v", HeaderId::Via},
                                                    {"x", HeaderId::SessionExpires},  {"y", HeaderId::Identity}};
  for (const auto& [name, id] : forms) {
    EXPECT_EQ(header_id(name), id) << name;
    EXPECT_EQ(header_id(std::string(1, static_cast<char>(std::toupper(*name)))), id) << name;
  }
  for (const char* name : {"g", "h", "p", "q", "w", "z", "1", "-"}) EXPECT_EQ(header_id(name), HeaderId::Other) << name;
  EXPECT_EQ(header_id(""), HeaderId::Other);
}

TEST(HeaderName, LookAlikesAreOther) {
  for (const char* name : {"Call\x0DID", "Call ID", "CallID", "Fr0m", "From\x01", "\x16ia", "X-From"}) {
    EXPECT_EQ(header_id(name), HeaderId::Other) << name;
  }
}

}  // namespace
}  // namespace parley::sip
