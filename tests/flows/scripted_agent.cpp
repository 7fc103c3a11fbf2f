// SPDX-License-Identifier: MIT
#include "scripted_agent.hpp"

#include "commands.hpp"
#include "event_words.hpp"

#include <algorithm>
#include <variant>

namespace parley::test {
namespace {

using sip::testing::Script;
using sip::testing::ScriptedPeer;
using Outcome = ScriptedPeer::Outcome;

constexpr Duration quiet_after{40'000};  // longer than 64*T1: what an end leaves behind shows

sip::UserAgentOptions agent_options(const Cast& cast) {
  sip::UserAgentOptions options;
  options.aor = "sip:" + cast.agent + "@example.com";
  options.contact_user = cast.agent;
  options.identity.username = cast.agent;
  options.identity.password = "secret";
  options.identity.realms = cast.realms;
  return options;
}

sip::testing::PeerOptions peer_options(const Cast& cast) {
  sip::testing::PeerOptions options;
  options.name = cast.peer;
  options.other = cast.agent;
  options.uri = "sip:" + cast.peer + "@example.com";
  options.contact = "sip:" + cast.peer + "@192.0.2.2";
  options.via = "SIP/2.0/" + cast.transport + " 192.0.2.2";
  options.target = "sip:" + cast.agent + "@example.com";
  return options;
}

sip::FlowInfo flow_info(const Cast& cast) {
  sip::FlowInfo info;
  info.reliable = cast.transport == "UDP" ? sip::Reliable::No : sip::Reliable::Yes;
  info.via_transport = cast.transport;
  info.local_name = cast.transport == "WS" ? cast.agent + ".invalid" : "192.0.2.1";
  info.peer_address = "192.0.2.2";
  info.peer_port = 5060;
  return info;
}

/// The number at the end of "call 2".
std::size_t number(std::string_view text) {
  std::size_t value = 0;
  for (const char c : text) value = 10 * value + static_cast<std::size_t>(c - '0');
  return value;
}

}  // namespace

ScriptedAgent::ScriptedAgent(const Cast& cast) : cast_(cast), ua_(agent_options(cast), crypto_) { open_flow(); }

void ScriptedAgent::open_flow() {
  const sip::FlowId flow{++flow_};
  ua_.flow_opened(flow, flow_info(cast_), now_);
  ua_.set_flow(flow, now_);
}

std::string ScriptedAgent::play(std::string_view text) {
  const auto script = Script::parse(text, [this](std::string_view words) { return act(words); });
  if (!script) return script.error().text();
  return play(*script);
}

std::string ScriptedAgent::play(const Script& script) {
  ScriptedPeer peer(script, peer_options(cast_));
  peer_ = &peer;
  peer.start(now_);
  exchange(peer);
  while (peer.outcome() == Outcome::Running && (peer.next_timeout() || ua_.next_timeout())) advance(peer, std::nullopt);
  if (peer.outcome() == Outcome::Passed) advance(peer, now_ + quiet_after);
  ladder_ = peer.ladder().text();
  peer_ = nullptr;
  return peer.failure();
}

/// Goes from deadline to deadline: one, or all until `end`.
void ScriptedAgent::advance(ScriptedPeer& peer, std::optional<TimePoint> end) {
  do {
    auto due = ua_.next_timeout();
    if (const auto other = peer.next_timeout(); other && (!due || *other < *due)) due = other;
    if (!due || (end && *due > *end)) return;
    now_ = std::max(now_, *due);
    ua_.handle_timeout(now_);
    peer.handle_timeout(now_);
    exchange(peer);
  } while (end);
}

/// Both hand over what they have said; what was on the way at the same moment crosses.
void ScriptedAgent::exchange(ScriptedPeer& peer) {
  for (bool moved = true; moved;) {
    std::vector<std::string> to_agent;
    while (auto bytes = peer.poll_output()) to_agent.push_back(*std::move(bytes));
    moved = !to_agent.empty();
    while (auto bytes = next_sent(peer)) {
      moved = true;
      peer.receive(*bytes, now_);
    }
    for (const std::string& bytes : to_agent) ua_.receive(sip::FlowId{flow_}, bytes, now_);
  }
}

/// What the agent gives out, up to the next message; events are noted.
std::optional<std::string> ScriptedAgent::next_sent(ScriptedPeer& peer) {
  if (!sent_.empty()) {
    std::string bytes = std::move(sent_.front());
    sent_.pop_front();
    return bytes;
  }
  while (auto output = ua_.poll_output()) {
    if (const auto* send = std::get_if<sip::Send>(&*output)) return std::string(send->bytes.view());
    note(peer, std::get<sip::UserAgentEvent>(*output));
  }
  return std::nullopt;
}

void ScriptedAgent::note(ScriptedPeer& peer, const sip::UserAgentEvent& event) {
  peer.ladder().note(now_, in_words(event, [this](sip::SessionId session) { return number_of(session); }));
}

/// A user acts on what has been told: that comes first.
void ScriptedAgent::hear_events() {
  while (auto output = ua_.poll_output()) {
    if (const auto* send = std::get_if<sip::Send>(&*output)) {
      sent_.emplace_back(send->bytes.view());
    } else if (peer_ != nullptr) {
      note(*peer_, std::get<sip::UserAgentEvent>(*output));
    }
  }
}

unsigned ScriptedAgent::number_of(sip::SessionId session) {
  const auto found = std::find(sessions_.begin(), sessions_.end(), session);
  const auto index = found - sessions_.begin();
  if (found == sessions_.end()) sessions_.push_back(session);
  return static_cast<unsigned>(index) + 1;
}

/// Takes "call N" off the end; without it the last call.
sip::SessionId ScriptedAgent::take_session(std::string_view& words) const {
  constexpr std::string_view mark = "call ";
  const auto at = words.rfind(mark);
  const bool is_named = at != std::string_view::npos && at + mark.size() + 1 == words.size() && (at == 0 || words[at - 1] == ' ');
  const std::size_t index = is_named ? number(words.substr(at + mark.size())) : sessions_.size();
  if (is_named) words = words.substr(0, at == 0 ? 0 : at - 1);
  return index == 0 || index > sessions_.size() ? sip::SessionId{} : sessions_[index - 1];
}

Result<void> ScriptedAgent::act(std::string_view words) {
  hear_events();
  if (peer_ != nullptr) peer_->ladder().note(now_, "user: " + std::string(words));
  constexpr std::string_view attempt = "try ";
  const bool may_fail = words.starts_with(attempt);
  if (may_fail) words.remove_prefix(attempt.size());
  const sip::SessionId session = take_session(words);
  Result<void> done;
  if (words == "lose the flow") {
    lose_flow();
  } else if (words == "restore the flow") {
    open_flow();
  } else {
    const auto begun = command(ua_, words, session, now_);
    if (!begun) done = begun.error();
    if (begun && *begun != sip::SessionId{}) sessions_.push_back(*begun);
  }
  if (done || !may_fail) return done;
  if (peer_ != nullptr) peer_->ladder().note(now_, "refused: " + done.error().text());
  return {};
}

void ScriptedAgent::lose_flow() {
  ua_.flow_closed(sip::FlowId{flow_}, Error{.code = Errc::ConnectionLost, .reason = "connection reset"}, now_);
  ua_.set_flow(std::nullopt, now_);
}

}  // namespace parley::test
