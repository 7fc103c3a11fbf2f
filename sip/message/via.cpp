// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/message/via.hpp>

namespace parley::sip {

namespace grammar {

namespace {

/// sent-protocol: name, version and transport, whatever they are called (RFC 3261 s.20.42).
bool read_protocol_and_version(Cursor& in) noexcept {
  if (!in.pass(token_char)) return in.fail("protocol name expected");
  if (!in.take_between_lws('/')) return in.fail("\"/\" expected");
  if (!in.pass(token_char)) return in.fail("protocol version expected");
  return in.take_between_lws('/') || in.fail("\"/\" expected");
}

bool read_sent_protocol(Cursor& in, entry::Span& transport) noexcept {
  if (in.take_name("SIP/2.0/")) {
    in.skip_lws();
  } else if (!read_protocol_and_version(in)) {
    return false;
  }
  const std::string_view word = in.word(token_char);
  transport = in.span(word);
  return !word.empty() || in.fail("transport expected");
}

bool read_sent_by(Cursor& in, entry::Via& out) noexcept {
  const std::uint16_t end_of_protocol = in.offset();
  in.skip_lws();
  if (in.offset() == end_of_protocol) return in.fail("blank expected");
  if (!read_host(in, out.host)) return false;
  out.text.end = out.host.end;
  if (!in.take_between_lws(':')) return true;
  std::uint32_t port = 0;
  if (!in.number(65'535, port)) return false;
  out.port = static_cast<std::uint16_t>(port);
  out.has_port = true;
  out.text.end = in.offset();
  return true;
}

}  // namespace

bool read_via(Cursor& in, entry::Via& out) noexcept {
  out.text.begin = in.offset();
  if (!read_sent_protocol(in, out.transport) || !read_sent_by(in, out)) return false;
  if (!read_params(in, branch_param, out.params, out.branch)) return false;
  if (!out.params.empty()) out.text.end = out.params.end;
  return true;
}

ViaView make_view(const entry::Via& via, const char* base) noexcept {
  return ViaView{via.text.in(base),   via.transport.in(base),
                 via.host.in(base),   via.has_port ? std::optional(via.port) : std::nullopt,
                 via.branch.in(base), ParamsView(via.params.in(base))};
}

}  // namespace grammar

std::string_view ViaView::sent_by() const noexcept {
  if (!port) return host;
  // The port's digits end where the parameters' blanks or the value begin to: walk on from the host.
  const char* const end_of_text = text.data() + text.size();
  const char* at = host.data() + host.size();
  while (at != end_of_text && !grammar::is(*at, grammar::digit)) ++at;
  while (at != end_of_text && grammar::is(*at, grammar::digit)) ++at;
  return {host.data(), static_cast<std::size_t>(at - host.data())};
}

std::string_view ViaView::received() const noexcept {
  return grammar::without_brackets(params.find("received").value_or(std::string_view{}));
}

bool ViaView::has_rfc3261_branch() const noexcept {
  return branch.size() > branch_cookie.size() && branch.substr(0, branch_cookie.size()) == branch_cookie;
}

Result<ViaView> parse_via(std::string_view text) {
  if (text.size() > limits::message) return Errc::TooLong;
  grammar::Cursor in(text);
  entry::Via via{};
  if (!grammar::read_via(in, via) || !in.ends("end of the Via expected")) return in.error();
  return grammar::make_view(via, text.data());
}

}  // namespace parley::sip
