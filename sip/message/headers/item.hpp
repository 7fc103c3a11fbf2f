// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/message/headers/reading.hpp>
#include <parley/sip/message/headers/shape.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/message/params.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

/// The shape most headers have: a value with parameters. One reader and one writer serve them all.
namespace parley::sip {

/// `value *( ;param )`: Event, Supported, Subscription-State, Replaces, Session-Expires, Retry-After, ... Lives as long as the bytes.
struct PARLEY_EXPORT ItemView {
  std::string_view value;
  std::string_view comment;  ///< of a number (Retry-After): with its parentheses; empty: none
  ParamsView params;

  /// The value in digits, at most 2**32-1; nullopt: not digits.
  std::optional<std::uint32_t> number() const noexcept;
  /// A parameter in digits; nullopt: missing, or not digits.
  std::optional<std::uint32_t> number(std::string_view param) const noexcept;
  /// The value is this token, in any case.
  bool is(std::string_view token) const noexcept;
};

/// Reads one value of a header whose shape is Token, Callid or Number. Take the elements of comma lists from MessageView::for_each().
PARLEY_EXPORT Reading<ItemView> parse_item(HeaderId id, std::string_view element) noexcept;

/// The first value of such a header in a message; nullopt: none, or it cannot be read.
PARLEY_EXPORT std::optional<ItemView> first_item(const MessageView& message, HeaderId id) noexcept;

/// Writes `value;name=value;name`, ready for the header: what is no token is quoted, and parse_item() reads the same again.
/// BadValue: a value that is not of the header's shape, a parameter name that is no token, CR, LF or NUL anywhere.
PARLEY_EXPORT Result<std::string> format_item(HeaderId id, std::string_view value, std::initializer_list<Param> params = {});

}  // namespace parley::sip
