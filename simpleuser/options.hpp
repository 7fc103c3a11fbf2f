// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/simpleuser/delegate.hpp>
#include <parley/sip/auth/secret.hpp>
#include <parley/sip/core/ids.hpp>
#include <parley/sip/core/time.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

class Runtime;  // wiring.hpp

using Headers = std::vector<std::pair<std::string, std::string>>;  ///< name, value; CR, LF and NUL are refused

/// Which media a call has.
struct MediaConstraints {
  bool audio = true;
  bool video = false;  ///< not built yet: Errc::NotSupported
};

struct MediaOptions {
  MediaConstraints constraints{};
  media::AudioEndpoint audio_source{};  ///< default: the default device
  media::AudioEndpoint audio_sink{};
  bool loopback_only = false;  ///< only 127.0.0.1 as ICE candidate: for tests and demos
};

/// When a registration is refreshed, as a share of what the registrar granted: the smaller of `share` and granted - `margin`, but at
/// least `least_share`, less up to `jitter_share` at random.
struct RefreshPolicy {
  int share = 99;  ///< percent, 50..99
  Duration margin{40'000};
  int least_share = 50;  ///< percent, 1..share
  int jitter_share = 5;  ///< percent, 0..50
  friend bool operator==(const RefreshPolicy&, const RefreshPolicy&) = default;
};

struct RegistrationOptions {
  Duration expires{600'000};
  RefreshPolicy refresh{};
  Headers extra_headers{};
  std::string contact_params{};  ///< ";q=0.5"
  std::string instance_id{};     ///< "urn:uuid:..."; keep it over restarts of a device. Empty: random for each SimpleUser
  std::optional<int> reg_id{};   ///< RFC 5626
  std::string registrar{};       ///< URI; empty: the domain of the AOR
};

enum class DtmfMode : std::uint8_t {
  Info,  ///< INFO with application/dtmf-relay
  Rtp,   ///< RFC 4733; not built yet: Errc::NotSupported
};

struct TurnOptions {
  std::string uri{};
  std::string username{};
  Secret password{};
};

struct WebSocketOptions {
  std::string origin{};   ///< Origin header, verbatim
  Headers headers{};      ///< added to the upgrade request
  std::string cookies{};  ///< value of the Cookie header
};

struct TlsOptions {
  std::string ca_file{};             ///< PEM; empty: the CAs of the system
  std::string client_certificate{};  ///< PEM file
  std::string client_key{};          ///< PEM file
  bool danger_accept_any_certificate = false;
};

enum class Traffic : std::uint8_t { In, Out };

/// One SIP message on its way in or out; credentials and SDES keys are masked. Valid during the callback.
struct TraceRecord {
  Traffic direction = Traffic::In;
  TimePoint time{};       ///< of the loop's monotonic clock
  std::string_view text;  ///< the whole message
};

enum class LogLevel : std::uint8_t { Error, Warning, Info, Debug };
PARLEY_EXPORT std::string_view to_string(LogLevel level) noexcept;  ///< "error", ...

/// Everything a SimpleUser (or an Account) can be told at its making. Aggregate: name what you need, in this order.
///
///     SimpleUser::create("wss://pbx.example.com/ws", {.aor = "sip:alice@example.com", .authorization_password = "secret"});
///
/// Callbacks run on the loop thread.
struct SimpleUserOptions {
  SimpleUserDelegate delegate{};
  std::string aor{};  ///< "sip:alice@example.com"; empty: anonymous, random
  std::string display_name{};
  std::string authorization_username{};  ///< empty: user part of `aor`
  Secret authorization_password{};
  Secret authorization_ha1{};  ///< instead of the password: MD5 of user:realm:password in hexadecimal digits
  MediaOptions media{};
  std::shared_ptr<media::Factory> media_factory{};  ///< null: GStreamer, or the null backend where it is built without
  std::shared_ptr<Runtime> loop{};                  ///< null: parley's own thread, one for all in the process (wiring.hpp)
  unsigned reconnection_attempts = 3;               ///< quick attempts, the first at once; 0: none
  Duration reconnection_delay{4'000};               ///< between quick attempts
  bool reconnect_forever = true;                    ///< afterwards, with jitter: 8 s doubling up to 30 min
  bool keep_trying = true;                          ///< a first connect() that fails goes on in the background
  Duration connect_timeout{5'000};
  Duration keep_alive{25'000};  ///< 0: none
  RegistrationOptions registration{};
  std::string outbound_proxy{};        ///< URI: first Route of requests out of a dialog
  bool trusted_server = false;         ///< it is of our trust domain: its P-Asserted-Identity is believed (RFC 3325)
  std::string contact_name{};          ///< user part of our Contact; empty: random
  Duration no_answer_timeout{60'000};  ///< incoming call: 480
  Duration ring_timeout{180'000};      ///< our own call: CANCEL
  sip::StatusCode busy_status = 486;
  DtmfMode dtmf = DtmfMode::Info;
  Duration dtmf_duration{2'000};
  std::vector<media::Codec> codecs{media::Codec::Opus, media::Codec::G722, media::Codec::Pcmu, media::Codec::Pcma};
  Duration ice_gathering_timeout{1'000};
  std::string stun{};                 ///< not built yet: Errc::NotSupported
  std::optional<TurnOptions> turn{};  ///< not built yet: Errc::NotSupported
  WebSocketOptions ws{};
  TlsOptions tls{};
  std::string user_agent{"parley"};
  std::function<void(const TraceRecord&)> trace{};
  std::function<void(LogLevel, std::string_view)> log{};
};

struct RegisterOptions {
  std::optional<Duration> expires{};  ///< nullopt, empty: those of the RegistrationOptions
  Headers extra_headers{};
  std::string contact_params{};
};

struct UnregisterOptions {
  bool all = false;  ///< every binding of the AOR: "Contact: *"
};

/// A request that is no call: OPTIONS, INFO, PUBLISH, ... or a method of one's own.
struct RequestOptions {
  std::string content_type{};  ///< empty: no body
  std::string body{};
  Headers extra_headers{};
};

/// The final answer to a request. Value type.
struct Response {
  sip::StatusCode status = 0;  ///< 200..699
  std::string reason{};
  Headers headers{};  ///< all of them, in order
  std::string body{};

  /// Value of the first header of this name, any case; empty: none.
  PARLEY_EXPORT std::string_view header(std::string_view name) const noexcept;
};

struct CallOptions {
  Headers extra_headers{};
  std::string display_name{};  ///< of From; empty: the account's
  bool anonymous = false;      ///< RFC 3323
  bool without_sdp = false;    ///< the peer makes the offer, in its 200
  std::optional<MediaConstraints> constraints{};
  bool early_media = false;  ///< not built yet: Errc::NotSupported
  std::optional<Duration> ring_timeout{};
};

struct AnswerOptions {
  Headers extra_headers{};
  std::optional<MediaConstraints> constraints{};
};

}  // namespace parley
