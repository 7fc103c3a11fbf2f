// SPDX-License-Identifier: MIT
#include <parley/sip/testing/detail/fields.hpp>

#include <parley/sip/message/header_name.hpp>

#include <algorithm>

namespace parley::sip::testing {

bool same_field(std::string_view a, std::string_view b) {
  const HeaderId id = header_id(a);
  if (id != HeaderId::Other) return id == header_id(b);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

void set_field(Step::Fields& fields, std::string_view name, std::string_view value) {
  for (auto& [each, text] : fields) {
    if (same_field(each, name)) text = value;
  }
}

void override_fields(Step::Fields& fields, const Step::Fields& written) {
  Step::Fields more;
  for (const auto& field : written) {
    const auto of_name = [&](const auto& each) { return same_field(each.first, field.first); };
    const auto earlier = std::find_if(written.data(), &field, of_name);
    auto place = std::find_if(fields.begin(), fields.end(), of_name);
    if (place == fields.end()) {
      more.push_back(field);
    } else if (earlier == &field) {  // the first of its name: what would have come goes
      *place = field;
      fields.erase(std::remove_if(place + 1, fields.end(), of_name), fields.end());
    } else {  // one more: behind the others
      while (place != fields.end() && of_name(*place)) ++place;
      fields.insert(place, field);
    }
  }
  const auto length = std::find_if(fields.begin(), fields.end(), [](const auto& each) { return same_field(each.first, "Content-Length"); });
  fields.insert(length, more.begin(), more.end());
}

void remove_fields(Step::Fields& fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& each) { return same_field(each.first, name); });
}

bool matches_wildcard(std::string_view pattern, std::string_view text) {
  // Greedy with one place to go back to: the last star takes one octet more.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t after_star = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++after_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace parley::sip::testing
