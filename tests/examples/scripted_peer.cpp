// SPDX-License-Identifier: MIT
// A conformance test of one's own, in real or virtual time: the script, and the four calls that drive it. Here the one under test is
// written out by hand; tests/flows has a whole user agent, tests/examples/uas_test.cpp a process behind a WebSocket.
#include <parley/sip/testing/scripted_peer.hpp>

#include <chrono>
#include <cstdio>

using namespace parley;
using namespace parley::sip::testing;
using namespace std::chrono_literals;

int main() {
  Script script;
  script.expect("OPTIONS").header("Accept", "*application/sdp*").as("question");
  script.send(200).header("Allow", "INVITE, ACK, BYE").header("X-Asked-By", "{question.from_tag}");
  script.expect_none("*", 500ms);

  TimePoint now{};
  ScriptedPeer peer(script);
  peer.start(now);
  peer.receive(
      "OPTIONS sip:peer@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
      "From: <sip:agent@example.com>;tag=a1\r\nTo: <sip:peer@example.com>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
      "Accept: application/sdp\r\nContent-Length: 0\r\n\r\n",
      now);
  while (const auto bytes = peer.poll_output()) std::printf("%s\n", bytes->c_str());  // to the one under test
  while (const auto due = peer.next_timeout()) peer.handle_timeout(now = *due);       // or later, from a loop
  std::printf("%s", peer.outcome() == ScriptedPeer::Outcome::Passed ? peer.ladder().text().c_str() : peer.failure().c_str());
  return peer.outcome() == ScriptedPeer::Outcome::Passed ? 0 : 1;
}
