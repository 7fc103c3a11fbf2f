// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/reserved_queue.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/user_agent_events.hpp>

#include <cstddef>
#include <optional>

namespace parley::sip {

/// What a user agent gives out, in the order of cause and effect: an event stands behind the bytes that it tells of.
/// Takes the stack's outputs apart: bytes go out, events wait to be worked on. Loop thread only.
class Outbox {
 public:
  /// What one input, timer or command gives out at most, but for the outputs of a stack that closes a flow.
  static constexpr std::size_t most_at_once = 8;

  explicit Outbox(Stack& stack) noexcept : stack_(stack) {}

  /// Makes room, so that emit() cannot fail while one input, timer or command is worked on.
  void reserve() {
    out_.reserve(most_at_once);
    stack_events_.reserve(most_at_once);
  }

  /// Takes over what the stack has given out.
  void collect() {
    for (;;) {
      out_.reserve(1);
      stack_events_.reserve(1);
      auto output = stack_.poll_output();
      if (!output) return;
      if (auto* send = std::get_if<Send>(&*output)) {
        out_.push(std::move(*send));
      } else {
        stack_events_.push(std::move(std::get<StackEvent>(*output)));
      }
    }
  }

  void emit(UserAgentEvent event) {
    collect();  // what the stack was told to send so far goes first
    out_.reserve(1);
    out_.push(std::move(event));
  }

  /// The stack's next event, to be worked on. It stays the next one until finished() is called: where memory runs out, it is tried again.
  StackEvent* next_stack_event() {
    if (in_work_) return &*in_work_;
    collect();
    if (!stack_events_.empty()) in_work_.emplace(stack_events_.pop());
    return in_work_ ? &*in_work_ : nullptr;
  }
  void finished() noexcept { in_work_.reset(); }
  std::optional<UserAgentOutput> poll() noexcept {
    if (out_.empty()) return std::nullopt;
    return out_.pop();
  }

 private:
  Stack& stack_;
  ReservedQueue<UserAgentOutput> out_;
  ReservedQueue<StackEvent> stack_events_;
  std::optional<StackEvent> in_work_;
};

}  // namespace parley::sip
