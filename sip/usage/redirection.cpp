// SPDX-License-Identifier: MIT
#include <parley/sip/usage/redirection.hpp>

#include <parley/sip/dialog/route_set.hpp>
#include <parley/sip/message/header_values.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

bool is_same(std::string_view text, const UriView& uri) {
  const auto known = parse_uri(text);
  return known && equivalent(*known, uri);
}

}  // namespace

bool Redirection::is_known(const UriView& uri) const {
  return std::any_of(tried_.begin(), tried_.end(), [&](const std::string& tried) { return is_same(tried, uri); }) ||
         std::any_of(waiting_.begin(), waiting_.end(), [&](const Place& place) { return is_same(place.uri, uri); });
}

void Redirection::learn(const MessageView& response, Secure secure, std::size_t most) {
  const auto first = parse_uri(tried_.front());
  const bool sips_only = first && first->scheme == Scheme::Sips;
  for (std::size_t i = 0; i < response.contact_count() && tried_.size() + waiting_.size() <= most; ++i) {
    const auto contact = response.contact(i);
    const bool is_sips = contact.uri.scheme == Scheme::Sips;
    if (contact.uri.scheme == Scheme::Other || (sips_only && !is_sips) || (is_sips && secure == Secure::No)) continue;
    Place place{as_request_uri(contact.uri)};
    const auto uri = parse_uri(place.uri);
    if (!uri || is_known(*uri)) continue;
    place.q = quality(contact.params).value_or(std::uint16_t{0});
    const auto behind = std::find_if(waiting_.begin(), waiting_.end(), [&](const Place& other) { return other.q < place.q; });
    waiting_.insert(behind, std::move(place));
  }
}

std::optional<std::string> Redirection::next() {
  if (waiting_.empty()) return std::nullopt;
  tried_.push_back(std::move(waiting_.front().uri));
  waiting_.erase(waiting_.begin());
  return tried_.back();
}

}  // namespace parley::sip
