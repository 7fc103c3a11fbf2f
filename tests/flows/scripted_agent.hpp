// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/testing/scripted_peer.hpp>
#include <parley/sip/user_agent.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::test {

/// Who meets in a flow.
struct Cast {
  std::string agent = "alice";
  std::string peer = "bob";
  std::string transport = "UDP";
  std::vector<std::string> realms{};  ///< that get credentials; empty: the first that asks
};

/// A whole UserAgent at the left, a ScriptedPeer at the right, nothing in between, in virtual time. What a script's `user` lines say is
/// done to the agent; what it tells is noted in the ladder.
///
///     invite URI [without offer] · ring [STATUS] · accept · reject STATUS · acknowledge · hangup
///     reinvite [without offer] · accept reinvite · reject reinvite STATUS
///     register [SECONDS] · unregister [all] · message URI TEXT · options URI · info TONE · request METHOD [URI]
///     lose the flow · restore the flow · hold back ack|trying|retransmissions · behave
///
/// `call N` at the end of a line means that call, otherwise the last one; `try` before it says that it may be refused.
class ScriptedAgent {
 public:
  explicit ScriptedAgent(const Cast& cast);

  /// Plays the script and what follows from it; then the outcome. Empty: passed; else the failure with its ladder.
  std::string play(std::string_view script);
  std::string play(const sip::testing::Script& script);
  /// What a script's user line does.
  Result<void> act(std::string_view words);
  /// Ladder and event log.
  std::string ladder() const { return ladder_; }

  sip::UserAgent& ua() { return ua_; }
  TimePoint now() const { return now_; }

 private:
  void open_flow();
  void lose_flow();
  void exchange(sip::testing::ScriptedPeer& peer);
  std::optional<std::string> next_sent(sip::testing::ScriptedPeer& peer);
  void note(sip::testing::ScriptedPeer& peer, const sip::UserAgentEvent& event);
  void hear_events();
  void advance(sip::testing::ScriptedPeer& peer, std::optional<TimePoint> end);
  sip::SessionId take_session(std::string_view& words) const;
  unsigned number_of(sip::SessionId session);

  Cast cast_;
  FakeCrypto crypto_;
  sip::UserAgent ua_;
  TimePoint now_ = TimePoint{} + Duration{1'000'000};
  std::uint64_t flow_ = 0;
  std::vector<sip::SessionId> sessions_;  ///< call 1, call 2, ...
  sip::testing::ScriptedPeer* peer_ = nullptr;
  std::deque<std::string> sent_;  ///< heard together with events, not delivered yet
  std::string ladder_;
};

}  // namespace parley::test
