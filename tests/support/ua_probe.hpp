// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/user_agent.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parley::test {

using Headers = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view sdp_offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";
inline constexpr std::string_view sdp_answer = "v=0\r\no=- 2 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

inline sip::Body sdp(std::string_view text = sdp_offer) { return {"application/sdp", std::string(text)}; }

inline sip::FlowInfo websocket(std::string name, sip::Secure secure = sip::Secure::No) {
  sip::FlowInfo info;
  info.secure = secure;
  info.via_transport = secure == sip::Secure::Yes ? "WSS" : "WS";
  info.local_name = std::move(name);
  info.peer_address = "127.0.0.1";
  info.peer_port = 4711;
  return info;
}

inline sip::FlowInfo datagrams(std::string name) {
  sip::FlowInfo info = websocket(std::move(name));
  info.reliable = sip::Reliable::No;
  info.via_transport = "UDP";
  return info;
}

/// A message that was sent, with its text at hand.
class Wire {
 public:
  Wire() = default;
  explicit Wire(std::string text) : text_(std::move(text)), message_(sip::Message::parse(text_).value()) {}

  const std::string& text() const { return text_; }
  sip::MessageView view() const { return message_.view(); }
  sip::MessageView operator*() const { return view(); }
  explicit operator bool() const { return !text_.empty(); }
  std::string header(sip::HeaderId id) const { return std::string(view().header(id).value_or("")); }
  bool is(sip::Method method) const { return *this && view().is_request() && view().method() == method; }
  bool is(sip::StatusCode status) const { return *this && view().is_response() && view().status() == status; }
  /// "INVITE", "200 INVITE".
  std::string label() const {
    if (!*this) return "nothing";
    const std::string method(view().cseq().method_text);
    return view().is_request() ? method : std::to_string(view().status()) + ' ' + method;
  }

 private:
  std::string text_;
  sip::Message message_;
};

/// A UserAgent in virtual time with all that it gives out, and the words of a scripted peer.
class Probe {
 public:
  static constexpr sip::FlowId first_flow{1};

  explicit Probe(sip::UserAgentOptions options, sip::FlowInfo info = websocket("alice.invalid"), std::uint64_t seed = 1)
      : crypto_(seed), ua_(std::move(options), crypto_) {
    open(first_flow, std::move(info));
  }

  static sip::UserAgentOptions alice() {
    sip::UserAgentOptions options;
    options.aor = "sip:alice@example.com";
    options.display_name = "Alice";
    options.contact_user = "a1";
    options.identity.username = "alice";
    options.identity.password = "secret";
    return options;
  }

  sip::UserAgent* operator->() { return &ua_; }
  sip::UserAgent& ua() { return ua_; }
  TimePoint now() const { return now_; }

  void open(sip::FlowId flow, sip::FlowInfo info) {
    ua_.flow_opened(flow, std::move(info), now_);
    ua_.set_flow(flow, now_);
    drain();
  }
  void close(sip::FlowId flow = first_flow) {
    ua_.flow_closed(flow, Error{.code = Errc::ConnectionLost, .reason = "connection reset"}, now_);
    ua_.set_flow(std::nullopt, now_);
    drain();
  }

  void receive(std::string_view text, sip::FlowId flow = first_flow) {
    ua_.receive(flow, text, now_);
    drain();
  }

  /// From deadline to deadline, so nothing is late.
  void advance(Duration duration) { advance_to(now_ + duration); }
  void advance_to(TimePoint target) {
    drain();
    for (auto due = ua_.next_timeout(); due && *due <= target; due = ua_.next_timeout()) {
      now_ = std::max(now_, *due);
      ua_.handle_timeout(now_);
      drain();
    }
    now_ = target;
  }
  /// Many deadlines at once, as after a suspend.
  void jump(Duration duration) {
    now_ += duration;
    ua_.handle_timeout(now_);
    drain();
  }

  // ---- What it sent

  std::size_t unread() {
    drain();
    return sent_.size();
  }
  /// The oldest message that was not looked at; empty: none.
  Wire sent() {
    std::string text = sent_text();
    return text.empty() ? Wire() : Wire(std::move(text));
  }
  /// The same as it is: the answer to a broken request repeats what is broken.
  std::string sent_text() {
    drain();
    if (sent_.empty()) return {};
    std::string text = std::move(sent_.front().second);
    last_flow_ = sent_.front().first;
    sent_.pop_front();
    return text;
  }
  /// Keep-alives that went out so far; they are no messages.
  std::size_t pings() {
    drain();
    return pings_;
  }
  sip::FlowId flow_of_last_sent() const { return last_flow_; }
  std::vector<std::string> labels() {
    std::vector<std::string> all;
    while (auto wire = sent()) all.push_back(wire.label());
    return all;
  }
  void forget_sent() {
    drain();
    sent_.clear();
  }

  // ---- What it told

