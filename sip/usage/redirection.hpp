// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>
#include <parley/sip/transport.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sip {

/// Where a redirected request may go next (RFC 3261 s.8.1.3.4; D07): the Contacts of all 3xx that it got, best q first, none twice, no
/// more than were allowed. Value type.
class Redirection {
 public:
  /// @param first  where the request was sent at the beginning.
  explicit Redirection(std::string_view first) : tried_{std::string(first)} {}

  /// 300 to 399, but not those that name a proxy or a service instead of a place (305, 380).
  static bool is_by(StatusCode status) noexcept { return status / 100 == 3 && status != 305 && status != 380; }

  /// Takes the Contacts of a 3xx. Headers in their URIs are left out (SEC-36). A sips request goes to sips URIs only, and those need a
  /// secure flow.
  /// @param most  places besides the first, all in all.
  void learn(const MessageView& response, Secure secure, std::size_t most);
  /// The next one, which is tried now; nullopt: none is left.
  std::optional<std::string> next();

 private:
  struct Place {
    std::string uri;
    std::uint16_t q = 1000;
  };

  bool is_known(const UriView& uri) const;

  std::vector<std::string> tried_;
  std::vector<Place> waiting_;  ///< best first
};

}  // namespace parley::sip
