// SPDX-License-Identifier: MIT
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>
#include <parley/tests/media/sdp_samples.hpp>

#include <gmock/gmock.h>

#include <functional>
#include <string>

namespace parley::media::sdp {
namespace {

SessionDescription sample() { return parse(samples::chromium_offer()).value(); }

TEST(SdpWriter, WritesTheLinesInTheOrderOfTheGrammar) {  // RFC 8866 s.9
  SessionDescription description;
  description.origin = {"alice", "1", "2", "IN", "IP4", "192.0.2.1"};
  description.information = "info";
  description.uri = "http://example.com/";
  description.emails = {"a@example.com"};
  description.phones = {"+1"};
  description.connection = Connection{"IN", "IP4", "233.252.0.1", 127, 3};
  description.bandwidths = {{"AS", 64}};
  description.times = {{'t', "1 2"}, {'r', "7d 1h 0"}, {'t', "3 4"}};
  description.attributes.add("tool", "x");
  MediaSection section;
  section.port = 5;
  section.port_count = 2;
  section.protocol = "RTP/AVP";
  section.formats = {"0", "8"};
  section.information = "sound";
  section.connections = {Connection{"IN", "IP6", "ff15::101", std::nullopt, 3}};
  section.bandwidths = {{"TIAS", 64'000}};
  section.attributes.add("sendonly");
  description.sections = {section};
  EXPECT_EQ(write(description).value(),
            "v=0\r\no=alice 1 2 IN IP4 192.0.2.1\r\ns=-\r\ni=info\r\nu=http://example.com/\r\ne=a@example.com\r\np=+1\r\n"
            "c=IN IP4 233.252.0.1/127/3\r\nb=AS:64\r\nt=1 2\r\nr=7d 1h 0\r\nt=3 4\r\na=tool:x\r\n"
            "m=audio 5/2 RTP/AVP 0 8\r\ni=sound\r\nc=IN IP6 ff15::101/3\r\nb=TIAS:64000\r\na=sendonly\r\n");
}

TEST(SdpWriter, GivesBackWhatWasParsed) {
  const std::string text = write(sample()).value();
  EXPECT_EQ(text, samples::chromium_offer());
  EXPECT_EQ(parse(text).value(), sample());
}

TEST(SdpWriter, BringsLinesThatCameInAnotherOrderIntoTheGrammars) {
  const auto parsed = parse("v=0\no=- 1 2 IN IP4 192.0.2.1\ns=-\nt=0 0\na=x\nb=AS:1\nc=IN IP4 192.0.2.1\ni=late\n");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(write(*parsed).value(), "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\ni=late\r\nc=IN IP4 192.0.2.1\r\nb=AS:1\r\nt=0 0\r\na=x\r\n");
}

TEST(SdpWriter, RefusesWhatWouldSaySomethingElse) {
  struct Case {
    const char* what;
    std::function<void(SessionDescription&)> spoil;
  };
  const Case cases[] = {
      {"line end in the name", [](auto& d) { d.session_name = "x\r\na=y"; }},
      {"NUL in the name", [](auto& d) { d.session_name = std::string("x\0y", 3); }},
      {"blank in the user", [](auto& d) { d.origin.username = "a b"; }},
      {"empty user", [](auto& d) { d.origin.username = ""; }},
      {"session id", [](auto& d) { d.origin.session_id = "x"; }},
      {"session version", [](auto& d) { d.origin.session_version = ""; }},
      {"attribute value", [](auto& d) { d.attributes.add("x", "1\n"); }},
      {"attribute name", [](auto& d) { d.attributes.add("x:y"); }},
      {"empty attribute", [](auto& d) { d.attributes.add(""); }},
      {"bandwidth",
       [](auto& d) {
         d.bandwidths = {{"a:b", 1}};
       }},
      {"no time", [](auto& d) { d.times.clear(); }},
      {"bad time",
       [](auto& d) {
         d.times = {{'t', "now"}};
       }},
      {"time of another letter",
       [](auto& d) {
         d.times.push_back({'m', "audio"});
       }},
      {"media", [](auto& d) { d.sections[0].media = "au dio"; }},
      {"long media", [](auto& d) { d.sections[0].media = std::string(200, 'a'); }},
      {"protocol", [](auto& d) { d.sections[0].protocol = ""; }},
      {"no format", [](auto& d) { d.sections[0].formats.clear(); }},
      {"blank format", [](auto& d) { d.sections[0].formats = {"0 8"}; }},
      {"no ports", [](auto& d) { d.sections[0].port_count = 0; }},
      {"no connection", [](auto& d) { d.sections[0].connections.clear(); }},
      {"address", [](auto& d) { d.sections[0].connections[0].address = "192.0.2.300"; }},
      {"ttl of IP6",
       [](auto& d) {
         d.sections[0].connections[0] = {"IN", "IP6", "ff15::1", 3, std::nullopt};
       }},
      {"count without ttl", [](auto& d) { d.sections[0].connections[0].count = 3; }},
      {"count of another network",
       [](auto& d) {
         d.sections[0].connections[0] = {"ATM", "NSAP", "47", std::nullopt, 3};
       }},
      {"too many sections", [](auto& d) { d.sections.resize(limits::sections + 1, d.sections[0]); }},
  };
  for (const Case& each : cases) {
    SessionDescription description = sample();
    each.spoil(description);
    const auto result = write(description);
    ASSERT_FALSE(result) << each.what;
    EXPECT_EQ(result.error().code, Errc::BadValue) << each.what;
    EXPECT_NE(result.error().reason, nullptr) << each.what;
  }
}

TEST(SdpWriter, RefusesATextThatNobodyWouldRead) {
  SessionDescription description = sample();
  description.session_name = std::string(limits::text, 'x');
  EXPECT_EQ(write(description).error().code, Errc::TooLong);
}

TEST(SdpAttributes, SetReplacesTheFirstInItsPlaceAndDropsTheOthers) {
  Attributes attributes;
  attributes.add("a", "1");
  attributes.add("x", "1");
  attributes.add("b");
  attributes.add("x", "2");
  attributes.set("x", "3");
  attributes.set("y", "4");
  EXPECT_THAT(attributes,
              ::testing::ElementsAre(Attribute{"a", "1"}, Attribute{"x", "3"}, Attribute{"b", std::nullopt}, Attribute{"y", "4"}));
  EXPECT_EQ(attributes.value("b"), "");
  EXPECT_EQ(attributes.value("X"), std::nullopt);
  attributes.remove("a");
  EXPECT_FALSE(attributes.has("a"));
}

}  // namespace
}  // namespace parley::media::sdp
