// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/location_service.hpp>

#include <algorithm>
#include <charconv>

namespace parley::program {

namespace {

using std::chrono::seconds;

/// Seconds of an `expires` value; what cannot be read or is huge counts as the longest we grant.
seconds read_expires(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return LocationService::max_expires;
  return std::min(seconds{value}, LocationService::max_expires);
}

/// RFC 3261 s.10.2.1.1: the Contact's own parameter, else the header, else our choice.
seconds wanted_expires(const sip::MessageView& request, const sip::NameAddrView& contact) {
  if (const auto own = contact.params.find("expires")) return read_expires(*own);
  if (const auto common = request.header(sip::HeaderId::Expires)) return read_expires(*common);
  return LocationService::max_expires;
}

/// The instance without the quotes and angle brackets of `+sip.instance="<urn:uuid:…>"`.
std::string instance_of(const sip::NameAddrView& contact) {
  const auto value = contact.params.find("+sip.instance");
  if (!value) return {};
  std::string text = sip::unquote(*value);
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') return text.substr(1, text.size() - 2);
  return text;
}

bool is_same_device(const Binding& binding, const sip::NameAddrView& contact, std::string_view instance) {
  if (!instance.empty() && binding.instance == instance) return true;  // replaces even while the old flow looks alive
  const auto known = sip::parse_uri(binding.contact);
  return known && sip::equivalent(*known, contact.uri);
}

Error answer(sip::StatusCode status, const char* reason) { return Error{.code = Errc::Declined, .status = status, .reason = reason}; }

}  // namespace

Result<void> LocationService::update(std::string_view user, const sip::MessageView& request, sip::FlowId flow, TimePoint now) {
  const auto place = users_.try_emplace(std::string(user)).first;
  if (request.contact_is_star()) {
    if (const auto expires = request.header(sip::HeaderId::Expires); !expires || read_expires(*expires) != seconds{0}) {
      return answer(400, "Contact: * needs Expires: 0");
    }
    place->second.clear();
    return {};
  }
  auto changed = place->second;  // all or nothing (RFC 3261 s.10.3, step 7)
  std::erase_if(changed, [now](const Binding& each) { return each.expires <= now; });
  for (std::size_t i = 0; i < request.contact_count(); ++i) {
    if (auto done = update_one(changed, request, request.contact(i), flow, now); !done) return done;
  }
  place->second = std::move(changed);
  return {};
}

Result<void> LocationService::update_one(std::vector<Binding>& bindings, const sip::MessageView& request, const sip::NameAddrView& contact,
                                         sip::FlowId flow, TimePoint now) {
  const seconds expires = wanted_expires(request, contact);
  if (expires != seconds{0} && expires < min_expires) return answer(423, "Interval Too Brief");
  const std::string instance = instance_of(contact);
  const auto old =
      std::find_if(bindings.begin(), bindings.end(), [&](const Binding& each) { return is_same_device(each, contact, instance); });
  if (old != bindings.end()) {
    if (old->call_id == request.call_id() && request.cseq().number <= old->cseq) return answer(500, "CSeq went back");
    bindings.erase(old);
  }
  if (expires != seconds{0}) {
    bindings.push_back({.contact = std::string(contact.uri.text),
                        .instance = instance,
                        .call_id = std::string(request.call_id()),
                        .cseq = request.cseq().number,
                        .flow = flow,
                        .expires = now + expires});
  }
  return {};
}

const Binding* LocationService::find(std::string_view user, TimePoint now) const {
  const auto place = users_.find(user);
  if (place == users_.end()) return nullptr;
  const auto newest = std::find_if(place->second.rbegin(), place->second.rend(), [now](const Binding& each) { return each.expires > now; });
  return newest == place->second.rend() ? nullptr : &*newest;
}

const Binding* LocationService::find_instance(std::string_view user, std::string_view instance, TimePoint now) const {
  const auto place = users_.find(user);
  if (place == users_.end()) return nullptr;
  for (const Binding& each : place->second) {
    if (each.instance == instance && each.expires > now) return &each;
  }
  return nullptr;
}

std::vector<std::string> LocationService::contact_lines(std::string_view user, bool with_gruu, TimePoint now) const {
  std::vector<std::string> lines;
  const auto place = users_.find(user);
  if (place == users_.end()) return lines;
  for (const Binding& each : place->second) {
    if (each.expires <= now) continue;
    const auto left = std::chrono::ceil<seconds>(each.expires - now).count();
    std::string line = "<" + each.contact + ">;expires=" + std::to_string(left);
    if (!each.instance.empty()) line += ";+sip.instance=" + sip::quote("<" + each.instance + ">");
    if (with_gruu && !each.instance.empty())
      line += ";pub-gruu=" + sip::quote("sip:" + std::string(user) + "@" + domain_ + ";gr=" + each.instance);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace parley::program
