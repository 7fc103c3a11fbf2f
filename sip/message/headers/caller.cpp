// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/caller.hpp>
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/reader.hpp>

namespace parley::sip {

namespace grammar {

namespace {

/// A value in <>, which no other header has, or of a token's characters; one in quotes is gone over.
bool read_identity_value(Cursor& in, std::string_view& value) noexcept {
  value = {};
  if (in.at('"')) return in.quoted_string();
  const bool enclosed = in.take('<');
  value = in.text(in.run(enclosed ? opaque_char : param_value));
  if (value.empty()) return in.fail("parameter value expected");
  return !enclosed || in.take('>') || in.fail("\">\" expected");
}

/// Of the parameters `info=<URI>` is wanted.
bool read_identity_params(Cursor& in, IdentityView& out) noexcept {
  const std::uint16_t begin = in.offset();
  while (in.take_between_lws(';')) {
    const entry::Span name = in.run(token_char);
    if (name.empty()) return in.fail("parameter name expected");
    if (!in.take_between_lws('=')) continue;
    std::string_view value;
    if (!read_identity_value(in, value)) return false;
    if (equal_nocase(in.text(name), "info")) out.info = value;
  }
  out.params = in.text({begin, in.offset()});
  return true;
}

bool read_identity(Cursor& in, IdentityView& out) noexcept {
  const std::uint16_t begin = in.offset();
  if (in.at('"')) {
    if (!in.quoted_string()) return false;
  } else {
    while (in.take('=') || in.take('/') || !in.run(token_char).empty()) {  // base64 in its two alphabets, "." between
    }
  }
  out.digest = in.text({begin, in.offset()});
  return out.digest.empty() ? in.fail("signature expected") : read_identity_params(in, out);
}

}  // namespace

}  // namespace grammar

std::optional<NameAddrView> asserted_identity(const MessageView& message, NextHop from) noexcept {
  if (from == NextHop::Untrusted) return std::nullopt;
  for (Elements elements(message, HeaderId::PAssertedIdentity); const auto element = elements.next();) {
    if (const auto address = parse_name_addr(*element)) return *address;
  }
  return std::nullopt;
}

bool wants_privacy(const MessageView& message, std::string_view kind) noexcept {
  for (Elements elements(message, HeaderId::Privacy); const auto element = elements.next();) {
    // priv-value *( ";" priv-value ): to a reader a token and parameters without value.
    const auto item = parse_item(HeaderId::Privacy, *element);
    if (item && (item->is(kind) || item->params.has(kind))) return true;
  }
  return false;
}

bool is_anonymous(const NameAddrView& address) noexcept { return grammar::equal_nocase(address.uri.host, "anonymous.invalid"); }

ShownCaller caller_to_show(const MessageView& request, NextHop from) noexcept {
  const bool hides = wants_privacy(request, "id");
  if (const auto identity = asserted_identity(request, hides ? NextHop::Untrusted : from)) return {*identity, true, false};
  return {request.from(), false, hides || is_anonymous(request.from())};
}

Reading<IdentityView> parse_identity(std::string_view text) noexcept {
  return grammar::read_whole<IdentityView>(text, grammar::read_identity);
}

}  // namespace parley::sip
