// SPDX-License-Identifier: MIT
#include <parley/tests/bench/agreement.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

namespace parley::bench {

namespace {

bool differ(const char* what, const char* name, const Sample& sample) {
  std::fprintf(stderr, "%s: %s: %s\n", sample.name.c_str(), name, what);
  return false;
}

bool equal(const Fields& expected, const Fields& found, const char* name, const Sample& sample) {
  const auto [left, right] = std::mismatch(expected.begin(), expected.end(), found.begin(), found.end());
  if (left == expected.end() && right == found.end()) return true;
  const auto show = [](const Fields& fields, Fields::const_iterator at) {
    return at == fields.end() ? std::string("nothing") : at->first + " = '" + at->second + "'";
  };
  return differ((show(found, right) + ", expected " + show(expected, left)).c_str(), name, sample);
}

/// What the changed message must say: the added Via before the others.
Fields with_added_via(Fields fields) {
  const auto first = std::find_if(fields.begin(), fields.end(), [](const auto& field) { return field.first == "via.transport"; });
  fields.insert(first, {{"via.transport", "UDP"}, {"via.host", "192.0.2.9"}, {"via.port", "5060"}, {"via.branch", "z9hG4bKadded1"}});
  return fields;
}

std::string_view body_of(std::string_view message) {
  const auto blank = message.find("\r\n\r\n");
  return blank == std::string_view::npos ? std::string_view() : message.substr(blank + 4);
}

void leave_out(Fields& fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
}

bool prints_alike(std::string_view printed, Peer& peer, Peer& reader, const Sample& sample, Fields expected) {
  if (!reader.parse(printed)) return differ("its print is refused", peer.name(), sample);
  Fields found = reader.fields();
  reader.clear();
  const bool other_body = peer.rewrites_multipart() && sample.name.ends_with("multipart");
  if (other_body) leave_out(expected, "content-length"), leave_out(found, "content-length");
  if (!equal(with_added_via(std::move(expected)), found, peer.name(), sample)) return false;
  return other_body || body_of(printed) == body_of(sample.bytes) || differ("its print has another body", peer.name(), sample);
}

bool agrees(Peer& peer, Peer& reader, const Sample& sample, const Fields& expected) {
  const bool same = (peer.parse(sample.bytes) || differ("refused", peer.name(), sample)) &&
                    equal(expected, peer.fields(), peer.name(), sample) && prints_alike(peer.print(), peer, reader, sample, expected);
  peer.clear();
  return same;
}

}  // namespace

bool all_agree(const std::vector<std::unique_ptr<Peer>>& peers, const std::vector<Sample>& samples) {
  bool same = true;
  const auto reader = make_parley();
  for (const Sample& sample : samples) {
    if (!reader->parse(sample.bytes)) same = differ("refused", reader->name(), sample);
    const Fields expected = reader->fields();
    reader->clear();
    for (const auto& peer : peers) same = agrees(*peer, *reader, sample, expected) && same;
  }
  return same;
}

}  // namespace parley::bench
