// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/params.hpp>

#include <algorithm>

namespace parley::sip {

namespace grammar {

namespace {

inline bool read_param_value(Cursor& in, std::string_view& value) noexcept {
  if (!in.at('"')) {
    value = in.word(param_value);
    return !value.empty() || in.fail("parameter value expected");
  }
  const char* const begin = in.rest().data();
  if (!in.quoted_string()) return false;
  value = {begin, static_cast<std::size_t>(in.rest().data() - begin)};
  return true;
}

/// A list as it stands there, and of it the wanted value.
struct Found {
  const char* begin;
  const char* end;
  std::string_view value;
};

// NOLINTNEXTLINE(readability-function-cognitive-complexity): one loop on the path of every message
inline bool read_list(Cursor& in, const Name& wanted, Found& found) noexcept {
  found.end = in.rest().data();
  in.skip_lws();
  found.begin = in.rest().data();
  while (in.take(';')) {
    in.skip_lws();
    std::string_view name;
    std::string_view value;
    if (in.take_short_pair(name, value, param_value)) {
      found.end = in.rest().data();
      in.skip_lws();
    } else {
      name = in.word(token_char);
      if (name.empty()) return in.fail("parameter name expected");
      found.end = in.rest().data();
      if (in.take_between_lws('=')) {
        if (!read_param_value(in, value)) return false;
        found.end = in.rest().data();
        in.skip_lws();
      }
    }
    if (in.is_name(name, wanted)) {
      // A second tag or branch would let two readers disagree about which counts (RFC 3261 s.7.3.1).
      if (value.empty() || !found.value.empty() || value.front() == '"') {
        in.return_to(name.data());
        return in.fail("parameter twice, or without a proper value");
      }
      found.value = value;
    }
  }
  return true;
}

}  // namespace

bool read_params_here(Cursor& in, const Name& wanted, entry::Span& params, entry::Span& value) noexcept {
  Cursor copy = in;  // it and what is found can stay in registers while the list is read
  Found found{};
  const bool good = read_list(copy, wanted, found);
  params = in.span(found.begin, std::max(found.begin, found.end));
  if (!found.value.empty()) value = in.span(found.value);
  in.follow(copy);
  return good;
}

}  // namespace grammar

std::optional<Param> ParamsView::next(std::string_view& rest) noexcept {
  grammar::Cursor in(rest);
  Param param;
  in.skip_lws();
  if (!in.take(';')) return std::nullopt;
  in.skip_lws();
  param.name = in.word(grammar::token_char);
  if (param.name.empty()) return std::nullopt;
  const char* const end_of_name = in.rest().data();
  if (in.take_between_lws('=')) {
    if (!grammar::read_param_value(in, param.value)) return std::nullopt;
    param.has_value = true;
  } else {
    in.return_to(end_of_name);
  }
  rest.remove_prefix(in.offset());
  return param;
}

std::optional<std::string_view> ParamsView::find(std::string_view name) const noexcept {
  std::string_view rest = text_;
  while (const auto param = next(rest)) {
    if (grammar::equal_nocase(param->name, name)) return param->has_value ? param->value : param->name.substr(param->name.size());
  }
  return std::nullopt;
}

std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  return unescape_quoted(text.substr(1, text.size() - 2));
}

std::string unescape_quoted(std::string_view between_quotes) {
  std::string plain;
  for (std::size_t i = 0; i < between_quotes.size(); ++i) {
    if (between_quotes[i] == '\\' && i + 1 < between_quotes.size()) ++i;
    plain += between_quotes[i];
  }
  return plain;
}

std::string quote(std::string_view text) {
  std::string quoted;
  quoted.reserve(text.size() + 2);
  quoted += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

}  // namespace parley::sip
