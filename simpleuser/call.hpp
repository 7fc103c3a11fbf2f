// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/simpleuser/async.hpp>
#include <parley/simpleuser/delegate.hpp>
#include <parley/simpleuser/options.hpp>
#include <parley/sip/core/export.hpp>
#include <parley/sip/core/ids.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

namespace detail {
struct CallShared;
}

/// Where a call stands.
enum class CallPhase : std::uint8_t {
  None,       ///< no call (SimpleUser), or a handle that never had one
  Preparing,  ///< ours: media makes its offer, nothing was sent yet
  Calling,    ///< ours: the INVITE is out
  Ringing,    ///< theirs: waits for answer() or decline()
  Answering,  ///< theirs: answer() is making the answer
  Established,
  Ended,
};
PARLEY_EXPORT std::string_view to_string(CallPhase phase) noexcept;  ///< "none", "preparing", ...

/// Everything there is to say about a call. Snapshot; value type.
struct CallState {
  CallPhase phase = CallPhase::None;
  bool outgoing = false;
  bool held = false;  ///< by us
  bool remote_held = false;
  bool muted = false;
  std::string remote_uri{};
  std::string remote_display_name{};
  std::optional<media::MediaStream> local_stream{};  ///< nullopt before there is media and after the call
  std::optional<media::MediaStream> remote_stream{};
};

/// What a Call tells; as SimpleUserDelegate, for one call of an Account. Every member is optional.
struct CallDelegate {
  std::function<void(sip::StatusCode status, bool early_media)> on_progress{};
  std::function<void()> on_answered{};
  std::function<void(const Cause&)> on_hangup{};  ///< exactly once, the last one
  std::function<void(bool held)> on_hold{};
  std::function<void(bool held)> on_remote_hold{};
  std::function<void(char tone, Duration duration)> on_dtmf_received{};
  std::function<void(const MediaState&)> on_media_state{};
  std::function<void(std::string_view target)> on_transfer_requested{};
};

/// One call of an Account: a SIP session and a media session joined. A handle: copies mean the same call, and dropping them all
/// leaves the call alone; the Account owns it. Verbs on a call that has ended fail with Errc::NoSession.
/// What each verb checks, sends and when it completes: as SimpleUser's. Thread-safe, like SimpleUser.
class PARLEY_EXPORT Call {
 public:
  Call() = default;  ///< means no call
  explicit Call(std::shared_ptr<detail::CallShared> shared) : shared_(std::move(shared)) {}

  std::uint64_t id() const;  ///< unique within the process; 0: no call
  explicit operator bool() const noexcept { return shared_ != nullptr; }
  friend bool operator==(const Call& a, const Call& b) noexcept { return a.shared_ == b.shared_; }

  /// Our INVITE was handed to the transport, or why not. An incoming call: WrongState. May be asked at any time, more than once.
  /// The verbs and Asyncs of a handle that means no call are not to be called; test it.
  Async<void> sent();
  /// Established, or why it ended. May be asked at any time, more than once.
  Async<void> answered();

  Async<void> answer(AnswerOptions options = {});
  Async<void> decline(sip::StatusCode status = 480);
  Async<void> hangup();
  Async<void> hold();
  Async<void> unhold();
  Async<void> send_dtmf(std::string_view tone);
  /// A request in the dialog: INFO, MESSAGE, OPTIONS, ... Completes with its final answer, of any class; fails where none came.
  /// Not INVITE, ACK, CANCEL, BYE: BadValue. Before the call is established: WrongState.
  Async<Response> request(std::string_view method, RequestOptions options = {});
  void mute();
  void unmute();
  Async<media::Stats> stats();

  void set_delegate(CallDelegate delegate);  ///< takes effect on the loop

  CallState state() const;
  bool is_held() const;
  bool is_muted() const;

 private:
  std::shared_ptr<detail::CallShared> shared_;
};

}  // namespace parley
