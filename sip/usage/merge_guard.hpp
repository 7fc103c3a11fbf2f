// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>
#include <parley/sip/stack.hpp>

#include <array>
#include <cstdint>
#include <unordered_map>

namespace parley::sip {

/// Notices requests that a proxy forked and that reached us on two ways (RFC 3261 s.8.2.2.2): same From tag, Call-ID and CSeq, without
/// To tag, as another one whose transaction still runs. Remembers each as two numbers. Loop thread only.
class MergeGuard {
 public:
  /// @param secret  random: nobody outside can choose requests whose numbers are equal.
  explicit MergeGuard(const std::array<std::uint64_t, 2>& secret) noexcept : secret_(secret) {}

  /// True: `request`, which opened `transaction`, is the second of a pair. Else it is remembered.
  bool is_merged(const MessageView& request, TransactionId transaction, const Stack& stack);

 private:
  void forget_ended(const Stack& stack);

  std::array<std::uint64_t, 2> secret_;
  std::unordered_map<std::uint64_t, TransactionId> seen_;  ///< by what names the request
};

}  // namespace parley::sip
