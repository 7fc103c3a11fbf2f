// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/headers/reading.hpp>

/// What the typed readers share. Internal to the message layer.
namespace parley::sip::grammar {

/// Offsets have 16 bits, so no reader looks further.
inline std::string_view within_limits(std::string_view text) noexcept { return text.substr(0, limits::message); }

/// What a reader returns: the value, if all of the text was taken.
template <class T>
Reading<T> finish(Cursor& in, bool ok, const T& value) noexcept {
  if (ok && !in.at_end()) ok = in.fail("unexpected character");
  if (ok) return value;
  return {in.why(), in.offset()};
}

/// Parameters whatever their names are.
bool read_any_params(Cursor& in, ParamsView& out) noexcept;

/// type "/" subtype *( ;param ).
bool read_media_type(Cursor& in, entry::ContentType& out) noexcept;

}  // namespace parley::sip::grammar
