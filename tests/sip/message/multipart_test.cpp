// SPDX-License-Identifier: MIT
#include "parse_support.hpp"

#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/headers/media_type.hpp>
#include <parley/sip/message/multipart.hpp>

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace parley::sip {
namespace {

using test::Parsed;
using ::testing::ElementsAre;

/// A MESSAGE with that type and body, in a heap block of exactly its size.
Parsed message_with(std::string_view content_type, std::string_view body) {
  test::RequestText request;
  request.method = "MESSAGE";
  request.more = "Content-Type: " + std::string(content_type) + "\r\n";
  request.body = body;
  return Parsed(request.text());
}

std::vector<std::string> bodies(MultipartReader reader) {
  std::vector<std::string> all;
  while (const auto part = reader.next()) all.emplace_back(part->body);
  return all;
}

std::vector<std::string> bodies(std::string_view body, std::string_view boundary = "b") {
  const std::string type = "multipart/mixed;boundary=\"" + std::string(boundary) + "\"";
  return bodies(*MultipartReader::open(*parse_media_type(type), body));
}

TEST(Multipart, A29PartsPreambleAndEpilogue) {  // RFC 2046 s.5.1.1
  const std::string text =
      "preamble\r\n--b\r\nContent-Type: application/sdp\r\nContent-ID: <1@a>\r\n\r\nv=0\r\n\r\n--b \t\r\n\r\nplain\r\n--b--  "
      "\r\nepilogue\r\n--b\r\n";
  const Parsed message = message_with("multipart/mixed; boundary=b", text);
  ASSERT_EQ(message.verdict(), Verdict::Ok);
  auto reader = *MultipartReader::open(message->content_type().value(), message->body());
  EXPECT_EQ(reader.preamble(), "preamble");
  const auto sdp = reader.next();
  ASSERT_TRUE(sdp);
  EXPECT_TRUE(sdp->is("application/sdp"));
  EXPECT_EQ(sdp->body, "v=0\r\n");
  EXPECT_EQ(HeadView(sdp->head.text()).header(header_id("Content-Type")), "application/sdp");
  std::string_view fields = sdp->head.text();
  HeadView::next(fields);
  EXPECT_EQ(HeadView::next(fields)->name, "Content-ID");
  EXPECT_FALSE(HeadView::next(fields));
  const auto plain = reader.next();
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->content_type());
  EXPECT_TRUE(plain->is("text/plain"));
  EXPECT_EQ(plain->body, "plain");
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.closed());
  EXPECT_EQ(reader.epilogue(), "epilogue\r\n--b\r\n");
}

TEST(Multipart, A29BoundaryQuotedOrNotOrAbsent) {
  const auto open = [](std::string_view type) { return MultipartReader::open(*parse_media_type(type), "--b\r\n\r\nx\r\n--b--"); };
  EXPECT_EQ(open("multipart/mixed;boundary=b")->boundary(), "b");
  EXPECT_EQ(open("Multipart/Mixed;a=c; Boundary = \"b\"")->boundary(), "b");
  EXPECT_EQ(open("multipart/mixed;boundary=\"a b:=?c\"")->boundary(), "a b:=?c");
  for (const std::string& type : {std::string("multipart/mixed"), std::string("multipart/mixed;boundary=\"\""),
                                  std::string("multipart/mixed;boundary"), std::string("multipart/mixed;boundary=\"a \""),
                                  std::string("multipart/mixed;boundary=\"a\\b\""), "multipart/mixed;boundary=" + std::string(71, 'a'),
                                  std::string("text/plain;boundary=b"), std::string("multipart/mixed;`boundary=b")}) {
    EXPECT_FALSE(open(type)) << type;
  }
  EXPECT_TRUE(open("multipart/mixed;boundary=" + std::string(70, 'a')));
  // With two, another reader could see other parts.
  EXPECT_FALSE(open("multipart/mixed;boundary=b;boundary=c"));
  EXPECT_FALSE(open("multipart/mixed;boundary=b;Boundary=b"));
  // The message itself is fine, and its body is given as it is.
  EXPECT_EQ(message_with("multipart/mixed", "--b\r\n\r\nx\r\n--b--").verdict(), Verdict::Ok);
}

