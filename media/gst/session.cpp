// SPDX-License-Identifier: MIT
#include <parley/media/gst/session.hpp>

#include <parley/media/gst/engine.hpp>
#include <parley/media/gst/tracks.hpp>
#include <parley/media/sdp/formats.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace parley::media::gst {
namespace {

/// ICE and DTLS have had every chance by then; libnice may go on trying without a word.
constexpr Duration connect_limit{30'000};

Error media_error(Errc code, const char* reason) { return {code, 0, Error::no_offset, reason, {}}; }

/// Number of our o= lines (RFC 8829 s.5.2.1): random, below 2^62.
std::uint64_t new_session_id() {
  std::random_device chance;
  return std::uniform_int_distribution<std::uint64_t>(0, (std::uint64_t{1} << 62) - 1)(chance);
}

/// A new transport can be offered, not answered: our offer named the one in use (RFC 8839 s.4.4.1.1.1).
Error changed_in_answer() {
  return {Errc::MediaRejected, 488, Error::no_offset, "the answer changes the transport of a call that is up", {}};
}

/// webrtcbin's answer lists all that it may carry; the peer is told the one codec that was chosen.
Result<std::string> with_one_codec(const std::string& text, std::uint8_t payload_type) {
  auto description = sdp::parse(text);
  if (!description) return media_error(Errc::MediaFailed, "webrtcbin made an unreadable description");
  for (auto& section : description->sections) sdp::keep_only_format(section, payload_type);
  return sdp::write(*description);
}

Gates gates_of(const Agreed& agreed, bool is_held) {
  const bool sends = agreed.direction == Direction::SendRecv || agreed.direction == Direction::SendOnly;
  const bool receives = agreed.direction == Direction::SendRecv || agreed.direction == Direction::RecvOnly;
  return {.sends = sends, .receives = receives, .is_silent = is_held && !receives};
}

}  // namespace

GstSession::GstSession(std::shared_ptr<Engine> engine, const Options& options, Executor& executor, SessionObserver& observer)
    : engine_(std::move(engine)),
      options_(options),
      executor_(executor),
      observer_(observer),
      negotiation_(sdp::Policy{.audio = true, .codecs = options.codecs}, new_session_id()),
      meters_(std::make_shared<Meters>()),
      mailbox_(std::make_shared<Box>(executor, static_cast<EngineSideObserver&>(*this))),
      engine_side_(std::make_shared<EngineSide>(*engine_, options, meters_, mailbox_)),
      gathering_cap_(executor.make_deadline([this] { on_engine([](EngineSide& side) { side.stop_gathering(); }); })),
      connect_cap_(executor.make_deadline([this] { on_connect_timeout(); })) {}

/// The engine's side ends on its own thread; nothing of it reaches us, the executor or the observer any more.
GstSession::~GstSession() {
  mailbox_->close();
  on_engine([](EngineSide& side) { side.close(); });
}

template <class F>
void GstSession::on_engine(F action) {
  engine_->post([side = engine_side_, action = std::move(action)] { action(*side); });
}

/// Later, as the port asks: never inside the call.
template <class Handler, class Outcome>
void GstSession::tell_later(Handler done, Outcome outcome) {
  Box::post(mailbox_, [done = std::move(done), outcome = std::move(outcome)](EngineSideObserver&) mutable { done(std::move(outcome)); });
}

/// An operation whose outcome is known at once keeps the session busy until it is told.
template <class Handler, class Outcome>
void GstSession::complete(Handler done, Outcome outcome) {
  completing_ = true;
  Box::post(mailbox_, [this, done = std::move(done), outcome = std::move(outcome)](EngineSideObserver&) mutable {
    completing_ = false;
    done(std::move(outcome));  // may destroy us
  });
}

GstSession::Operation GstSession::end_operation() {
  gathering_cap_->set(std::nullopt);
  return *std::exchange(operation_, std::nullopt);
}

// Offers of ours.

void GstSession::make_offer(SdpHandler done) {
  if (is_busy()) return tell_later(std::move(done), Result<std::string>(Errc::Busy));
  if (negotiation_.has_agreed()) return complete(std::move(done), negotiation_.reoffer());
  if (negotiation_.has_open_offer()) return complete(std::move(done), Result<std::string>(Errc::WrongState));
  operation_ = Operation{.described = std::move(done), .taken = {}, .incoming = std::nullopt};
  on_engine([codecs = payloads()](EngineSide& side) { side.make_offer(codecs); });
}

std::vector<Payload> GstSession::payloads() const {
  std::vector<Payload> result;
  for (const Codec codec : options_.codecs) result.push_back({codec, sdp::format_of(codec).payload_type});
  return result;
}

void GstSession::accept_answer(std::string answer, DoneHandler done) {
  if (is_busy()) return tell_later(std::move(done), Result<void>(Errc::Busy));
  auto incoming = negotiation_.read_answer(answer);
  if (!incoming) return complete(std::move(done), Result<void>(std::move(incoming).error()));
  if (!incoming->needs_backend) {
    negotiation_.commit_remote_answer(std::move(*incoming));
    apply_gates();
    return complete(std::move(done), Result<void>());
  }
  if (only_codec_changes(*incoming)) {
    switch_codec(incoming->audio);
    negotiation_.commit_remote_answer(std::move(*incoming));
    apply_gates();
    return complete(std::move(done), Result<void>());
  }
  if (negotiation_.has_agreed()) return complete(std::move(done), Result<void>(changed_in_answer()));
  auto remote = remote_of(*incoming);
  if (!remote) return complete(std::move(done), Result<void>(std::move(remote).error()));
  operation_ = Operation{.described = {}, .taken = std::move(done), .incoming = std::move(*incoming)};
  on_engine([remote = std::move(*remote)](EngineSide& side) { side.take_answer(remote); });
}

void GstSession::on_answer_taken(Result<void> taken) {
  if (!operation_) return;
  auto operation = end_operation();
  if (taken) {
    negotiation_.commit_remote_answer(std::move(*operation.incoming));
    apply_gates();
    expect_connection();
  }
  operation.taken(std::move(taken));  // may destroy us
}

/// The first offer has a Peer that waits for its answer; a later one was made of text alone.
void GstSession::rollback() {
  if (operation_ && !operation_->incoming) operation_->is_cancelled = true;
  if (!negotiation_.has_open_offer()) return;
  negotiation_.rollback();
  if (!negotiation_.has_agreed()) on_engine([](EngineSide& side) { side.drop_offer(); });
}

// Offers of the peer.

void GstSession::accept_offer(std::string offer, SdpHandler done) {
  if (is_busy()) return tell_later(std::move(done), Result<std::string>(Errc::Busy));
  auto incoming = negotiation_.read_offer(offer);
  if (!incoming) return complete(std::move(done), Result<std::string>(std::move(incoming).error()));
  const bool is_other_codec = only_codec_changes(*incoming);
  if (incoming->needs_backend && !is_other_codec) return answer_from_engine(std::move(*incoming), std::move(done));
  auto answer = is_other_codec ? answer_with_other_codec(std::move(*incoming)) : negotiation_.commit_answer(std::move(*incoming));
  if (answer) apply_gates();
  complete(std::move(done), std::move(answer));
}

void GstSession::answer_from_engine(Incoming incoming, SdpHandler done) {
  auto remote = remote_of(incoming);
  if (!remote) return complete(std::move(done), Result<std::string>(std::move(remote).error()));
  operation_ = Operation{.described = std::move(done), .taken = {}, .incoming = std::move(incoming)};
  on_engine([remote = std::move(*remote)](EngineSide& side) { side.make_answer(remote); });
}

/// The text that webrtcbin reads is written by us: what a peer sends never reaches it as it is. It learns all numbers of our codecs that
/// the peer may use, or it would not know them when the peer changes its codec in mid-call.
Result<Remote> GstSession::remote_of(const Incoming& incoming) const {
  const auto& audio = incoming.audio;
  sdp::SessionDescription description = incoming.for_backend;
  Remote remote{.sdp = {}, .payloads = {{audio.codec, audio.send.payload_type}}, .fingerprints = audio.transport.fingerprints};
  for (auto format : sdp::formats_of(incoming.remote.sections[audio.section])) {
    const auto codec = sdp::codec_of(format);
    const bool is_ours = codec && std::find(options_.codecs.begin(), options_.codecs.end(), *codec) != options_.codecs.end();
    if (!is_ours || format.payload_type == audio.send.payload_type) continue;
    format.parameters.clear();
    sdp::add_format(description.sections.front(), format);
    remote.payloads.push_back({*codec, format.payload_type});
  }
  auto text = sdp::write(description);
  if (!text) return text.error();
  remote.sdp = std::move(*text);
  return remote;
}

// Another codec over the same transport: webrtcbin is not told, it carries what it knows the number of.

bool GstSession::only_codec_changes(const Incoming& incoming) const {
  if (!incoming.needs_backend || !negotiation_.has_agreed()) return false;
  const auto& now = *negotiation_.audio();
  const auto& next = incoming.audio;
  return now.section == next.section && now.transport.ice_ufrag == next.transport.ice_ufrag &&
         now.transport.ice_pwd == next.transport.ice_pwd && now.transport.fingerprints == next.transport.fingerprints;
}

void GstSession::switch_codec(const sdp::AudioChoice& audio) {
  on_engine([payload = Payload{audio.codec, audio.send.payload_type}](EngineSide& side) { side.switch_codec(payload); });
}

/// Our part of the transport as it stands, with the other codec in it. DTLS keeps its roles (RFC 8842 s.5.3).
Result<std::string> GstSession::answer_with_other_codec(Incoming incoming) {
  const auto audio = incoming.audio;
  sdp::SessionDescription ours = *negotiation_.local();
  sdp::MediaSection section = ours.sections[negotiation_.audio()->section];
  section.formats.clear();
  for (const char* name : {"rtpmap", "fmtp", "rtcp-fb"}) section.attributes.remove(name);
  sdp::add_format(section, audio.send);
  const bool peer_is_active = negotiation_.audio()->transport.setup == sdp::Setup::Active;
  if (section.attributes.value("setup") == "actpass") section.attributes.set("setup", peer_is_active ? "passive" : "active");
  ours.sections.clear();
  ours.sections.push_back(std::move(section));
  const auto text = sdp::write(ours);
  if (!text) return text.error();
  auto answer = negotiation_.commit_answer(std::move(incoming), *text);
  if (answer) switch_codec(audio);
  return answer;
}

// What comes from the engine's side.

void GstSession::on_gathering() {
  if (operation_) gathering_cap_->set(executor_.now() + options_.ice_gathering_timeout);
}

void GstSession::on_described(Result<std::string> description) {
  if (!operation_) return;
  auto operation = end_operation();
  if (operation.is_cancelled) {
    on_engine([](EngineSide& side) { side.drop_offer(); });
    return operation.described(Errc::Cancelled);
  }
  if (!description) return operation.described(std::move(description));
  if (!operation.incoming) return operation.described(negotiation_.commit_offer(*description));
  operation.described(commit_answer(std::move(*operation.incoming), *description));  // may destroy us
}

Result<std::string> GstSession::commit_answer(Incoming incoming, const std::string& description) {
  auto narrowed = with_one_codec(description, incoming.audio.send.payload_type);
  if (!narrowed) return narrowed;
  auto answer = negotiation_.commit_answer(std::move(incoming), *narrowed);
  if (!answer) return answer;
  apply_gates();
  expect_connection();
  return answer;
}

void GstSession::apply_gates() {
  gates_ = gates_of(negotiation_.agreed(), negotiation_.is_held());
  on_engine([gates = gates_](EngineSide& side) { side.set_gates(gates); });
}

void GstSession::set_muted(bool muted) {
  muted_ = muted;
  on_engine([muted](EngineSide& side) { side.set_muted(muted); });
}

Result<void> GstSession::send_dtmf(char /*tone*/, Duration /*duration*/) {
  return Error{Errc::NotSupported, 0, Error::no_offset, "DTMF over RTP is not built yet", {}};
}

// The path of the sound.

void GstSession::expect_connection() { connect_cap_->set(executor_.now() + connect_limit); }

void GstSession::on_connect_timeout() { tell(State::Failed, media_error(Errc::MediaFailed, "no path for the sound in 30 s")); }

void GstSession::on_path_state(State state) {
  if (state == State::Connected) connect_cap_->set(std::nullopt);
  tell(state, std::nullopt);
}

void GstSession::on_failed(const Error& why) {
  connect_cap_->set(std::nullopt);
  tell(State::Failed, why);
}

/// The observer may destroy us.
void GstSession::tell(State state, const std::optional<Error>& why) {
  if (state == state_) return;
  state_ = state;
  observer_.on_media_state(state, why);
}

void GstSession::on_first_sound() {
  if (std::exchange(has_sound_, true)) return;
  observer_.on_first_media();
}

// Snapshots.

std::optional<MediaStream> GstSession::local_stream() const {
  if (!negotiation_.has_agreed()) return std::nullopt;
  Track track = track_of(meters_->sent);
  track.enabled = !muted_;
  track.muted = state_ != State::Connected || !gates_.sends || gates_.is_silent;
  return stream_of(*negotiation_.local(), negotiation_.audio()->section, "local", std::move(track));
}

std::optional<MediaStream> GstSession::remote_stream() const {
  if (!negotiation_.has_agreed()) return std::nullopt;
  Track track = track_of(meters_->heard);
  track.muted = !has_sound_ || !gates_.receives;
  return stream_of(*negotiation_.remote(), negotiation_.audio()->section, "remote", std::move(track));
}

Track GstSession::track_of(const Meter& meter) const {
  Track track;
  track.codec = to_string(negotiation_.audio()->codec);
  track.level = meter.level(Meter::Clock::now());
  return track;
}

void GstSession::stats(UniqueFunction<void(Stats)> done) {
  const auto request = ++last_count_;
  counting_.emplace(request, std::move(done));
  on_engine([request](EngineSide& side) { side.count(request); });
}

void GstSession::on_counted(const Numbers& numbers, std::uint64_t request) {
  auto waiting = counting_.extract(request);
  if (waiting.empty()) return;
  const Heard heard = meters_->heard.read(Meter::Clock::now());
  Stats stats;
  stats.packets_sent = numbers.packets_sent;
  stats.packets_received = numbers.packets_received;
  stats.packets_lost = numbers.packets_lost;
  stats.rtt_ms = numbers.rtt_ms;
  stats.jitter_ms = numbers.jitter_ms;
  stats.audio_level_db = heard.level_db;
  stats.peak_hz = heard.peak_hz;
  if (const auto& audio = negotiation_.audio()) stats.codec = to_string(audio->codec);
  waiting.mapped()(std::move(stats));  // may destroy us
}

}  // namespace parley::media::gst
