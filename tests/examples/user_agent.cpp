// SPDX-License-Identifier: MIT
// sip::UserAgent alone: signalling without sockets, threads, clocks or media. Bytes and time in, bytes and events out.
#include <cstdio>
#include <parley/sip/user_agent.hpp>

using namespace parley;

/// Chance and hashes are handed in. For an example only: a real one asks the system.
struct ExampleCrypto : sip::Crypto {
  std::string hash_hex(sip::HashAlgorithm, std::string_view) override { return std::string(32, '0'); }
  void random(std::span<std::uint8_t> out) override {
    for (auto& octet : out) octet = static_cast<std::uint8_t>((state = state * 1103515245U + 12345U) >> 16U);
  }
  std::uint32_t state = 1;
};

int main() {
  ExampleCrypto crypto;
  sip::UserAgentOptions options;
  options.aor = "sip:alice@example.com";
  sip::UserAgent ua(options, crypto);
  TimePoint now{};
  const sip::FlowId flow{1};  // a connection that somebody has opened
  ua.flow_opened(flow, {.local_name = "alice.invalid"}, now);
  ua.set_flow(flow, now);
  sip::InviteRequest call;
  call.target = "sip:bob@example.com";
  call.offer = sip::Body{"application/sdp", "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"};
  if (!ua.invite(call, now)) return 1;
  for (bool alive = true; alive;) {  // nobody answers: it is the loop's work to come back at next_timeout()
    alive = ua.session_count() > 0;
    while (auto output = ua.poll_output()) {
      if (const auto* send = std::get_if<sip::Send>(&*output)) std::printf("%s\n", std::string(send->bytes.view()).c_str());
      if (const auto* event = std::get_if<sip::UserAgentEvent>(&*output))
        if (const auto* ended = std::get_if<sip::SessionEnded>(event)) std::printf("ended: %s\n", ended->cause.reason.c_str());
    }
    if (const auto due = ua.next_timeout()) ua.handle_timeout(now = *due);
  }
  return ua.session_count() == 0 ? 0 : 1;  // 64*T1 have passed, in no time at all
}
