// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/stack.hpp>
#include <parley/sip/user_agent_events.hpp>

#include <deque>
#include <optional>

namespace parley::sip {

/// What a user agent gives out, in the order of cause and effect: an event stands behind the bytes that it tells of.
/// Takes the stack's outputs apart: bytes go out, events wait to be worked on. Loop thread only.
class Outbox {
 public:
  explicit Outbox(Stack& stack) noexcept : stack_(stack) {}

  void emit(UserAgentEvent event) {
    drain();  // what the stack was told to send so far goes first
    out_.push_back(std::move(event));
  }

  /// The stack's next event that nobody has worked on.
  std::optional<StackEvent> next_stack_event() {
    drain();
    return take(stack_events_);
  }

  std::optional<UserAgentOutput> poll() { return take(out_); }

 private:
  void drain() {
    while (auto output = stack_.poll_output()) {
      if (auto* send = std::get_if<Send>(&*output)) {
        out_.push_back(std::move(*send));
      } else {
        stack_events_.push_back(std::move(std::get<StackEvent>(*output)));
      }
    }
  }

  template <class T>
  static std::optional<T> take(std::deque<T>& queue) {
    if (queue.empty()) return std::nullopt;
    std::optional<T> front(std::move(queue.front()));
    queue.pop_front();
    return front;
  }

  Stack& stack_;
  std::deque<UserAgentOutput> out_;
  std::deque<StackEvent> stack_events_;
};

}  // namespace parley::sip
