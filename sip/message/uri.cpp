// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/uri.hpp>

#include <algorithm>
#include <utility>

namespace parley::sip {

namespace grammar {

namespace {

Scheme scheme_of(std::string_view text) noexcept {
  if (is_name(text, "sip")) return Scheme::Sip;
  if (is_name(text, "sips")) return Scheme::Sips;
  if (is_name(text, "tel")) return Scheme::Tel;
  return Scheme::Other;
}

/// [ user [ ":" password ] "@" ]: nothing, where no "@" follows.
bool read_userinfo(Cursor& in, UriPlace place, entry::Uri& out) noexcept {
  const Class user = place == UriPlace::Bare ? bare_user_char : user_char;
  const Class password = place == UriPlace::Bare ? bare_password_char : password_char;
  const std::uint16_t begin = in.offset();
  entry::Span name{};
  entry::Span secret{};
  if (!in.run_escaped(user, name)) return false;
  if (in.take(':') && !in.run_escaped(password, secret)) return false;
  if (!in.at('@')) {
    in.return_to(begin);
    return true;
  }
  if (name.empty()) return in.fail("user expected before \"@\"");
  in.take('@');
  out.user = name;
  out.password = secret;
  return true;
}

inline bool read_port(Cursor& in, entry::Uri& out) noexcept {
  std::uint32_t port = 0;
  if (!in.number(65'535, port)) return false;
  out.port = static_cast<std::uint16_t>(port);
  out.has_port = true;
  return true;
}

/// 1*( ";" pname [ "=" pvalue ] ), neither of them empty.
inline bool read_uri_params(Cursor& in, entry::Span& out) noexcept {
  out.begin = static_cast<std::uint16_t>(in.offset() + 1);
  while (in.take(';')) {
    if (!in.pass_escaped(uri_param_char, "URI parameter name expected")) return false;
    if (in.take('=') && !in.pass_escaped(uri_param_char, "URI parameter value expected")) return false;
  }
  out.end = in.offset();
  return true;
}

/// "?" header *( "&" header ): "?" alone is none.
inline bool read_uri_headers(Cursor& in, entry::Span& out) noexcept {
  in.take('?');
  out.begin = in.offset();
  const bool good = in.pass_escaped(uri_header_char, "URI header expected");
  out.end = in.offset();
  return good;
}

/// [ ":" port ] uri-parameters [ headers ].
inline bool read_behind_host(Cursor& in, UriPlace place, entry::Uri& out) noexcept {
  if (in.take(':') && !read_port(in, out)) return false;
  if (place == UriPlace::Bare) return !in.at('?') || in.fail("URI with headers needs <>");
  if (in.at(';') && !read_uri_params(in, out.params)) return false;
  return !in.at('?') || read_uri_headers(in, out.headers);
}

/// From the user on, which only the "@" behind it tells from a host. What was taken for a host, from `begin` on, is read anew.
[[gnu::noinline]] bool read_sip_of_any_user(Cursor& in, const char* begin, UriPlace place, entry::Uri& out) noexcept {
  entry::Uri uri{};
  uri.text.begin = out.text.begin;
  uri.scheme = out.scheme;
  uri.scheme_end = out.scheme_end;
  out = uri;
  in.return_to(begin);
  return read_userinfo(in, place, out) && read_host(in, out.host) && read_behind_host(in, place, out);
}

/// Most URIs are a word, an "@" and a host, or a host without user: those are read at once.
inline bool read_sip(Cursor& in, UriPlace place, entry::Uri& out) noexcept {
  const std::string_view word = in.word(host_char);
  const bool is_user = !word.empty() && in.take('@');
  if (is_user) {
    out.user = in.span(word);
    if (!read_host(in, out.host)) return false;
  } else {
    out.host = in.span(word);
  }
  const bool good = (is_user || !word.empty()) && read_behind_host(in, place, out);
  if (is_user || (good && (in.at_end() || in.at('>') || (place == UriPlace::Bare && in.at(';'))))) return good;
  return read_sip_of_any_user(in, word.data(), place, out);
}

/// telephone-subscriber of RFC 3966 s.3: "+" and digits, or a local number that may have letters A-F, * and #.
bool read_tel(Cursor& in, UriPlace place, entry::Uri& out) noexcept {
  out.user.begin = in.offset();
  const entry::Span number = in.run(in.take('+') ? global_phone_char : phone_char);
  out.user.end = number.end;
  if (in.text(number).find_first_of("0123456789abcdefABCDEF*#") == std::string_view::npos) return in.fail("telephone number expected");
  return place == UriPlace::Bare || !in.at(';') || read_uri_params(in, out.params);
}

bool read_opaque(Cursor& in, UriPlace place) noexcept {
  // Outside of <> the first ; or , belongs to the header, and ? has no agreed meaning (RFC 3261 s.20.10).
  const bool bare = place == UriPlace::Bare;
  if (in.run(bare ? bare_opaque_char : opaque_char).empty()) return in.fail("URI is empty");
  return !bare || !in.at('?') || in.fail("URI with \"?\" needs <>");
}

inline bool read_scheme(Cursor& in, entry::Uri& out) noexcept {
  out.text.begin = in.offset();
  if (in.take_name("sip:")) {
    out.scheme = Scheme::Sip;
    out.scheme_end = static_cast<std::uint16_t>(out.text.begin + 3);
    return true;
  }
  const entry::Span scheme = in.run(scheme_char);
  if (scheme.empty() || in.text(scheme).front() <= '9') return in.fail("URI expected");  // of scheme_char only letters are above it
  out.scheme_end = scheme.end;
  out.scheme = scheme_of(in.text(scheme));
  return in.take(':') || in.fail("\":\" expected after the URI's scheme");
}

}  // namespace

bool read_uri(Cursor& in, UriPlace place, entry::Uri& out) noexcept {
  if (!read_scheme(in, out)) return false;
  bool good = false;
  switch (out.scheme) {
    case Scheme::Sip:
    case Scheme::Sips: good = read_sip(in, place, out); break;
    case Scheme::Tel: good = read_tel(in, place, out); break;
    case Scheme::Other: good = read_opaque(in, place); break;
  }
  if (!good) return false;
  out.text.end = in.offset();
  if (out.text.end - out.text.begin > static_cast<int>(limits::uri)) {
    in.return_to(out.text.begin);
    return in.fail("URI too long");
  }
  return true;
}

UriPart take_uri_part(std::string_view& list, char separator) noexcept {
  const std::size_t end = std::min(list.find(separator), list.size());
  const std::string_view one = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  const std::size_t equals = std::min(one.find('='), one.size());
  return {one.substr(0, equals), one.substr(std::min(equals + 1, one.size())), equals != one.size()};
}

UriView make_view(const entry::Uri& uri, const char* base) noexcept {
  UriView view;
  view.scheme = uri.scheme;
  view.text = uri.text.in(base);
  view.scheme_text = {base + uri.text.begin, static_cast<std::size_t>(uri.scheme_end - uri.text.begin)};
  view.user = uri.user.in(base);
  view.password = uri.password.in(base);
  view.host = uri.host.in(base);
  if (uri.has_port) view.port = uri.port;
  view.params = uri.params.in(base);
  view.headers = uri.headers.in(base);
  return view;
}

}  // namespace grammar

std::optional<std::string_view> UriView::param(std::string_view name) const noexcept {
  for (std::string_view rest = params; !rest.empty();) {
    if (const auto param = grammar::take_uri_part(rest, ';'); grammar::equal_nocase(param.name, name)) return param.value;
  }
  return std::nullopt;
}

Result<UriView> parse_uri(std::string_view text) {
  if (text.size() > limits::uri) return Errc::TooLong;
  grammar::Cursor in(text);
  entry::Uri uri{};
  if (!grammar::read_uri(in, grammar::UriPlace::Enclosed, uri) || !in.ends("character that cannot stand in a URI")) return in.error();
  return grammar::make_view(uri, text.data());
}

Result<Uri> Uri::parse(std::string_view text) {
  auto view = parse_uri(text);
  if (!view) return std::move(view).error();
  return Uri(*view);
}

UriView Uri::view() const {
  const auto view = parse_uri(text_);
  return view ? *view : UriView{};
}

namespace {

bool is_escape(std::string_view text, std::size_t i) noexcept {
  return text[i] == '%' && text.size() - i >= 3 && grammar::is(text[i + 1], grammar::hex_digit) &&
         grammar::is(text[i + 2], grammar::hex_digit);
}

char escaped_octet(std::string_view text, std::size_t i) noexcept {
  return static_cast<char>(grammar::hex_value(text[i + 1]) * 16 + grammar::hex_value(text[i + 2]));
}

}  // namespace

std::string unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_escape(text, i)) {
      plain += escaped_octet(text, i);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::string escape_user(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (grammar::is(c, grammar::user_char)) {
      escaped += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    escaped += '%';
    escaped += digits[octet >> 4];
    escaped += digits[octet & 15];
  }
  return escaped;
}

}  // namespace parley::sip
