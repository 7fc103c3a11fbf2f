// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/event_log.hpp>

namespace parley::program {

void EventLog::note(std::string_view name, std::string_view detail) {
  {
    const std::lock_guard lock(mutex_);
    entries_.try_emplace(std::string(name)).first->second.details.emplace_back(detail);
  }
  changed_.notify_all();
}

std::optional<std::string> EventLog::wait(std::string_view name, Duration limit) {
  std::unique_lock lock(mutex_);
  Entry& entry = entries_.try_emplace(std::string(name)).first->second;
  if (!changed_.wait_for(lock, limit, [&] { return entry.taken < entry.details.size(); })) return std::nullopt;
  return entry.details[entry.taken++];
}

bool EventLog::has(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto place = entries_.find(name);
  return place != entries_.end() && !place->second.details.empty();
}

void EventLog::clear() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, entry] : entries_) entry.taken = entry.details.size();
}

}  // namespace parley::program
