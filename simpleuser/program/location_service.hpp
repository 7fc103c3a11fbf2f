// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/transport.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parley::program {

/// Where one device of a user can be reached. Owns its text.
struct Binding {
  std::string contact;   ///< URI
  std::string instance;  ///< "urn:uuid:…"; empty: none given
  std::string call_id;
  std::uint32_t cseq = 0;
  sip::FlowId flow{};
  TimePoint expires;
};

/// The registrar's memory (RFC 3261 s.10.3): which contacts stand for which address of record. Loop thread only.
class LocationService {
 public:
  explicit LocationService(std::string domain) : domain_(std::move(domain)) {}

  /// Takes a REGISTER whose sender is known to own `user`. On success what the 200 lists can be read by contact_lines().
  /// Errors bear the status of the answer: 400 (bad Contact: *), 423 (expires below `min_expires`), 500 (CSeq went back).
  Result<void> update(std::string_view user, const sip::MessageView& request, sip::FlowId flow, TimePoint now);

  /// The newest live binding of a user; nullptr: none.
  const Binding* find(std::string_view user, TimePoint now) const;
  /// The binding of one device, by the `gr` parameter of its GRUU (RFC 5627 s.5).
  const Binding* find_instance(std::string_view user, std::string_view instance, TimePoint now) const;
  /// Contact values for the 200 to a REGISTER, with the seconds that remain, and pub-gruu where `with_gruu`.
  std::vector<std::string> contact_lines(std::string_view user, bool with_gruu, TimePoint now) const;

  static constexpr std::chrono::seconds min_expires{5};
  static constexpr std::chrono::seconds max_expires{3'600};

 private:
  Result<void> update_one(std::vector<Binding>& bindings, const sip::MessageView& request, const sip::NameAddrView& contact,
                          sip::FlowId flow, TimePoint now);

  std::string domain_;
  std::map<std::string, std::vector<Binding>, std::less<>> users_;  ///< newest binding last
};

}  // namespace parley::program
