// SPDX-License-Identifier: MIT
// The whole input as message/sipfrag: what is read lies in it; a status line written anew reads the same; and a whole message is a
// fragment that says the same.
#include <parley/fuzz/check.hpp>
#include <parley/fuzz/typed.hpp>

#include <parley/sip/message/parser.hpp>
#include <parley/sip/message/sipfrag.hpp>

#include <cstddef>
#include <cstdint>

namespace parley::fuzz {
namespace {

using namespace sip;

void check_fragment(std::string_view text) {
  const auto fragment = parse_sipfrag(text);
  if (!fragment) {
    require(fragment.error().offset <= text.size());
    return;
  }
  for (const std::string_view part : {fragment->reason, fragment->method, fragment->request_uri, fragment->head.text(), fragment->body})
    require(lies_in(part, text));
  require(fragment->status == 0 || (fragment->method.empty() && fragment->status >= 100 && fragment->status <= 699));
  for (std::string_view rest = fragment->head.text(); const auto field = HeadView::next(rest);) {
    require(lies_in(field->name, text) && lies_in(field->value, text));
    read_typed(*field);
  }
  if (fragment->status == 0) return;
  const auto written = format_sipfrag(fragment->status, fragment->reason);
  if (!written) return;  // a control character in the reason
  const auto again = parse_sipfrag(*written);
  require(again && again->status == fragment->status && (fragment->reason.empty() || again->reason == fragment->reason));
}

/// Of a message that begins with its start line.
void check_whole(std::string_view text) {
  MessageIndex index;
  if (text.starts_with("\r\n") || parse(text, index).verdict != Verdict::Ok) return;
  const MessageView message(text, index);
  const auto fragment = parse_sipfrag(text);
  require(static_cast<bool>(fragment));
  require(fragment->status == message.status() && fragment->reason == message.reason());
  require(message.is_response() || (fragment->method == message.method_text() && fragment->request_uri == message.request_uri().text));
  require(fragment->body.data() == message.body().data() && fragment->body.size() >= message.body().size());
  std::string_view rest = fragment->head.text();
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const auto field = HeadView::next(rest);
    require(field && field->id == message.header(i).id && field->value.data() == message.header(i).value.data());
  }
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const fuzz::Guarded input({reinterpret_cast<const char*>(data), size});
  fuzz::check_fragment(input.text());
  fuzz::check_whole(input.text());
  return 0;
}
