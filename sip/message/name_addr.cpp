// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/headers/writer.hpp>
#include <parley/sip/message/name_addr.hpp>

#include <utility>

namespace parley::sip {

namespace grammar {

namespace {

/// *(token LWS) before "<". Empty where the value is an addr-spec: its scheme ends with ':', which no display name has unquoted.
bool read_display_name(Cursor& in, entry::Span& display) noexcept {
  display = {in.offset(), in.offset()};
  if (in.at('"')) {
    if (!in.quoted_string()) return false;
    display.end = in.offset();
    in.skip_lws();
    return in.at('<') || in.fail("\"<\" expected");
  }
  while (in.at_class(display_char)) {
    display.end = in.run(display_char).end;
    if (in.at(':')) {
      in.return_to(display.begin);
      display.end = display.begin;
      return true;
    }
    in.skip_lws();
  }
  return display.empty() || in.at('<') || in.fail("\"<\" expected");
}

}  // namespace

bool read_name_addr(Cursor& in, entry::NameAddr& out) noexcept {
  out.text.begin = in.offset();
  if (!in.at('<') && !read_display_name(in, out.display)) return false;
  if (in.take('<')) {
    if (!read_uri(in, UriPlace::Enclosed, out.uri)) return false;
    if (!in.take('>')) return in.fail("\">\" expected");
  } else if (!read_uri(in, UriPlace::Bare, out.uri)) {
    return false;
  }
  out.text.end = in.offset();
  if (!read_params(in, tag_param, out.params, out.tag)) return false;
  if (!out.params.empty()) out.text.end = out.params.end;
  return true;
}

NameAddrView make_view(const entry::NameAddr& value, const char* base) noexcept {
  return NameAddrView{value.text.in(base), value.display.in(base), make_view(value.uri, base), ParamsView(value.params.in(base))};
}

}  // namespace grammar

std::string_view NameAddrView::tag() const noexcept { return params.find("tag").value_or(std::string_view{}); }

std::string NameAddrView::display_text() const { return unquote(display_name); }

Result<NameAddrView> parse_name_addr(std::string_view text) {
  if (text.size() > limits::message) return Errc::TooLong;
  grammar::Cursor in(text);
  entry::NameAddr value{};
  if (!grammar::read_name_addr(in, value) || !in.ends("end of the address expected")) return in.error();
  return grammar::make_view(value, text.data());
}

Result<std::string> format_name_addr(std::string_view display_name, std::string_view uri) {
  if (auto parsed = parse_uri(uri); !parsed) return std::move(parsed).error();
  grammar::Writer out;
  if (!display_name.empty()) out.quoted(display_name).text(" ");
  out.text("<").text(uri).text(">");
  return std::move(out).finish();
}

}  // namespace parley::sip
