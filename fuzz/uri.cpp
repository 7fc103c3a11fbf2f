// SPDX-License-Identifier: MIT
// The whole input as a URI: an accepted one is made of its parts, equals itself and parses again. Its two lines as two URIs to compare.
// Escaping is undone by its opposite.
#include <parley/fuzz/check.hpp>

#include <parley/sip/message/uri.hpp>

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

/// Whether two are equivalent does not hang on which comes first; the halves of the input are the two.
void check_pair(std::string_view text) {
  const std::size_t middle = text.find('\n');
  if (middle == std::string_view::npos) return;
  const auto a = parse_uri(text.substr(0, middle));
  const auto b = parse_uri(text.substr(middle + 1));
  if (!a || !b) return;
  require(equivalent(*a, *a) && equivalent(*b, *b));
  require(equivalent(*a, *b) == equivalent(*b, *a));
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const fuzz::Guarded input({reinterpret_cast<const char*>(data), size});
  fuzz::check_uri(input.text());
  fuzz::check_pair(input.text());
  fuzz::require(sip::unescape(sip::escape_user(input.text())) == input.text());
  return 0;
}
