// SPDX-License-Identifier: MIT
#include <parley/sip/usage/second_try.hpp>

#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/header_values.hpp>
#include <parley/sip/usage/uas_checks.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

std::optional<Amendment> with_body(Body body) {
  Amendment amendment;
  amendment.body = std::move(body);
  return amendment;
}

/// A body that the peer may do without is left out.
std::optional<Amendment> without_body(const MessageView& request) {
  if (request.body().empty() || !uas::is_optional_body(request)) return std::nullopt;
  return with_body({});
}

/// s.21.4.13: the list of acceptable types stands in Accept.
std::optional<Amendment> in_another_type(const MessageView& request, const MessageView& response, const std::vector<Body>& alternatives) {
  if (response.has(HeaderId::Accept)) {
    const auto type = request.content_type();
    const auto fits = [&](const Body& other) { return accepts(response, other.content_type) && !(type && type->is(other.content_type)); };
    const auto found = std::find_if(alternatives.begin(), alternatives.end(), fits);
    if (found != alternatives.end()) return with_body(*found);
  }
  return without_body(request);
}

/// s.21.4.14, s.19.1.6: the subscriber becomes the user part.
std::optional<Amendment> as_sip_uri(const MessageView& request, std::string_view home) {
  constexpr std::string_view scheme = "tel:";
  const auto uri = request.to().uri;  // the target as it was asked for: a strict proxy may stand in the Request-URI
  if (uri.scheme != Scheme::Tel || home.empty()) return std::nullopt;
  Amendment amendment;
  amendment.target = "sip:" + std::string(uri.text.substr(scheme.size())).append("@").append(home).append(";user=phone");
  const auto hops = request.route_count();
  const bool went_there =
      request.request_uri().text == *amendment.target || (hops > 0 && request.route(hops - 1).uri.text == *amendment.target);
  if (went_there) return std::nullopt;
  return amendment;
}

/// s.21.4.15: those of Unsupported. Tags that we did not ask for would lead in circles.
std::optional<Amendment> without_extensions(const MessageView& request, const MessageView& response) {
  Amendment amendment;
  response.for_each(HeaderId::Unsupported, [&](std::string_view tag) {
    if (request.lists(HeaderId::Require, tag) || request.lists(HeaderId::ProxyRequire, tag)) amendment.without.emplace_back(tag);
  });
  if (amendment.without.empty()) return std::nullopt;
  return amendment;
}

}  // namespace

std::optional<Amendment> amend(const MessageView& request, const MessageView& response, const std::vector<Body>& alternatives,
                               std::string_view home) {
  switch (response.status()) {
    case 413: return without_body(request);
    case 415: return in_another_type(request, response, alternatives);
    case 416: return as_sip_uri(request, home);
    case 420: return without_extensions(request, response);
    default: return std::nullopt;
  }
}

}  // namespace parley::sip
