// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::program {

/// Writes one JSON object on one line, its members in the order they are added. Invalid UTF-8 is replaced, control characters are
/// escaped: what the peer sent cannot break the line. Value type.
class JsonLine {
 public:
  JsonLine& add(std::string_view name, std::string_view text) &;
  JsonLine& add(std::string_view name, const char* text) & { return add(name, std::string_view(text)); }
  JsonLine& add(std::string_view name, bool value) &;
  JsonLine& add(std::string_view name, double value) &;
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) JsonLine& add(std::string_view name, Integer value) & {
    return raw(name, std::to_string(value));
  }
  JsonLine& null(std::string_view name) & { return raw(name, "null"); }
  /// `json` is a whole JSON value already.
  JsonLine& raw(std::string_view name, std::string_view json) &;

  /// "{…}" without a line end.
  std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

/// A JSON string with its quotes.
std::string json_string(std::string_view text);

}  // namespace parley::program
