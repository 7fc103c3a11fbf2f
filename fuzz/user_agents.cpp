// SPDX-License-Identifier: MIT
// Two user agents and a network that the input scripts (N02): whatever is lost, copied, overtaken, changed or cut, and whatever the
// users do when, each call and each request ends once and nothing stays behind. The first letter says whether the transport is
// reliable (r) or not (u); each further one is an event. Capital letters are the second user's.
//   i  calls    l  calls without an offer    g  rings       y  accepts     n  rejects     t  hangs up
//   h  re-INVITE  k  accepts the other's     z  refuses it  d  answers the offer of a 200
//   m  MESSAGE  f  INFO  q  OPTIONS          x  its flow breaks            o  a new flow stands
//   >  the first message for the second user arrives, < for the first; ) ( are lost; ] [ arrive and stay; } { are put last;
//   +  - arrive with a bit changed (the digit before says which octet, in tenths of the message)
//   .  the next timer rings    ,  100 ms pass    ;  5 s pass    *  all messages arrive

#include <parley/fuzz/check.hpp>
#include <parley/sip/user_agent.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <string>
#include <string_view>

namespace {

using namespace parley;
using namespace parley::sip;
using parley::fuzz::require;

constexpr std::size_t most_in_flight = 200;  // who only ever copies messages proves nothing
constexpr std::string_view sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

Body description() { return {"application/sdp", std::string(sdp)}; }

/// A user agent and what its user knows.
class User {
 public:
  User(std::string name, Reliable reliable, std::uint64_t seed)
      : name_(std::move(name)), reliable_(reliable), crypto_(seed), ua_(options(name_), crypto_) {}

  UserAgent& ua() { return ua_; }
  std::deque<std::string>& outgoing() { return outgoing_; }
  FlowId flow() const { return flow_; }

  void open(TimePoint now) {
    if (is_open_) return;
    is_open_ = true;
    flow_ = FlowId{static_cast<std::uint64_t>(flow_) + 1};
    const bool yes = reliable_ == Reliable::Yes;
    ua_.flow_opened(flow_, FlowInfo{reliable_, Secure::No, yes ? "WS" : "UDP", name_ + ".invalid", "192.0.2.9", 5060}, now);
    ua_.set_flow(flow_, now);
  }
  void close(TimePoint now) {
    if (!std::exchange(is_open_, false)) return;
    ua_.flow_closed(flow_, Error{Errc::ConnectionLost}, now);
    ua_.set_flow(std::nullopt, now);
  }

  void act(char letter, const std::string& other, TimePoint now) {
    const std::string peer = "sip:" + other + "@example.com";
    switch (letter) {
      case 'i':
      case 'l': return call(peer, letter == 'i', now);
      case 'g': (void)ua_.ring(last_, 180, now); return;
      case 'y': (void)ua_.accept(last_, description(), {}, now); return;
      case 'n': (void)ua_.reject(last_, 486, {}, now); return;
      case 't': (void)ua_.terminate(last_, {}, now); return;
      case 'h': (void)ua_.reinvite(last_, description(), now); return;
      case 'k': (void)ua_.accept_reinvite(last_, description(), now); return;
      case 'z': (void)ua_.reject_reinvite(last_, 488, {}, now); return;
      case 'd': (void)ua_.acknowledge(last_, description(), now); return;
      case 'm': return asked(ua_.message(peer, {"text/plain", "hi"}, {}, now));
      case 'f': return asked(ua_.info(last_, {"application/dtmf-relay", "Signal=1\r\n"}, {}, now));
      case 'q': return asked(ua_.options(peer, now));
      case 'x': return close(now);
      case 'o': return open(now);
      default: return;
    }
  }

  void hang_up_all(TimePoint now) {
    for (const SessionId session : live_) (void)ua_.terminate(session, {}, now);
  }

  void drain() {
    while (auto output = ua_.poll_output()) {
      if (const auto* send = std::get_if<Send>(&*output)) {
        const std::string_view bytes = send->bytes;
        if (!bytes.starts_with("SIP/2.0 ")) require(Message::parse(bytes).has_value());
        if (is_open_ && send->flow == flow_ && outgoing_.size() < most_in_flight) outgoing_.emplace_back(bytes);
      } else {
        std::visit([this](const auto& event) { told(event); }, std::get<UserAgentEvent>(*output));
      }
    }
  }

  void check_idle() {
    require(live_.empty() && asked_.empty());
    require(ua_.session_count() == 0 && ua_.unfinished_session_count() == 0);
    require(ua_.stack().transaction_count() == 0);
    require(!ua_.next_timeout());
  }

 private:
  static UserAgentOptions options(const std::string& name) {
    UserAgentOptions options;
    options.aor = "sip:" + name + "@example.com";
    options.contact_user = name;
    return options;
  }

  void call(const std::string& peer, bool with_offer, TimePoint now) {
    InviteRequest request;
    request.target = peer;
    if (with_offer) request.offer = description();
    const auto session = ua_.invite(request, now);
    if (session) begun(*session);
  }
  void begun(SessionId session) {
    require(live_.insert(session).second);
    last_ = session;
  }
  void asked(const Result<RequestId>& request) {
    if (request) require(asked_.insert(*request).second);
  }

