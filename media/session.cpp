// SPDX-License-Identifier: MIT
#include <parley/media/session.hpp>

#include <algorithm>
#include <charconv>

namespace parley::media {

namespace {

constexpr double lowest_tone_hz = 20.0;  // what an ear can hear
constexpr double highest_tone_hz = 20'000.0;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

Error bad_endpoint(const char* reason) { return Error{.code = Errc::BadValue, .reason = reason}; }

Result<AudioEndpoint> tone_from_text(std::string_view text) {
  double hertz = 0.0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), hertz);
  if (status != std::errc{} || end != text.data() + text.size()) return bad_endpoint("tone: not a frequency in Hz");
  return AudioEndpoint{.kind = AudioEndpoint::Kind::Tone, .argument = {}, .tone_hz = hertz};
}

Result<AudioEndpoint> endpoint_from_text(std::string_view text) {
  using Kind = AudioEndpoint::Kind;
  constexpr std::string_view tone = "tone:";
  constexpr std::string_view file = "file:";
  if (text.empty()) return bad_endpoint("source or sink of sound: empty");
  if (text == "device") return AudioEndpoint{};
  if (text == "silence") return AudioEndpoint{.kind = Kind::Silence, .argument = {}};
  if (text == "tone") return AudioEndpoint{.kind = Kind::Tone, .argument = {}};
  if (text.starts_with(tone)) return tone_from_text(text.substr(tone.size()));
  if (text.starts_with(file)) return AudioEndpoint{.kind = Kind::File, .argument = std::string(text.substr(file.size()))};
  return AudioEndpoint{.kind = Kind::Gst, .argument = std::string(text)};
}

}  // namespace

Result<AudioEndpoint> AudioEndpoint::from_text(std::string_view text) {
  auto endpoint = endpoint_from_text(text);
  if (!endpoint) return endpoint;
  if (auto fine = endpoint->check(); !fine) return std::move(fine).error();
  return endpoint;
}

Result<void> AudioEndpoint::check() const {
  if (argument.find('\0') != std::string::npos) return bad_endpoint("source or sink of sound: holds a NUL");
  switch (kind) {
    case Kind::Tone:  // written this way round, "nan" is refused too
      if (!(tone_hz >= lowest_tone_hz && tone_hz <= highest_tone_hz)) return bad_endpoint("tone: outside 20 to 20000 Hz");
      break;
    case Kind::File:
      if (argument.empty()) return bad_endpoint("file: no path");
      break;
    case Kind::Gst:
      if (argument.empty()) return bad_endpoint("source or sink of sound: an empty description");
      break;
    case Kind::Device:
    case Kind::Silence: break;
  }
  return {};
}

std::string_view to_string(Codec codec) noexcept {
  switch (codec) {
    case Codec::Opus: return "opus";
    case Codec::G722: return "G722";
    case Codec::Pcmu: return "PCMU";
    case Codec::Pcma: return "PCMA";
  }
  return "";
}

std::optional<Codec> codec_from_text(std::string_view text) {
  const std::string name = lower_case(text);
  if (name == "opus") return Codec::Opus;
  if (name == "g722" || name == "g.722") return Codec::G722;
  if (name == "pcmu") return Codec::Pcmu;
  if (name == "pcma") return Codec::Pcma;
  return std::nullopt;
}

std::string_view to_string(Direction direction) noexcept {
  switch (direction) {
    case Direction::Inactive: return "inactive";
    case Direction::RecvOnly: return "recvonly";
    case Direction::SendOnly: return "sendonly";
    case Direction::SendRecv: return "sendrecv";
  }
  return "";
}

std::string_view to_string(State state) noexcept {
  switch (state) {
    case State::New: return "new";
    case State::Connecting: return "connecting";
    case State::Connected: return "connected";
    case State::Disconnected: return "disconnected";
    case State::Failed: return "failed";
    case State::Closed: return "closed";
  }
  return "";
}

}  // namespace parley::media
