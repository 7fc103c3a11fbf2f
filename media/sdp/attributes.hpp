// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/sdp/description.hpp>
#include <parley/media/session.hpp>
#include <parley/sip/core/result.hpp>

#include <optional>
#include <string>
#include <vector>

/// Attributes with a grammar of their own. Each parse_ takes the text after the colon; Errc::BadSyntax if it is none of these.
namespace parley::media::sdp {

/// a=rtpmap (RFC 8866 s.6.6): "111 opus/48000/2".
struct RtpMap {
  std::uint8_t payload_type = 0;  ///< 0..127
  std::string encoding;           ///< as written; compare without case
  std::uint32_t clock_rate = 0;   ///< Hz, never 0
  std::uint16_t channels = 1;
};
PARLEY_EXPORT Result<RtpMap> parse_rtpmap(std::string_view value);
PARLEY_EXPORT std::string to_text(const RtpMap& map);

/// a=fmtp (RFC 8866 s.6.15): "111 minptime=10;useinbandfec=1".
struct Fmtp {
  std::string format;
  std::string parameters;
};
PARLEY_EXPORT Result<Fmtp> parse_fmtp(std::string_view value);

/// a=fingerprint (RFC 8122 s.5).
struct Fingerprint {
  std::string hash;    ///< lower case: "sha-256"
  std::string digest;  ///< upper case, "AB:CD:..."; as many octets as the hash has, where the hash is known

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};
PARLEY_EXPORT Result<Fingerprint> parse_fingerprint(std::string_view value);
/// sha-256, sha-384, sha-512. MD5, MD2 and SHA-1 must not be relied on (RFC 8122 s.5).
PARLEY_EXPORT bool is_strong(const Fingerprint& fingerprint) noexcept;

/// a=setup (RFC 4145 s.4).
enum class Setup : std::uint8_t { ActPass, Active, Passive, HoldConn };
PARLEY_EXPORT std::optional<Setup> setup_from_text(std::string_view value) noexcept;
PARLEY_EXPORT std::string_view to_string(Setup setup) noexcept;

/// a=candidate (RFC 8839 s.5.1).
struct Candidate {
  std::string foundation;
  std::uint16_t component = 1;
  std::string transport;  ///< as written: "UDP", "tcp"
  std::uint32_t priority = 0;
  std::string address;  ///< literal or name (x.local)
  std::uint16_t port = 0;
  std::string type;  ///< host, srflx, prflx, relay
  std::string rest;  ///< "raddr ... rport ...", extensions; no blank in front

  bool is_udp() const noexcept;
};
PARLEY_EXPORT Result<Candidate> parse_candidate(std::string_view value);
PARLEY_EXPORT std::string to_text(const Candidate& candidate);

/// a=group (RFC 5888 s.5; BUNDLE: RFC 9143).
struct Group {
  std::string semantics;
  std::vector<std::string> mids;
};
PARLEY_EXPORT Result<Group> parse_group(std::string_view value);
PARLEY_EXPORT std::string to_text(const Group& group);

/// a=ssrc (RFC 5576 s.4.1).
struct Ssrc {
  std::uint32_t id = 0;
  std::string attribute;  ///< "cname"
  std::string value;
};
PARLEY_EXPORT Result<Ssrc> parse_ssrc(std::string_view value);

/// a=msid (RFC 8830 s.2).
struct Msid {
  std::string stream;  ///< "-": no stream
  std::string track;   ///< may be empty
};
PARLEY_EXPORT Result<Msid> parse_msid(std::string_view value);

/// a=ice-ufrag 4..256, a=ice-pwd 22..256 of ice-char (RFC 8839 s.5.4).
PARLEY_EXPORT bool is_ice_ufrag(std::string_view value) noexcept;
PARLEY_EXPORT bool is_ice_pwd(std::string_view value) noexcept;

/// The direction of a section as its writer sees it: media level, else session level, else sendrecv (RFC 3264 s.5.1).
/// Without ICE, c=0.0.0.0 is the old way of hold: it takes "recv" away (RFC 3264 s.8.4).
PARLEY_EXPORT Direction direction_of(const SessionDescription& description, const MediaSection& section) noexcept;
/// Replaces whatever direction the section states.
PARLEY_EXPORT void set_direction(MediaSection& section, Direction direction);

/// Port 0 is a refused or ended section, unless it is a bundled one that has no transport of its own (RFC 9143 s.6).
PARLEY_EXPORT bool is_rejected(const MediaSection& section) noexcept;

/// What ICE and DTLS need of a section, media level first, session level else. Empty or unset: missing or malformed.
struct TransportParameters {
  std::string ice_ufrag;
  std::string ice_pwd;
  std::vector<Fingerprint> fingerprints;  ///< well-formed ones only
  std::optional<Setup> setup;

  friend bool operator==(const TransportParameters&, const TransportParameters&) = default;
};
PARLEY_EXPORT TransportParameters transport_of(const SessionDescription& description, const MediaSection& section);

}  // namespace parley::media::sdp
