// SPDX-License-Identifier: MIT
// A URI, a name-addr and a Via, each of the whole input: an accepted one is made of its parts, equals itself and parses again; escaping and
// quoting are undone by their opposites.
#include <parley/fuzz/check.hpp>

#include <parley/sip/message/name_addr.hpp>
#include <parley/sip/message/uri.hpp>
#include <parley/sip/message/via.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::fuzz {
namespace {

using namespace sip;

std::string assemble(const UriView& uri) {
  std::string text = std::string(uri.scheme_text) + ':' + std::string(uri.user);
  if (!uri.password.empty()) text += ':' + std::string(uri.password);
  if (!uri.user.empty()) text += '@';
  text += uri.host;
  if (uri.port) text += ':' + std::to_string(*uri.port);
  if (!uri.params.empty()) text += ';' + std::string(uri.params);
  if (!uri.headers.empty()) text += '?' + std::string(uri.headers);
  return text;
}

void check_uri(std::string_view text) {
  const auto uri = parse_uri(text);
  if (!uri) {
    require(uri.error().code == Errc::TooLong || uri.error().offset <= text.size());
    return;
  }
  require(uri->text == text);
  require(equivalent(*uri, *uri));
  const Uri owned(*uri);
  require(owned.view().text == text);
  if (uri->is_sip()) {
    const std::string again = assemble(*uri);
    const auto parsed = parse_uri(again);
    require(parsed.has_value());
    require(equivalent(*uri, *parsed));
  }
}

void check_name_addr(std::string_view text) {
  const auto value = parse_name_addr(text);
  if (!value) return;
  require(value->tag().empty() || value->params.find("tag") == value->tag());
  const auto printed = format_name_addr(value->display_text(), value->uri.text);
  if (!printed) return;  // a fold or an escaped NUL in the display name, which a writer refuses
  const auto again = parse_name_addr(*printed);
  if (!again) return;  // other control characters, escaped on the way in, stay unescaped
  require(again->uri.text == value->uri.text);
  require(again->display_text() == value->display_text());
}

void check_via(std::string_view text) {
  const auto via = parse_via(text);
  if (!via) return;
  require(!via->transport.empty() && !via->host.empty());
  require(via->sent_by().substr(0, via->host.size()) == via->host);
  require(via->branch.empty() || via->params.find("branch") == via->branch);
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const fuzz::Guarded input({reinterpret_cast<const char*>(data), size});
  fuzz::check_uri(input.text());
  fuzz::check_name_addr(input.text());
  fuzz::check_via(input.text());
  fuzz::require(sip::unescape(sip::escape_user(input.text())) == input.text());
  fuzz::require(sip::unquote(sip::quote(input.text())) == input.text());
  return 0;
}
