// SPDX-License-Identifier: MIT
#include <parley/media/sdp/attributes.hpp>
#include <parley/media/sdp/detail/text.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace parley::media::sdp {

using detail::Words;

namespace {

constexpr std::size_t no_bound = limits::text;  // the text as a whole is bounded already

Error malformed(const char* reason) { return Error{.code = Errc::BadSyntax, .reason = reason, .detail = {}}; }

std::string_view before(std::string_view text, char mark) { return text.substr(0, text.find(mark)); }

std::string_view after(std::string_view text, char mark) {
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
}

struct Hash {
  std::string_view name;
  std::size_t octets;
  bool strong;
};

/// RFC 8122 s.5, with the sizes of FIPS 180.
constexpr std::array<Hash, 7> hashes{{
    {"sha-256", 32, true},
    {"sha-384", 48, true},
    {"sha-512", 64, true},
    {"sha-224", 28, false},
    {"sha-1", 20, false},
    {"md5", 16, false},
    {"md2", 16, false},
}};

const Hash* find_hash(std::string_view name) noexcept {
  const auto found = std::find_if(hashes.begin(), hashes.end(), [&](const Hash& hash) { return hash.name == name; });
  return found == hashes.end() ? nullptr : found;
}

/// Takes "ab:CD" as "AB:CD"; empty if it is not pairs of hexadecimal digits with colons between.
std::string digest_from_text(std::string_view text) {
  std::string digest;
  if (text.size() % 3 != 2) return digest;
  digest.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_hex = detail::is_digit(c) || (detail::lower(c) >= 'a' && detail::lower(c) <= 'f');
    if (i % 3 == 2 ? c != ':' : !is_hex) return {};
    digest += detail::is_alpha(c) ? static_cast<char>(detail::lower(c) - 'a' + 'A') : c;
  }
  return digest;
}

bool is_ice_text(std::string_view value, std::size_t shortest) noexcept {
  constexpr std::size_t longest = 256;
  return value.size() >= shortest && value.size() <= longest &&
         std::all_of(value.begin(), value.end(), [](char c) { return detail::is_alpha(c) || detail::is_digit(c) || c == '+' || c == '/'; });
}

}  // namespace

Result<RtpMap> parse_rtpmap(std::string_view value) {
  Words words(value);
  const auto payload_type = detail::number(words.next(), 127);
  if (!payload_type) return malformed("rtpmap: payload type is not 0 to 127");
  const std::string_view format = words.next();
  const std::string_view encoding = before(format, '/');
  const std::string_view numbers = after(format, '/');
  const auto clock_rate = detail::number(before(numbers, '/'), UINT32_MAX);
  if (!words.at_end() || !detail::is_word(encoding, limits::token)) return malformed("rtpmap: not encoding/clock rate");
  if (!clock_rate || *clock_rate == 0) return malformed("rtpmap: clock rate is none");
  RtpMap map{static_cast<std::uint8_t>(*payload_type), std::string(encoding), static_cast<std::uint32_t>(*clock_rate), 1};
  if (numbers.find('/') == std::string_view::npos) return map;
  const auto channels = detail::number(after(numbers, '/'), UINT16_MAX);
  if (!channels || *channels == 0) return malformed("rtpmap: number of channels is none");
  map.channels = static_cast<std::uint16_t>(*channels);
  return map;
}

std::string to_text(const RtpMap& map) {
  std::string text = std::to_string(map.payload_type) + ' ' + map.encoding + '/' + std::to_string(map.clock_rate);
  if (map.channels != 1) text += '/' + std::to_string(map.channels);
  return text;
}

Result<Fmtp> parse_fmtp(std::string_view value) {
  Words words(value);
  const std::string_view format = words.next();
  if (!detail::is_word(format, limits::address) || words.at_end()) return malformed("fmtp: not format and parameters");
  return Fmtp{std::string(format), std::string(words.rest())};
}

Result<Fingerprint> parse_fingerprint(std::string_view value) {
  Words words(value);
  Fingerprint fingerprint;
  fingerprint.hash = detail::lower_case(words.next());
  fingerprint.digest = digest_from_text(words.next());
  if (!detail::is_word(fingerprint.hash, limits::token) || fingerprint.digest.empty() || !words.at_end()) {
    return malformed("fingerprint: not hash and digest");
  }
  const Hash* hash = find_hash(fingerprint.hash);
  if (hash != nullptr && fingerprint.digest.size() != hash->octets * 3 - 1) return malformed("fingerprint: digest has the wrong length");
  return fingerprint;
}

bool is_strong(const Fingerprint& fingerprint) noexcept {
  const Hash* hash = find_hash(fingerprint.hash);
  return hash != nullptr && hash->strong;
}

std::optional<Setup> setup_from_text(std::string_view value) noexcept {
  for (const Setup setup : {Setup::ActPass, Setup::Active, Setup::Passive, Setup::HoldConn}) {
    if (detail::equal_without_case(value, to_string(setup))) return setup;
  }
  return std::nullopt;
}

std::string_view to_string(Setup setup) noexcept {
  switch (setup) {
    case Setup::ActPass: return "actpass";
    case Setup::Active: return "active";
    case Setup::Passive: return "passive";
    case Setup::HoldConn: return "holdconn";
  }
  return "";
}

bool Candidate::is_udp() const noexcept { return detail::equal_without_case(transport, "udp"); }

