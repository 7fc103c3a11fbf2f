// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/auth/digest.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/message/builder.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/user_agent_events.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley::sip {

/// What a request of ours is for.
enum class Purpose : std::uint8_t {
  Invite,  ///< opens a session
  Reinvite,
  Bye,
  ForkBye,     ///< ends a session that a fork opened and nobody wants: whatever comes back, it is done
  InSession,   ///< INFO and the like: RequestDone
  Standalone,  ///< MESSAGE, OPTIONS, ...: RequestDone
  Register,
};

/// Who gets the answer.
struct RequestOwner {
  Purpose purpose = Purpose::Standalone;
  SessionId session{};
  RequestId request{};
};

using CredentialHeaders = std::vector<std::pair<HeaderId, std::string>>;

/// Sends requests, keeps what is needed to send them again, and answers digest challenges (RFC 3261 s.22, RFC 7616).
///
/// Credentials leave only on the account's own flow and only to a realm that the application named, or, where it named none,
/// to the one that the account's server asked for first; a challenge inside a dialog never teaches a realm (SEC-61).
/// Loop thread only.
class RequestSender {
 public:
  RequestSender(Stack& stack, Crypto& crypto, DigestIdentity identity);

  /// Which credentials a request may carry before it is challenged (J06). Those of a proxy of ours it consumes itself; those of
  /// a server would travel on to the peer, so only the server's own requests and challenged dialogs carry them.
  enum class Known : std::uint8_t { ProxyOnly, All };
  void add_known_credentials(MessageBuilder& request, FlowId flow, std::string_view method, std::string_view uri, std::string_view body,
                             Known known);

  Result<TransactionId> submit(FlowId flow, std::string bytes, RequestOwner owner, TimePoint now);

  const RequestOwner* owner(TransactionId transaction) const noexcept;
  /// The request as it was sent; empty: not ours.
  std::string_view request(TransactionId transaction) const noexcept;
  /// Authorization fields of a request, for the ACK of its 2xx (RFC 3261 s.13.2.2.4).
  CredentialHeaders credentials(TransactionId transaction) const;
  void forget(TransactionId transaction) noexcept { sent_.erase(transaction); }

  /// Answers a 401 or 407: the same request with credentials, a new branch and `cseq` (RFC 3261 s.22.2). `transaction` is forgotten
  /// and the new one returned. Errc::Unauthorized: no retry makes sense, `transaction` is still known.
  Result<TransactionId> answer_challenge(TransactionId transaction, const MessageView& response, std::uint32_t cseq, TimePoint now);

  void set_account_flow(std::optional<FlowId> flow) noexcept { account_flow_ = flow; }

 private:
  struct Sent {
    RequestOwner owner;
    FlowId flow{};
    std::string bytes;
    DigestClient::Attempts attempts;
  };

  bool may_answer(const Sent& sent) const noexcept;
  Result<std::string> with_credentials(const Sent& sent, const MessageView& response, std::uint32_t cseq);

  Stack& stack_;
  DigestClient digest_;
  bool realm_known_;
  std::optional<FlowId> account_flow_;
  std::unordered_map<TransactionId, Sent> sent_;
};

}  // namespace parley::sip
