// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/time.hpp>
#include <parley/sip/user_agent_events.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::simulation {

/// What one end of a call has seen of it.
struct CallEnd {
  bool began = false;
  bool established = false;
  std::optional<sip::EndCause> cause;  ///< how it ended
  bool bye_arrived = false;            ///< a BYE of it came in unharmed

  bool is_over() const noexcept { return cause || !began; }
};

/// One call as both ends saw it. Its number travels in a header of the INVITE.
struct CallStory {
  CallEnd caller;
  CallEnd callee;
  bool with_odd_peer = false;  ///< which keeps no diary: one end's word stands
  bool is_over() const noexcept { return caller.is_over() && callee.is_over(); }
};

/// What has happened to all calls of a world, and everything that must not happen.
class Diary {
 public:
  using CallNumber = std::uint64_t;

  CallNumber begin_call() { return ++last_call_; }
  CallStory& story(CallNumber call) { return stories_[call]; }
  /// An end of the call is over. Old stories that both ends have finished are judged and closed.
  void ended(CallNumber call);
  /// Whether ends must agree: not where links change messages on the way, so that each end heard something else.
  void expect_agreement(bool expected) noexcept { agreement_ = expected; }
  bool expects_agreement() const noexcept { return agreement_; }

  /// An invariant is broken.
  void problem(std::string what);
  /// Judges the calls that are still open: nothing more will happen to them.
  void close();

  const std::vector<std::string>& problems() const noexcept { return problems_; }
  std::uint64_t calls() const noexcept { return last_call_; }
  std::uint64_t established() const noexcept { return established_; }  ///< at both ends
  std::uint64_t hung_up() const noexcept { return hung_up_; }          ///< of those: one end hung up and the other heard of it

 private:
  void judge(CallNumber call, const CallStory& story);

  CallNumber last_call_ = 0;
  std::map<CallNumber, CallStory> stories_;
  std::vector<std::string> problems_;
  bool agreement_ = true;
  std::uint64_t established_ = 0;
  std::uint64_t hung_up_ = 0;
};

/// Whether two ends may remember the same call like this, when every message came unharmed or not at all; nullopt: they may.
std::optional<std::string_view> disagreement(const CallStory& story);

}  // namespace parley::simulation
