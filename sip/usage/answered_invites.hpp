// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/dialog/dialog.hpp>
#include <parley/sip/usage/agent.hpp>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parley::sip {

/// INVITEs of ours that have a final answer, for 64·T1 after it (RFC 3261 s.13.2.2.4): each copy of a 2xx is ACKed again with the same
/// ACK, each further fork gets its own ACK and a BYE (H01, H02), also one that accepts what another has refused (s.16.7 step 10).
/// Needs no session, so a call that has ended costs only this.
/// Loop thread only.
class AnsweredInvites {
 public:
  explicit AnsweredInvites(Agent& agent) noexcept : agent_(agent) {}

  /// The first 2xx of `transaction` came. Its credentials are taken from the sender, which may forget it then.
  /// @return whom they were for.
  Askers begin(TransactionId transaction, FlowId flow, const MessageView& response);
  /// `transaction` was refused or not answered in time. What the sender knows of it is taken over.
  void refused(TransactionId transaction);
  /// ACKs `dialog` with the INVITE's CSeq and credentials: now, and whenever the 2xx comes again.
  void acknowledge(TransactionId transaction, FlowId flow, const Dialog& dialog, const Body& answer);
  /// A further 2xx. False: `transaction` is not one of these.
  bool take(TransactionId transaction, const MessageView& response);
  /// A 2xx to one that had been refused. False: it is not.
  bool take_late(const MessageView& response);
  static constexpr std::size_t most_forks = 16;  ///< more 2xx of one INVITE are let pass: somebody multiplies them

  /// A 2xx whose transaction has ended: ACK, and BYE where `wanted` is false. All that is needed stands in the response.
  void take_stray(FlowId flow, const MessageView& response, bool wanted);

  /// Early dialogs of the other forks of one of these INVITEs: their requests are not strange yet (G03).
  void keep_early(TransactionId transaction, std::vector<Dialog>& early, std::string_view confirmed_tag);
  Dialog* find_early(DialogIdView id) noexcept;
  /// Nobody waits for its 2xx any more.
  void end(TransactionId transaction) noexcept;

 private:
  struct Ack {
    std::string remote_tag;
    SharedBytes bytes;  ///< empty: the answer that it carries is not made yet
  };
  struct Entry {
    FlowId flow{};
    std::uint32_t cseq = 0;
    CredentialHeaders credentials;
    std::vector<Ack> acks;
  };
  struct Refused {
    TransactionId transaction{};
    std::string branch;
    std::string call_id;
    std::string local_tag;
  };
  struct EarlyFork {
    TransactionId transaction{};
    Dialog dialog;
  };
  struct Expiry final : Timer {
    Expiry(AnsweredInvites& owner_in, TransactionId transaction_in) noexcept : owner(owner_in), transaction(transaction_in) {}
    void on_due(TimePoint) override { owner.end(transaction); }
    AnsweredInvites& owner;
    TransactionId transaction;
  };
  struct Timed {
    explicit Timed(AnsweredInvites& owner, TransactionId transaction) noexcept : expiry(owner, transaction) {}
    Entry entry;
    Expiry expiry;
  };

  Entry& keep(TransactionId transaction, FlowId flow, std::uint32_t cseq);
  SharedBytes ack(FlowId flow, const Dialog& dialog, std::uint32_t cseq, const CredentialHeaders& credentials, const Body& answer);
  void end_fork(FlowId flow, Dialog dialog, Askers askers);

  Agent& agent_;
  std::unordered_map<TransactionId, Timed> entries_;
  std::vector<EarlyFork> early_;
  std::vector<Refused> refused_;  ///< how their 2xx would be known
};

}  // namespace parley::sip