Result<Candidate> parse_candidate(std::string_view value) {
  constexpr std::size_t longest_foundation = 32;
  Words words(value);
  Candidate candidate;
  candidate.foundation = words.next();
  const auto component = detail::number(words.next(), 256);
  candidate.transport = words.next();
  const auto priority = detail::number(words.next(), UINT32_MAX);
  candidate.address = words.next();
  const auto port = detail::number(words.next(), UINT16_MAX);
  const bool has_type = words.next() == "typ";
  candidate.type = words.next();
  candidate.rest = words.rest();
  if (!detail::is_word(candidate.foundation, longest_foundation)) return malformed("candidate: foundation missing or too long");
  if (!component || *component == 0 || !priority || !port) return malformed("candidate: component, priority or port is none");
  if (!detail::is_word(candidate.transport, limits::token)) return malformed("candidate: no transport");
  if (!detail::is_ipv4(candidate.address) && !detail::is_ipv6(candidate.address) && !detail::is_host_name(candidate.address)) {
    return malformed("candidate: address is none");
  }
  if (!has_type || !detail::is_word(candidate.type, limits::token)) return malformed("candidate: no type");
  candidate.component = static_cast<std::uint16_t>(*component);
  candidate.priority = static_cast<std::uint32_t>(*priority);
  candidate.port = static_cast<std::uint16_t>(*port);
  return candidate;
}

std::string to_text(const Candidate& candidate) {
  std::string text = candidate.foundation + ' ' + std::to_string(candidate.component) + ' ' + candidate.transport + ' ' +
                     std::to_string(candidate.priority) + ' ' + candidate.address + ' ' + std::to_string(candidate.port) + " typ " +
                     candidate.type;
  if (!candidate.rest.empty()) text += ' ' + candidate.rest;
  return text;
}

Result<Group> parse_group(std::string_view value) {
  Words words(value);
  Group group;
  group.semantics = words.next();
  if (!detail::is_word(group.semantics, limits::token)) return malformed("group: no semantics");
  while (!words.at_end()) group.mids.emplace_back(words.next());
  return group;
}

std::string to_text(const Group& group) {
  std::string text = group.semantics;
  for (const std::string& mid : group.mids) text += ' ' + mid;
  return text;
}

Result<Ssrc> parse_ssrc(std::string_view value) {
  Words words(value);
  const auto id = detail::number(words.next(), UINT32_MAX);
  const std::string_view attribute = before(words.rest(), ':');
  if (!id || !detail::is_word(attribute, no_bound)) return malformed("ssrc: not number and attribute");
  return Ssrc{static_cast<std::uint32_t>(*id), std::string(attribute), std::string(after(words.rest(), ':'))};
}

Result<Msid> parse_msid(std::string_view value) {
  Words words(value);
  Msid msid;
  msid.stream = words.next();
  msid.track = words.next();
  if (!detail::is_word(msid.stream, no_bound) || !words.at_end()) return malformed("msid: not stream and track");
  return msid;
}

bool is_ice_ufrag(std::string_view value) noexcept { return is_ice_text(value, 4); }
bool is_ice_pwd(std::string_view value) noexcept { return is_ice_text(value, 22); }

namespace {

constexpr std::array<Direction, 4> all_directions{Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly, Direction::Inactive};

std::optional<Direction> direction_from_name(std::string_view name) noexcept {
  for (const Direction direction : all_directions) {
    if (name == to_string(direction)) return direction;
  }
  return std::nullopt;
}

std::optional<Direction> stated_direction(const Attributes& attributes) noexcept {
  for (const Attribute& attribute : attributes) {
    if (const auto direction = direction_from_name(attribute.name)) return direction;
  }
  return std::nullopt;
}

/// The old hold tells where not to send. With ICE the address is a dummy and says nothing (RFC 8839 s.4.3.1).
bool is_old_hold(const SessionDescription& description, const MediaSection& section) noexcept {
  const Connection* connection = connection_of(description, section);
  return connection != nullptr && connection->address == "0.0.0.0" && !attribute_of(description, section, "ice-ufrag");
}

}  // namespace

Direction direction_of(const SessionDescription& description, const MediaSection& section) noexcept {
  const auto own = stated_direction(section.attributes);
  const Direction stated = own ? *own : stated_direction(description.attributes).value_or(Direction::SendRecv);
  if (!is_old_hold(description, section)) return stated;
  return stated == Direction::SendRecv || stated == Direction::SendOnly ? Direction::SendOnly : Direction::Inactive;
}

void set_direction(MediaSection& section, Direction direction) {
  // In place, so that the text stays the same but for this line.
  bool written = false;
  section.attributes.for_each([&](Attribute& attribute) {
    if (written || !direction_from_name(attribute.name)) return;
    attribute = Attribute{std::string(to_string(direction)), std::nullopt};
    written = true;
  });
  if (!written) return section.attributes.add(to_string(direction));
  bool first = true;
  section.attributes.remove_if(
      [&](const Attribute& attribute) { return direction_from_name(attribute.name) && !std::exchange(first, false); });
}

bool is_rejected(const MediaSection& section) noexcept { return section.port == 0 && !section.attributes.has("bundle-only"); }

TransportParameters transport_of(const SessionDescription& description, const MediaSection& section) {
  TransportParameters transport;
  const std::string_view ufrag = attribute_of(description, section, "ice-ufrag").value_or("");
  const std::string_view pwd = attribute_of(description, section, "ice-pwd").value_or("");
  if (is_ice_ufrag(ufrag)) transport.ice_ufrag = ufrag;
  if (is_ice_pwd(pwd)) transport.ice_pwd = pwd;
  if (const auto setup = attribute_of(description, section, "setup")) transport.setup = setup_from_text(*setup);
  const Attributes& level = section.attributes.has("fingerprint") ? section.attributes : description.attributes;
  for (const Attribute& attribute : level) {
    if (attribute.name != "fingerprint" || !attribute.value) continue;
    if (auto fingerprint = parse_fingerprint(*attribute.value)) transport.fingerprints.push_back(*std::move(fingerprint));
  }
  return transport;
}

}  // namespace parley::media::sdp
