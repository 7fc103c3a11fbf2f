// SPDX-License-Identifier: MIT
#include <parley/media/sdp/detail/text.hpp>
#include <parley/media/sdp/normalise.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace parley::media::sdp {

namespace {

constexpr const char* webrtc_profile = "UDP/TLS/RTP/SAVPF";
constexpr std::uint16_t discard_port = 9;  // stands where no address is known (RFC 8839 s.4.3.1)

/// "a=1; sprop-b=2;c" without the parameters that describe the sender: a backend takes them for demands on itself.
std::string without_sprop(std::string_view parameters) {
  std::string kept;
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find(';'), parameters.size());
    std::string_view parameter = parameters.substr(0, end);
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    parameter.remove_prefix(std::min(parameter.find_first_not_of(' '), parameter.size()));
    if (parameter.empty() || detail::equal_without_case(parameter.substr(0, 6), "sprop-")) continue;
    if (!kept.empty()) kept += ';';
    kept += parameter;
  }
  return kept;
}

/// Takes "trickle" out of a=ice-options: all candidates stand in the description (RFC 8840 s.4.1).
void remove_trickle(Attributes& attributes) {
  attributes.for_each([](Attribute& attribute) {
    if (attribute.name != "ice-options" || !attribute.value) return;
    const std::string options = *std::exchange(attribute.value, std::string());
    for (detail::Words words(options); !words.at_end();) {
      const std::string_view option = words.next();
      if (option == "trickle") continue;
      if (!attribute.value->empty()) *attribute.value += ' ';
      *attribute.value += option;
    }
  });
  attributes.remove_if(
      [](const Attribute& attribute) { return attribute.name == "ice-options" && (!attribute.value || attribute.value->empty()); });
}

/// Leaves the candidates that can be read and go over UDP.
void keep_udp_candidates(Attributes& attributes) {
  attributes.remove_if([](const Attribute& attribute) {
    if (attribute.name != "candidate") return false;
    const auto candidate = parse_candidate(attribute.value ? std::string_view(*attribute.value) : "");
    return !candidate || !candidate->is_udp();
  });
}

bool bundles(const SessionDescription& description, std::string_view mid) {
  return std::any_of(description.attributes.begin(), description.attributes.end(), [&](const Attribute& attribute) {
    if (attribute.name != "group" || !attribute.value) return false;
    const auto group = parse_group(*attribute.value);
    return group && group->semantics == "BUNDLE" && std::find(group->mids.begin(), group->mids.end(), mid) != group->mids.end();
  });
}

/// One group of one section, or none: all others name sections that are not there.
void set_bundle(SessionDescription& description, bool is_bundled, std::string_view mid) {
  description.attributes.remove("group");
  if (is_bundled) description.attributes.add("group", to_text(Group{"BUNDLE", {std::string(mid)}}));
}

int type_rank(const Candidate& candidate) noexcept {
  constexpr std::array<std::string_view, 3> least_to_most{"host", "srflx", "relay"};
  const auto found = std::find(least_to_most.begin(), least_to_most.end(), candidate.type);
  return found == least_to_most.end() ? -1 : static_cast<int>(found - least_to_most.begin());
}

void set_default_address(MediaSection& section) {
  const auto candidate = default_candidate(section);
  Connection connection;
  section.port = candidate ? candidate->port : discard_port;
  if (candidate) {
    connection.address_type = detail::is_ipv6(candidate->address) ? "IP6" : "IP4";
    connection.address = candidate->address;
  }
  section.connections.clear();
  section.connections.push_back(std::move(connection));
}

/// Makes an answered section agree with the offered one, where a backend has its own mind.
void follow_layout(SessionDescription& description, MediaSection& section, const SessionDescription& layout, const MediaSection& asked) {
  section.protocol = asked.protocol;
  const std::string_view mid = asked.attributes.value("mid").value_or("");
  if (mid.empty()) {
    section.attributes.remove("mid");
  } else {
    section.attributes.set("mid", mid);
  }
  set_bundle(description, bundles(layout, mid), mid);
  // Only what was asked for may be agreed to (RFC 5761 s.5.1.1, RFC 5506 s.5).
  for (const char* name : {"rtcp-mux", "rtcp-rsize"}) {
    if (!asked.attributes.has(name)) section.attributes.remove(name);
  }
}

}  // namespace

