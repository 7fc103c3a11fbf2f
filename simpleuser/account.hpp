// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/async.hpp>
#include <parley/simpleuser/call.hpp>
#include <parley/simpleuser/delegate.hpp>
#include <parley/simpleuser/options.hpp>
#include <parley/simpleuser/wiring.hpp>
#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/transport.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

namespace detail {
class AccountShared;
}

/// What an Account tells; every member is optional. As SimpleUserDelegate, without what belongs to one call.
struct AccountDelegate {
  std::function<void()> on_server_connect{};
  std::function<void(const std::optional<Error>& error)> on_server_disconnect{};
  std::function<void(const Registration&)> on_registered{};
  std::function<void(const UnregisteredReason&)> on_unregistered{};
  std::function<void(unsigned attempt)> on_reconnecting{};
  /// A call begins, ours or theirs: the place to give it a delegate. Before anything else is told of it.
  std::function<void(Call call)> on_call_created{};
  /// A call came in and rings (180 has been sent): answer or decline it. Without this one it is refused with 480, and nothing is told.
  std::function<void(Call call, const Caller&)> on_call_received{};
  std::function<void(std::string_view text, const MessageInfo&)> on_message_received{};
  std::function<void(const Result<sip::StatusCode>&)> on_message_sent{};
  std::function<void(const Error& last)> on_reconnecting_given_up{};
};

/// What an Account stands on. The references outlive it; the objects are used on the executor's loop only.
struct Ports {
  Executor& executor;
  sip::Transport& transport;
  sip::Crypto& crypto;
  media::Factory& media;
  std::shared_ptr<CallbackLoop> callbacks{};  ///< null: one is made that ends with the Account
};

/// Connection, registration, and whether there is a reconnect going on. Snapshot.
struct AccountState {
  bool connected = false;
  bool registered = false;
  unsigned reconnecting = 0;  ///< number of the attempt that is waited for or running; 0: none
};

/// One identity at one server: connection, registration, reconnecting, messages, any number of calls.
///
/// Verbs complete as SimpleUser's (simple_user.hpp). Thread-safe. The destructor sends nothing, completes all pending Asyncs with
/// Errc::Destroyed before it returns, and no callback runs afterwards; it may run in any callback. Elsewhere it waits for a callback
/// that is running.
class PARLEY_EXPORT Account {
 public:
  /// How many calls there may be at a time; further incoming ones get `busy_status`, further outgoing ones fail with SessionExists.
  enum class MaxCalls : std::size_t { One = 1, Unlimited = static_cast<std::size_t>(-1) };

  /// @param server  ws://host[:port][/path] or wss://... Empty: none; such an account only takes calls, on listen(), for whatever user.
  /// @param options  `options.delegate` is SimpleUser's and not read here.
  /// Errc::BadValue, BadSyntax, NotSupported with a sentence. No I/O.
  static Result<std::unique_ptr<Account>> create(std::string_view server, AccountDelegate delegate, SimpleUserOptions options = {},
                                                 MaxCalls max_calls = MaxCalls::Unlimited);
  /// On ports of the caller: an executor in virtual time, another transport. `options.loop` and `options.media_factory` are not read.
  static Result<std::unique_ptr<Account>> create(std::string_view server, AccountDelegate delegate, const SimpleUserOptions& options,
                                                 MaxCalls max_calls, const Ports& ports);
  ~Account();
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  const std::string& id() const noexcept;  ///< random, unique for each instance, stable
  const std::string& aor() const noexcept;
  void set_delegate(AccountDelegate delegate);  ///< takes effect on the loop

  Async<void> connect();
  Async<void> disconnect();
  Async<void> register_(RegisterOptions options = {});
  Async<void> unregister(UnregisterOptions options = {});
  Async<void> message(std::string_view destination, std::string_view text);
  /// Takes calls and messages on a listener, too: whoever connects to it reaches this account, registered or not. Several are possible.
  /// Completes with the URI, "ws://127.0.0.1:41234", with the port that was chosen; fails as Transport::listen(). disconnect() ends them.
  /// A call that came so ends with its connection.
  Async<std::string> listen(sip::ListenOptions options);
  /// What the destination can do (RFC 3261 s.11). Completes with its final answer, of any class; fails where none came.
  Async<Response> options(std::string_view destination);
  /// Any request out of a call. Not INVITE, ACK, CANCEL, BYE, REGISTER: BadValue. Completes as options().
  Async<Response> request(std::string_view method, std::string_view destination, RequestOptions options = {});
  /// The call is there at once; Call::sent() tells when the INVITE was handed over, Call::answered() the outcome.
  Call call(std::string_view destination, CallOptions options = {}, CallDelegate delegate = {});

  /// For testers: runs `f` soon, on the loop thread, with the stack beneath and the flow to the server (nullopt: not connected).
  /// There are raw sending, the hooks and the switches of sip/stack.hpp; what `f` sets stays.
  void with_stack(std::function<void(sip::Stack& stack, std::optional<sip::FlowId> flow)> f);

  AccountState state() const;
  bool is_connected() const { return state().connected; }
  bool is_registered() const { return state().registered; }

 private:
  friend class SimpleUser;
  Account(std::shared_ptr<Runtime> runtime, std::shared_ptr<media::Factory> media, std::shared_ptr<detail::AccountShared> shared);

  std::shared_ptr<Runtime> runtime_;       // null: the ports' owner keeps them
  std::shared_ptr<media::Factory> media_;  // null: the runtime's
  std::shared_ptr<detail::AccountShared> shared_;
};

}  // namespace parley
