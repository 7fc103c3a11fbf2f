// SPDX-License-Identifier: MIT
// The whole input as a name-addr, as a Via value, as a comma list and as text to be quoted: an accepted value is made of its parts, prints
// and parses again; a list loses nothing; quoting is undone by its opposite.
#include <parley/fuzz/check.hpp>

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/header_values.hpp>
#include <parley/sip/message/name_addr.hpp>
#include <parley/sip/message/via.hpp>

#include <cstddef>
#include <cstdint>

namespace parley::fuzz {
namespace {

using namespace sip;

void check_params(const ParamsView& params, std::string_view whole) {
  require(lies_in(params.text(), whole));
  std::string_view rest = params.text();
  while (const auto param = ParamsView::next(rest)) {
    require(!param->name.empty() && lies_in(param->name, whole) && lies_in(param->value, whole));
    require(params.find(param->name).has_value());
  }
  require(grammar::trim(rest).empty());
}

void check_name_addr(std::string_view text) {
  const auto value = parse_name_addr(text);
  if (!value) {
    require(value.error().code == Errc::TooLong || value.error().offset <= text.size());
    return;
  }
  require(lies_in(value->text, text) && lies_in(value->uri.text, text) && lies_in(value->display_name, text));
  check_params(value->params, text);
  require(value->tag().empty() || value->params.find("tag") == value->tag());
  for (const std::string& unquoted : {public_gruu(*value), temporary_gruu(*value), instance_id(*value)})
    require(unquoted.size() <= text.size());
  if (contact_expires(*value)) require(value->params.has("expires"));
  const auto printed = format_name_addr(value->display_text(), value->uri.text);
  if (!printed) return;  // an escaped NUL in the display name, which a writer refuses
  const auto again = parse_name_addr(*printed);
  if (!again) return;  // other control characters, escaped on the way in, stay unescaped
  require(again->uri.text == value->uri.text);
  require(again->display_text() == value->display_text());
}

void check_via(std::string_view text) {
  const auto via = parse_via(text);
  if (!via) {
    require(via.error().code == Errc::TooLong || via.error().offset <= text.size());
    return;
  }
  require(!via->transport.empty() && !via->host.empty());
  require(via->sent_by().substr(0, via->host.size()) == via->host);
  require(via->branch.empty() || via->params.find("branch") == via->branch);
  require(!via->has_rfc3261_branch() || via->branch.size() > 7);
  check_params(via->params, text);
}

void check_list(std::string_view text) {
  std::string_view rest = text;
  const char* at = text.data();
  while (const auto element = next_element(rest)) {
    require(lies_in(*element, text));
    require(element->empty() || element->data() >= at);
    at = rest.data();
  }
  require(grammar::trim(rest).empty());
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const fuzz::Guarded input({reinterpret_cast<const char*>(data), size});
  fuzz::check_name_addr(input.text());
  fuzz::check_via(input.text());
  fuzz::check_list(input.text());
  fuzz::require(sip::unquote(sip::quote(input.text())) == sip::unfolded(input.text()));
  return 0;
}
