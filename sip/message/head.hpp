// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/message.hpp>

#include <optional>
#include <string_view>

namespace parley::sip {

/// Header fields without a start line before them: of a body part, of a sipfrag. Read on demand, line by line, by the rules of a message's
/// head; lines that are no field are passed over. Lives as long as the bytes. Value type.
class PARLEY_EXPORT HeadView {
 public:
  HeadView() = default;
  /// Of more than limits::message octets only so many are read.
  explicit HeadView(std::string_view text) noexcept : text_(text.substr(0, limits::message)) {}

  /// Takes the next field off the front of `rest` (start with text()). nullopt at the end.
  static std::optional<HeaderView> next(std::string_view& rest) noexcept;
  /// Value of the first field of that name; nullopt: none.
  std::optional<std::string_view> header(HeaderId id) const noexcept;
  std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

/// A head and what stands behind its empty line. Without that line all is head.
struct HeadAndBody {
  HeadView head;
  std::string_view body;
};
PARLEY_EXPORT HeadAndBody split_head(std::string_view text) noexcept;
/// The head of a whole message, as it stands there.
PARLEY_EXPORT HeadView head_of(const MessageView& message) noexcept;

}  // namespace parley::sip
