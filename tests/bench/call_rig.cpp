// SPDX-License-Identifier: MIT
#include <parley/tests/bench/call_rig.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

namespace parley::bench {

namespace {

constexpr sip::FlowId the_flow{1};

constexpr std::string_view sdp =
    "v=0\r\no=desk1 3905134811 1 IN IP4 192.0.2.31\r\ns=-\r\nc=IN IP4 192.0.2.31\r\nt=0 0\r\nm=audio 16388 RTP/AVP 8 0 101\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=maxptime:40\r\na=sendrecv\r\n";
static_assert(sdp.size() == 200);

[[noreturn]] void give_up(const char* why) {
  std::fprintf(stderr, "calls: %s\n", why);
  std::exit(1);
}

sip::UserAgentOptions options(const char* aor) {
  sip::UserAgentOptions options;
  options.aor = aor;
  options.stack.max_transactions = 1'000'000;
  return options;
}

sip::FlowInfo datagrams(const char* name) {
  sip::FlowInfo info;
  info.reliable = sip::Reliable::No;
  info.via_transport = "UDP";
  info.local_name = name;
  info.peer_address = "192.0.2.1";
  info.peer_port = 5060;
  return info;
}

}  // namespace

CallRig::Phone::Phone(End end_in, const char* aor, std::uint64_t seed) : end(end_in), crypto(seed), ua(options(aor), crypto) {}

CallRig::CallRig(void (*enter)(End))
    : enter_(enter), caller_(End::Caller, "sip:alice@example.com", 1), callee_(End::Callee, "sip:bob@example.com", 2) {
  invite_.target = "sip:bob@example.com";
  invite_.offer = sip::Body{"application/sdp", std::string(sdp)};
  answer_ = *invite_.offer;
  caller_.ua.flow_opened(the_flow, datagrams("192.0.2.31:5060"), now_);
  caller_.ua.set_flow(the_flow, now_);
  callee_.ua.flow_opened(the_flow, datagrams("192.0.2.32:5060"), now_);
  callee_.ua.set_flow(the_flow, now_);
  run();
}

template <class F>
auto CallRig::in(Phone& phone, F&& work) {
  if (enter_) enter_(phone.end);
  auto result = work(phone.ua);
  if (enter_) enter_(End::Outside);
  return result;
}

CallRig::Call CallRig::set_up() {
  const auto session = in(caller_, [&](sip::UserAgent& ua) { return ua.invite(invite_, now_).value(); });
  run();
  const sip::SessionId incoming = callee_.incoming;
  const bool rings = in(callee_, [&](sip::UserAgent& ua) { return ua.ring(incoming, 180, now_).has_value(); });
  run();
  const bool accepted = in(callee_, [&](sip::UserAgent& ua) { return ua.accept(incoming, answer_, {}, now_).has_value(); });
  run();
  if (!rings || !accepted) give_up("a call did not stand");
  return {session, incoming};
}

void CallRig::hang_up(const Call& call) {
  const bool done = in(caller_, [&](sip::UserAgent& ua) { return ua.terminate(call.caller, {}, now_).has_value(); });
  if (!done) give_up("a call did not end");
  run();
}

void CallRig::advance(Duration duration) {
  const TimePoint target = now_ + duration;
  for (;;) {
    const auto a = caller_.ua.next_timeout();
    const auto b = callee_.ua.next_timeout();
    const TimePoint due = std::min(a.value_or(TimePoint::max()), b.value_or(TimePoint::max()));
    if (due > target) break;
    now_ = std::max(now_, due);
    for (Phone* phone : {&caller_, &callee_}) {
      in(*phone, [&](sip::UserAgent& ua) { return ua.handle_timeout(now_), true; });
    }
    run();
  }
  now_ = target;
}

bool CallRig::is_idle() {
  return caller_.ua.session_count() == 0 && callee_.ua.session_count() == 0 && caller_.ua.stack().transaction_count() == 0 &&
         callee_.ua.stack().transaction_count() == 0;
}

void CallRig::run() {
  for (bool moved = true; moved;) {
    moved = carry(caller_, callee_);
    moved = carry(callee_, caller_) || moved;
  }
}

/// Takes all outputs of one end; what the other receives meanwhile waits there.
bool CallRig::carry(Phone& from, Phone& to) {
  bool moved = false;
  while (auto output = in(from, [](sip::UserAgent& ua) { return ua.poll_output(); })) {
    if (auto* send = std::get_if<sip::Send>(&*output)) {
      moved = true;
      ++sent_;
      in(to, [&](sip::UserAgent& ua) { return ua.receive(the_flow, send->bytes, now_), true; });
    } else if (const auto* incoming = std::get_if<sip::IncomingSession>(&std::get<sip::UserAgentEvent>(*output))) {
      from.incoming = incoming->session;
    }
  }
  return moved;
}

}  // namespace parley::bench
