// SPDX-License-Identifier: MIT
#include <parley/tests/bench/fillers.hpp>

#include <string_view>

namespace parley::bench {

namespace {

struct Pattern {
  const char* name;
  const char* begin;
  const char* text;  ///< again and again
  const char* end;
};

constexpr Pattern patterns[] = {
    {"quotes and backslashes", "\"", "\\\\\\\"", "\" <sip:a@example.com>"},
    {"open quotes", "", "\"\\", ""},
    {"commas", "<sip:a@example.com>", ",", ""},
    {"commas in quotes", "\"", ",", "\" <sip:a@example.com>"},
    {"addresses", "<sip:a@example.com>", ", <sip:a@example.com>", ""},
    {"bare addresses", "", "a:b,", "a:b"},
    {"semicolons", "<sip:a@example.com>", ";", ""},
    {"open angles", "", "<", ""},
    {"angles", "", "<>", ""},
    {"folding", "<sip:a@example.com>", "\r\n ", ""},
    {"folded parameters", "<sip:a@example.com>", "\r\n ;a", ""},
    {"parameters", "<sip:a@example.com>", ";a=b", ""},
    {"quoted parameters", "<sip:a@example.com>", ";a=\"b\\\"\"", ""},
    {"URI parameters", "<sip:a@example.com", ";a=b", ">"},
    {"URI headers", "<sip:a@example.com?a=b", "&a=b", ">"},
    {"escapes", "<sip:", "%41", "@example.com>"},
    {"colons", "<sip:", "a:", "@example.com>"},
    {"at signs", "<sip:", "a@", "example.com>"},
    {"host labels", "<sip:a@", "a.", "com>"},
    {"brackets", "<sip:a@[", "::", "]>"},
    {"blanks", "", " ", "<sip:a@example.com>"},
    {"digits", "", "1", ""},
};

constexpr const char* places[] = {"From", "To",           "Contact",      "Record-Route",   "Route",   "Via",    "Call-ID",
                                  "CSeq", "Max-Forwards", "Content-Type", "Content-Length", "Subject", "X-Other"};

std::string message_with(std::string_view lines) {
  return "INVITE sip:bob@example.com SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKfill\r\n"
         "Max-Forwards: 70\r\n"
         "To: <sip:bob@example.com>\r\n" +
         std::string(lines) +
         "From: <sip:alice@example.com>;tag=1\r\n"
         "Call-ID: fill@192.0.2.1\r\n"
         "CSeq: 1 INVITE\r\n"
         "Content-Length: 0\r\n\r\n";
}

}  // namespace

std::vector<Filler> all_fillers(std::size_t octets) {
  const auto repeated = [octets](std::string_view pattern) {
    std::string text;
    while (text.size() < octets) text += pattern;
    return text;
  };
  std::vector<Filler> fillers;
  for (const char* place : places) {
    for (const Pattern& pattern : patterns) {
      const std::string value = pattern.begin + repeated(pattern.text) + pattern.end;
      fillers.push_back({std::string(place) + ": " + pattern.name, message_with(std::string(place) + ": " + value + "\r\n")});
    }
  }
  for (const char* line : {"X:\r\n", "X: \r\n", "A\r\n", ":\r\n", "Via: SIP/2.0/UDP h\r\n", "v:,\r\n", "Contact:\r\n", "\r\n "}) {
    std::string name = "lines of ";
    for (const char c : std::string_view(line)) name += c == '\r' ? "" : c == '\n' ? "|" : std::string(1, c);
    fillers.push_back({name, message_with(repeated(line))});
  }
  fillers.push_back({"lines before the message", repeated("\r\n") + message_with("")});
  fillers.push_back({"method of letters", repeated("A") + message_with("")});
  fillers.push_back({"Request-URI of letters", "INVITE sip:" + repeated("a") + "@example.com SIP/2.0\r\n\r\n"});
  fillers.push_back({"start line of blanks", "INVITE" + repeated(" ") + "sip:a@example.com SIP/2.0\r\n\r\n"});
  fillers.push_back({"reason phrase", "SIP/2.0 200 " + repeated("\xC3\xA4") + "\r\n\r\n"});
  return fillers;
}

}  // namespace parley::bench
