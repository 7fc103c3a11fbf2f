// SPDX-License-Identifier: MIT
#pragma once

#include "../../support/fake_crypto.hpp"

#include <parley/sip/stack.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::sip::test {

using namespace std::chrono_literals;

inline TimePoint at(Duration since_start) { return TimePoint{since_start}; }

inline constexpr FlowId ws{1};   ///< reliable
inline constexpr FlowId udp{2};  ///< unreliable

struct RequestParts {
  std::string method = "OPTIONS";
  std::string via = "SIP/2.0/UDP peer.example.com;branch=z9hG4bKone";
  std::string uri = "sip:us@example.com";
  std::string to = "<sip:us@example.com>";
  std::string from = "<sip:peer@example.com>;tag=p1";
  std::string call_id = "call-1";
  std::string cseq = "5";
};

inline std::string request(const RequestParts& parts = {}) {
  return parts.method + " " + parts.uri + " SIP/2.0\r\nVia: " + parts.via + "\r\nMax-Forwards: 70\r\nFrom: " + parts.from +
         "\r\nTo: " + parts.to + "\r\nCall-ID: " + parts.call_id + "\r\nCSeq: " + parts.cseq + " " + parts.method +
         "\r\nContent-Length: 0\r\n\r\n";
}

inline std::string request(std::string method) {
  RequestParts parts;
  parts.method = std::move(method);
  return request(parts);
}

inline std::string first_line(std::string_view bytes) { return std::string(bytes.substr(0, bytes.find("\r\n"))); }

inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  text.replace(text.find(what), what.size(), with);
  return text;
}

/// A Stack with one reliable and one unreliable flow, in virtual time. Outputs are taken after each input.
class StackTest : public testing::Test {
 protected:
  StackTest() { make({}); }

  void make(StackOptions options) {
    stack = std::make_unique<Stack>(std::move(options), crypto);
    stack->flow_opened(ws, FlowInfo{Reliable::Yes, Secure::No, "WS", "us.invalid", "192.0.2.7", 4321});
    stack->flow_opened(udp, FlowInfo{Reliable::No, Secure::No, "UDP", "198.51.100.1:5060", "192.0.2.7", 5070});
  }

  void receive(FlowId flow, std::string_view bytes) {
    stack->receive(flow, bytes, now);
    drain();
  }

  /// Lets time run, each timer at its own time.
  void run_until(Duration since_start) {
    while (stack->next_timeout() && *stack->next_timeout() <= at(since_start)) {
      now = std::max(now, *stack->next_timeout());
      stack->handle_timeout(now);
      drain();
    }
    now = at(since_start);
  }

  void drain() {
    while (auto output = stack->poll_output()) {
      if (auto* send = std::get_if<Send>(&*output)) {
        sent.emplace_back(send->bytes);
        sent_on.push_back(send->flow);
        sent_at.push_back(std::chrono::duration_cast<Duration>(now.time_since_epoch()));
      } else {
        events.push_back(std::move(std::get<StackEvent>(*output)));
      }
    }
  }

  /// Builds and sends a request of ours; returns its transaction.
  TransactionId send(FlowId flow, std::string_view method) {
    MessageBuilder builder = stack->make_request(flow, method, "sip:peer@example.com");
    builder.header(HeaderId::From, "<sip:us@example.com>;tag=u1")
        .header(HeaderId::To, "<sip:peer@example.com>")
        .header(HeaderId::CallId, "our-call")
        .header(HeaderId::CSeq, "9 " + std::string(method));
    const Result<TransactionId> id = stack->send_request(flow, std::move(builder).finish().value(), now);
    EXPECT_TRUE(id) << id.error().text();
    drain();
    return id ? *id : TransactionId{};
  }

  /// A response to the last INVITE or other request we sent, as a peer would write it.
  std::string response(int status, std::string_view to_tag = "p9") {
    const Message message = Message::parse(last_request()).value();
    MessageBuilder builder = MessageBuilder::response_to(message.view(), static_cast<StatusCode>(status), to_tag);
    return std::move(builder).finish().value();
  }

  std::string last_request() const {
    for (auto bytes = sent.rbegin(); bytes != sent.rend(); ++bytes) {
      if (!bytes->starts_with("SIP/2.0") && !bytes->starts_with("ACK")) return *bytes;
    }
    return {};
  }

  /// Answers a server transaction with a response made from the request that opened it.
  Result<void> respond(const RequestReceived& received, int status) {
    MessageBuilder builder = MessageBuilder::response_to(received.message.view(), static_cast<StatusCode>(status), "u9");
    const Result<void> result = stack->respond(received.transaction, std::move(builder).finish().value(), now);
    drain();
    return result;
  }

  /// The last event, which must be of this kind.
  template <class Event>
  Event& last() {
    static Event none{};
    Event* const event = events.empty() ? nullptr : std::get_if<Event>(&events.back());
    EXPECT_NE(event, nullptr) << "another event than expected";
    return event ? *event : none;
  }

  template <class Event>
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(events, [](const StackEvent& event) { return std::holds_alternative<Event>(event); }));
  }

  void forget() {
    sent.clear();
    sent_on.clear();
    sent_at.clear();
    events.clear();
  }

  parley::test::FakeCrypto crypto;
  std::unique_ptr<Stack> stack;
  TimePoint now = at(0ms);
  std::vector<std::string> sent;
  std::vector<FlowId> sent_on;
  std::vector<Duration> sent_at;
  std::vector<StackEvent> events;
};

}  // namespace parley::sip::test
