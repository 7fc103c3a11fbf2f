// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/attributes.hpp>
#include <parley/media/sdp/formats.hpp>

#include <cstddef>
#include <optional>
#include <vector>

/// The rules of RFC 3264 for one section of sound over ICE and DTLS-SRTP (RFC 8829, 8842, 8843), as functions of descriptions.
///
/// What is refused is Errc::MediaRejected with status 488, Error::reason as the sentence for a person and Error::detail as the
/// text of a Warning: "Incompatible media format" (305), or "Media type not available" (304) where there is no sound at all
/// (RFC 3261 s.20.43).
namespace parley::media::sdp {

/// What our side can do. Value type.
struct Policy {
  bool audio = true;
  std::vector<Codec> codecs{Codec::Opus, Codec::G722, Codec::Pcmu, Codec::Pcma};  ///< allowed, our order of preference
};

/// What was chosen for the one section of sound.
struct AudioChoice {
  std::size_t section = 0;  ///< index of its m= line
  Codec codec = Codec::Opus;
  PayloadFormat send;                      ///< the format as the peer numbers and describes it: what we send
  std::uint8_t receive_payload_type = 0;   ///< the number the peer uses towards us: ours, when we offered
  Direction remote = Direction::SendRecv;  ///< as the peer states it
  /// The peer's. Setup is always there: missing means active in an offer, passive in an answer (RFC 4145 s.4.1).
  TransportParameters transport;
};

/// Mirrors a direction: what the peer calls sendonly is recvonly here (RFC 3264 s.6.1).
PARLEY_EXPORT Direction reversed(Direction direction) noexcept;
/// What both allow.
PARLEY_EXPORT Direction common(Direction one, Direction other) noexcept;
/// Hold takes our "receive" away: sendrecv becomes sendonly, recvonly inactive.
PARLEY_EXPORT Direction with_hold(Direction direction, bool held) noexcept;

/// Reads a peer's offer: finds the first section of sound that we can take; all other sections are to be refused.
/// The codec is the one in use, if it is offered again as it was, else the first of the offer's that the policy allows
/// (RFC 3264 s.6.1), under the offer's number.
PARLEY_EXPORT Result<AudioChoice> choose_from_offer(const SessionDescription& offer, const Policy& policy,
                                                    const AudioChoice* in_use = nullptr);

/// Whether choose_from_offer() would take the offer of this text. Errc::MediaRejected.
PARLEY_EXPORT Result<void> check_offer(std::string_view text, const Policy& policy);

/// Reads the answer to our offer: as many sections of the same kinds in the same order (RFC 3264 s.6), the section of sound taken,
/// a codec that we offered, a strong fingerprint, ICE credentials, setup active or passive.
PARLEY_EXPORT Result<AudioChoice> choose_from_answer(const SessionDescription& offer, const SessionDescription& answer);

/// Our refusal of a section: port 0, its protocol and at least one of its formats kept (RFC 3264 s.6).
PARLEY_EXPORT MediaSection refuse(const MediaSection& offered);

/// Whether two choices differ in nothing that ICE, DTLS or the codec chain could notice: same section, codec, numbers, ufrag, pwd
/// and fingerprints. Direction, setup, format parameters, candidates and addresses may differ.
PARLEY_EXPORT bool same_transport(const AudioChoice& one, const AudioChoice& other) noexcept;

/// Makes a refusal of a description that cannot even be read: keeps offset and sentence, adds 488 and a Warning.
PARLEY_EXPORT Error unusable(Error error);

}  // namespace parley::media::sdp
