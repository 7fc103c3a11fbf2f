// SPDX-License-Identifier: MIT
// A message: whatever comes, every accessor stays inside the bytes; what is accepted prints, parses again and says the same; what is
// refused can be answered where the verdict says so.
#include <parley/fuzz/check.hpp>

#include <parley/fuzz/rebuild.hpp>
#include <parley/fuzz/typed.hpp>

#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/match.hpp>
#include <parley/sip/message/parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace parley::fuzz {
namespace {

using namespace sip;

/// Octets that were looked at, so that nothing is optimised away.
std::size_t look_at(std::string_view text) {
  std::size_t sum = 0;
  for (const char c : text) sum += static_cast<unsigned char>(c);
  return sum;
}

std::size_t look_at(const ParamsView& params) {
  std::size_t sum = 0;
  std::string_view rest = params.text();
  while (const auto param = ParamsView::next(rest)) sum += look_at(param->name) + look_at(param->value);
  require(rest.empty() || sip::grammar::trim(rest).empty());  // parameters of a parsed message are all readable
  return sum;
}

std::size_t look_at(const UriView& uri) {
  std::size_t sum = look_at(uri.text) + look_at(uri.scheme_text) + look_at(uri.user) + look_at(uri.password) + look_at(uri.host) +
                    look_at(uri.params) + look_at(uri.headers);
  sum += look_at(uri.param("transport").value_or(""));
  require(uri.text.empty() || equivalent(uri, uri));
  return sum;
}

std::size_t look_at(const NameAddrView& value) {
  require(value.tag().size() <= value.params.text().size());
  return look_at(value.text) + look_at(value.display_name) + look_at(value.display_text()) + look_at(value.uri) + look_at(value.params);
}

std::size_t look_at(const ViaView& via) {
  return look_at(via.text) + look_at(via.transport) + look_at(via.sent_by()) + look_at(via.branch) + look_at(via.params) +
         (via.has_rfc3261_branch() ? 1U : 0U);
}

std::size_t look_at_typed(const MessageView& message) {
  read_typed(message);
  std::size_t sum = parse_challenges(message).size();
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView field = message.header(i);
    sum += look_at(field.name) + look_at(field.value);
    if (header_shape(field.id) == HeaderShape::Token) sum += message.lists(field.id, "100rel") ? 1U : 0U;
    if (field.id == HeaderId::Authorization || field.id == HeaderId::ProxyAuthorization) sum += parse_credentials(field.value) ? 1U : 0U;
  }
  return sum;
}

std::size_t look_at(const MessageView& message) {
  std::size_t sum = look_at(message.bytes()) + look_at(message.method_text()) + look_at(message.request_uri()) + look_at(message.reason());
  for (std::size_t i = 0; i <= message.via_count(); ++i) sum += look_at(message.via(i));
  for (std::size_t i = 0; i <= message.contact_count(); ++i) sum += look_at(message.contact(i));
  for (std::size_t i = 0; i <= message.route_count(); ++i) sum += look_at(message.route(i));
  for (std::size_t i = 0; i <= message.record_route_count(); ++i) sum += look_at(message.record_route(i));
  sum += look_at(message.from()) + look_at(message.to()) + look_at(message.from_tag()) + look_at(message.to_tag()) +
         look_at(message.call_id());
  sum += look_at(message.cseq().method_text) + look_at(message.body());
  require(message.is_response() == !message.is_request());
  sum += message.content_length().value_or(0) + (message.header("X-Unknown") ? 1U : 0U) + (message.header("Subject") ? 1U : 0U);
  if (const auto type = message.content_type()) {
    require(type->is(std::string(type->type) + '/' + std::string(type->subtype)));
    sum += look_at(type->type) + look_at(type->subtype) + look_at(type->params);
  }
  return sum + look_at_typed(message);
}

/// A transaction is looked up by the same values that the parser reads.
void check_match(const MessageView& message, const std::optional<MatchView>& found) {
  require(found && found->is_request == message.is_request() && found->method_text == message.method_text());
  require(found->via.text == message.via().text && found->via.branch == message.via().branch);
  require(found->call_id == message.call_id());
  require(found->cseq.number == message.cseq().number && found->cseq.method_text == message.cseq().method_text);
}

void check_accepted(const MessageView& message) {
  const Message owned(message);
  require(owned.bytes() == message.bytes());
  const auto printed = test::rebuild(owned.view());
  if (!printed) {  // only for being longer than a message may be
    require(printed.error().code == Errc::TooLong);
    return;
  }
  const auto again = Message::parse(*printed);
  // A printed message may have one header field more, its Content-Length.
  if (!again) {
    require(message.header_count() == limits::headers);
    return;
  }
  require(test::same_message(message, again->view()));
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const fuzz::Guarded input({reinterpret_cast<const char*>(data), size});
  sip::MessageIndex index;
  const sip::ParseResult result = sip::parse(input.text(), index);
  const sip::MessageView message(input.text(), index);
  fuzz::look_at(message);
  fuzz::require((result.verdict == sip::Verdict::Ok) == (result.error.reason == nullptr));
  const auto found = sip::match(input.text());  // of a broken message too: it stays inside the bytes
  if (result.verdict == sip::Verdict::Ok) {
    fuzz::check_match(message, found);
    fuzz::check_accepted(message);
  }
  if (result.verdict == sip::Verdict::Bad) {
    const auto answer = sip::MessageBuilder::response_to(message, result.error.status, "tag").finish();
    fuzz::require(answer || answer.error().code == Errc::TooLong);
  }
  return 0;
}
