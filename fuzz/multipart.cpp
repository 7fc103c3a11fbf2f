// SPDX-License-Identifier: MIT
// A Content-Type, a line break, and the body it is of: parts lie in the body, one behind the other; written anew they read the same; and
// within a message they are found however deep they lie.
#include <parley/fuzz/check.hpp>
#include <parley/fuzz/typed.hpp>

#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/multipart.hpp>
#include <parley/sip/message/parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::fuzz {
namespace {

using namespace sip;

void look_at(const HeadView& head) {
  for (std::string_view rest = head.text(); const auto field = HeadView::next(rest);) read_typed(*field);
}

/// All parts; each behind the one before.
std::vector<BodyPartView> parts_of(MultipartReader& reader, std::string_view body) {
  std::vector<BodyPartView> parts;
  const char* behind = reader.preamble().data() + reader.preamble().size();
  while (const auto part = reader.next()) {
    require(lies_in(part->head.text(), body) && lies_in(part->body, body));
    require(part->body.empty() || part->body.data() >= behind);
    if (!part->body.empty()) behind = part->body.data() + part->body.size();
    look_at(part->head);
    parts.push_back(*part);
  }
  require(lies_in(reader.epilogue(), body) && (reader.closed() || reader.epilogue().empty()));
  return parts;
}

void check_written(std::string_view boundary, const std::vector<BodyPartView>& parts) {
  MultipartBuilder builder("mixed", boundary);
  for (const BodyPartView& part : parts) {
    const auto type = part.content_type();
    builder.part(type ? type->text : "text/plain", part.body);
  }
  const auto written = std::move(builder).finish();
  if (!written) return;  // no part, or one that a writer refuses
  auto reader = *MultipartReader::open(*parse_media_type(written->content_type), written->bytes);
  const auto again = parts_of(reader, written->bytes);
  require(reader.closed() && reader.preamble().empty() && reader.epilogue().empty());
  require(std::equal(parts.begin(), parts.end(), again.begin(), again.end(),
                     [](const BodyPartView& a, const BodyPartView& b) { return a.body == b.body; }));
}

void check_body(std::string_view content_type, std::string_view body) {
  const auto type = parse_media_type(content_type);
  if (!type) return;
  auto reader = MultipartReader::open(*type, body);
  if (!reader) {
    require(reader.error().offset <= content_type.size());
    return;
  }
  MultipartReader walk = *reader;
  require(lies_in(walk.preamble(), body));
  check_written(walk.boundary(), parts_of(walk, body));
}

void check_in_message(std::string_view content_type, std::string_view body) {
  auto builder = MessageBuilder::request(Method::Message, "sip:bob@example.com");
  builder.header(HeaderId::Via, "SIP/2.0/UDP a;branch=z9hG4bK1").header(HeaderId::From, "<sip:a@a>;tag=1");
  builder.header(HeaderId::To, "<sip:b@b>").header(HeaderId::CallId, "c").header(HeaderId::CSeq, "1 MESSAGE");
  const auto bytes = std::move(builder.body(content_type, body)).finish();
  if (!bytes) return;  // a fold in the type, or too long
  const Guarded text(*bytes);
  MessageIndex index;
  if (parse(text.text(), index).verdict != Verdict::Ok) return;
  const MessageView message(text.text(), index);
  BodyParts parts(message);
  while (const auto part = parts.next()) {
    require(parts.depth() <= limits::body_depth && lies_in(part->body, message.body()));
  }
  const auto sdp = find_part(message, "application/sdp");
  require(!sdp || sdp->is("application/sdp"));
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const fuzz::Guarded input({reinterpret_cast<const char*>(data), size});
  const std::string_view text = input.text();
  const std::size_t line_end = std::min(text.find("\r\n"), text.size());
  const std::string_view body = text.substr(std::min(line_end + 2, text.size()));
  fuzz::check_body(text.substr(0, line_end), body);
  fuzz::check_in_message(text.substr(0, line_end), body);
  return 0;
}
