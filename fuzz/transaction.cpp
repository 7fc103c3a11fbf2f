// SPDX-License-Identifier: MIT
// One transaction of each kind under any sequence of message, timer, transport error and user action (N02). The input is a word a
// run: its first letter says which machine (I, N: INVITE and other client; i, n: INVITE and other server), its second whether the
// transport is reliable (r) or not (u). Each further letter is an event:
//   .  the next timer rings    ,  100 ms pass    ;  5 s pass    e  a wake-up although nothing is due
//   0..6  a response: comes in (client) or is given by the core (server); 0 is 100, else the class
//   f  a 200 with another To tag comes     s  the peer says the same once more
//   a  an ACK comes      b  an ACK with a branch of its own comes     c  CANCEL: of the user (client) or of the peer (server)
//   x  the flow breaks   o  it is opened again

#include <parley/fuzz/check.hpp>
#include <parley/sip/stack.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace parley;
using namespace parley::sip;
using parley::fuzz::require;

constexpr FlowId flow{1};
constexpr Duration most_life{64 * 500};
constexpr std::size_t most_sends = 12;  // 11 requests or finals of 64·T1, and what answers the peer is counted apart

std::string text_of(MessageBuilder builder) { return std::move(builder).finish().value(); }

class Run {
 public:
  Run(char kind, char transport)
      : is_client_(kind == 'I' || kind == 'N'),
        method_(kind == 'I' || kind == 'i' ? "INVITE" : "OPTIONS"),
        is_reliable_(transport == 'r'),
        stack_({}, crypto_) {
    open();
    if (is_client_) {
      MessageBuilder builder = stack_.make_request(flow, method_, "sip:peer@example.com");
      builder.header(HeaderId::From, "<sip:us@example.com>;tag=u1")
          .header(HeaderId::To, "<sip:peer@example.com>")
          .header(HeaderId::CallId, "call")
          .header(HeaderId::CSeq, "1 " + method_);
      request_ = text_of(std::move(builder));
      ours_ = stack_.send_request(flow, request_, now_).value();
    } else {
      request_ = peer_request(method_, "z9hG4bKpeer");
      receive(request_);
    }
    drain();
  }

