// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>

namespace parley::sip {
namespace {

using grammar::Class;

bool is_special(unsigned char octet) { return octet >= 0x80 || (std::isalnum(octet) == 0 && octet != '-' && octet != '.'); }
bool is_control(unsigned char octet) { return octet <= '\r'; }

bool same_letter(int a, int b) { return a == b || (a < 128 && b < 128 && std::isalpha(a) != 0 && std::tolower(a) == std::tolower(b)); }

template <class Octets>
class OctetsAtOnce : public testing::Test {};

#if defined(__SSE2__)
using Forms = testing::Types<grammar::detail::WordOctets, grammar::detail::Sse2Octets>;
#else
using Forms = testing::Types<grammar::detail::WordOctets>;
#endif
TYPED_TEST_SUITE(OctetsAtOnce, Forms);

/// Each octet at each place, with such neighbours as a carry from octet to octet would come from.
TYPED_TEST(OctetsAtOnce, AnswerAsAPlainLoopDoes) {
  constexpr std::size_t size = TypeParam::size;
  for (const char neighbour : {'a', '\xFF', '\0', '/', 'Z'}) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int octet = 0; octet < 256; ++octet) {
        std::string text(size, 'a');
        text[place] = static_cast<char>(octet);
        for (std::size_t i = place + 1; i < size; ++i) text[i] = neighbour;
        const auto before = [&text](auto is) {
          return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is) - text.begin());
        };
        const std::size_t control = before(is_control);
        const TypeParam octets(text.data());
        ASSERT_EQ(octets.before_special(), before(is_special)) << octet << " at " << place;
        ASSERT_EQ(octets.before_colon(), before([](char c) { return c == ':'; })) << octet << " at " << place;
        ASSERT_EQ(octets.has_control(), control != size) << octet << " at " << place;
        if (control == size) continue;
        ASSERT_EQ(octets.before_control(), control) << octet << " at " << place;
      }
    }
  }
}

/// Each octet at each place of names of each length; what stands behind the name is not looked at.
TYPED_TEST(OctetsAtOnce, KnowANameInAnyCase) {
  const std::string name = "Content-Disposition";
  for (std::size_t length = 0; length <= name.size(); ++length) {
    for (std::size_t place = 0; place < TypeParam::size; ++place) {
      for (int octet = 0; octet < 256; ++octet) {
        if (octet == '\r') continue;
        std::string text = name;
        for (std::size_t i = length; i < text.size(); ++i) text[i] = '?';
        text[place] = static_cast<char>(octet);
        const bool same = place >= length || same_letter(octet, name[place]);
        ASSERT_EQ(TypeParam(text.data()).start_with(name.data(), length), same) << octet << " at " << place << " of " << length;
      }
    }
  }
}

/// Each class, each length of a run and of its word, each distance of end and limit.
TEST(Skip, EndsWhereAPlainLoopEnds) {
  std::string text;
  for (int i = 0; i < 70; ++i) text += "abc-1.2_x:y/z@09;%Q"[(i * 7 + i / 11) % 19];
  const char* const begin = text.data();
  const char* const wide = grammar::wide_end(begin, begin + text.size());
  for (Class bits = 1; bits <= grammar::text_char; bits <<= 1) {
    for (std::size_t from = 0; from < 20; ++from) {
      for (std::size_t end = from; end <= text.size(); ++end) {
        const char* expected = begin + from;
        while (expected != begin + end && grammar::is(*expected, bits)) ++expected;
        ASSERT_EQ(grammar::skip(begin + from, begin + end, wide, bits), expected) << bits << ' ' << from << ' ' << end;
        ASSERT_EQ(grammar::skip(begin + from, begin + end, grammar::wide_end(begin + from, begin + end), bits), expected)
            << bits << ' ' << from << ' ' << end;
      }
    }
  }
}

TEST(ClassTable, HasLettersDigitsDashAndDotInAllWordClasses) {
  for (Class bits = 1; bits <= grammar::text_char; bits <<= 1) {
    bool all = true;
    for (int octet = 0; octet < 128; ++octet)
      all = all && (is_special(static_cast<unsigned char>(octet)) || grammar::is(static_cast<char>(octet), bits));
    EXPECT_EQ(all, (bits & grammar::word_classes) != 0) << bits;
  }
}

TEST(FindLineBreak, FindsTheFirstAtEveryPlace) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t place = 0; place <= size; ++place) {
      std::string text(size, '\t');
      if (place < size) text[place] = place % 2 == 0 ? '\r' : '\n';
      if (place + 1 < size) text[place + 1] = '\n';
      ASSERT_EQ(grammar::find_line_break(text.data(), text.data() + size), text.data() + place) << size << ' ' << place;
    }
  }
}

TEST(EqualNocase, IsExactOverAllOctets) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string x = "prefix--" + std::string(1, static_cast<char>(a)) + "--suffix";
      const std::string y = "PREFIX--" + std::string(1, static_cast<char>(b)) + "--suffix";
      ASSERT_EQ(grammar::equal_nocase(x, y), same_letter(a, b)) << a << ' ' << b;
    }
  }
}

/// Names of each length, each octet in turn replaced by each octet.
TEST(IsName, IsExactOverAllOctetsAndLengths) {
  const std::string_view longest = "P-Access-Network-Info:z9./SIP";
  for (std::size_t size = 0; size <= longest.size(); ++size) {
    const std::string_view name = longest.substr(0, size);
    ASSERT_TRUE(grammar::is_name(name, name));
    ASSERT_FALSE(grammar::is_name(std::string(name) + "x", name));
    for (std::size_t place = 0; place < size; ++place) {
      for (int octet = 0; octet < 256; ++octet) {
        std::string text(name);
        text[place] = static_cast<char>(octet);
        ASSERT_EQ(grammar::is_name(text, name), same_letter(octet, name[place])) << octet << " at " << place << " of " << size;
      }
    }
  }
}

}  // namespace
}  // namespace parley::sip
