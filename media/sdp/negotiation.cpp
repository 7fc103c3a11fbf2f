// SPDX-License-Identifier: MIT
#include <parley/media/sdp/negotiation.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>

#include <utility>

namespace parley::media::sdp {

namespace {

Error wrong_state(const char* reason) { return Error{.code = Errc::WrongState, .reason = reason, .detail = {}}; }

/// What a backend made; it must have its section of sound in front.
Result<SessionDescription> parse_backend(std::string_view text) {
  auto description = parse(text);
  if (!description) return description;
  if (description->sections.empty() || is_rejected(description->sections.front())) {
    return Error{.code = Errc::MediaFailed, .reason = "media backend made a description without sound", .detail = {}};
  }
  return description;
}

/// Ours to an offer: the opposite of what the peer takes; where it leaves the choice, the role we have, or active (RFC 8842 s.5.3).
Setup answer_role(Setup offered, Setup ours) noexcept {
  if (offered == Setup::Active) return Setup::Passive;
  if (offered == Setup::Passive || ours == Setup::ActPass) return Setup::Active;
  return ours;
}

bool is_hold(Direction remote) noexcept { return remote == Direction::SendOnly || remote == Direction::Inactive; }

}  // namespace

Negotiation::Negotiation(Policy policy, std::uint64_t session_id) : policy_(std::move(policy)), session_id_(std::to_string(session_id)) {}

Direction Negotiation::own_wish() const noexcept { return with_hold(remote_hold_ ? Direction::RecvOnly : Direction::SendRecv, held_); }

/// Gives the description our o= line. The version rises with every text that differs from the one sent before (RFC 3264 s.8).
Result<std::string> Negotiation::number_and_write(SessionDescription& description) {
  description.origin = Origin{};
  description.origin.session_id = session_id_;
  auto unnumbered = write(description);
  if (!unnumbered) return unnumbered;
  const bool is_new = *unnumbered != last_sent_;
  description.origin.session_version = std::to_string(is_new ? version_ + 1 : version_);
  auto text = write(description);
  if (!text) return text;
  if (is_new) ++version_;
  last_sent_ = *std::move(unnumbered);
  return text;
}

Result<std::string> Negotiation::open(SessionDescription offer, bool from_backend) {
  auto text = number_and_write(offer);
  if (!text) return text;
  open_offer_ = std::move(offer);
  offer_from_backend_ = from_backend;
  return text;
}

Result<std::string> Negotiation::commit_offer(std::string_view backend_text) {
  if (open_offer_) return wrong_state("an offer of ours is open");
  const auto backend = parse_backend(backend_text);
  if (!backend) return backend.error();
  // Sections never go away (RFC 3264 s.8): a new backend's offer keeps the places of the last description.
  const SessionDescription* layout = has_agreed() ? &*local_ : nullptr;
  return open(finish_local(*backend, own_wish(), Setup::ActPass, layout, audio_ ? audio_->section : 0), true);
}

Result<std::string> Negotiation::reoffer() {
  if (open_offer_) return wrong_state("an offer of ours is open");
  if (!has_agreed()) return wrong_state("nothing was agreed yet");
  SessionDescription offer = *local_;
  MediaSection& section = offer.sections[audio_->section];
  section.attributes.set("setup", to_string(Setup::ActPass));
  set_direction(section, own_wish());
  return open(std::move(offer), false);
}

Result<Negotiation::Incoming> Negotiation::read_answer(std::string_view text) const {
  if (!open_offer_) return wrong_state("answer without an offer of ours");
  auto answer = parse(text);
  if (!answer) return unusable(std::move(answer).error());
  auto choice = choose_from_answer(*open_offer_, *answer);
  if (!choice) return std::move(choice).error();
  const bool is_same = has_agreed() && same_transport(*audio_, *choice);
  Incoming incoming;
  incoming.needs_backend = offer_from_backend_ || !is_same;
  incoming.for_backend = normalise_remote(*answer, *choice, open_mid());
  incoming.remote = *std::move(answer);
  incoming.audio = *std::move(choice);
  return incoming;
}

void Negotiation::commit_remote_answer(Incoming incoming) {
  if (!open_offer_) return;
  local_ = std::exchange(open_offer_, std::nullopt);
  const Direction offered = direction_of(*local_, local_->sections[incoming.audio.section]);
  // Only an answer to sendrecv tells what the peer wants; to anything less it had no choice.
  if (offered == Direction::SendRecv) remote_hold_ = is_hold(incoming.audio.remote);
  if (incoming.needs_backend) role_ = incoming.audio.transport.setup == Setup::Active ? Setup::Passive : Setup::Active;
  agree(std::move(incoming), offered);
}

void Negotiation::rollback() noexcept { open_offer_.reset(); }

Result<Negotiation::Incoming> Negotiation::read_offer(std::string_view text) const {
  if (open_offer_) return Error{.code = Errc::Busy, .reason = "an offer of ours is open", .detail = {}};
  auto offer = parse(text);
  if (!offer) return unusable(std::move(offer).error());
  auto choice = choose_from_offer(*offer, policy_, audio_ ? &*audio_ : nullptr);
  if (!choice) return std::move(choice).error();
  Incoming incoming;
  incoming.needs_backend = !has_agreed() || !same_transport(*audio_, *choice);
  incoming.for_backend = normalise_remote(*offer, *choice);
  incoming.remote = *std::move(offer);
  incoming.audio = *std::move(choice);
  return incoming;
}

Result<std::string> Negotiation::commit_answer(Incoming incoming) {
  if (open_offer_ || !has_agreed()) return wrong_state("no description to answer from");
  SessionDescription stored = *local_;
  stored.sections.assign(1, local_->sections[audio_->section]);
  // What we offered once may be more than what is offered to us now.
  keep_only_format(stored.sections.front(), incoming.audio.receive_payload_type);
  const Setup role = answer_role(incoming.audio.transport.setup.value_or(Setup::ActPass), role_);
  return answer(std::move(incoming), stored, role);
}

Result<std::string> Negotiation::commit_answer(Incoming incoming, std::string_view backend_text) {
  if (open_offer_) return wrong_state("an offer of ours is open");
  const auto backend = parse_backend(backend_text);
  if (!backend) return backend.error();
  const auto chosen = transport_of(*backend, backend->sections.front()).setup;
  const bool has_role = chosen == Setup::Active || chosen == Setup::Passive;
  const Setup offered = incoming.audio.transport.setup.value_or(Setup::ActPass);
  return answer(std::move(incoming), *backend, has_role ? *chosen : answer_role(offered, Setup::ActPass));
}

Result<std::string> Negotiation::answer(Incoming incoming, const SessionDescription& ours, Setup role) {
  const Direction direction = with_hold(reversed(incoming.audio.remote), held_);
  SessionDescription description = finish_local(ours, direction, role, &incoming.remote, incoming.audio.section);
  auto text = number_and_write(description);
  if (!text) return text;
  local_ = std::move(description);
  role_ = role;
  remote_hold_ = is_hold(incoming.audio.remote);
  agree(std::move(incoming), direction);
  return text;
}

void Negotiation::agree(Incoming incoming, Direction ours) {
  direction_ = common(ours, reversed(incoming.audio.remote));
  audio_ = std::move(incoming.audio);
  remote_ = std::move(incoming.remote);
}

std::string Negotiation::open_mid() const {
  for (const MediaSection& section : open_offer_->sections) {
    const auto mid = section.attributes.value("mid");
    if (!is_rejected(section) && mid && !mid->empty()) return std::string(*mid);
  }
  return "0";
}

Agreed Negotiation::agreed() const {
  Agreed agreed{.direction = direction_, .remote_hold = remote_hold_, .codec = std::nullopt};
  if (audio_) agreed.codec = audio_->codec;
  return agreed;
}

}  // namespace parley::media::sdp
