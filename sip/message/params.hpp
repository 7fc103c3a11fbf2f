// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace parley::sip {

struct Param {
  std::string_view name;
  std::string_view value;  ///< as written, quotes included; empty where there is none
  bool has_value = false;
};

/// `;name=value;name="quoted";name` as it stands in someone's bytes, checked when it was parsed. Lives as long as the bytes.
class PARLEY_EXPORT ParamsView {
 public:
  ParamsView() = default;
  explicit ParamsView(std::string_view text) noexcept : text_(text) {}

  /// Value of the first parameter of that name (any case); quotes are left on. nullopt: missing.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  bool has(std::string_view name) const noexcept { return find(name).has_value(); }
  /// The same of one that is there once: a second could mean another thing to another reader. nullopt: missing, or twice.
  std::optional<std::string_view> find_only(std::string_view name) const noexcept;
  /// Takes the next parameter off the front of `rest` (start with text()). nullopt at the end.
  static std::optional<Param> next(std::string_view& rest) noexcept;
  std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;  ///< from the first ';' on
};

/// A header value on one line: each fold becomes one blank (RFC 3261 s.7.3.1), so it can be written again.
PARLEY_EXPORT std::string unfolded(std::string_view value);
/// What is meant by `"a \"b\""`: without quotes, escapes and folds. Other text is only unfolded.
PARLEY_EXPORT std::string unquote(std::string_view text);
/// The same where only what stands between the quotes is given.
PARLEY_EXPORT std::string unescape_quoted(std::string_view between_quotes);
/// Quoted and escaped.
PARLEY_EXPORT std::string quote(std::string_view text);

}  // namespace parley::sip
