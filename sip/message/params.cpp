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

namespace {

/// The value of the next parameter of that name; `rest` is what stands behind it.
std::optional<std::string_view> find_next(std::string_view& rest, std::string_view name) noexcept {
  while (const auto param = ParamsView::next(rest)) {
    if (grammar::equal_nocase(param->name, name)) return param->has_value ? param->value : param->name.substr(param->name.size());
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> ParamsView::find(std::string_view name) const noexcept {
  std::string_view rest = text_;
  return find_next(rest, name);
}

std::optional<std::string_view> ParamsView::find_only(std::string_view name) const noexcept {
  std::optional<std::string_view> only;
  for (std::string_view rest = text_; const auto value = find_next(rest, name);) {
    if (only) return std::nullopt;
    only = value;
  }
  return only;
}

std::string unfolded(std::string_view value) {
  std::string line;
  line.reserve(value.size());
  bool in_fold = false;
  for (const char c : value) {
    const bool line_end = c == '\r' || c == '\n';
    const bool blank = c == ' ' || c == '\t';
    if (line_end && !in_fold) {
      while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.pop_back();
      line += ' ';
      in_fold = true;
    }
    if (line_end || (in_fold && blank)) continue;
    in_fold = false;
    line += c;
  }
  return line;
}

std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return unfolded(text);
  return unescape_quoted(text.substr(1, text.size() - 2));
}

std::string unescape_quoted(std::string_view between_quotes) {
  std::string plain = unfolded(between_quotes);  // CR and LF cannot be escaped (s.25.1): there they are a fold
  std::size_t size = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] == '\\' && i + 1 < plain.size()) ++i;
    plain[size++] = plain[i];
  }
  plain.erase(size);
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
