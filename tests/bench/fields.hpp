// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::bench {

/// What a library made of a message: "from.uri.host" and "example.com", in one order for all. A missing field is empty.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Writes fields down, in the one spelling all libraries are compared by: display names without quotes, a port as number.
class FieldWriter {
 public:
  void text(std::string_view prefix, std::string_view name, std::string_view value) {
    fields_.emplace_back(std::string(prefix) + std::string(name), std::string(value));
  }
  void text(std::string_view prefix, std::string_view name, const char* value) { text(prefix, name, std::string_view(value ? value : "")); }
  void display(std::string_view prefix, std::string_view value) {
    if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
    text(prefix, "display", value);
  }
  void display(std::string_view prefix, const char* value) { display(prefix, std::string_view(value ? value : "")); }
  /// Zero where there is none.
  void number(std::string_view prefix, std::string_view name, unsigned long value) {
    text(prefix, name, std::string_view(std::to_string(value)));
  }
  void number(std::string_view prefix, std::string_view name, std::string_view digits) {
    unsigned long value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    number(prefix, name, value);
  }
  void number(std::string_view prefix, std::string_view name, const char* digits) {
    number(prefix, name, std::string_view(digits ? digits : ""));
  }
  /// Of a library that parts a Call-ID at its "@".
  void call_id(const char* local, const char* host) {
    text("", "call-id", std::string_view(host ? local + std::string("@") + host : local));
  }
  Fields take() { return std::move(fields_); }

 private:
  Fields fields_;
};

/// Only looks: the first octet of each text, each number. Costs as good as nothing itself, so what is measured is the library.
class FieldReader {
 public:
  void text(const char*, const char*, std::string_view value) { sum_ += value.empty() ? 0U : static_cast<unsigned char>(value.front()); }
  void text(const char*, const char*, const char* value) { sum_ += value ? static_cast<unsigned char>(*value) : 0U; }
  template <class Text>
  void display(const char*, Text value) {
    text(nullptr, nullptr, value);
  }
  void number(const char*, const char*, unsigned long value) { sum_ += static_cast<unsigned>(value); }
  template <class Text>
  void number(const char*, const char*, Text digits) {
    text(nullptr, nullptr, digits);
  }
  void call_id(const char* local, const char* host) {
    text("", "", local);
    text("", "", host);
  }
  unsigned sum() const { return sum_; }

 private:
  unsigned sum_ = 0;
};

}  // namespace parley::bench
