// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/offer_answer.hpp>

#include <optional>

/// Between what peers send and what a backend such as webrtcbin wants to see, and the way back.
namespace parley::media::sdp {

/// A peer's description made fit for a backend that knows one section of sound only: no refused section, always a mid,
/// transport attributes inside the section, always sendrecv, only the chosen format, no sprop-*, no trickle, UDP candidates.
/// A BUNDLE group names that section alone. Origin and the rest stay.
/// @param choice  what choose_from_offer or choose_from_answer made of `remote`
/// @param mid     used when the section has none
PARLEY_EXPORT SessionDescription normalise_remote(const SessionDescription& remote, const AudioChoice& choice, std::string_view mid = "0");

/// The candidate that m= and c= should name (RFC 8839 s.4.2.1.2): of component 1 over UDP with a literal address, relayed before
/// reflexive before host, IPv4 before IPv6, high priority first. nullopt: there is none.
PARLEY_EXPORT std::optional<Candidate> default_candidate(const MediaSection& section);

/// A backend's section made fit for peers: m= port and c= of the default candidate, no TCP candidates, no a=rtcp,
/// no ice-options:trickle, setup and direction as given.
PARLEY_EXPORT MediaSection finish_section(MediaSection section, Direction direction, Setup setup);

/// A whole local description from a backend's one: its first section is the sound, finished.
/// @param layout  the m= lines that must be kept: the offer that is answered, or our last description when offering again. The sound
///                goes to `audio_section`, all other sections are refused; mid, group, rtcp-mux and protocol follow the layout's.
///                nullptr: a first offer, the backend's own layout.
/// The o= line is left for the caller.
PARLEY_EXPORT SessionDescription finish_local(const SessionDescription& backend, Direction direction, Setup setup,
                                              const SessionDescription* layout = nullptr, std::size_t audio_section = 0);

}  // namespace parley::media::sdp
