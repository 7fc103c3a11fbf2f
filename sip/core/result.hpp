// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/error.hpp>
#include <parley/sip/core/export.hpp>

#include <type_traits>
#include <utility>
#include <variant>

namespace parley {

/// Called by Result::value() on an error: prints nothing, ends the process.
[[noreturn]] PARLEY_EXPORT void end_process_on_bad_access() noexcept;

/// A value or the Error that stands in its place. May be dropped.
///
/// Test it (`if (result)`) before `*result`; `value()` is for main() and tests: on an error it ends the process.
/// Value type, as movable and copyable as T. Does not throw.
template <class T>
class Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  Result(Errc code) : state_(std::in_place_index<1>, Error{code}) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
  T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }

  T& value() & noexcept { return require(), **this; }
  const T& value() const& noexcept { return require(), **this; }
  T&& value() && noexcept { return require(), std::move(**this); }

  Error& error() & noexcept { return *std::get_if<1>(&state_); }
  const Error& error() const& noexcept { return *std::get_if<1>(&state_); }
  Error&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

 private:
  void require() const noexcept {
    if (!has_value()) end_process_on_bad_access();
  }

  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class Result<void> {
 public:
  using value_type = void;

  Result() noexcept = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}
  Result(Errc code) : error_{code}, failed_(true) {}

  bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return !failed_; }
  void value() const noexcept {
    if (failed_) end_process_on_bad_access();
  }

  Error& error() & noexcept { return error_; }
  const Error& error() const& noexcept { return error_; }
  Error&& error() && noexcept { return std::move(error_); }

 private:
  Error error_{};
  bool failed_ = false;
};

}  // namespace parley
