// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/auth/digest.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/dialog/route_set.hpp>
#include <parley/sip/message/builder.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/usage/redirection.hpp>
#include <parley/sip/usage/second_try.hpp>
#include <parley/sip/user_agent_events.hpp>

#include <memory>
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

/// Whose challenges are answered, or whose credentials a request carries: a proxy's on the way (407), a server's at its end (401).
struct Askers {
  bool proxy = true;
  bool server = true;
};
inline constexpr Askers nobody{.proxy = false, .server = false};
inline constexpr Askers known_out_of_dialog{.proxy = true, .server = false};  ///< what such a request carries unasked

/// Who gets the answer, and who may ask for credentials before it.
struct RequestOwner {
  Purpose purpose = Purpose::Standalone;
  SessionId session{};
  RequestId request{};
  Askers askers{};
};

using CredentialHeaders = std::vector<std::pair<HeaderId, std::string>>;
/// Those whom the credentials of a request were for.
Askers askers_of(const CredentialHeaders& credentials) noexcept;

/// Sends requests, keeps what is needed to send them again, and answers digest challenges (RFC 3261 s.22, RFC 7616).
///
/// Credentials leave only on the account's own flow and only to a realm that the application named, or, where it named none,
/// to the one that the account's server asked for first; and only where the owner of the request allows it: inside a dialog that is who
/// asked for them when it was set up, so neither its peer nor a caller learns a thing (SEC-61, J08).
/// Loop thread only.
class RequestSender {
 public:
  RequestSender(Stack& stack, Crypto& crypto, DigestIdentity identity);

  /// Credentials that a request carries before it is challenged (J06). Those of a proxy of ours it consumes itself; those of a server
  /// would travel on to the peer, so only the server's own requests and dialogs that it challenged carry them.
  void add_known_credentials(MessageBuilder& request, FlowId flow, std::string_view method, std::string_view uri, std::string_view body,
                             Askers askers);

  /// @param alternatives  of its body, for a 415.
  Result<TransactionId> submit(FlowId flow, std::string bytes, RequestOwner owner, TimePoint now, std::vector<Body> alternatives = {});

  const RequestOwner* owner(TransactionId transaction) const noexcept;
  /// The request as it was sent; empty: not ours.
  std::string_view request(TransactionId transaction) const noexcept;
  std::optional<FlowId> flow(TransactionId transaction) const noexcept;  ///< that it went out on
  /// Authorization fields of a request, for the ACK of its 2xx (RFC 3261 s.13.2.2.4).
  CredentialHeaders credentials(TransactionId transaction) const;
  void forget(TransactionId transaction) noexcept { sent_.erase(transaction); }

  /// Answers a 401 or 407: the same request with credentials, a new branch and `cseq` (RFC 3261 s.22.2). `transaction` is forgotten
  /// and the new one returned. Errc::Unauthorized: no retry makes sense, `transaction` is still known.
  Result<TransactionId> answer_challenge(TransactionId transaction, const MessageView& response, std::uint32_t cseq, TimePoint now);

  /// Whether a refusal leaves another way: the next place of a redirection (D07), or the same without what was refused (D09). What is
  /// found must be sent: resend().
  /// @param most_redirects  as in UserAgentOptions.
  std::optional<Amendment> another_way(TransactionId transaction, const MessageView& response, std::size_t most_redirects,
                                       std::string_view home);
  /// The next place of a redirection after one that did not answer; nullopt: none.
  std::optional<Amendment> another_place(TransactionId transaction);
  /// Sends it once more: a new branch, `cseq`, and what is amended. `transaction` is forgotten and the new one returned.
  /// @param aim  at amendment.target, where there is one.
  Result<TransactionId> resend(TransactionId transaction, const Amendment& amendment, const RouteSet::Aim& aim, std::uint32_t cseq,
                               TimePoint now);

  /// A 2xx of the account's server may name the nonce that comes next (J06).
  void on_success(TransactionId transaction, const MessageView& response);

  void set_account_flow(std::optional<FlowId> flow) noexcept { account_flow_ = flow; }

 private:
  struct Sent {
    RequestOwner owner;
    FlowId flow{};
    std::string bytes;
    DigestClient::Attempts attempts;
    std::vector<Body> alternatives;
    std::unique_ptr<Redirection> redirection;  ///< where there was a 3xx
    std::uint8_t amended = 0;                  ///< times that something was left out
  };

  std::vector<Challenge> answerable(const Sent& sent, const MessageView& response) const;
  void learn_places(Sent& sent, const MessageView& response, std::size_t most_redirects);
  Result<std::string> rewritten(const Sent& sent, const MessageView& old, const Amendment& amendment, const RouteSet::Aim& aim,
                                std::uint32_t cseq, Askers carried);
  Result<TransactionId> replace(TransactionId transaction, std::string bytes, TimePoint now);

  Stack& stack_;
  DigestClient digest_;
  std::optional<FlowId> account_flow_;
  std::unordered_map<TransactionId, Sent> sent_;
};

}  // namespace parley::sip
