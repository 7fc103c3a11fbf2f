// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/account.hpp>
#include <parley/simpleuser/async.hpp>
#include <parley/simpleuser/detail/account_shared.hpp>
#include <parley/simpleuser/detail/call_core.hpp>
#include <parley/simpleuser/detail/connector.hpp>
#include <parley/simpleuser/detail/listening.hpp>
#include <parley/simpleuser/detail/settings.hpp>
#include <parley/sip/message/headers/caller.hpp>
#include <parley/sip/user_agent.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace parley::detail {

/// disconnect() on its way.
struct Leaving {
  std::vector<AsyncSource<void>> done;
  std::vector<AsyncSource<void>> connect_afterwards;
  bool goodbye = false;  ///< all is said, the connection is being closed
};

/// An account on the loop: drives the user agent, owns the connection and the calls, and decides what happens by itself. Loop thread only.
class AccountCore final : private ConnectorEvents, private ListeningEvents {
 public:
  AccountCore(AccountShared& shared, const Settings& settings, const Ports& ports);
  ~AccountCore() override;

  // Verbs. Each completes its source.
  void connect(AsyncSource<void> done);
  void disconnect(AsyncSource<void> done);
  void register_(const RegisterOptions& options, AsyncSource<void> done);
  void unregister(const UnregisterOptions& options, AsyncSource<void> done);
  void message(std::string_view destination, std::string_view text, AsyncSource<void> done);
  void listen(const sip::ListenOptions& options, AsyncSource<std::string> done);
  void request(std::string_view method, std::string_view destination, const RequestOptions& options, AsyncSource<Response> done);
  void with_stack(const std::function<void(sip::Stack&, std::optional<sip::FlowId>)>& f);
  void call(std::shared_ptr<CallShared> call, std::string_view destination, const CallOptions& options);

  /// Errc::BadValue: not one of 0-9 A-D # * and ','.
  void send_dtmf(CallCore* call, std::string_view tone, AsyncSource<void> done);

  CallCore* find(std::uint64_t call_number);
  CallCore* current_call();
  /// The latest call, also when it has ended or never began; null: none was ever wanted.
  const std::shared_ptr<CallShared>& last_call() const noexcept { return last_call_; }

  // For the calls.
  AccountShared& shared() noexcept { return shared_; }
  const Settings& settings() const noexcept { return settings_; }
  const Ports& ports() const noexcept { return ports_; }
  sip::UserAgent& agent() noexcept { return agent_; }
  TimePoint now() const { return ports_.executor.now(); }
  bool is_connected() const noexcept { return connector_.is_open(); }
  /// Carries out what the user agent wants after a command or an input. Inside an event of it: nothing, it goes on by itself.
  void pump();
  void session_began(sip::SessionId session, CallCore& call) { by_session_[session] = &call; }
  /// Completes `done` when the answer to a request that was just sent comes, or at once where it was refused.
  void await_response(Result<sip::RequestId> sent, AsyncSource<Response> done);
  /// Frees the place of a call; it is destroyed later, with nothing of it on the stack.
  void call_ended(CallCore& call);
  std::vector<std::unique_ptr<CallCore>> take_ended_calls() { return std::exchange(ended_calls_, {}); }
  /// A request of ours whose outcome nobody waits for.
  void log(LogLevel level, std::string text) { shared_.log(level, std::move(text)); }

 private:
  void connection_opened(const sip::FlowInfo& info) override;
  void connection_closed(const std::optional<Error>& why) override;
  void connection_received(std::string_view bytes) override;
  void connection_attempt(unsigned number) override;
  void connection_failed(const Error& why) override;
  void connection_given_up(const Error& last) override;

  // Listeners: account_requests.cpp.
  sip::FlowId inbound_opened(const sip::FlowInfo& info) override;
  void inbound_received(sip::FlowId flow, std::string_view bytes) override;
  void inbound_closed(sip::FlowId flow, const std::optional<Error>& why) override;

  void on(sip::IncomingSession event);
  void on(const sip::MessageReceived& event);
  void on(const sip::Registered& event);
  void on(const sip::Unregistered& event);
  void on(const sip::RequestDone& event);
  void on(const sip::Diagnostic& event);
  template <class SessionEvent>
  void on(SessionEvent event);

  void deliver(const sip::Send& send);
  Result<void> check_call(std::string_view destination, const CallOptions& options, std::string& target) const;
  void start_registration(AsyncSource<void>* done);
  void stop_wanting_registration();
  void register_later(const Error& why, Duration not_before);
  sip::NextHop next_hop(sip::FlowId flow) const noexcept;
  std::optional<std::pair<sip::StatusCode, sip::ExtraHeaders>> refusal_of(const sip::MessageView& invite) const;
  void calls_are_back();
  void leave_when_quiet();
  void hang_up_all();
  void left();
  void publish();
  void tell(UniqueFunction<void(const AccountDelegate&)> callback);

  AccountShared& shared_;
  const Settings& settings_;
  const Ports& ports_;
  sip::UserAgent agent_;
  Connector connector_;
  Listening listening_;
  std::unique_ptr<Deadline> agent_alarm_;
  bool pumping_ = false;

  std::optional<sip::FlowId> flow_;
  std::uint64_t last_flow_ = 0;

  std::optional<sip::RegisterRequest> wanted_;  ///< the registration that the user asked for and did not take back
  bool registered_ = false;
  bool unregistering_ = false;
  std::unique_ptr<Deadline> register_alarm_;
  Backoff register_backoff_;
  bool flow_breaks_ = false;  ///< what the agent says of the registration meanwhile is known already
  bool repair_after_register_ = false;

  std::map<std::uint64_t, std::unique_ptr<CallCore>> calls_;
  std::map<sip::SessionId, CallCore*> by_session_;
  std::vector<std::unique_ptr<CallCore>> ended_calls_;
  std::shared_ptr<CallShared> last_call_;
  std::map<std::uint64_t, sip::FlowId> came_on_;  ///< calls that came to a listener
  std::set<sip::RequestId> messages_;
  std::map<sip::RequestId, AsyncSource<Response>> requests_;

  std::optional<Leaving> leaving_;
  std::unique_ptr<Deadline> leaving_alarm_;
};

}  // namespace parley::detail
