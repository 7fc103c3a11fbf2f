// SPDX-License-Identifier: MIT
#include <parley/media/sdp/detail/text.hpp>
#include <parley/media/sdp/offer_answer.hpp>
#include <parley/media/sdp/parser.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace parley::media::sdp {

namespace {

// The warn-texts of RFC 3261 s.20.43.
constexpr const char* media_type_not_available = "Media type not available";    // 304
constexpr const char* incompatible_media_format = "Incompatible media format";  // 305

Error rejected(const char* reason, const char* warning = incompatible_media_format) {
  return Error{.code = Errc::MediaRejected, .status = 488, .reason = reason, .detail = warning};
}

bool can_send(Direction direction) noexcept { return direction == Direction::SendRecv || direction == Direction::SendOnly; }
bool can_receive(Direction direction) noexcept { return direction == Direction::SendRecv || direction == Direction::RecvOnly; }

Direction direction_from(bool send, bool receive) noexcept {
  if (send) return receive ? Direction::SendRecv : Direction::SendOnly;
  return receive ? Direction::RecvOnly : Direction::Inactive;
}

/// The names under which DTLS-SRTP goes (RFC 8829 s.5.1.2). Plain RTP and SDES have names of their own and are refused.
bool is_webrtc_profile(std::string_view protocol) noexcept {
  constexpr std::array<std::string_view, 4> profiles{"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "TCP/DTLS/RTP/SAVPF", "RTP/SAVPF"};
  return std::any_of(profiles.begin(), profiles.end(),
                     [&](std::string_view profile) { return detail::equal_without_case(profile, protocol); });
}

bool is_audio(const MediaSection& section) noexcept { return detail::equal_without_case(section.media, "audio"); }

/// All that ICE and DTLS need; the sentence says what is missing.
Result<TransportParameters> usable_transport(const SessionDescription& description, const MediaSection& section) {
  if (!is_webrtc_profile(section.protocol)) return rejected("sound is not offered over DTLS-SRTP (UDP/TLS/RTP/SAVPF)");
  TransportParameters transport = transport_of(description, section);
  if (transport.fingerprints.empty()) return rejected("no certificate fingerprint for the sound");
  // A strong one beside a weak one is enough, and only the strong are kept (RFC 8122 s.5).
  std::erase_if(transport.fingerprints, [](const Fingerprint& fingerprint) { return !is_strong(fingerprint); });
  if (transport.fingerprints.empty()) return rejected("certificate fingerprint of the sound is too weak: sha-256 or better is needed");
  if (transport.ice_ufrag.empty() || transport.ice_pwd.empty()) return rejected("no usable ICE credentials for the sound");
  return transport;
}

/// The first format that `accept` takes.
template <class Accept>
bool choose_format(AudioChoice& choice, const std::vector<PayloadFormat>& formats, Accept accept) {
  for (const PayloadFormat& format : formats) {
    const auto codec = codec_of(format);
    if (!codec || !accept(*codec, format)) continue;
    choice.codec = *codec;
    choice.send = format;
    choice.receive_payload_type = format.payload_type;
    return true;
  }
  return false;
}

Result<AudioChoice> take_offered(const SessionDescription& offer, std::size_t index, const Policy& policy, const AudioChoice* in_use) {
  const MediaSection& section = offer.sections[index];
  auto transport = usable_transport(offer, section);
  if (!transport) return std::move(transport).error();
  if (!transport->setup) transport->setup = Setup::Active;
  if (*transport->setup == Setup::HoldConn) return rejected("setup of the sound is holdconn");

  AudioChoice choice;
  choice.section = index;
  choice.remote = direction_of(offer, section);
  choice.transport = *std::move(transport);
  const auto formats = formats_of(section);
  const auto is_allowed = [&](Codec codec, const PayloadFormat&) {
    return std::find(policy.codecs.begin(), policy.codecs.end(), codec) != policy.codecs.end();
  };
  const auto is_in_use = [&](Codec codec, const PayloadFormat& format) {
    return codec == in_use->codec && format.payload_type == in_use->send.payload_type;
  };
  if (in_use != nullptr && choose_format(choice, formats, is_in_use)) return choice;
  if (choose_format(choice, formats, is_allowed)) return choice;
  return rejected("no codec in common");
}

Result<AudioChoice> take_answered(const SessionDescription& offer, const SessionDescription& answer, std::size_t index) {
  const MediaSection& section = answer.sections[index];
  if (is_rejected(offer.sections[index])) return rejected("answer takes a section that was not offered");
  auto transport = usable_transport(answer, section);
  if (!transport) return std::move(transport).error();
  if (!transport->setup) transport->setup = Setup::Passive;
  const bool has_role = *transport->setup == Setup::Active || *transport->setup == Setup::Passive;
  if (!has_role) return rejected("setup of an answer is neither active nor passive");

  AudioChoice choice;
  choice.section = index;
  choice.remote = direction_of(answer, section);
  choice.transport = *std::move(transport);
  const auto offered = formats_of(offer.sections[index]);
  std::uint8_t ours = 0;
  // Told by codec, not by number: the answer may number the same codec otherwise, and we send by its numbers (RFC 3264 s.6.1).
  const auto was_offered = [&](Codec codec, const PayloadFormat&) {
    const auto found = std::find_if(offered.begin(), offered.end(), [&](const PayloadFormat& each) { return codec_of(each) == codec; });
    if (found == offered.end()) return false;
    ours = found->payload_type;
    return true;
  };
  if (!choose_format(choice, formats_of(section), was_offered)) {
    return rejected("answer has none of the codecs that were offered");
  }
  choice.receive_payload_type = ours;
  return choice;
}

}  // namespace

Direction reversed(Direction direction) noexcept { return direction_from(can_receive(direction), can_send(direction)); }

Direction common(Direction one, Direction other) noexcept {
  return direction_from(can_send(one) && can_send(other), can_receive(one) && can_receive(other));
}

Direction with_hold(Direction direction, bool held) noexcept {
  return direction_from(can_send(direction), can_receive(direction) && !held);
}

Result<AudioChoice> choose_from_offer(const SessionDescription& offer, const Policy& policy, const AudioChoice* in_use) {
  std::optional<Error> why;  // the first section of sound tells best what is wrong
  for (std::size_t i = 0; policy.audio && i < offer.sections.size(); ++i) {
    if (!is_audio(offer.sections[i]) || is_rejected(offer.sections[i])) continue;
    auto choice = take_offered(offer, i, policy, in_use);
    if (choice) return choice;
    if (!why) why = std::move(choice).error();
  }
  if (why) return *std::move(why);
  return rejected("offer has no section of sound", media_type_not_available);
}

Result<AudioChoice> choose_from_answer(const SessionDescription& offer, const SessionDescription& answer) {
  if (answer.sections.size() != offer.sections.size()) return rejected("answer has not as many m= lines as the offer");
  for (std::size_t i = 0; i < answer.sections.size(); ++i) {
    if (!detail::equal_without_case(answer.sections[i].media, offer.sections[i].media)) {
      return rejected("answer has not the m= lines of the offer in their order");
    }
  }
  for (std::size_t i = 0; i < answer.sections.size(); ++i) {
    if (is_audio(answer.sections[i]) && !is_rejected(answer.sections[i])) return take_answered(offer, answer, i);
  }
  return rejected("answer refuses the sound", media_type_not_available);
}

MediaSection refuse(const MediaSection& offered) {
  MediaSection section;
  section.media = offered.media;
  section.port = 0;
  section.protocol = offered.protocol;
  section.formats = {offered.formats.empty() ? "0" : offered.formats.front()};
  section.connections = {Connection{}};
  section.attributes.add(to_string(Direction::Inactive));
  // Peers that bundle find their sections by it, refused or not (RFC 8829 s.5.3.1).
  if (const auto mid = offered.attributes.value("mid"); mid && !mid->empty()) section.attributes.add("mid", *mid);
  return section;
}

bool same_transport(const AudioChoice& one, const AudioChoice& other) noexcept {
  return one.section == other.section && one.codec == other.codec && one.send.payload_type == other.send.payload_type &&
         one.receive_payload_type == other.receive_payload_type && one.transport.ice_ufrag == other.transport.ice_ufrag &&
         one.transport.ice_pwd == other.transport.ice_pwd && one.transport.fingerprints == other.transport.fingerprints;
}

Result<void> check_offer(std::string_view text, const Policy& policy) {
  const auto offer = parse(text);
  if (!offer) return unusable(offer.error());
  const auto choice = choose_from_offer(*offer, policy);
  return choice ? Result<void>() : Result<void>(choice.error());
}

Error unusable(Error error) {
  error.code = Errc::MediaRejected;
  error.status = 488;
  error.detail = incompatible_media_format;
  return error;
}

}  // namespace parley::media::sdp
