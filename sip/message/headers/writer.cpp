// SPDX-License-Identifier: MIT
#include <parley/sip/message/chars.hpp>
#include <parley/sip/message/headers/writer.hpp>
#include <parley/sip/message/params.hpp>

namespace parley::sip::grammar {

Writer& Writer::require(bool fine, const char* why) {
  if (!fine && why_ == nullptr) why_ = why;
  return *this;
}

Writer& Writer::text(std::string_view text) {
  out_.append(text.data(), text.size());
  return *this;
}

Writer& Writer::number(std::uint64_t number) { return text(Decimal(number).text()); }

Writer& Writer::token(std::string_view token, const char* why) { return require(all_of(token, token_char), why).text(token); }

Writer& Writer::quoted(std::string_view text) {
  return require(text.empty() || all_of(text, text_char), "control character in a value").text(quote(text));
}

Writer& Writer::value(std::string_view text) { return all_of(text, token_char) ? this->text(text) : quoted(text); }

Result<std::string> Writer::finish() && {
  if (why_ != nullptr) return Error{Errc::BadValue, 0, Error::no_offset, why_};
  return std::move(out_);
}

}  // namespace parley::sip::grammar