  /// The oldest event of that kind; those before it stay.
  template <class Event>
  std::optional<Event> told() {
    drain();
    const auto found = std::find_if(events_.begin(), events_.end(), [](const auto& event) { return std::holds_alternative<Event>(event); });
    if (found == events_.end()) return std::nullopt;
    std::optional<Event> event(std::move(std::get<Event>(*found)));
    events_.erase(found);
    return event;
  }
  template <class Event>
  std::size_t count() {
    drain();
    return static_cast<std::size_t>(
        std::count_if(events_.begin(), events_.end(), [](const auto& event) { return std::holds_alternative<Event>(event); }));
  }
  const std::vector<std::string>& order() const { return order_; }  ///< labels of all that came out, in order
  void forget_order() { std::vector<std::string>().swap(order_); }
  void forget_told() {
    drain();
    events_.clear();
  }

  // ---- The scripted peer's words

  /// A response to a request of ours.
  void answer(const Wire& request, sip::StatusCode status, std::string_view to_tag = "peer", const Headers& headers = {},
              std::string_view body = {}, sip::FlowId flow = first_flow) {
    receive(response(request, status, to_tag, headers, body), flow);
  }
  static std::string response(const Wire& request, sip::StatusCode status, std::string_view to_tag, const Headers& headers = {},
                              std::string_view body = {}) {
    auto builder = sip::MessageBuilder::response_to(request.view(), status, to_tag);
    for (const auto& [name, value] : headers) builder.header(name, value);
    if (!body.empty()) builder.body("application/sdp", body);
    return std::move(builder).finish().value();
  }
  /// The 200 that sets up a call.
  void answer_ok(const Wire& invite, std::string_view to_tag = "peer", std::string_view contact = "<sip:bob@192.0.2.2>") {
    answer(invite, 200, to_tag, {{"Contact", std::string(contact)}}, sdp_answer);
  }

  void drain() {
    while (auto output = ua_.poll_output()) {
      if (auto* send = std::get_if<sip::Send>(&*output)) {
        std::string bytes(send->bytes.view());
        if (bytes.find_first_not_of("\r\n") == std::string::npos) {
          ++pings_;
          continue;
        }
        order_.push_back(sip::Message::parse(bytes) ? Wire(bytes).label() : "answer to what is broken");
        sent_.emplace_back(send->flow, std::move(bytes));
      } else {
        order_.push_back("event " + std::to_string(std::get<sip::UserAgentEvent>(*output).index()));
        events_.push_back(std::move(std::get<sip::UserAgentEvent>(*output)));
      }
    }
  }

  /// Takes what was sent, oldest first, with its flow; for a wire between two.
  std::optional<std::pair<sip::FlowId, std::string>> take_sent() {
    drain();
    if (sent_.empty()) return std::nullopt;
    auto front = std::move(sent_.front());
    sent_.pop_front();
    return front;
  }

 private:
  FakeCrypto crypto_;
  sip::UserAgent ua_;
  TimePoint now_ = TimePoint{} + Duration{1'000'000};
  std::deque<std::pair<sip::FlowId, std::string>> sent_;
  std::size_t pings_ = 0;
  std::vector<sip::UserAgentEvent> events_;
  std::vector<std::string> order_;
  sip::FlowId last_flow_{};
};

/// A request of a scripted peer. Values that a test does not care for are filled in.
struct PeerRequest {
  std::string method = "INVITE";
  std::string uri = "sip:a1@alice.invalid;transport=ws";
  std::string branch = "z9hG4bKpeer1";
  std::string from = "\"Bob\" <sip:bob@example.com>;tag=peer";
  std::string to = "<sip:alice@example.com>";
  std::string call_id = "call-1@peer";
  std::uint32_t cseq = 1;
  Headers headers{};
  std::string content_type{};
  std::string body{};

  std::string text() const {
    auto builder = sip::MessageBuilder::request(method, uri);
    builder.header("Via", "SIP/2.0/WS peer.invalid;branch=" + branch)
        .header("Max-Forwards", "70")
        .header("From", from)
        .header("To", to)
        .header("Call-ID", call_id)
        .header("CSeq", std::to_string(cseq) + ' ' + (method == "ACK" ? "ACK" : method));
    for (const auto& [name, value] : headers) builder.header(name, value);
    if (!content_type.empty()) builder.body(content_type, body);
    return std::move(builder).finish().value();
  }
};

/// An INVITE of a scripted peer with an offer.
inline PeerRequest peer_invite() {
  PeerRequest invite;
  invite.headers = {{"Contact", "<sip:bob@192.0.2.2>"}};
  invite.content_type = "application/sdp";
  invite.body = sdp_offer;
  return invite;
}

/// A request of the peer in the dialog that our message `ours` (any of it: request or response) belongs to, which we began (caller) or not.
inline PeerRequest in_dialog(const Wire& ours, std::string method, std::uint32_t cseq, std::string branch) {
  PeerRequest request;
  request.method = std::move(method);
  request.branch = std::move(branch);
  request.cseq = cseq;
  request.call_id = ours.view().call_id();
  // A request of ours names us in From; a response of ours (to the peer's INVITE) in To.
  const bool from_us = ours.view().is_request();
  request.from = from_us ? ours.header(sip::HeaderId::To) : ours.header(sip::HeaderId::From);
  request.to = from_us ? ours.header(sip::HeaderId::From) : ours.header(sip::HeaderId::To);
  return request;
}

}  // namespace parley::test
