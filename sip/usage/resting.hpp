// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::sip {

/// Who asked by 503 and Retry-After not to be bothered for a while (RFC 3261 s.21.5.4; D10): the account's server, or places that it leads
/// to. Loop thread only.
class Resting {
 public:
  void server(TimePoint until) noexcept { server_until_ = until; }
  void target(std::string uri, TimePoint until) {
    const auto same = std::find_if(targets_.begin(), targets_.end(), [&](const Target& each) { return each.uri == uri; });
    if (same != targets_.end()) {
      same->until = until;
    } else if (targets_.size() < most_targets) {
      targets_.push_back({std::move(uri), until});
    } else {
      const auto sooner = [](const Target& a, const Target& b) { return a.until < b.until; };
      *std::min_element(targets_.begin(), targets_.end(), sooner) = {std::move(uri), until};
    }
  }
  bool is_wanted_by(std::string_view uri, TimePoint now) const noexcept {
    const auto rests = [&](const Target& each) { return each.uri == uri && now < each.until; };
    return now < server_until_ || std::any_of(targets_.begin(), targets_.end(), rests);
  }
  /// Another way may lead to other servers.
  void forget() noexcept {
    server_until_ = {};
    targets_.clear();
  }

 private:
  static constexpr std::size_t most_targets = 32;  ///< then the one whose rest ends first is forgotten

  struct Target {
    std::string uri;
    TimePoint until;
  };

  TimePoint server_until_{};
  std::vector<Target> targets_;
};

}  // namespace parley::sip