  void event(char letter) {
    answers_ = 0;
    if (letter >= '0' && letter <= '6') answer(letter == '0' ? 100 : 100 * (letter - '0') + 80, "peer");
    switch (letter) {
      case '.': pass(stack_.next_timeout().value_or(now_) - now_); break;
      case ',': pass(Duration{100}); break;
      case ';': pass(Duration{5'000}); break;
      case 'e': stack_.handle_timeout(now_); break;
      case 'f': answer(200, "fork"); break;
      case 's': receive(is_client_ ? last_response_ : request_); break;
      case 'a': receive(peer_request("ACK", "z9hG4bKpeer")); break;
      case 'b': receive(peer_request("ACK", "z9hG4bKother")); break;
      case 'c': cancel(); break;
      case 'x': stack_.flow_closed(flow, Error{Errc::ConnectionLost}, now_); break;
      case 'o': open(); break;
      default: break;
    }
    drain();
  }

  /// When the core has answered and given up, time alone ends everything.
  void finish() {
    for (const auto& transaction : theirs_) (void)stack_.respond(transaction, response(480, "us"), now_);
    (void)stack_.cancel(ours_, now_);
    drain();
    pass(3 * most_life);
    require(stack_.transaction_count() == 0);
    require(!stack_.next_timeout());
  }

 private:
  void open() {
    stack_.flow_opened(flow, FlowInfo{is_reliable_ ? Reliable::Yes : Reliable::No, Secure::No, is_reliable_ ? "TCP" : "UDP", "us.invalid",
                                      "192.0.2.7", 5060});
  }

  std::string peer_request(std::string_view method, std::string_view branch) const {
    MessageBuilder builder = MessageBuilder::request(method, "sip:us@us.invalid");
    builder.header(HeaderId::Via, "SIP/2.0/UDP peer.invalid;branch=" + std::string(branch))
        .header(HeaderId::MaxForwards, 70)
        .header(HeaderId::From, "<sip:peer@example.com>;tag=p1")
        .header(HeaderId::To, "<sip:us@example.com>")
        .header(HeaderId::CallId, "their-call")
        .header(HeaderId::CSeq, "7 " + std::string(method));
    return text_of(std::move(builder));
  }
  std::string response(StatusCode status, std::string_view tag) const {
    const auto message = Message::parse(request_);
    return text_of(MessageBuilder::response_to(message->view(), status, tag));
  }

  void answer(int status, std::string_view tag) {
    const auto code = static_cast<StatusCode>(status);
    if (is_client_) return receive(last_response_ = response(code, tag));
    if (!theirs_.empty()) (void)stack_.respond(theirs_.front(), response(code, "us"), now_);
  }
  void cancel() {
    if (is_client_) {
      (void)stack_.cancel(ours_, now_);
    } else {
      receive(peer_request("CANCEL", "z9hG4bKpeer"));
    }
  }
  void receive(std::string_view bytes) {
    if (!bytes.empty()) stack_.receive(flow, bytes, now_);
  }

  void pass(Duration length) {
    const TimePoint end = now_ + std::max(length, Duration{0});
    for (auto due = stack_.next_timeout(); due && *due <= end; due = stack_.next_timeout()) {
      now_ = std::max(now_, *due);
      stack_.handle_timeout(now_);
      drain();
      require(!stack_.next_timeout() || *stack_.next_timeout() > now_);  // what rang is not due any more
    }
    now_ = end;
    stack_.handle_timeout(now_);
    drain();
  }

  void drain() {
    while (auto output = stack_.poll_output()) {
      if (const auto* send = std::get_if<Send>(&*output)) {
        sent(send->bytes);
      } else {
        told(std::get<StackEvent>(*output));
      }
    }
  }

  /// C02, C03, C09: a request is the same bytes each time, a few times, and once where the transport is reliable.
  void sent(std::string_view bytes) {
    require(++answers_ <= most_sends * 3);
    if (!is_client_ || bytes != request_) return;
    require(++requests_ <= (is_reliable_ ? 1 : most_sends));
    require(!is_over_);
  }

  void told(const StackEvent& event) {
    if (const auto* received = std::get_if<RequestReceived>(&event)) {
      require(received->message.view().method() != Method::Ack);                                   // C18
      require(std::find(theirs_.begin(), theirs_.end(), received->transaction) == theirs_.end());  // told once
      theirs_.push_back(received->transaction);
    } else if (const auto* response = std::get_if<ResponseReceived>(&event)) {
      if (response->transaction == ours_) on_response(response->message.view().status());
    } else if (const auto* failed = std::get_if<TransactionFailed>(&event)) {
      if (failed->transaction != ours_) return;
      require(!is_over_);  // one end: an answer, or the word that there is none
      is_over_ = true;
    }
  }

  void on_response(StatusCode status) {
    const bool is_success = status / 100 == 2 && method_ == "INVITE";
    require(!is_over_ || (is_success && was_accepted_));  // C06: one final; C08: any number of 2xx to INVITE
    if (status < 200) return;
    is_over_ = true;
    was_accepted_ = was_accepted_ || is_success;
  }

  const bool is_client_;
  const std::string method_;
  const bool is_reliable_;
  test::FakeCrypto crypto_;
  Stack stack_;
  TimePoint now_{};
  std::string request_;
  std::string last_response_;
  TransactionId ours_{};
  std::vector<TransactionId> theirs_;
  std::size_t requests_ = 0;
  std::size_t answers_ = 0;
  bool is_over_ = false;
  bool was_accepted_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view word{reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 200)};
  if (word.size() < 2 || std::string_view("INin").find(word[0]) == std::string_view::npos) return 0;
  Run run(word[0], word[1]);
  for (const char letter : word.substr(2)) run.event(letter);
  run.finish();
  return 0;
}
