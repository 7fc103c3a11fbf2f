// SPDX-License-Identifier: MIT
#include <parley/media/null/null_session.hpp>
#include <parley/media/sdp/writer.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace parley::media {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string hex(std::uint64_t number) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += hex_digits[(number >> shift) & 0xF];
  return text;
}

/// A SHA-256 fingerprint of no certificate: 32 octets of chance.
std::string make_fingerprint(RandomNumber& random) {
  std::string digest;
  for (int word = 0; word < 4; ++word) {
    const std::string digits = hex(random());
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      if (!digest.empty()) digest += ':';
      digest += digits.substr(i, 2);
    }
  }
  return "sha-256 " + digest;
}

/// Even and out of the way; nobody listens there.
std::uint16_t make_port(RandomNumber& random) { return static_cast<std::uint16_t>(40'000 + random() % 10'000 * 2); }

bool can_send(Direction direction) { return direction == Direction::SendRecv || direction == Direction::SendOnly; }
bool can_receive(Direction direction) { return direction == Direction::SendRecv || direction == Direction::RecvOnly; }

}  // namespace

NullSession::NullSession(const Options& options, Executor& executor, SessionObserver& observer, std::shared_ptr<RandomNumber> random)
    : codecs_(options.codecs),
      executor_(executor),
      observer_(observer),
      random_(std::move(random)),
      negotiation_(sdp::Policy{options.audio, options.codecs}, (*random_)() >> 2),
      fingerprint_(make_fingerprint(*random_)),
      stream_id_(hex((*random_)())),
      track_id_(hex((*random_)())),
      ssrc_(static_cast<std::uint32_t>((*random_)() >> 32)),
      port_(make_port(*random_)) {
  renew_ice();
}

void NullSession::make_offer(SdpHandler done) {
  if (busy_) return refuse_second(std::move(done));
  busy_ = true;
  post([this, done = std::move(done), result = next_offer(), count = rollbacks_]() mutable {
    busy_ = false;
    if (result && count != rollbacks_) result = Errc::Cancelled;  // rolled back before anybody could send it
    done(std::move(result));
  });
}

void NullSession::accept_offer(std::string offer, SdpHandler done) {
  if (busy_) return refuse_second(std::move(done));
  complete(std::move(done), next_answer(offer));
}

void NullSession::accept_answer(std::string answer, DoneHandler done) {
  if (busy_) return refuse_second(std::move(done));
  complete(std::move(done), take_answer(answer));
}

void NullSession::rollback() {
  ++rollbacks_;
  negotiation_.rollback();
}

Result<std::string> NullSession::next_offer() {
  if (negotiation_.has_agreed()) return negotiation_.reoffer();
  auto text = describe(offered_formats());
  return text ? negotiation_.commit_offer(*text) : std::move(text);
}

Result<std::string> NullSession::next_answer(std::string_view offer) {
  auto incoming = negotiation_.read_offer(offer);
  if (!incoming) return std::move(incoming).error();
  if (!incoming->needs_backend) return negotiation_.commit_answer(*std::move(incoming));
  // A peer that restarts ICE wants new credentials in return (RFC 8445 s.9).
  const auto& before = negotiation_.audio();
  if (before && before->transport.ice_ufrag != incoming->audio.transport.ice_ufrag) renew_ice();
  sdp::PayloadFormat chosen = sdp::format_of(incoming->audio.codec);
  chosen.payload_type = incoming->audio.receive_payload_type;
  auto text = describe({chosen});
  if (text) text = negotiation_.commit_answer(*std::move(incoming), *text);
  if (text) tell_connected();
  return text;
}

Result<void> NullSession::take_answer(std::string_view answer) {
  auto incoming = negotiation_.read_answer(answer);
  if (!incoming) return std::move(incoming).error();
  const bool is_new = incoming->needs_backend;
  negotiation_.commit_remote_answer(*std::move(incoming));
  if (is_new) tell_connected();
  return {};
}

void NullSession::renew_ice() {
  ice_ufrag_ = hex((*random_)()).substr(0, 8);
  ice_pwd_ = hex((*random_)()) + hex((*random_)());
}

