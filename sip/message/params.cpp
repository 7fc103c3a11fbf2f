// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/params.hpp>

namespace parley::sip {

namespace grammar {

namespace {

inline bool read_param_value(Cursor& in, entry::Span& value) noexcept {
  if (!in.at('"')) {
    value = in.run(param_value);
    return !value.empty() || in.fail("parameter value expected");
  }
  value.begin = in.offset();
  if (!in.quoted_string()) return false;
  value.end = in.offset();
  return true;
}

}  // namespace

bool read_params_here(Cursor& in, std::string_view wanted, entry::Span& params, entry::Span& value) noexcept {
  std::uint16_t end = in.offset();
  in.skip_lws();
  params = {in.offset(), in.offset()};
  while (in.take(';')) {
    in.skip_lws();
    const entry::Span name = in.run(token_char);
    if (name.empty()) return in.fail("parameter name expected");
    entry::Span here{};
    end = name.end;
    if (in.take_between_lws('=')) {
      if (!read_param_value(in, here)) return false;
      end = here.end;
    }
    if (is_name(in.text(name), wanted)) {
      // A second tag or branch would let two readers disagree about which counts (RFC 3261 s.7.3.1).
      if (here.empty() || !value.empty() || in.text(here).front() == '"') {
        in.return_to(name.begin);
        return in.fail("parameter twice, or without a proper value");
      }
      value = here;
    }
    in.skip_lws();
  }
  if (end > params.begin) params.end = end;
  return true;
}

}  // namespace grammar

std::optional<Param> ParamsView::next(std::string_view& rest) noexcept {
  grammar::Cursor in(rest.substr(0, limits::message));
  Param param;
  in.skip_lws();
  if (!in.take(';')) return std::nullopt;
  in.skip_lws();
  param.name = in.text(in.run(grammar::token_char));
  if (param.name.empty()) return std::nullopt;
  const std::uint16_t end_of_name = in.offset();
  if (in.take_between_lws('=')) {
    entry::Span value{};
    if (!grammar::read_param_value(in, value)) return std::nullopt;
    param.has_value = true;
    param.value = in.text(value);
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
  text = text.substr(1, text.size() - 2);
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
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
