// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/headers/visit.hpp>

#include <string>
#include <vector>

namespace parley::sip::test {

/// What the typed readers say of a header field: a string a value, its parts between bars.
struct Listing {
  std::vector<std::string> values;

  void operator()(const ItemView& item) { add(item.value, item.comment, item.params.text()); }
  void operator()(const NameAddrView& address) { add(address.display_name, address.uri.text, address.params.text()); }
  void operator()(const ViaView& via) { add(via.transport, via.host, via.branch); }
  void operator()(const AcceptView& range) { add(range.type, range.subtype, range.params.text(), std::to_string(range.q)); }
  void operator()(const CSeqView& cseq) { add(std::to_string(cseq.number), cseq.method_text); }
  void operator()(const RAckView& rack) {
    add(std::to_string(rack.response_number), std::to_string(rack.cseq.number), rack.cseq.method_text);
  }
  void operator()(UnixSeconds date) { add(std::to_string(date)); }
  void operator()(const TimestampView& timestamp) { add(timestamp.time, timestamp.delay); }
  void operator()(const WarningView& warning) { add(std::to_string(warning.code), warning.agent, warning.text); }
  void operator()(const IdentityView& identity) { add(identity.digest, identity.info, identity.params); }
  void operator()(HeaderShape, std::string_view text) { add(text); }
  void operator()(const UnreadableValue& value) { add("unreadable", value.text); }

 private:
  template <class... Parts>
  void add(const Parts&... parts) {
    std::string all;
    ((all += '|', all += parts), ...);
    values.push_back(all.substr(1));
  }
};

inline std::vector<std::string> list(const HeaderView& field) {
  Listing listing;
  visit_values(field, listing);
  return listing.values;
}

}  // namespace parley::sip::test
