// SPDX-License-Identifier: MIT
// Bytes and time steps against a whole Stack (N02): any sequence of messages, timers, closed flows and commands of the core keeps
// the invariants below. The input is a script of records; each begins with a line "%% COMMAND ARGUMENT":
//   %% ws | %% udp     the lines up to the next record come in on that flow; "@branch" stands for the branch of our last request
//   %% time N          N milliseconds pass
//   %% send METHOD N   a request of ours on flow N (1: ws, 2: udp)
//   %% respond N       the last request that came is answered with status N
//   %% cancel          our last request is cancelled
//   %% close N         flow N closes; %% open opens both again

#include <parley/sip/stack.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace parley;
using namespace parley::sip;

constexpr FlowId ws{1};
constexpr FlowId udp{2};
constexpr std::size_t most_transactions = 8;

/// The same input makes the same run: "random" octets come from a counter.
class CountingCrypto final : public Crypto {
 public:
  std::string hash_hex(HashAlgorithm, std::string_view) override { return std::string(64, '0'); }  // a Stack hashes nothing
  void random(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      octet = static_cast<std::uint8_t>(state_ >> 56);
    }
  }

 private:
  std::uint64_t state_ = 1;
};

/// An invariant is broken: the fuzzer keeps the input.
void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

unsigned number_of(std::string_view word) {
  unsigned number = 0;
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

class Run {
 public:
  Run() : stack_(options(), crypto_) { open(); }

  void record(std::string_view head, std::string_view body) {
    const std::string_view command = take_word(head);
    const std::string_view argument = take_word(head);
    if (command == "ws" || command == "udp") receive(command == "ws" ? ws : udp, body);
    if (command == "time") pass(Duration{number_of(argument)});
    if (command == "send") send(argument, number_of(take_word(head)) == 2 ? udp : ws);
    if (command == "respond") respond(number_of(argument));
    if (command == "cancel") (void)stack_.cancel(ours_, now_);
    if (command == "close") stack_.flow_closed(number_of(argument) == 2 ? udp : ws, Error{Errc::ConnectionLost}, now_);
    if (command == "open") open();
    drain(false);
  }

  /// Whatever happened: when the core has answered what waits for it, time alone ends everything.
  void finish() {
    for (const TransactionId id : pending_) (void)stack_.respond(id, "SIP/2.0 480 Gone\r\n\r\n", now_);
    drain(false);
    pass(Duration{100'000});
    for (std::uint64_t id = 1; id <= last_id_; ++id) (void)stack_.cancel(TransactionId{id}, now_);
    drain(false);
    pass(Duration{100'000});
    require(stack_.transaction_count() == 0);
    require(!stack_.next_timeout());
  }

 private:
  static StackOptions options() {
    StackOptions options;
    options.max_transactions = most_transactions;
    options.user_agent = "fuzzed";
    return options;
  }

  void open() {
    stack_.flow_opened(ws, FlowInfo{Reliable::Yes, Secure::No, "WS", "us.invalid", "192.0.2.7", 4321});
    stack_.flow_opened(udp, FlowInfo{Reliable::No, Secure::No, "UDP", "198.51.100.1:5060", "192.0.2.7", 5070});
  }

  void receive(FlowId flow, std::string_view body) {
    std::string bytes(body);
    constexpr std::string_view placeholder = "@branch";
    for (std::size_t at = bytes.find(placeholder); at != std::string::npos; at = bytes.find(placeholder, at + branch_.size())) {
      bytes.replace(at, placeholder.size(), branch_);
    }
    stack_.receive(flow, bytes, now_);
    drain(bytes.find_first_not_of("\r\n") != std::string::npos && bytes.compare(bytes.find_first_not_of("\r\n"), 8, "SIP/2.0 ") == 0);
  }

  /// Each timer at its own time; none is rung and still due.
  void pass(Duration duration) {
    const TimePoint end = now_ + duration;
    while (stack_.next_timeout() && *stack_.next_timeout() <= end) {
      now_ = std::max(now_, *stack_.next_timeout());
      stack_.handle_timeout(now_);
      drain(false);
      require(!stack_.next_timeout() || *stack_.next_timeout() > now_);
    }
    now_ = end;
    stack_.handle_timeout(now_);
    drain(false);
  }

  void send(std::string_view method, FlowId flow) {
    MessageBuilder builder = stack_.make_request(flow, method, "sip:peer@example.com");
    builder.header(HeaderId::From, "<sip:us@example.com>;tag=u1")
        .header(HeaderId::To, "<sip:peer@example.com>")
        .header(HeaderId::CallId, "our-call")
        .header(HeaderId::CSeq, "9 " + std::string(method));
    Result<std::string> bytes = std::move(builder).finish();
    if (!bytes) return;
    const std::size_t begin = bytes->find(";branch=") + 8;
    std::string branch = bytes->substr(begin, bytes->find_first_of(";\r", begin) - begin);
    const Result<TransactionId> id = stack_.send_request(flow, *bytes, now_);
    if (!id) return;
    remember(*id);
    ours_ = *id;
    branch_ = std::move(branch);
  }

  void respond(unsigned status) {
    if (!received_) return;
    Result<std::string> bytes = MessageBuilder::response_to(received_.view(), static_cast<StatusCode>(status), "u9").finish();
    if (bytes) (void)stack_.respond(theirs_, *bytes, now_);
  }

  void remember(TransactionId id) { last_id_ = std::max(last_id_, static_cast<std::uint64_t>(id)); }

  void drain(bool after_response) {
    while (auto output = stack_.poll_output()) {
      if (const auto* send = std::get_if<Send>(&*output)) {
        check(*send, after_response);
      } else {
        check(std::get<StackEvent>(*output));
      }
    }
  }

  void check(const Send& send, bool after_response) {
    const std::string_view bytes = send.bytes;
    require(!bytes.empty() && bytes.size() <= limits::message);
    if (bytes == "\r\n") return;
    if (!bytes.starts_with("SIP/2.0 ")) require(Message::parse(bytes).has_value());  // what we ask ourselves is well-formed
    if (after_response) require(bytes.starts_with("ACK "));                          // nothing else answers a response (N05)
  }

  void check(StackEvent& event) {
    if (auto* request = std::get_if<RequestReceived>(&event)) {
      require(pending_.insert(request->transaction).second);
      require(request->message.view().method() != Method::Ack);  // C18
      remember(request->transaction);
      theirs_ = request->transaction;
      received_ = std::move(request->message);
    } else if (const auto* response = std::get_if<ResponseReceived>(&event)) {
      require(failed_.count(response->transaction) == 0);  // silence after the last word
      const StatusCode status = response->message.view().status();
      const bool accepted = response->message.view().method() == Method::Invite && status / 100 == 2;
      if (status >= 200 && !accepted) require(finished_.insert(response->transaction).second);  // one final response
    } else if (const auto* failure = std::get_if<TransactionFailed>(&event)) {
      require(failed_.insert(failure->transaction).second);
      require(finished_.count(failure->transaction) == 0);
    } else if (const auto* dropped = std::get_if<Dropped>(&event)) {
      for (const char c : dropped->text) require(static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
    }
  }

  CountingCrypto crypto_;
  Stack stack_;
  TimePoint now_{};
  TransactionId ours_{};
  TransactionId theirs_{};
  std::uint64_t last_id_ = 0;
  std::string branch_ = "z9hG4bKnone";
  Message received_;
  std::set<TransactionId> pending_;   ///< requests that came
  std::set<TransactionId> finished_;  ///< ours with a final response other than a 2xx to INVITE
  std::set<TransactionId> failed_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view mark = "%% ";
  std::string_view script{reinterpret_cast<const char*>(data), size};
  Run run;
  std::size_t at = script.find(mark);
  for (int records = 0; at != std::string_view::npos && records < 200; ++records) {
    std::string_view record = script.substr(at + mark.size());
    at = script.find(mark, at + mark.size());
    if (at != std::string_view::npos) record = record.substr(0, record.size() - (script.size() - at));
    const std::size_t line = std::min(record.find('\n'), record.size());
    run.record(record.substr(0, line), record.substr(std::min(line + 1, record.size())));
  }
  run.finish();
  return 0;
}
