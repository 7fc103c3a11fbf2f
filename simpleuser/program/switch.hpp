// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/program/location_service.hpp>
#include <parley/sip/auth/digest.hpp>
#include <parley/sip/executor.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/transport.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace parley::program {

struct SwitchOptions {
  std::string domain = "parley.invalid";
  std::map<std::string, Secret, std::less<>> users;  ///< name → password; empty: nobody is asked
  UniqueFunction<void(std::string_view)> log;        ///< a line each; may be empty
};

/// The embedded registrar and proxy, in memory, for demos and tests (RFC 3261 s.10.3, s.16): one record per device with its GRUU,
/// digest, transaction-stateful forwarding to the newest device of a user, Record-Route. Not more, on purpose. Loop thread only.
class Switch final : public sip::ListenerObserver {
 public:
  /// The ports outlive the switch.
  Switch(SwitchOptions options, Executor& executor, sip::Transport& transport, sip::Crypto& crypto);
  ~Switch() override;

  /// @return the URI with the port that was chosen. Errors of Transport::listen().
  Result<std::string> listen(const sip::ListenOptions& options);

  sip::ConnectionObserver* on_accept(std::unique_ptr<sip::Connection> connection, const sip::FlowInfo& info) override;

 private:
  class Client;

  /// A forwarded request: which server transaction waits for the answers of which client transaction.
  struct Forwarded {
    sip::TransactionId server{};
    sip::Message request;
    bool cancelled = false;  ///< by the caller; the CANCEL waits for the first 1xx (RFC 3261 s.9.1)
  };

  void received(sip::FlowId flow, std::string_view bytes);
  void closed(sip::FlowId flow, const std::optional<Error>& why);
  void drain();

  void handle(sip::RequestReceived& event);
  void handle(sip::AckReceived& event);
  void handle(sip::ResponseReceived& event);
  void handle(sip::TransactionFailed& event);
  void handle(sip::StrayResponse&) {}
  void handle(sip::Dropped& event);

  void register_user(const sip::RequestReceived& event);
  void cancel(const sip::RequestReceived& event);
  void forward(sip::RequestReceived& event);
  bool authenticated(const sip::RequestReceived& event, bool proxy);
  void challenge(const sip::RequestReceived& event, bool proxy, bool stale);
  void respond(sip::TransactionId transaction, const sip::MessageView& request, sip::StatusCode status, std::string_view reason = {});
  void learn_contact(const sip::MessageView& message, sip::FlowId flow);

  /// Where a request goes: the flow, and the Request-URI it gets there. Errors bear the status of the answer.
  struct Destination {
    sip::FlowId flow{};
    std::string request_uri;
  };
  Result<Destination> destination(const sip::MessageView& request) const;
  Result<Destination> registered(const sip::UriView& uri) const;
  /// The request as it leaves towards `to`; empty when it cannot be written.
  std::string rewritten(const sip::MessageView& request, const Destination& to, sip::FlowId from) const;
  bool is_ours(const sip::UriView& uri) const;
  void log(std::string_view line) const;

  SwitchOptions options_;
  Executor& executor_;
  sip::Transport& transport_;
  sip::Crypto& crypto_;
  sip::Stack stack_;
  sip::DigestServer digest_;
  LocationService location_;
  std::unique_ptr<Deadline> deadline_;
  std::uint64_t last_flow_ = 0;
  std::map<sip::FlowId, std::unique_ptr<Client>> clients_;
  std::set<std::string, std::less<>> local_names_;            ///< host:port of our listeners
  std::map<std::string, sip::FlowId, std::less<>> contacts_;  ///< host[:port] of a Contact seen → its flow
  std::map<sip::TransactionId, Forwarded> forwarded_;         ///< by client transaction
  std::map<sip::TransactionId, sip::TransactionId> running_;  ///< server transaction of an INVITE → its client transaction
  std::vector<std::unique_ptr<sip::Listener>> listeners_;
};

}  // namespace parley::program