std::vector<sdp::PayloadFormat> NullSession::offered_formats() const {
  std::vector<sdp::PayloadFormat> formats;
  for (const Codec codec : codecs_) {
    sdp::PayloadFormat format = sdp::format_of(codec);
    if (std::find(formats.begin(), formats.end(), format) == formats.end()) formats.push_back(std::move(format));
  }
  return formats;
}

/// What a media library would give: one section of sound, gathered.
Result<std::string> NullSession::describe(const std::vector<sdp::PayloadFormat>& formats) const {
  sdp::SessionDescription description;
  description.attributes.add("group", "BUNDLE 0");
  description.attributes.add("msid-semantic", " WMS " + stream_id_);
  sdp::MediaSection& section = description.sections.emplace_back();
  section.connections.emplace_back();
  for (const sdp::PayloadFormat& format : formats) sdp::add_format(section, format);
  sdp::Attributes& attributes = section.attributes;
  attributes.add("mid", "0");
  attributes.add("sendrecv");
  attributes.add("rtcp-mux");
  attributes.add("rtcp-rsize");
  attributes.add("msid", stream_id_ + ' ' + track_id_);
  attributes.add("ssrc", std::to_string(ssrc_) + " cname:" + stream_id_);
  attributes.add("ice-ufrag", ice_ufrag_);
  attributes.add("ice-pwd", ice_pwd_);
  attributes.add("fingerprint", fingerprint_);
  constexpr std::uint32_t host_priority = (126U << 24) + (65'535U << 8) + 255U;  // RFC 8445 s.5.1.2.1
  attributes.add("candidate", sdp::to_text(sdp::Candidate{"1", 1, "UDP", host_priority, "127.0.0.1", port_, "host", {}}));
  attributes.add("end-of-candidates");
  return sdp::write(description);
}

Result<void> NullSession::send_dtmf(char, Duration) {
  return Error{.code = Errc::NotSupported, .reason = "tones in the media stream (RFC 4733) are not built", .detail = {}};
}

MediaStream NullSession::stream_of(std::string id, std::string track_id, bool flows, bool enabled) const {
  Track track;
  track.id = std::move(track_id);
  track.enabled = enabled;
  track.muted = !flows;
  if (const auto codec = negotiation_.agreed().codec) track.codec = to_string(*codec);
  return MediaStream{std::move(id), {std::move(track)}};
}

std::optional<MediaStream> NullSession::local_stream() const {
  if (!negotiation_.has_agreed()) return std::nullopt;
  return stream_of(stream_id_, track_id_, can_send(negotiation_.agreed().direction), !muted_);
}

std::optional<MediaStream> NullSession::remote_stream() const {
  if (!negotiation_.has_agreed()) return std::nullopt;
  const auto& section = negotiation_.remote()->sections[negotiation_.audio()->section];
  const auto value = section.attributes.value("msid");
  const auto msid = value ? sdp::parse_msid(*value) : Result<sdp::Msid>(Errc::BadSyntax);
  const sdp::Msid names = msid ? *msid : sdp::Msid{"remote", "audio"};
  return stream_of(names.stream, names.track, can_receive(negotiation_.agreed().direction), true);
}

void NullSession::stats(UniqueFunction<void(Stats)> done) {
  post([this, done = std::move(done)] {
    Stats stats;
    if (const auto codec = negotiation_.agreed().codec) stats.codec = to_string(*codec);
    done(std::move(stats));
  });
}

void NullSession::tell_connected() {
  // Each in a task of its own: the observer may destroy us in the first.
  post([this] {
    post([this] { observer_.on_media_state(State::Connecting, std::nullopt); });
    post([this] { observer_.on_media_state(State::Connected, std::nullopt); });
  });
}

template <class Handler, class Outcome>
void NullSession::complete(Handler done, Outcome outcome) {
  busy_ = true;
  post([this, done = std::move(done), outcome = std::move(outcome)]() mutable {
    busy_ = false;
    done(std::move(outcome));
  });
}

template <class Handler>
void NullSession::refuse_second(Handler done) {
  post([done = std::move(done)] { done(Errc::Busy); });
}

void NullSession::post(UniqueFunction<void()> task) {
  executor_.post([task = std::move(task), alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) task();
  });
}

}  // namespace parley::media
