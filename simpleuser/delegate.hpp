// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/sip/core/export.hpp>
#include <parley/sip/core/ids.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/failure_details.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

/// What a registrar granted. Snapshot.
struct Registration {
  Duration expires{0};
  std::string pub_gruu{};                      ///< RFC 5627; empty: none was granted
  std::vector<std::string> associated_uris{};  ///< P-Associated-URI (RFC 7315)
};

/// Why there is no registration (any more).
struct UnregisteredReason {
  std::optional<Error> error{};   ///< nullopt: we asked for it
  sip::FailureDetails details{};  ///< Retry-After, Warning, Error-Info of the refusal
};

/// Who calls. `uri` and `display_name` may be shown to a person: they are those of From, or what a trusted server asserts instead
/// (P-Asserted-Identity, RFC 3325), or those of nobody where the caller does not want to be named (RFC 3323).
struct Caller {
  std::string uri{};           ///< "sip:bob@example.com"; withheld: "sip:anonymous@anonymous.invalid"
  std::string display_name{};  ///< without quotes and escapes; may be empty
  bool has_offer = true;       ///< false: the INVITE came without SDP
  std::string request_uri{};   ///< as it came: our Contact, or whoever of us was meant
  std::string to{};            ///< URI of To: whom the caller dialled
  bool asserted = false;       ///< the server vouches for `uri`; see SimpleUserOptions::trusted_server
  bool withheld = false;       ///< "Privacy: id", or an anonymous From
  std::string from{};          ///< URI of From as it came: what the caller says, not to be shown where `withheld`
};

/// Why a call ended.
struct Cause {
  enum class Kind : std::uint8_t {
    LocalHangup,     ///< our hangup()
    RemoteHangup,    ///< the peer's BYE
    Cancelled,       ///< given up before it was answered: by the caller, or by our hangup() of our own call
    Rejected,        ///< a final 3xx-6xx, ours or theirs; `status`
    NoAnswer,        ///< nobody picked up in time
    ConnectionLost,  ///< the connection broke before the call was up, or the call could not be repaired
    Gone,            ///< the peer knows no such call any more (481), or does not answer in it (408)
    MediaFailed,     ///< device, pipeline, ICE or DTLS; or nothing in common with the peer's offer or answer
    Failed,          ///< the peer broke the protocol: no ACK, no SDP, ...
  };
  Kind kind = Kind::LocalHangup;
  sip::StatusCode status = 0;     ///< 0: none
  std::string reason{};           ///< reason phrase, text of a Reason header, or a sentence of ours; may be empty
  sip::FailureDetails details{};  ///< Retry-After, Warning, Error-Info of the response that ended it
};

/// The enumerator's name: "LocalHangup", "NoAnswer", ... Static storage.
PARLEY_EXPORT std::string_view to_string(Cause::Kind kind) noexcept;

/// The sender and form of a MESSAGE.
struct MessageInfo {
  std::string from{};  ///< URI that may be shown, as Caller::uri
  std::string display_name{};
  std::string content_type{};  ///< "text/plain;charset=UTF-8", as it came
  bool asserted = false;       ///< as in Caller
  bool withheld = false;       ///< as in Caller
};

/// How the path of sound is.
struct MediaState {
  media::State state = media::State::New;
  bool receiving = false;        ///< the first decoded sound of the peer has come
  std::optional<Error> error{};  ///< why it is Failed or Disconnected
};

/// What a SimpleUser tells. Every member is optional. All run on the loop thread, one at a time; any verb may be called and the
/// SimpleUser may be destroyed in any of them. What they throw is caught, logged and ignored.
///
/// Order for a caller: created, progress*, answered, hold*, hangup; for a callee: created, received, answered, hold*, hangup.
/// Exactly one hangup for each created; a new call can be made in it.
struct SimpleUserDelegate {
  std::function<void()> on_server_connect{};
  /// `error` is set unless disconnect() asked for it.
  std::function<void(const std::optional<Error>& error)> on_server_disconnect{};
  std::function<void(const Registration&)> on_registered{};  ///< not on a refresh
  std::function<void(const UnregisteredReason&)> on_unregistered{};
  std::function<void()> on_call_created{};
  std::function<void(const Caller&)> on_call_received{};  ///< without this one incoming calls are refused with 480
  std::function<void()> on_call_answered{};
  std::function<void(const Cause&)> on_call_hangup{};
  /// Once for each hold() or unhold() that was sent, with the state that holds now.
  std::function<void(bool held)> on_call_hold{};
  std::function<void(char tone, Duration duration)> on_call_dtmf_received{};
  std::function<void(std::string_view text, const MessageInfo&)> on_message_received{};

  std::function<void(sip::StatusCode status, bool early_media)> on_call_progress{};
  std::function<void(bool held)> on_remote_hold{};
  /// Status of the answer to our MESSAGE (2xx), or why it was not delivered (Error::status where there was an answer).
  std::function<void(const Result<sip::StatusCode>&)> on_message_sent{};
  std::function<void(const MediaState&)> on_media_state{};
  std::function<void(unsigned attempt)> on_reconnecting{};               ///< counted from 1 at each loss
  std::function<void(std::string_view target)> on_transfer_requested{};  ///< not yet: REFER is answered 405
  /// Without reconnect_forever: no further attempt follows, until connect() is called; `last` is why the last one failed.
  std::function<void(const Error& last)> on_reconnecting_given_up{};
};

}  // namespace parley
