// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/headers/reading.hpp>

#include <string>
#include <string_view>

/// Headers that name a dialog: Replaces, Join, Target-Dialog.
namespace parley::sip {

/// Call-ID and tags of a dialog as its other party sees it. Lives as long as the bytes.
struct DialogReferenceView {
  std::string_view call_id;
  std::string_view to_tag;    ///< Target-Dialog: remote-tag
  std::string_view from_tag;  ///< Target-Dialog: local-tag
  bool early_only = false;    ///< Replaces: only a call that has not been answered
};

/// Replaces (RFC 3891 s.3) and Join (RFC 3911 s.3): both tags, each once.
PARLEY_EXPORT Reading<DialogReferenceView> parse_replaces(std::string_view text) noexcept;
/// Target-Dialog (RFC 4538 s.7): both tags, each once.
PARLEY_EXPORT Reading<DialogReferenceView> parse_target_dialog(std::string_view text) noexcept;

/// Ready for the header. BadValue: no Call-ID, or a tag that is no token.
PARLEY_EXPORT Result<std::string> format_replaces(const DialogReferenceView& dialog);
PARLEY_EXPORT Result<std::string> format_target_dialog(const DialogReferenceView& dialog);

}  // namespace parley::sip
