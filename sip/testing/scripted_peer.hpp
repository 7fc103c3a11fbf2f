// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/testing/ladder.hpp>
#include <parley/sip/testing/script.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::sip::testing {

/// Who the peer is. Peers that meet in one test have different names: tags, branches and Call-IDs begin with it.
struct PeerOptions {
  std::string name = "peer";
  std::string other = "agent";                   ///< the one under test, in ladders
  std::string uri = "sip:peer@example.com";      ///< of our From
  std::string contact = "sip:peer@192.0.2.2";    ///< URI of our Contact
  std::string via = "SIP/2.0/WS peer.invalid";   ///< protocol and sent-by of our Vias
  std::string target = "sip:agent@example.com";  ///< To of requests that begin something
  std::string request_uri{};                     ///< of them; empty: `target`
  std::string offer{};                           ///< of `with sdp`; empty: WebRTC audio that works with every backend's checks
  std::string answer{};                          ///< the same, where an offer is answered
  Duration patience{32'000};                     ///< of an expect that says nothing
};

/// The other end of a test: it sends and expects what a Script says, in virtual or real time, and can misbehave in any way.
/// Sans-IO as the rest of sip/: feed it what the one under test sent, hand over what poll_output() gives, call handle_timeout().
///
///     ScriptedPeer peer(script);
///     peer.start(now);
///     ... peer.receive(bytes, now) ... while (auto bytes = peer.poll_output()) agent.receive(flow, *bytes, now) ...
///     EXPECT_EQ(peer.outcome(), Outcome::Passed) << peer.failure();
///
/// What comes waits until an `expect` takes it; the peer sends without looking at it, so messages can cross. What no step took when the
/// script is over makes it fail, but for retransmissions and keep-alives. Loop thread only; one script, once.
class PARLEY_EXPORT ScriptedPeer {
 public:
  enum class Outcome : std::uint8_t { Running, Passed, Failed };

  explicit ScriptedPeer(Script script, PeerOptions options = {});
  ~ScriptedPeer();
  ScriptedPeer(ScriptedPeer&&) noexcept;
  ScriptedPeer& operator=(ScriptedPeer&&) noexcept;

  // Inputs.
  void start(TimePoint now);
  /// One message, or a keep-alive, which is passed over.
  void receive(std::string_view bytes, TimePoint now);
  void handle_timeout(TimePoint now);

  // Outputs: drain after each input.
  std::optional<TimePoint> next_timeout() const;
  std::optional<std::string> poll_output();

  Outcome outcome() const;
  /// Which step failed and why, and the ladder so far; empty while none has.
  std::string failure() const;
  /// What went to and fro; a test may note events of the one under test in it.
  Ladder& ladder();
  /// Bytes of the message of that name; empty: none yet. Valid until the next input.
  std::string_view message(std::string_view name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley::sip::testing
