// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/core/unique_function.hpp>
#include <parley/sip/executor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::media {

/// Where sound comes from or goes to. Value type.
struct PARLEY_EXPORT AudioEndpoint {
  enum class Kind : std::uint8_t { Device, Tone, Silence, File, Gst };
  Kind kind = Kind::Device;
  std::string argument{};  ///< File: path (WAV). Gst: bin description. Device: name, empty: the default one
  double tone_hz = 440.0;  ///< Tone (source only)

  /// "device", "tone", "tone:880", "silence", "file:PATH", or a GStreamer bin description (anything else).
  /// Errc::BadValue with a sentence for an empty text, a tone outside 20..20000 Hz, an empty path.
  static Result<AudioEndpoint> from_text(std::string_view text);
  /// The same refusals for one that was put together by hand, and NUL in its argument.
  Result<void> check() const;
};

enum class Codec : std::uint8_t { Opus, G722, Pcmu, Pcma };
PARLEY_EXPORT std::string_view to_string(Codec codec) noexcept;             ///< "opus", "G722", "PCMU", "PCMA"
PARLEY_EXPORT std::optional<Codec> codec_from_text(std::string_view text);  ///< any case; "g.722" too

/// How sessions are made. Value type.
struct Options {
  bool audio = true;
  bool video = false;  ///< not built yet: Factory::create gives Errc::NotSupported
  AudioEndpoint audio_source;
  AudioEndpoint audio_sink;
  std::vector<Codec> codecs{Codec::Opus, Codec::G722, Codec::Pcmu, Codec::Pcma};  ///< offered in this order
  Duration ice_gathering_timeout{1'000};
  bool loopback_only = false;  ///< only 127.0.0.1 candidates; tests must set it
};

/// RFC 3264 directions as seen from our side.
enum class Direction : std::uint8_t { Inactive, RecvOnly, SendOnly, SendRecv };
PARLEY_EXPORT std::string_view to_string(Direction direction) noexcept;  ///< "sendrecv", ...

/// What was agreed for the session's sound. Snapshot.
struct Agreed {
  Direction direction = Direction::SendRecv;  ///< ours, after offer and answer
  /// The peer holds us: its last offer was sendonly or inactive, or it answered our sendrecv so. An answer to less than sendrecv
  /// tells nothing of what the peer wants, and changes nothing here.
  bool remote_hold = false;
  std::optional<Codec> codec;
};

enum class TrackKind : std::uint8_t { Audio, Video };

struct Track {
  TrackKind kind = TrackKind::Audio;
  std::string id;
  bool enabled = true;    ///< false: muted by us
  bool muted = false;     ///< nothing flows (hold, or no packets yet)
  std::string codec;      ///< "opus"; empty until agreed
  double level = -120.0;  ///< dB, full scale is 0, -120 is silence; last 500 ms
};

struct MediaStream {
  std::string id;
  std::vector<Track> tracks;
};

/// Numbers of one session. Snapshot.
struct Stats {
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::int64_t packets_lost = 0;
  double audio_level_db = -120.0;  ///< what is heard (decoded, after hold's gates), last 500 ms; -120: silence
  double peak_hz = 0.0;            ///< strongest frequency of what is heard, last 500 ms; 0: silence
  double rtt_ms = 0.0;
  double jitter_ms = 0.0;
  std::string codec;
  std::uint64_t video_frames_encoded = 0;
  std::uint64_t video_frames_decoded = 0;
  std::uint32_t video_width = 0;
  std::uint32_t video_height = 0;
};

/// State of the path of sound, told through SessionObserver.
enum class State : std::uint8_t { New, Connecting, Connected, Disconnected, Failed, Closed };
PARLEY_EXPORT std::string_view to_string(State state) noexcept;  ///< lower case

/// Told about one session, on the loop thread, never inside a call to the session. May destroy the session.
class SessionObserver {
 public:
  virtual ~SessionObserver() = default;
  virtual void on_media_state(State state, const std::optional<Error>& why) = 0;
  /// The first decoded sound of the peer arrived.
  virtual void on_first_media() = 0;
};

/// The media of one call: named by offer and answer role (RFC 3264), not by signalling. Loop thread only.
/// Completions come on the loop, exactly once, never inside the call; none after destruction.
/// One operation at a time: a second one before the completion of the first gives Errc::Busy.
///
/// Hold: set_held() notes the wish; the next make_offer / accept_offer writes directions accordingly
/// (held: sendrecv→sendonly, recvonly→inactive) and gates follow once offer and answer are both in place.
class Session {
 public:
  using SdpHandler = UniqueFunction<void(Result<std::string>)>;
  using DoneHandler = UniqueFunction<void(Result<void>)>;

  virtual ~Session() = default;

  /// Makes a complete offer (candidates gathered, or ice_gathering_timeout over): the first, or one for a re-INVITE.
  /// The o= version rises by one exactly when the text changes.
  virtual void make_offer(SdpHandler done) = 0;
  /// Reads a peer's offer and makes the answer. Errc::MediaRejected (status 488, detail for a Warning: no common codec,
  /// plain RTP profile, unusable SDP): nothing has changed, the session goes on as it was.
  virtual void accept_offer(std::string offer, SdpHandler done) = 0;
  /// Reads the answer to our last offer. Errc::MediaRejected as above. Errc::WrongState without an offer of ours.
  virtual void accept_answer(std::string answer, DoneHandler done) = 0;
  /// Forgets our unanswered offer (the re-INVITE was refused). All is as it was before it.
  virtual void rollback() = 0;

  virtual void set_held(bool held) = 0;
  /// Silence instead of sound while RTP goes on. At once.
  virtual void set_muted(bool muted) = 0;
  /// RFC 4733. Errc::NotSupported until built.
  virtual Result<void> send_dtmf(char tone, Duration duration) = 0;

  virtual Agreed agreed() const = 0;
  virtual std::optional<MediaStream> local_stream() const = 0;  ///< nullopt before there is media
  virtual std::optional<MediaStream> remote_stream() const = 0;
  virtual void stats(UniqueFunction<void(Stats)> done) = 0;
};

/// Port: makes sessions. An application can bring its own (SimpleUserOptions::media_factory).
class Factory {
 public:
  virtual ~Factory() = default;
  /// Readies what the first call would wait for (plugins, certificate), in the background. Loop thread only. May be called again.
  virtual void warm_up() {}
  /// @param executor, observer outlive the session. Errc::MediaFailed, NotSupported (video), BadValue.
  virtual Result<std::unique_ptr<Session>> create(const Options& options, Executor& executor, SessionObserver& observer) = 0;
  /// Whether sessions with these options could answer this offer at all, without making one: a call that never could is refused
  /// before anybody rings. Errc::MediaRejected as accept_offer(). A backend that cannot tell says yes.
  virtual Result<void> check_offer(const Options& options, std::string_view offer) const {
    static_cast<void>(options);
    static_cast<void>(offer);
    return {};
  }
  /// MIME type of the session descriptions: "application/sdp".
  virtual std::string_view content_type() const { return "application/sdp"; }
};

}  // namespace parley::media