SessionDescription normalise_remote(const SessionDescription& remote, const AudioChoice& choice, std::string_view mid) {
  SessionDescription result = remote;
  MediaSection section = remote.sections[choice.section];
  Attributes& attributes = section.attributes;

  if (section.port == 0) section.port = discard_port;  // bundle-only, and the only one now
  section.protocol = webrtc_profile;
  keep_only_format(section, choice.send.payload_type);
  attributes.remove("fmtp");
  const std::string parameters = without_sprop(choice.send.parameters);
  if (!parameters.empty()) attributes.add("fmtp", section.formats.front() + ' ' + parameters);

  const std::string_view own_mid = attributes.value("mid").value_or("");
  const bool is_bundled = !own_mid.empty() && bundles(remote, own_mid);
  const std::string final_mid(own_mid.empty() ? mid : own_mid);
  attributes.set("mid", final_mid);
  attributes.set("ice-ufrag", choice.transport.ice_ufrag);
  attributes.set("ice-pwd", choice.transport.ice_pwd);
  attributes.set("setup", to_string(choice.transport.setup.value_or(Setup::ActPass)));
  attributes.remove("fingerprint");
  for (const Fingerprint& fingerprint : choice.transport.fingerprints) {
    attributes.add("fingerprint", fingerprint.hash + ' ' + fingerprint.digest);
  }
  for (const char* name : {"crypto", "bundle-only"}) attributes.remove(name);
  keep_udp_candidates(attributes);
  remove_trickle(attributes);
  set_direction(section, Direction::SendRecv);

  for (const char* name : {"setup", "fingerprint", "ice-ufrag", "ice-pwd", "sendrecv", "sendonly", "recvonly", "inactive"}) {
    result.attributes.remove(name);
  }
  remove_trickle(result.attributes);
  set_bundle(result, is_bundled, final_mid);
  result.sections.clear();
  result.sections.push_back(std::move(section));
  return result;
}

std::optional<Candidate> default_candidate(const MediaSection& section) {
  std::optional<Candidate> best;
  const auto rank = [](const Candidate& candidate) {
    return std::tuple(type_rank(candidate), detail::is_ipv4(candidate.address), candidate.priority);
  };
  for (const Attribute& attribute : section.attributes) {
    if (attribute.name != "candidate" || !attribute.value) continue;
    auto candidate = parse_candidate(*attribute.value);
    // A name (mDNS) means nothing to a peer that does not speak ICE.
    if (!candidate || candidate->component != 1 || !candidate->is_udp() || detail::is_host_name(candidate->address)) continue;
    if (!best || rank(*candidate) > rank(*best)) best = *std::move(candidate);
  }
  return best;
}

MediaSection finish_section(MediaSection section, Direction direction, Setup setup) {
  keep_udp_candidates(section.attributes);
  remove_trickle(section.attributes);
  section.attributes.remove("rtcp");  // RTCP shares the port
  section.attributes.set("setup", to_string(setup));
  set_default_address(section);
  set_direction(section, direction);
  return section;
}

SessionDescription finish_local(const SessionDescription& backend, Direction direction, Setup setup, const SessionDescription* layout,
                                std::size_t audio_section) {
  SessionDescription result = backend;
  remove_trickle(result.attributes);
  if (layout == nullptr) {
    for (MediaSection& section : result.sections) section = finish_section(std::move(section), direction, setup);
    return result;
  }
  result.sections.clear();
  for (std::size_t i = 0; i < layout->sections.size(); ++i) {
    const MediaSection& asked = layout->sections[i];
    if (i != audio_section || backend.sections.empty()) {
      result.sections.push_back(refuse(asked));
      continue;
    }
    MediaSection section = finish_section(backend.sections.front(), direction, setup);
    follow_layout(result, section, *layout, asked);
    result.sections.push_back(std::move(section));
  }
  return result;
}

}  // namespace parley::media::sdp
