// SPDX-License-Identifier: MIT
#include <parley/sip/auth/auth_params.hpp>
#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/cursor.hpp>

#include <utility>

namespace parley::sip::auth {

AuthParamReader::AuthParamReader(std::string_view value, Opening opening) noexcept
    : text_(value.substr(0, limits::message)), opening_(opening) {}

std::string_view AuthParamReader::scheme() noexcept {
  grammar::Cursor in(text_);
  in.skip_lws();
  const entry::Span scheme = in.run(grammar::token_char);
  at_ = in.offset();
  return in.text(scheme);
}

std::optional<AuthParam> AuthParamReader::fail(std::size_t at, const char* reason) noexcept {
  at_ = at;
  reason_ = reason;
  return std::nullopt;
}

const char* AuthParamReader::pass_separator(grammar::Cursor& in) noexcept {
  if (std::exchange(first_, false)) {
    return opening_ == Opening::Scheme && in.offset() == at_ ? "blank expected behind the scheme" : nullptr;
  }
  if (!in.take(',')) return "\",\" expected";
  in.skip_lws();
  return nullptr;
}

std::optional<AuthParam> AuthParamReader::next() noexcept {
  if (failed()) return std::nullopt;
  grammar::Cursor in(text_);
  in.return_to(text_.data() + at_);
  in.skip_lws();
  if (!first_ && in.at_end()) return std::nullopt;
  if (const char* const why = pass_separator(in)) return fail(in.offset(), why);
  const entry::Span name = in.run(grammar::token_char);
  if (name.empty()) return fail(in.offset(), "parameter name expected");
  if (!in.take_between_lws('=')) return fail(in.offset(), "\"=\" expected");
  entry::Span value{in.offset(), 0};
  if (in.at('"')) {
    if (!in.quoted_string()) return fail(in.offset(), in.why());
    ++value.begin;
    value.end = static_cast<std::uint16_t>(in.offset() - 1);
  } else {
    value = in.run(grammar::token_char);
    if (value.empty()) return fail(in.offset(), "parameter value expected");
  }
  at_ = in.offset();
  return AuthParam{in.text(name), in.text(value)};
}

Result<void> AuthParamReader::read_into(std::initializer_list<AuthSlot> slots) {
  while (const auto param = next()) {
    for (const AuthSlot& slot : slots) {
      if (!grammar::equal_nocase(param->name, slot.name)) continue;
      if (*slot.place) {
        fail(static_cast<std::size_t>(param->name.data() - text_.data()), "parameter twice");
        break;
      }
      *slot.place = param->value;
    }
  }
  if (failed()) return error();
  return {};
}

}  // namespace parley::sip::auth