TEST(Multipart, A29N13Sec40WhatIsMissingEndsWithTheBody) {
  EXPECT_THAT(bodies("--b\r\n\r\none\r\n--b\r\n\r\ntwo"), ElementsAre("one", "two")) << "no end boundary";
  EXPECT_THAT(bodies("--b\r\n\r\none\r\n--b"), ElementsAre("one")) << "boundary at the end";
  EXPECT_THAT(bodies("--b\r\n\r\none\r\n--b-"), ElementsAre("one\r\n--b-")) << "half an end boundary is none";
  EXPECT_THAT(bodies("--b\r\nno blank line\r\n--b--"), ElementsAre("")) << "head without end";
  EXPECT_THAT(bodies("--b\r\nContent-Type: a/b\r\n\r\n--b--"), ElementsAre("")) << "head alone";
  EXPECT_THAT(bodies("--b\r\nContent-Type: a/b\r\n--b--"), ElementsAre("")) << "head alone, and no empty line";
  EXPECT_THAT(bodies("--b\r\n\r\n\r\n--b--"), ElementsAre("")) << "an empty body";
  EXPECT_THAT(bodies("--b\r\n--b\r\n\r\nx\r\n--b--"), ElementsAre("", "x")) << "nothing between boundaries";
  EXPECT_THAT(bodies("--bb\r\n\r\nx\r\n--b\r\n\r\ny--b\r\n--b--"), ElementsAre("y--b")) << "longer boundary, boundary inside of a line";
  EXPECT_THAT(bodies("\r\n--b\r\n\r\nx\r\n--b--"), ElementsAre("x"));
}

TEST(Multipart, Sec40HeadsAreReadWhereTheyEnd) {
  auto reader =
      *MultipartReader::open(*parse_media_type("multipart/mixed;boundary=b"), "--b\r\nContent-Type: a/b\r\n--b\r\nc: d/e\r\n\r\n--b--");
  EXPECT_TRUE(reader.next()->is("a/b"));
  EXPECT_TRUE(reader.next()->is("d/e"));
  EXPECT_FALSE(reader.next());
}

TEST(Multipart, Sec39Sec41NoPartsAtAll) {
  for (const char* text :
       {"", "-", "--", "--b--", "--b-", "--+", "--++=AAA", "nothing\r\nof the kind", "\r\n", "--b\n\nx\n--b--\n", "--b"}) {
    EXPECT_THAT(bodies(text), ElementsAre()) << text;
  }
  const Parsed message = message_with("multipart/mixed;boundary=b", "--b--");
  EXPECT_FALSE(find_part(message.view(), "text/plain"));
  EXPECT_EQ(Message(message.view()).bytes(), message->bytes());
  EXPECT_EQ(MultipartBuilder("mixed", "b").finish().error().code, Errc::BadValue);
}

TEST(Multipart, Sec39Sec40EveryCutIsRead) {
  const std::string text = "p\r\n--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\n\r\n\r\n--b--\r\ne";
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const Parsed message = message_with("multipart/mixed;boundary=b", text.substr(0, i));
    ASSERT_EQ(message.verdict(), Verdict::Ok);
    EXPECT_LE(bodies(*MultipartReader::open(message->content_type().value(), message->body())).size(), 2U) << i;
  }
}

std::string nested(int depth) {
  std::string text = "Content-Type: text/x-leaf\r\n\r\nleaf";
  for (int i = depth; i > 0; --i) {
    const std::string boundary = "b" + std::to_string(i);
    text = "Content-Type: multipart/mixed;boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n" + text + "\r\n--" + boundary + "--";
  }
  return text.substr(text.find("\r\n\r\n") + 4);
}

TEST(Multipart, A26A29NestedToADepthLimit) {
  const auto leaf_of = [](int depth) {
    const Parsed message = message_with("multipart/mixed;boundary=b1", nested(depth));
    const auto leaf = find_part(message.view(), "text/x-leaf");
    return leaf ? std::string(leaf->body) : std::string();
  };
  EXPECT_EQ(leaf_of(1), "leaf");
  EXPECT_EQ(leaf_of(static_cast<int>(limits::body_depth)), "leaf");
  EXPECT_EQ(leaf_of(static_cast<int>(limits::body_depth) + 1), "") << "comes whole, as a multipart";
  const Parsed deep = message_with("multipart/mixed;boundary=b1", nested(500));
  BodyParts parts(deep.view());
  const auto part = parts.next();
  ASSERT_TRUE(part);
  EXPECT_EQ(parts.depth(), limits::body_depth);
  EXPECT_TRUE(part->is("multipart/mixed"));
  EXPECT_FALSE(parts.next());
}

