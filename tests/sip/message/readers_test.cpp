// SPDX-License-Identifier: MIT
// What all readers have in common.
#include "headers/listing.hpp"
#include "parse_support.hpp"

#include <parley/sip/auth/authentication_info.hpp>
#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/message/header_values.hpp>
#include <parley/sip/message/multipart.hpp>
#include <parley/sip/message/sipfrag.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::sip {
namespace {

using test::Parsed;
using test::request_with;

// A reader that takes an element of no octets and stands still would read it for ever. Each step here takes at least one octet.
TEST(Readers, Sec88EveryReaderMovesOnOverElementsOfNothing) {
  for (const std::string unit :
       {",", ";", " ", "\t", "\r\n ", "\"\"", "<>", "()", "&", "=&", "--b\r\n", "a:\r\n", "=", ";=", ";x=", ", ,", "(", "\\", "\"\\\""}) {
    std::string filler;
    while (filler.size() < 3000) filler += unit;
    std::string_view rest = filler;
    std::size_t steps = 0;
    while (next_element(rest)) ASSERT_LE(++steps, filler.size() + 1) << unit;
    rest = filler;
    steps = 0;
    while (ParamsView::next(rest)) ASSERT_LE(++steps, filler.size() + 1) << unit;
    rest = filler;
    steps = 0;
    while (next_uri_header(rest)) ASSERT_LE(++steps, filler.size() + 1) << unit;
    rest = filler;
    steps = 0;
    while (HeadView::next(rest)) ASSERT_LE(++steps, filler.size() + 1) << unit;
    for (int i = 1; i <= static_cast<int>(HeaderId::WwwAuthenticate); ++i) {
      const auto id = static_cast<HeaderId>(i);
      const std::string name(to_string(id));
      const Parsed parsed(request_with(name + ": " + filler + "\r\n"));
      steps = 0;
      parsed->for_each(id, [&](std::string_view) { ++steps; });
      EXPECT_LE(steps, filler.size() + 1) << name << unit;
      EXPECT_LE(test::list({id, name, filler}).size(), filler.size() + 1) << name << unit;
    }
    EXPECT_LE(parse_challenges(Parsed(request_with("WWW-Authenticate: Digest " + filler + "\r\n")).view()).size(), filler.size());
    parse_credentials("Digest " + filler);
    parse_authentication_info(filler);
    parse_sipfrag(filler);
    const std::string body = "--b\r\n" + filler;
    auto parts = *MultipartReader::open(*parse_media_type("multipart/mixed;boundary=b"), body);
    for (steps = 0; parts.next();) ASSERT_LE(++steps, filler.size() + 1) << unit;
  }
}

}  // namespace
}  // namespace parley::sip
