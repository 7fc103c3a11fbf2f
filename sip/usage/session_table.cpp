// SPDX-License-Identifier: MIT
#include <parley/sip/usage/session_table.hpp>

#include <algorithm>
#include <functional>

namespace parley::sip {
namespace {

std::size_t hash(std::string_view tag) noexcept { return std::hash<std::string_view>{}(tag); }

}  // namespace

Session& SessionTable::add(std::unique_ptr<Session> session) {
  Session& added = *session;
  by_tag_.emplace(hash(added.local_tag()), &added);
  sessions_.emplace(added.id(), std::move(session));
  ++agent_.live_sessions;
  return added;
}

Session* SessionTable::find(SessionId id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : note(*found->second);
}

SessionTable::Match SessionTable::find(DialogIdView id) {
  const auto [first, last] = by_tag_.equal_range(hash(id.local_tag));
  for (auto entry = first; entry != last; ++entry) {
    if (Dialog* const dialog = entry->second->find_dialog(id)) return {note(*entry->second), dialog};
  }
  return {};
}

Session* SessionTable::find_by_tag(std::string_view call_id, std::string_view local_tag) {
  const auto [first, last] = by_tag_.equal_range(hash(local_tag));
  const auto found = std::find_if(
      first, last, [&](const auto& entry) { return entry.second->local_tag() == local_tag && entry.second->call_id() == call_id; });
  return found == last ? nullptr : note(*found->second);
}

void SessionTable::sweep() {
  for (const SessionId id : agent_.to_sweep) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || !found->second->is_finished()) continue;
    const auto [first, last] = by_tag_.equal_range(hash(found->second->local_tag()));
    by_tag_.erase(std::find_if(first, last, [&](const auto& entry) { return entry.second == found->second.get(); }));
    sessions_.erase(found);
  }
  agent_.to_sweep.clear();
}

}  // namespace parley::sip
