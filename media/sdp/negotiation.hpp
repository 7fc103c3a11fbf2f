// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/normalise.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::media::sdp {

/// Offer and answer of one call, without any media: what was sent and received last, the o= line, hold, roles, rollback.
/// Shared by all backends. Value type. Each step is read_ (checks, changes nothing) and then commit_.
///
/// First offer:    backend makes its text        → commit_offer(text)          → send
/// Later offers:   reoffer() when has_agreed()   → send; the backend is not told
/// Peer's offer:   read_offer(text)              → Incoming
///                   needs_backend: give it Incoming::for_backend, take its answer → commit_answer(incoming, text) → send
///                   else:                         commit_answer(incoming)         → send
/// Peer's answer:  read_answer(text)             → Incoming; give it to the backend if needs_backend → commit_remote_answer(incoming)
/// Refused offer:  rollback()
class PARLEY_EXPORT Negotiation {
 public:
  /// @param session_id  number of our o= lines, random, below 2^62 (RFC 8829 s.5.2.1)
  Negotiation(Policy policy, std::uint64_t session_id);

  /// A peer's description that was read and found good. Value type.
  struct Incoming {
    SessionDescription remote;  ///< as it came
    AudioChoice audio;
    bool needs_backend = true;       ///< false: the transport and codec in use stay as they are
    SessionDescription for_backend;  ///< normalised
  };

  // --- our offer ---
  /// Takes the backend's offer, cleans it (finish_local) and gives the text to send. Errc::BadSyntax if it is none, WrongState if an
  /// offer of ours is open already.
  Result<std::string> commit_offer(std::string_view backend_text);
  /// A new offer made of the last local description: same transport, direction by set_held, setup actpass (RFC 8842 s.5.2).
  /// Errc::WrongState before the first offer and answer are through, and while an offer of ours is open.
  Result<std::string> reoffer();
  /// The answer to it. Errc::WrongState without an open offer; Errc::BadSyntax, TooLong, MediaRejected with status 488.
  Result<Incoming> read_answer(std::string_view text) const;
  void commit_remote_answer(Incoming incoming);
  /// Forgets our open offer, if any. The number of its version stays used.
  void rollback() noexcept;

  // --- the peer's offer ---
  /// Errc::Busy while an offer of ours is open (glare); Errc::BadSyntax, TooLong, MediaRejected, all with status 488.
  Result<Incoming> read_offer(std::string_view text) const;
  /// Answer from the stored local description: incoming.needs_backend is false.
  Result<std::string> commit_answer(Incoming incoming);
  /// Answer from the backend's text for incoming.for_backend.
  Result<std::string> commit_answer(Incoming incoming, std::string_view backend_text);

  // --- state ---
  void set_held(bool held) noexcept { held_ = held; }
  bool is_held() const noexcept { return held_; }
  bool has_open_offer() const noexcept { return open_offer_.has_value(); }
  bool has_agreed() const noexcept { return local_ && remote_; }
  Agreed agreed() const;
  /// What was chosen for the sound, from the peer's last description; nullopt before.
  const std::optional<AudioChoice>& audio() const noexcept { return audio_; }
  const std::optional<SessionDescription>& local() const noexcept { return local_; }
  const std::optional<SessionDescription>& remote() const noexcept { return remote_; }

 private:
  Direction own_wish() const noexcept;
  Result<std::string> number_and_write(SessionDescription& description);
  Result<std::string> open(SessionDescription offer, bool from_backend);
  Result<std::string> answer(Incoming incoming, const SessionDescription& ours, Setup role);
  void agree(Incoming incoming, Direction ours);
  std::string open_mid() const;

  Policy policy_;
  std::string session_id_;
  std::uint64_t version_ = 0;  // of the last text that was sent
  std::string last_sent_;      // that text, its o= version blanked
  bool held_ = false;
  bool remote_hold_ = false;
  Direction direction_ = Direction::SendRecv;
  Setup role_ = Setup::ActPass;  // ours, fixed by the first answer
  bool offer_from_backend_ = false;
  std::optional<SessionDescription> local_, remote_, open_offer_;
  std::optional<AudioChoice> audio_;
};

}  // namespace parley::media::sdp