  void told(const IncomingSession& event) { begun(event.session); }
  void told(const SessionEnded& event) { require(live_.erase(event.session) == 1); }  // once
  void told(const RequestDone& event) { require(asked_.erase(event.request) == 1); }
  void told(const SessionProgress& event) { require(live_.count(event.session) == 1); }  // nothing after the end
  void told(const OfferReceived& event) { require(live_.count(event.session) == 1); }
  void told(const AnswerReceived& event) { require(live_.count(event.session) == 1); }
  void told(const SessionConfirmed& event) { require(live_.count(event.session) == 1); }
  void told(const ReinviteRefused& event) { require(live_.count(event.session) == 1); }
  void told(const ReinviteDue& event) { require(live_.count(event.session) == 1); }
  void told(const SessionEstablished& event) {
    require(live_.count(event.session) == 1);
    require(established_.insert(event.session).second);
  }
  template <class Other>
  void told(const Other&) {}

  const std::string name_;
  const Reliable reliable_;
  test::FakeCrypto crypto_;
  UserAgent ua_;
  FlowId flow_{};
  bool is_open_ = false;
  SessionId last_{};
  std::set<SessionId> live_;
  std::set<SessionId> established_;
  std::set<RequestId> asked_;
  std::deque<std::string> outgoing_;
};

class Run {
 public:
  explicit Run(Reliable reliable) : users_{User("ann", reliable, 1), User("ben", reliable, 2)} {
    for (User& user : users_) user.open(now_);
  }

  void event(char letter) {
    if (letter >= '0' && letter <= '9') tenth_ = static_cast<std::size_t>(letter - '0');
    if (letter >= 'a' && letter <= 'z') users_[0].act(letter, "ben", now_);
    if (letter >= 'A' && letter <= 'Z') users_[1].act(static_cast<char>(letter - 'A' + 'a'), "ann", now_);
    constexpr std::string_view to_second = ">)]}+";
    constexpr std::string_view to_first = "<([{-";
    if (const auto what = to_second.find(letter); what != std::string_view::npos) carry(users_[0], users_[1], what);
    if (const auto what = to_first.find(letter); what != std::string_view::npos) carry(users_[1], users_[0], what);
    if (letter == '.') pass(std::max(next_due().value_or(now_) - now_, Duration{0}));
    if (letter == ',') pass(Duration{100});
    if (letter == ';') pass(Duration{5'000});
    if (letter == '*') carry_all();
    drain();
  }

  /// The network is whole again, the users hang up: time ends the rest.
  void finish() {
    for (User& user : users_) user.open(now_);
    drain();
    for (int round = 0; round < 2; ++round) {  // a call may come of a message that was still on the way
      for (User& user : users_) user.hang_up_all(now_);
      drain();
      carry_all();
      const TimePoint end = now_ + Duration{300'000};
      for (auto due = next_due(); due && *due <= end; due = next_due()) {
        pass(std::max(*due - now_, Duration{0}));
        carry_all();
      }
    }
    for (User& user : users_) user.check_idle();
  }

 private:
  std::optional<TimePoint> next_due() {
    const auto first = users_[0].ua().next_timeout();
    const auto second = users_[1].ua().next_timeout();
    if (!first || !second) return first ? first : second;
    return std::min(*first, *second);
  }

  void pass(Duration length) {
    const TimePoint end = now_ + length;
    for (auto due = next_due(); due && *due <= end; due = next_due()) {
      now_ = std::max(now_, *due);
      for (User& user : users_) user.ua().handle_timeout(now_);
      drain();
      require(!next_due() || *next_due() > now_);
    }
    now_ = end;
  }

  void drain() {
    for (User& user : users_) user.drain();
  }

  /// What is done with the first message: arrives, lost, arrives and stays, put last, arrives with a bit changed.
  void carry(User& from, User& to, std::size_t what) {
    auto& queue = from.outgoing();
    if (queue.empty()) return;
    std::string bytes = queue.front();
    if (what != 2) queue.pop_front();
    if (what == 1) return;
    if (what == 3) return queue.push_back(std::move(bytes));
    if (what == 4) {
      char& octet = bytes[bytes.size() * tenth_ / 10];
      octet = static_cast<char>(static_cast<unsigned char>(octet) ^ 1U);
    }
    to.ua().receive(to.flow(), bytes, now_);
    to.drain();
  }

  void carry_all() {
    for (int limit = 0; limit < 2'000 && !(users_[0].outgoing().empty() && users_[1].outgoing().empty()); ++limit) {
      carry(users_[0], users_[1], 0);
      carry(users_[1], users_[0], 0);
    }
  }

  TimePoint now_ = TimePoint{} + Duration{1'000'000};
  std::array<User, 2> users_;
  std::size_t tenth_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view word{reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 400)};
  if (word.empty()) return 0;
  Run run(word[0] == 'r' ? Reliable::Yes : Reliable::No);
  for (const char letter : word.substr(1)) run.event(letter);
  run.finish();
  return 0;
}
