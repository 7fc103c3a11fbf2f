// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::program {

/// What happened, for those who wait for it: an event that came before somebody waited counts, and counts once. Thread-safe.
class EventLog {
 public:
  /// `detail`: what is of interest beside the name ("5", "486", "held"), for those who wait.
  void note(std::string_view name, std::string_view detail = {});
  /// The detail of the first `name` that nobody took yet; nullopt after `limit`.
  std::optional<std::string> wait(std::string_view name, Duration limit);
  /// Has one come, taken or not?
  bool has(std::string_view name) const;
  /// Forgets what was not taken.
  void clear();

 private:
  struct Entry {
    std::vector<std::string> details;
    std::size_t taken = 0;
  };
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace parley::program