TEST(Multipart, FindsTheOfferAmongOthers) {  // RFC 5621 s.3
  const std::string text =
      "--x\r\nContent-Type: multipart/alternative;boundary=y\r\n\r\n--y\r\nContent-Type: text/plain\r\n\r\nhello\r\n--y\r\n"
      "c: Application/SDP;v=1\r\n\r\nv=0\r\n--y--\r\n--x\r\nContent-Type: application/isup\r\n\r\n\x01\x02\r\n--x--\r\n";
  EXPECT_EQ(find_part(message_with("multipart/mixed;boundary=x", text).view(), "application/sdp")->body, "v=0");
  EXPECT_EQ(find_part(message_with("multipart/mixed;boundary=x", text).view(), "application/isup")->body, "\x01\x02");
  EXPECT_EQ(find_part(message_with("application/sdp", "v=0").view(), "application/sdp")->body, "v=0") << "the body is its own only part";
  EXPECT_FALSE(find_part(message_with("application/sdp", "").view(), "application/sdp"));
  EXPECT_FALSE(find_part(message_with("text/html", "x").view(), "text/plain"));
}

TEST(Multipart, A28Sec42WrittenPartsReadTheSame) {
  const std::string binary("\0\r\n\r\n--\r\n\r\n--c\xFF", 15);
  auto builder = MultipartBuilder("mixed", "a b=");
  builder.part("application/sdp", "v=0\r\n")
      .part("text/plain;charset=UTF-8", "")
      .part("a/b", binary, "Content-ID: <1@a>\r\nX: y\r\n z\r\n");
  const auto body = std::move(builder).finish();
  ASSERT_TRUE(body);
  const Parsed message = message_with(body->content_type, body->bytes);
  ASSERT_EQ(message.verdict(), Verdict::Ok);
  auto reader = *MultipartReader::open(message->content_type().value(), message->body());
  EXPECT_EQ(reader.preamble(), "");
  EXPECT_TRUE(reader.next()->is("application/sdp"));
  EXPECT_EQ(reader.next()->body, "");
  const auto last = reader.next();
  EXPECT_EQ(last->body, binary);
  // Read and written anew: the same octets.
  auto again = MultipartBuilder("mixed", reader.boundary());
  for (auto parts = *MultipartReader::open(message->content_type().value(), message->body()); const auto part = parts.next();) {
    std::string_view rest = part->head.text();
    HeadView::next(rest);
    rest.remove_suffix(2);
    again.part(part->content_type()->text, part->body, rest);
  }
  EXPECT_EQ(std::move(again).finish()->bytes, body->bytes);
}

bool written(std::string_view subtype, std::string_view boundary) {
  MultipartBuilder builder(subtype, boundary);
  builder.part("a/b", "x");
  return static_cast<bool>(std::move(builder).finish());
}

TEST(Multipart, A31Sec34Sec42WriterIsStrict) {
  const auto with = [](std::string_view type, std::string_view bytes, std::string_view more = {}) {
    auto builder = MultipartBuilder("mixed", "b");
    builder.part(type, bytes, more);
    return static_cast<bool>(std::move(builder).finish());
  };
  EXPECT_TRUE(with("a/b", "x"));
  EXPECT_FALSE(with("a", "x"));
  EXPECT_FALSE(with("a/b\r\nX: y", "x"));
  EXPECT_FALSE(with("a/b", "x\r\n--b\r\n"));
  EXPECT_FALSE(with("a/b", "--b"));
  EXPECT_FALSE(with("a/b", "x", "X: y"));
  EXPECT_FALSE(with("a/b", "x", "X: y\r\n\r\n"));
  EXPECT_FALSE(with("a/b", "x", "no field\r\n"));
  EXPECT_FALSE(with("a/b", "x", "X: --b\r\n"));
  EXPECT_FALSE(with("a/b", std::string(limits::message, 'x')));
  for (const std::string& boundary : {std::string(), std::string("a\r\n"), std::string("a "), std::string("a\"b"), std::string(71, 'a')}) {
    EXPECT_FALSE(written("mixed", boundary)) << boundary;
  }
  EXPECT_FALSE(written("mi xed", "b"));
}

}  // namespace
}  // namespace parley::sip
