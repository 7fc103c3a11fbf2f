// SPDX-License-Identifier: MIT
#include <parley/media/sdp/description.hpp>

#include <algorithm>

namespace parley::media::sdp {

bool Attributes::has(std::string_view name) const noexcept {
  return std::any_of(list_.begin(), list_.end(), [&](const Attribute& attribute) { return attribute.name == name; });
}

std::optional<std::string_view> Attributes::value(std::string_view name) const noexcept {
  const auto found = std::find_if(list_.begin(), list_.end(), [&](const Attribute& attribute) { return attribute.name == name; });
  if (found == list_.end()) return std::nullopt;
  return found->value ? std::string_view(*found->value) : std::string_view();
}

void Attributes::add(std::string_view name) { list_.push_back({std::string(name), std::nullopt}); }

void Attributes::add(std::string_view name, std::string_view value) { list_.push_back({std::string(name), std::string(value)}); }

void Attributes::set(std::string_view name, std::string_view value) {
  const auto first = std::find_if(list_.begin(), list_.end(), [&](const Attribute& attribute) { return attribute.name == name; });
  if (first == list_.end()) return add(name, value);
  first->value = std::string(value);
  list_.erase(std::remove_if(first + 1, list_.end(), [&](const Attribute& attribute) { return attribute.name == name; }), list_.end());
}

void Attributes::remove(std::string_view name) {
  remove_if([&](const Attribute& attribute) { return attribute.name == name; });
}

std::optional<std::string_view> attribute_of(const SessionDescription& description, const MediaSection& section,
                                             std::string_view name) noexcept {
  if (const auto own = section.attributes.value(name)) return own;
  return description.attributes.value(name);
}

const Connection* connection_of(const SessionDescription& description, const MediaSection& section) noexcept {
  if (!section.connections.empty()) return &section.connections.front();
  return description.connection ? &*description.connection : nullptr;
}

}  // namespace parley::media::sdp
