// SPDX-License-Identifier: MIT
#include <parley/sip/usage/merge_guard.hpp>

#include <functional>
#include <string>

namespace parley::sip {

bool MergeGuard::is_merged(const MessageView& request, TimePoint now, TimePoint until) {
  while (!order_.empty() && order_.front().until <= now) {
    branches_.erase(order_.front().request);
    order_.pop_front();
  }
  std::string name(request.call_id());
  name.append("\n").append(request.from_tag()).append("\n").append(std::to_string(request.cseq().number));
  name.append("\n").append(request.method_text());
  const std::size_t key = std::hash<std::string>{}(name);
  const auto via = request.via();
  const std::size_t branch = std::hash<std::string_view>{}(via.branch.empty() ? via.text : via.branch);
  const auto [found, added] = branches_.try_emplace(key, branch);
  if (!added) return found->second != branch;
  order_.push_back({key, until});
  return false;
}

}  // namespace parley::sip
