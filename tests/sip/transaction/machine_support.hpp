// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>
#include <parley/sip/transaction/effects.hpp>
#include <parley/sip/transaction/timers.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::sip {

inline void PrintTo(const Effects& effects, std::ostream* out) {
  *out << "sending " << static_cast<int>(effects.sending) << ", telling " << static_cast<int>(effects.telling) << ", "
       << effects.bytes.view().substr(0, effects.bytes.view().find('\r'));
}

namespace test {

using namespace std::chrono_literals;

inline TimePoint at(Duration since_start) { return TimePoint{since_start}; }

inline const std::string invite_text =
    "INVITE sip:bob@example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP client.invalid;branch=z9hG4bKtop;rport\r\n"
    "Max-Forwards: 70\r\n"
    "Route: <sip:p1.example.com;lr>\r\n"
    "Route: <sip:p2.example.com;lr>,<sip:p3.example.com;lr>\r\n"
    "From: \"Alice\" <sip:alice@example.com>;tag=a1\r\n"
    "To: <sip:bob@example.com>\r\n"
    "Call-ID: call-1\r\n"
    "CSeq: 7 INVITE\r\n"
    "Contact: <sip:alice@client.invalid>\r\n"
    "Proxy-Authorization: Digest username=\"alice\"\r\n"
    "Require: nothing\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 5\r\n"
    "\r\n"
    "offer";

inline std::string request_text(std::string_view method) {
  return std::string(method) +
         " sip:bob@example.com SIP/2.0\r\n"
         "Via: SIP/2.0/UDP client.invalid;branch=z9hG4bKtop\r\n"
         "Max-Forwards: 70\r\n"
         "From: <sip:alice@example.com>;tag=a1\r\n"
         "To: <sip:bob@example.com>\r\n"
         "Call-ID: call-1\r\n"
         "CSeq: 7 " +
         std::string(method) +
         "\r\n"
         "Timestamp: 54\r\n"
         "Content-Length: 0\r\n"
         "\r\n";
}

inline std::string response_text(int status, std::string_view method, std::string_view to_tag = "b1") {
  return "SIP/2.0 " + std::to_string(status) +
         " Some Words\r\n"
         "Via: SIP/2.0/UDP client.invalid;branch=z9hG4bKtop;rport=5060;received=192.0.2.1\r\n"
         "From: \"Alice\" <sip:alice@example.com>;tag=a1\r\n"
         "To: <sip:bob@example.com>" +
         (to_tag.empty() ? "" : ";tag=" + std::string(to_tag)) +
         "\r\n"
         "Call-ID: call-1\r\n"
         "CSeq: 7 " +
         std::string(method) +
         "\r\n"
         "Content-Length: 0\r\n"
         "\r\n";
}

/// A response that lives for one expression.
class Response {
 public:
  Response(int status, std::string_view method, std::string_view to_tag = "b1")
      : message_(Message::parse(response_text(status, method, to_tag)).value()) {}
  operator MessageView() const { return message_.view(); }

 private:
  Message message_;
};

MATCHER(IsNothing, "") { return arg.sending == Effects::Sending::Nothing && arg.telling == Effects::Telling::Nothing; }
MATCHER(IsDelivery, "") { return arg.sending == Effects::Sending::Nothing && arg.telling == Effects::Telling::Deliver; }
MATCHER(IsTimeout, "") { return arg.sending == Effects::Sending::Nothing && arg.telling == Effects::Telling::Timeout; }
MATCHER_P(IsFirst, bytes, "") {
  return arg.sending == Effects::Sending::First && arg.telling == Effects::Telling::Nothing && arg.bytes == bytes;
}
MATCHER_P(IsRetransmission, bytes, "") {
  return arg.sending == Effects::Sending::Retransmission && arg.telling == Effects::Telling::Nothing && arg.bytes == bytes;
}
MATCHER_P(IsTrying, start, "") {
  return arg.sending == Effects::Sending::Trying && arg.telling == Effects::Telling::Nothing && arg.bytes.view().starts_with(start);
}

/// A server transaction of one method, begun at 0 ms, and what its user answers.
template <class Machine>
class ServerMachineTest : public testing::Test {
 protected:
  ServerMachineTest(std::string request, std::string method) : request_(std::move(request)), method_(std::move(method)) {}

  Machine begun(Reliable reliable) {
    Machine tx{SharedBytes{request_}, reliable, timers};
    tx.begin(at(0ms));
    return tx;
  }
  Effects respond(Machine& tx, StatusCode status, TimePoint now) {
    Result<Effects> effects = tx.respond(status, SharedBytes{response_text(status, method_)}, now);
    EXPECT_TRUE(effects) << effects.error().text();
    return effects ? *effects : Effects{};
  }
  Errc refusal(Machine& tx, StatusCode status, TimePoint now) {
    const Result<Effects> effects = tx.respond(status, SharedBytes{response_text(status, method_)}, now);
    return effects ? Errc{} : effects.error().code;
  }
  TimerValues timers;

 private:
  std::string request_;
  std::string method_;
};

/// Lets time run: when a machine sent again, until it ends or waits for nothing. `last`: what its last timer did.
template <class Machine>
std::vector<Duration> resend_times(Machine& machine, const std::string& bytes, Effects& last) {
  std::vector<Duration> times;
  while (const auto deadline = machine.deadline()) {
    last = machine.expire(*deadline);
    if (last.sending != Effects::Sending::Retransmission) break;
    EXPECT_EQ(last.bytes, bytes);  // identical, byte for byte
    times.push_back(deadline->time_since_epoch());
  }
  return times;
}

}  // namespace test
}  // namespace parley::sip
