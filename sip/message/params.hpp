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
  /// Takes the next parameter off the front of `rest` (start with text()). nullopt at the end.
  static std::optional<Param> next(std::string_view& rest) noexcept;
  std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;  ///< from the first ';' on
};

/// `"a \"b\""` without quotes and escapes; other text unchanged.
PARLEY_EXPORT std::string unquote(std::string_view text);
/// The same where only what stands between the quotes is given.
PARLEY_EXPORT std::string unescape_quoted(std::string_view between_quotes);
/// Quoted and escaped.
PARLEY_EXPORT std::string quote(std::string_view text);

}  // namespace parley::sip
