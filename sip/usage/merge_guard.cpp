// SPDX-License-Identifier: MIT
#include <parley/sip/usage/merge_guard.hpp>

#include <functional>
#include <string>

namespace parley::sip {

bool MergeGuard::is_merged(const MessageView& request, TransactionId transaction, const Stack& stack) {
  forget_ended(stack);
  std::string name(request.call_id());
  name.append("\n").append(request.from_tag()).append("\n").append(std::to_string(request.cseq().number));
  name.append("\n").append(request.method_text());
  const auto [found, added] = seen_.try_emplace(std::hash<std::string>{}(name), transaction);
  if (added) return false;
  if (found->second != transaction && stack.is_running(found->second)) return true;
  found->second = transaction;
  return false;
}

/// When more than half of them must have ended: that many go for as many that came, so each costs little.
void MergeGuard::forget_ended(const Stack& stack) {
  constexpr std::size_t few = 16;
  if (seen_.size() < few + 2 * stack.transaction_count()) return;
  std::erase_if(seen_, [&](const auto& each) { return !stack.is_running(each.second); });
}

}  // namespace parley::sip
