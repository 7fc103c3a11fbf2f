// SPDX-License-Identifier: MIT
#include "commands.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace parley::test {
namespace {

constexpr std::string_view agents_sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

struct Call {
  sip::UserAgent& ua;
  sip::SessionId session;
  std::string_view rest;  ///< behind the verb
  TimePoint now;
};

sip::Body sdp() { return {"application/sdp", std::string(agents_sdp)}; }

unsigned number(std::string_view text) {
  unsigned value = 0;
  for (const char c : text.substr(0, text.find(' '))) value = 10 * value + static_cast<unsigned>(c - '0');
  return value;
}

sip::StatusCode status(std::string_view text) { return static_cast<sip::StatusCode>(number(text)); }

/// The words behind the first one.
std::string_view after_first(std::string_view words) {
  const auto blank = words.find(' ');
  return blank == std::string_view::npos ? std::string_view{} : words.substr(blank + 1);
}

template <class T>
Result<sip::SessionId> done(const Result<T>& result) {
  if (!result) return result.error();
  return sip::SessionId{};
}

Result<sip::SessionId> invite(const Call& c) {
  sip::InviteRequest request;
  request.target = c.rest.substr(0, c.rest.find(' '));
  if (after_first(c.rest) != "without offer") request.offer = sdp();
  return c.ua.invite(request, c.now);
}

Result<sip::SessionId> ring(const Call& c) {
  return done(c.ua.ring(c.session, c.rest.empty() ? sip::StatusCode{180} : status(c.rest), c.now));
}
Result<sip::SessionId> accept(const Call& c) { return done(c.ua.accept(c.session, sdp(), {}, c.now)); }
Result<sip::SessionId> reject(const Call& c) { return done(c.ua.reject(c.session, status(c.rest), {}, c.now)); }
Result<sip::SessionId> acknowledge(const Call& c) { return done(c.ua.acknowledge(c.session, sdp(), c.now)); }
Result<sip::SessionId> hangup(const Call& c) { return done(c.ua.terminate(c.session, {}, c.now)); }
Result<sip::SessionId> reinvite(const Call& c) {
  return done(c.ua.reinvite(c.session, c.rest == "without offer" ? sip::Body{} : sdp(), c.now));
}
Result<sip::SessionId> accept_reinvite(const Call& c) { return done(c.ua.accept_reinvite(c.session, sdp(), c.now)); }
Result<sip::SessionId> reject_reinvite(const Call& c) { return done(c.ua.reject_reinvite(c.session, status(c.rest), {}, c.now)); }

Result<sip::SessionId> register_(const Call& c) {
  sip::RegisterRequest request;
  if (!c.rest.empty()) request.expires = Duration{1'000 * number(c.rest)};
  return done(c.ua.register_(std::move(request), c.now));
}

Result<sip::SessionId> unregister(const Call& c) { return done(c.ua.unregister(c.rest == "all", c.now)); }

Result<sip::SessionId> message(const Call& c) {
  const auto target = c.rest.substr(0, c.rest.find(' '));
  return done(c.ua.message(target, {"text/plain", std::string(after_first(c.rest))}, {}, c.now));
}

Result<sip::SessionId> options(const Call& c) { return done(c.ua.options(c.rest, c.now)); }

Result<sip::SessionId> info(const Call& c) {
  return done(c.ua.info(c.session, {"application/dtmf-relay", "Signal=" + std::string(c.rest) + "\r\nDuration=250\r\n"}, {}, c.now));
}

/// "METHOD" in the call, "METHOD URI" out of any.
Result<sip::SessionId> request(const Call& c) {
  const auto method = c.rest.substr(0, c.rest.find(' '));
  const auto target = after_first(c.rest);
  return done(target.empty() ? c.ua.request(c.session, method, {}, {}, c.now) : c.ua.request(method, target, {}, {}, c.now));
}

Result<sip::SessionId> hold_back(const Call& c) {
  sip::Misbehaviour misbehaviour;
  misbehaviour.hold_back_ack = c.rest == "ack";
  misbehaviour.hold_back_trying = c.rest == "trying";
  misbehaviour.hold_back_retransmissions = c.rest == "retransmissions";
  c.ua.stack().set_misbehaviour(misbehaviour);
  return sip::SessionId{};
}

struct Command {
  std::string_view verb;
  Result<sip::SessionId> (*run)(const Call&);
};

/// Longer verbs before those they begin with.
constexpr std::array commands{
    Command{"accept reinvite", accept_reinvite},
    Command{"accept", accept},
    Command{"acknowledge", acknowledge},
    Command{"behave", hold_back},
    Command{"hangup", hangup},
    Command{"hold back", hold_back},
    Command{"info", info},
    Command{"invite", invite},
    Command{"message", message},
    Command{"options", options},
    Command{"register", register_},
    Command{"reinvite", reinvite},
    Command{"reject reinvite", reject_reinvite},
    Command{"reject", reject},
    Command{"request", request},
    Command{"ring", ring},
    Command{"unregister", unregister},
};

}  // namespace

Result<sip::SessionId> command(sip::UserAgent& ua, std::string_view words, sip::SessionId session, TimePoint now) {
  const auto is_meant = [words](const Command& each) {
    return words.starts_with(each.verb) && (words.size() == each.verb.size() || words[each.verb.size()] == ' ');
  };
  const auto* const found = std::find_if(commands.begin(), commands.end(), is_meant);
  if (found == commands.end()) return Error{.code = Errc::BadValue, .reason = "no such command", .detail = std::string(words)};
  const auto rest = words.substr(std::min(found->verb.size() + 1, words.size()));
  return found->run({ua, session, rest, now});
}

}  // namespace parley::test
