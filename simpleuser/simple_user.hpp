// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/simpleuser/account.hpp>
#include <parley/simpleuser/async.hpp>
#include <parley/simpleuser/delegate.hpp>
#include <parley/simpleuser/options.hpp>
#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

/// Everything there is to say about a SimpleUser. Snapshot; value type.
struct SimpleUserState {
  std::string id{};
  bool connected = false;
  bool registered = false;
  unsigned reconnecting = 0;  ///< number of the attempt that is waited for or running; 0: none
  bool held = false;
  bool muted = false;
  CallState call{};  ///< phase None: no call
};

/// One user, one call at a time, a handful of verbs, a delegate: SIP.js's SimpleUser in C++. An Account limited to one Call.
///
///     auto alice = parley::SimpleUser::create("wss://pbx.example.com/ws",
///                    {.aor = "sip:alice@example.com", .authorization_password = "secret"}).value();
///     alice->connect().get(5s);
///     alice->call("sip:bob@example.com");   // completes when the INVITE is sent
///     alice->answered().get(60s);           // Error::text(): "486 Busy Here"
///
/// A verb never blocks: it returns an Async that completes exactly once, from the loop, with an Error where it fails.
/// Thread-safe: verbs and getters from any thread, delegate and completions on the loop thread.
/// The destructor sends nothing; all pending Asyncs complete with Errc::Destroyed before it returns, and no callback runs afterwards.
class PARLEY_EXPORT SimpleUser {
 public:
  /// @param server  ws://host[:port][/path] or wss://...
  /// A server, AOR or option that cannot be understood or is not built yet: an Error with a sentence. No I/O.
  static Result<std::unique_ptr<SimpleUser>> create(std::string_view server, SimpleUserOptions options = {});
  /// On ports of the caller (account.hpp).
  static Result<std::unique_ptr<SimpleUser>> create(std::string_view server, SimpleUserOptions options, const Ports& ports);
  ~SimpleUser();
  SimpleUser(const SimpleUser&) = delete;
  SimpleUser& operator=(const SimpleUser&) = delete;

  const std::string& id() const noexcept;  ///< random, unique for each instance, stable
  const std::string& aor() const noexcept;
  void set_delegate(SimpleUserDelegate delegate);  ///< takes effect on the loop

  /// Completes when the connection is open, or with the reason why not. Connected already: completes; connecting: with the same outcome.
  Async<void> connect();
  /// BYE, CANCEL or refusal of a call, un-REGISTER, close; at most 5 s. No reconnect follows; a registration must be asked for again.
  Async<void> disconnect();
  /// Completes when the REGISTER is handed over; outcome: on_registered, on_unregistered. `register` is a keyword.
  Async<void> register_(RegisterOptions options = {});
  Async<void> unregister(UnregisterOptions options = {});
  /// Completes when the INVITE is handed over; outcome: callbacks and answered(). A bare name or number is taken at the AOR's domain.
  Async<void> call(std::string_view destination, CallOptions options = {});
  /// Of the current call, else of the last one: established, or why it ended. No call ever: Errc::NoSession.
  Async<void> answered();
  Async<void> answer(AnswerOptions options = {});
  Async<void> decline(sip::StatusCode status = 480);  ///< 300..699
  /// Ends the call as its state demands; without a connection at once, the BYE follows when the connection is back within 32 s.
  Async<void> hangup();
  /// re-INVITE; outcome: on_call_hold. In that state already: completes.
  Async<void> hold();
  Async<void> unhold();
  Async<void> send_dtmf(std::string_view tone);  ///< one of 0-9 A-D # * and ',' (a pause of 2 s)
  /// text/plain; completes when handed over; outcome: on_message_sent.
  Async<void> message(std::string_view destination, std::string_view text);
  /// Silence instead of sound. Before the call is answered the wish is remembered; the end of the call resets it.
  void mute();
  void unmute();
  /// Numbers of the call's media. Errc::NoSession.
  Async<media::Stats> stats();

  SimpleUserState state() const;
  bool is_connected() const;
  bool is_registered() const;
  bool is_held() const;
  bool is_muted() const;
  std::optional<media::MediaStream> local_media_stream() const;  ///< nullopt before there is media and after the call
  std::optional<media::MediaStream> remote_media_stream() const;
  std::optional<media::Track> local_audio_track() const;
  std::optional<media::Track> local_video_track() const;
  std::optional<media::Track> remote_audio_track() const;
  std::optional<media::Track> remote_video_track() const;

 private:
  explicit SimpleUser(std::unique_ptr<Account> account);
  std::unique_ptr<Account> account_;
};

}  // namespace parley
