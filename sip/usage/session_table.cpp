// SPDX-License-Identifier: MIT
#include <parley/sip/usage/session_table.hpp>

#include <parley/sip/core/rollback.hpp>

#include <algorithm>
#include <functional>

namespace parley::sip {
namespace {

constexpr std::size_t no_tag = 0;  // in place of a hash, for who has none yet

std::size_t hash(std::string_view tag) noexcept { return std::hash<std::string_view>{}(tag); }

}  // namespace

Session& SessionTable::add() {
  auto session = std::make_unique<Session>(agent_, answered_, SessionId{++last_id_});
  Session& added = *session;
  const auto place = by_tag_.emplace(no_tag, &added);
  Rollback undo([&]() noexcept { by_tag_.erase(place); });
  sessions_.emplace(added.id(), std::move(session));
  undo.done();
  ++agent_.live_sessions;
  return added;
}

/// Moves its entry, which takes no memory.
void SessionTable::admit(Session& session) noexcept {
  const auto [first, last] = by_tag_.equal_range(no_tag);
  const auto place = std::find_if(first, last, [&](const auto& entry) { return entry.second == &session; });
  if (place == last) return;
  auto entry = by_tag_.extract(place);
  entry.key() = hash(session.local_tag());
  by_tag_.insert(std::move(entry));
}

void SessionTable::discard(Session& session) noexcept {
  --agent_.live_sessions;
  erase(session, no_tag);
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

void SessionTable::sweep() noexcept {
  while (Session* const session = Session::take_to_sweep(agent_)) {
    if (session->is_finished()) erase(*session, hash(session->local_tag()));
  }
}

void SessionTable::erase(Session& session, std::size_t tag) noexcept {
  const auto [first, last] = by_tag_.equal_range(tag);
  by_tag_.erase(std::find_if(first, last, [&](const auto& entry) { return entry.second == &session; }));
  sessions_.erase(session.id());
}

}  // namespace parley::sip
