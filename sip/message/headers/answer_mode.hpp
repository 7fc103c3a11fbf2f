// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>

#include <cstdint>
#include <optional>

namespace parley::sip {

/// How a caller would like to be answered. Nothing but a wish: who grants it opens a microphone for a stranger, so the application decides,
/// with authentication and policy at hand (RFC 5373 s.6). parley itself answers no call because of it.
struct AnswerWish {
  enum class Mode : std::uint8_t { Unsaid, Manual, Automatic };
  Mode mode = Mode::Unsaid;
  bool required = false;               ///< "require": refuse rather than answer in another way (RFC 5373 s.4)
  bool privileged = false;             ///< by Priv-Answer-Mode, or Alert-Info and Call-Info, which ask for no consent
  std::optional<std::uint32_t> delay;  ///< seconds before the answer, where the caller says so
};

/// Reads Answer-Mode and Priv-Answer-Mode (RFC 5373), and what phones had before: Call-Info with answer-after, Alert-Info with
/// info=alert-autoanswer.
PARLEY_EXPORT AnswerWish answer_wish(const MessageView& invite) noexcept;

}  // namespace parley::sip
