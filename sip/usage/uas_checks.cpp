// SPDX-License-Identifier: MIT
#include <parley/sip/usage/uas_checks.hpp>

#include <parley/sip/dialog/route_set.hpp>
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/params.hpp>
#include <parley/sip/usage/capabilities.hpp>
#include <parley/sip/usage/local_party.hpp>

#include <algorithm>

namespace parley::sip::uas {
namespace {

using grammar::equal_nocase;

bool is_encoded(const MessageView& request) {
  bool encoded = false;
  request.for_each(HeaderId::ContentEncoding, [&](std::string_view coding) { encoded |= !equal_nocase(coding, "identity"); });
  return encoded;
}

/// A range of an Accept header covers application/sdp.
bool covers_session_type(std::string_view range) {
  const auto type = grammar::trim(range.substr(0, range.find(';')));
  return equal_nocase(type, capabilities::session_type) || equal_nocase(type, "application/*") || type == "*/*";
}

bool accepts_sessions(const MessageView& request) {
  if (!request.has(HeaderId::Accept)) return true;  // s.20.1: then application/sdp is assumed
  bool covered = false;
  request.for_each(HeaderId::Accept, [&](std::string_view range) { covered |= covers_session_type(range); });
  return covered;
}

std::string joined(const std::vector<std::string>& types) {
  std::string list;
  for (const auto& type : types) list += (list.empty() ? "" : ", ") + type;
  return list;
}

bool is_one_of(const MessageView& request, const std::vector<std::string>& types) {
  const auto type = request.content_type();
  return !type || std::any_of(types.begin(), types.end(), [&](const std::string& accepted) { return type->is(accepted); });
}

}  // namespace

bool is_optional_body(const MessageView& message) {
  const auto disposition = message.header(HeaderId::ContentDisposition);
  const auto semicolon = disposition ? disposition->find(';') : std::string_view::npos;
  if (semicolon == std::string_view::npos) return false;
  return equal_nocase(ParamsView(disposition->substr(semicolon)).find("handling").value_or(""), "optional");
}

std::optional<Refusal> check_method(const MessageView& request) {
  const Method method = request.method();
  if (capabilities::allows(method)) return std::nullopt;
  if (method == Method::Prack || method == Method::Notify) return Refusal{481, {}};
  return Refusal{405, {{HeaderId::Allow, std::string(capabilities::allow)}}};
}

std::optional<Refusal> check_request_uri(const MessageView& request, const LocalParty& self, bool accept_any_user, Secure secure) {
  const auto uri = request.request_uri();
  if (uri.scheme == Scheme::Other) return Refusal{416, {}};
  if (uri.scheme == Scheme::Sips && secure == Secure::No) return Refusal{480, {{HeaderId::Warning, "380 parley \"SIPS Not Allowed\""}}};
  // s.11.1: an OPTIONS may ask for whoever is there.
  if (accept_any_user || self.is_us(uri) || (request.method() == Method::Options && uri.user.empty())) return std::nullopt;
  return Refusal{404, {}};
}

std::optional<Refusal> check_require(const MessageView& request, const std::vector<std::string>& needed) {
  std::string unsupported;
  bool readable = true;  // what is no option tag cannot be named in the answer
  request.for_each(HeaderId::Require, [&](std::string_view tag) {
    readable = readable && grammar::all_of(tag, grammar::token_char);
    const auto is_tag = [tag](std::string_view known) { return equal_nocase(tag, known); };
    if (is_tag("gruu") || std::any_of(needed.begin(), needed.end(), is_tag)) return;
    if (!unsupported.empty()) unsupported += ", ";
    unsupported += tag;
  });
  if (!readable) return Refusal{400, {}};
  if (unsupported.empty()) return std::nullopt;
  return Refusal{420, {{HeaderId::Unsupported, std::move(unsupported)}}};
}

std::optional<Refusal> check_extensions(const MessageView& request, const std::vector<std::string>& needed) {
  if (request.method() != Method::Invite) return std::nullopt;
  std::vector<std::string> missing;
  for (const auto& tag : needed) {
    if (!request.lists(HeaderId::Supported, tag) && !request.lists(HeaderId::Require, tag)) missing.push_back(tag);
  }
  if (missing.empty()) return std::nullopt;
  return Refusal{421, {{HeaderId::Require, joined(missing)}}};
}

std::optional<Refusal> check_replaces(const MessageView& request) {
  if (request.method() != Method::Invite || !request.has(HeaderId::Replaces)) return std::nullopt;
  return Refusal{481, {}};
}

std::optional<Refusal> check_content(const MessageView& request, const std::vector<std::string>& message_types) {
  const Method method = request.method();
  if (method == Method::Invite && !accepts_sessions(request)) return Refusal{406, {}};
  const bool matters = method == Method::Invite || method == Method::Message || method == Method::Info;
  if (!matters || request.body().empty() || is_optional_body(request)) return std::nullopt;
  if (is_encoded(request)) return Refusal{415, {{HeaderId::AcceptEncoding, std::string(capabilities::content_encoding)}}};
  if (method == Method::Invite && !is_one_of(request, {std::string(capabilities::session_type)})) {
    return Refusal{415, {{HeaderId::Accept, std::string(capabilities::session_type)}}};
  }
  if (method == Method::Message && !is_one_of(request, message_types)) return Refusal{415, {{HeaderId::Accept, joined(message_types)}}};
  return std::nullopt;
}

}  // namespace parley::sip::uas
