// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/detail/refused_invites.hpp>

#include <parley/sip/transaction/detail/keys.hpp>

#include <string>

namespace parley::sip {

void RefusedInvites::add(std::string_view key, const MessageView& ack, TimePoint until) noexcept {
  const std::uint64_t name = name_of(key, ack);
  slots_[name % slots_.size()] = {name, until};
  last_until_ = until;
}

bool RefusedInvites::holds(std::string_view key, const MessageView& invite, TimePoint now) const noexcept {
  if (now >= last_until_) return false;
  const std::uint64_t name = name_of(key, invite);
  const Slot& slot = slots_[name % slots_.size()];
  return slot.name == name && now < slot.until;
}

std::uint64_t RefusedInvites::name_of(std::string_view key, const MessageView& request) const noexcept {
  return keys::hash(secret_, {key, request.call_id(), request.from_tag(), std::to_string(request.cseq().number)});
}

}  // namespace parley::sip
