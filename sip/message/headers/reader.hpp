// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/headers/reading.hpp>

/// What the typed readers share. Internal to the message layer.
namespace parley::sip::grammar {

/// What a typed reader returns: what read(Cursor&, T&) made of the text, if it took all of it.
template <class T, class Read>
Reading<T> read_whole(std::string_view text, Read read) noexcept {
  Cursor in(text);
  Reading<T> reading(T{});
  if (!read(in, *reading) || !in.ends("unexpected character")) reading = {in.why(), in.offset()};
  return reading;
}

/// Parameters whatever their names are.
bool read_any_params(Cursor& in, ParamsView& out) noexcept;

}  // namespace parley::sip::grammar
