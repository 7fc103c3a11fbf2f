// SPDX-License-Identifier: MIT
#include <parley/sip/usage/merge_guard.hpp>

#include <parley/sip/transaction/detail/keys.hpp>

#include <string>

namespace parley::sip {

bool MergeGuard::is_merged(const MessageView& request, TransactionId transaction, const Stack& stack) {
  forget_ended(stack);
  const std::uint64_t name =
      keys::hash(secret_, {request.call_id(), request.from_tag(), std::to_string(request.cseq().number), request.method_text()});
  const auto [found, added] = seen_.try_emplace(name, transaction);
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
