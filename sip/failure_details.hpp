// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/time.hpp>
#include <parley/sip/message/message.hpp>

#include <optional>
#include <string>
#include <vector>

namespace parley::sip {

/// What a refusal says beside its status (M19). Values as they came, without folds; empty where the refusal is ours. Value type.
struct FailureDetails {
  std::optional<Duration> retry_after;  ///< Retry-After: not before that (RFC 3261 s.20.33)
  std::vector<std::string> warnings;    ///< Warning: code, agent and text in quotes (s.20.43); parse_warning() takes them apart
  std::vector<std::string> error_info;  ///< Error-Info: where more is said (s.20.18). A URI in angle brackets; nothing fetches it
};

PARLEY_EXPORT FailureDetails failure_details(const MessageView& response);

}  // namespace parley::sip
