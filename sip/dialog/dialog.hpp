// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/dialog/dialog_id.hpp>
#include <parley/sip/dialog/route_set.hpp>
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::sip {

/// State of one dialog (RFC 3261 s.12): ids, both parties' From and To as bytes, target, route set, both CSeqs.
/// Three heap blocks at most; a thousand of them are small. Whether it is early or confirmed is known by the session that owns it.
/// Value type.
class PARLEY_EXPORT Dialog {
 public:
  Dialog() = default;

  /// Before there is a dialog: what our INVITE will be. `local` is our From value with its tag, `remote` the To value.
  static Dialog begun(std::string_view call_id, std::string_view local, std::string_view remote, std::string_view target);
  /// From a 1xx or 2xx to our INVITE (s.12.1.2).
  /// @param fallback_target  Request-URI of the INVITE, for responses without Contact (D18).
  /// @param local_cseq       CSeq number of the INVITE: a response does not choose ours.
  static Dialog as_uac(const MessageView& response, std::string_view fallback_target, std::uint32_t local_cseq);
  /// From an INVITE that we received, answered with `local_tag` (s.12.1.1).
  static Dialog as_uas(const MessageView& request, std::string_view local_tag);

  std::string_view call_id() const noexcept { return piece(0, call_id_end_); }
  std::string_view local() const noexcept { return piece(call_id_end_, local_end_); }              ///< From of our requests, with tag
  std::string_view remote() const noexcept { return std::string_view(text_).substr(local_end_); }  ///< To of our requests
  std::string_view local_tag() const noexcept { return piece(local_tag_at_, local_tag_at_ + local_tag_size_); }
  std::string_view remote_tag() const noexcept { return piece(remote_tag_at_, remote_tag_at_ + remote_tag_size_); }
  DialogIdView id() const noexcept { return {call_id(), local_tag(), remote_tag()}; }

  const std::string& remote_target() const noexcept { return remote_target_; }
  /// The Contact of a target refresh that succeeded (s.12.2.1.2, s.12.2.2); a message without a usable one changes nothing.
  void refresh_target(const MessageView& message) { refresh_target(contact_of(message)); }
  /// The same, with what contact_of() found.
  void refresh_target(std::string contact) noexcept {
    if (!contact.empty()) remote_target_ = std::move(contact);
  }
  /// The URI of a usable Contact; empty: none.
  static std::string contact_of(const MessageView& message);
  const RouteSet& route_set() const noexcept { return route_set_; }
  /// The peer is reached by sips: our Contact must be one as well (s.12.1.1).
  bool is_secure() const noexcept;

  std::uint32_t local_cseq() const noexcept { return local_cseq_; }
  /// CSeq number of our next request (s.12.2.1.1).
  std::uint32_t next_cseq() noexcept { return ++local_cseq_; }
  void set_local_cseq(std::uint32_t number) noexcept { local_cseq_ = number; }
  /// Takes the CSeq of a request of the peer, ACK and CANCEL aside. False: not higher than the last one, to be answered 500 (s.12.2.2).
  bool take_remote_cseq(std::uint32_t number) noexcept;
  struct RemoteCSeq {
    std::uint32_t number = 0;
    bool is_known = false;
  };
  RemoteCSeq remote_cseq() const noexcept { return {remote_cseq_, has_remote_cseq_}; }
  /// The request that was taken since then was not worked on after all.
  void restore(RemoteCSeq before) noexcept {
    remote_cseq_ = before.number;
    has_remote_cseq_ = before.is_known;
  }
  /// The early dialog of the same tags has become this one: the peer's CSeq goes on (s.12.1.2).
  void continue_from(const Dialog& early) noexcept;

  /// Request-URI and Route of our requests.
  RouteSet::Aim aim() const { return route_set_.aim(remote_target_); }
  /// From, To, Call-ID, CSeq (as bytes: s.12.2.1.1), and Route where there is one.
  void address(MessageBuilder& request, std::string_view route, std::uint32_t cseq, std::string_view method) const;

 private:
  std::string_view piece(std::size_t begin, std::size_t end) const noexcept { return std::string_view(text_).substr(begin, end - begin); }
  void set_parties(std::string_view call_id, std::string_view local, std::string_view remote);

  std::string text_;  ///< Call-ID, local, remote in one block
  std::string remote_target_;
  RouteSet route_set_;
  std::uint32_t local_cseq_ = 0;
  std::uint32_t remote_cseq_ = 0;
  bool has_remote_cseq_ = false;
  std::uint16_t call_id_end_ = 0;  // a message has at most 65,535 octets: 16 bits reach
  std::uint16_t local_end_ = 0;
  std::uint16_t local_tag_at_ = 0;
  std::uint16_t local_tag_size_ = 0;
  std::uint16_t remote_tag_at_ = 0;
  std::uint16_t remote_tag_size_ = 0;
};

}  // namespace parley::sip
