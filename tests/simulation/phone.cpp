// SPDX-License-Identifier: MIT
#include "phone.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

namespace parley::simulation {
namespace {

constexpr std::string_view odd_name = "odd";
constexpr const char* number_header = "X-Call-Number";
constexpr std::string_view offer_text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

sip::Body offer() { return {"application/sdp", std::string(offer_text)}; }

sip::UserAgentOptions options_for(const std::string& name, sip::UserAgentOptions options) {
  options.aor = "sip:" + name + "@example.com";
  options.contact_user = name;
  return options;
}

/// Value of a header as the user agent writes it; empty: there is none.
std::string_view value_of(std::string_view message, std::string_view name) {
  const std::string mark = "\r\n" + std::string(name) + ": ";
  const std::size_t at = message.find(mark);
  if (at == std::string_view::npos) return {};
  message.remove_prefix(at + mark.size());
  return message.substr(0, message.find('\r'));
}

bool is_starved(const Result<void>& outcome) { return !outcome && outcome.error().code == Errc::OutOfMemory; }

Diary::CallNumber number_in(std::string_view text) {
  Diary::CallNumber number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Phone::Phone(std::string name, std::uint64_t seed, Manners manners, Diary& diary, Random& chance, sip::UserAgentOptions options)
    : name_(std::move(name)),
      manners_(manners),
      diary_(diary),
      chance_(chance),
      crypto_(seed),
      ua_(options_for(name_, std::move(options)), crypto_) {}

// ---- The person

void Phone::dial_at(TimePoint when, std::string callee) {
  plan(when, [this, callee = std::move(callee)](TimePoint now) { dial(callee, now); });
}

void Phone::dial(const std::string& callee, TimePoint now) {
  const auto number = diary_.begin_call();
  sip::InviteRequest request;
  request.target = "sip:" + callee + "@example.com";
  if (!chance_.chance(manners_.offers_late)) request.offer = offer();
  request.extra_headers.emplace_back(number_header, std::to_string(number));
  const bool has_offer = request.offer.has_value();
  const auto session = ask([&](auto& ua) { return ua.invite(request, now); });
  if (!session) return;  // no connection, no memory: no call
  calls_[*session] = {.number = number, .is_caller = true, .offers = has_offer ? 1 : 0};
  diary_.story(number).caller.began = true;
  diary_.story(number).with_odd_peer = callee == odd_name;
  if (chance_.chance(manners_.cancels)) {
    plan(now + chance_.between(Duration{0}, manners_.latest_answer), [this, id = *session](TimePoint time) { hang_up(id, time); });
  }
}

void Phone::answer(sip::SessionId session, TimePoint now) {
  const auto found = calls_.find(session);
  if (found == calls_.end()) return;  // it has ended
  if (chance_.chance(manners_.ignores)) return;
  const bool rejects = chance_.chance(manners_.rejects);
  insist(now, [this, session, rejects](TimePoint time) {
    if (rejects) return !is_starved(ask([&](auto& ua) { return ua.reject(session, 486, {}, time); }));
    const auto accepted = ask([&](auto& ua) { return ua.accept(session, offer(), {}, time); });
    if (const auto call = calls_.find(session); accepted && call != calls_.end() && call->second.wants_offer) ++call->second.offers;
    return !is_starved(accepted);
  });
}

void Phone::insist(TimePoint now, std::function<bool(TimePoint)> action) {
  if (action(now)) return;
  plan(now + Duration{100}, [this, action = std::move(action)](TimePoint time) { insist(time, action); });
}

void Phone::hang_up(sip::SessionId session, TimePoint now) {
  insist(now, [this, session](TimePoint time) { return !is_starved(ask([&](auto& ua) { return ua.terminate(session, {}, time); })); });
}

void Phone::talk(sip::SessionId session, Call& call, TimePoint now) {
  const Duration length = chance_.between(manners_.shortest_talk, manners_.longest_talk);
  if (call.is_caller || chance_.chance(manners_.hangs_up_first)) {
    plan(now + length, [this, session](TimePoint time) { hang_up(session, time); });
  }
  if (chance_.chance(manners_.changes)) {
    plan(now + chance_.between(Duration{0}, length), [this, session](TimePoint time) { change(session, time); });
  }
  if (chance_.chance(manners_.chats)) {
    plan(now + chance_.between(Duration{0}, length), [this, session](TimePoint time) { chat(session, time); });
  }
}

void Phone::change(sip::SessionId session, TimePoint now) {
  const auto call = calls_.find(session);
  if (call == calls_.end()) return;
  if (ask([&](auto& ua) { return ua.reinvite(session, offer(), now); })) ++call->second.offers;
}

void Phone::chat(sip::SessionId session, TimePoint now) {
  note_request(ask([&](auto& ua) { return ua.info(session, {"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"}, {}, now); }));
  note_request(ask([&](auto& ua) { return ua.options("sip:" + name_ + "@example.com", now); }));
  note_request(ask([&](auto& ua) { return ua.message("sip:" + name_ + "@example.com", {"text/plain", "to myself"}, {}, now); }));
}

void Phone::note_request(const Result<sip::RequestId>& request) {
  if (request && !requests_.insert(*request).second) diary_.problem(name_ + ": a request id twice");
}

void Phone::hang_up_all(TimePoint now) {
  now_ = now;
  std::vector<sip::SessionId> sessions;
  for (const auto& [session, call] : calls_) sessions.push_back(session);
  std::sort(sessions.begin(), sessions.end());
  for (const sip::SessionId session : sessions) hang_up(session, now);
}

// ---- Registration

void Phone::stay_registered(Duration expires) { registration_ = expires; }

void Phone::register_at(TimePoint when) {
  plan(when, [this](TimePoint now) { register_now(now); });
}

void Phone::register_now(TimePoint now) {
  if (!registration_ || !flow_ || is_registering_) return;
  sip::RegisterRequest request;
  request.expires = *registration_;
  is_registering_ = ask([&](auto& ua) { return ua.register_(std::move(request), now); }).has_value();
}

void Phone::stop_registering(TimePoint now) {
  now_ = now;
  if (!std::exchange(registration_, std::nullopt)) return;
  insist(now, [this](TimePoint time) { return !is_starved(ask([&](auto& ua) { return ua.unregister(false, time); })); });
}

void Phone::on(sip::Registered&, TimePoint) {
  is_registering_ = false;
  ++registered_;
}

void Phone::on(sip::Unregistered&, TimePoint now) {
  is_registering_ = false;
  ++unregistered_;
  if (registration_) plan(now + chance_.between(Duration{2'000}, Duration{30'000}), [this](TimePoint time) { register_now(time); });
}

// ---- The user agent

void Phone::flow_opened(sip::FlowId flow, const sip::FlowInfo& info, TimePoint now) {
  now_ = now;
  flow_ = flow;
  insist(now, [this, flow, info](TimePoint time) {
    if (flow_ != flow) return true;  // it is gone again
    const bool done = ask([&](auto& ua) {
      ua.flow_opened(flow, info, time);
      ua.set_flow(flow, time);
    });
    if (done) register_now(time);
    return done;
  });
}

void Phone::flow_closed(sip::FlowId flow, const Error& why, TimePoint now) {
  now_ = now;
  flow_.reset();
  insist(now, [this, flow, why](TimePoint time) {
    return ask([&](auto& ua) {
      ua.flow_closed(flow, why, time);
      if (!flow_) ua.set_flow(std::nullopt, time);
    });
  });
}

void Phone::receive(sip::FlowId flow, std::string_view bytes, TimePoint now) {
  now_ = now;
  if (bytes.starts_with("BYE ")) note_bye(bytes);
  if (bytes.starts_with("SIP/2.0 200 ") && value_of(bytes, "CSeq").ends_with(" BYE")) ++answered_byes_;
  ask([&](auto& ua) { ua.receive(flow, bytes, now); });
}

std::optional<TimePoint> Phone::next_timeout() const {
  const auto due = ua_.next_timeout();
  if (plans_.empty()) return due;
  return due ? std::min(*due, plans_.begin()->first) : plans_.begin()->first;
}

void Phone::handle_timeout(TimePoint now) {
  now_ = now;
  ask([&](auto& ua) { ua.handle_timeout(now); });
  while (!plans_.empty() && plans_.begin()->first <= now) {
    const Action action = std::move(plans_.begin()->second);
    plans_.erase(plans_.begin());
    action(now);
  }
}

std::optional<Node::Outgoing> Phone::poll() {
  while (auto output = ask([](auto& ua) { return ua.poll_output(); })) {
    if (const auto* send = std::get_if<sip::Send>(&*output)) {
      note_sent(send->bytes);
      return Outgoing{send->flow, std::string(send->bytes.view())};
    }
    std::visit([this](auto& event) { on(event, now_); }, std::get<sip::UserAgentEvent>(*output));
  }
  note_idle();
  return std::nullopt;
}

void Phone::note_idle() {
  if (steps_.empty() || ua_.unfinished_session_count() != 0) return;
  longest_end_ = std::max(longest_end_, now_ - last_step_);
  steps_.clear();
}

/// Our INVITE carries the number of the call: so its Call-ID is learnt.
void Phone::note_sent(std::string_view bytes) {
  const bool is_of_a_call = !steps_.empty() || ua_.unfinished_session_count() != 0;
  if (is_of_a_call && steps_.insert(std::hash<std::string_view>{}(bytes)).second) last_step_ = now_;
  if (!bytes.starts_with("INVITE ")) return;
  const auto number = number_in(value_of(bytes, number_header));
  for (auto& [session, call] : calls_) {
    if (call.is_caller && call.number == number && call.call_id.empty()) call.call_id = value_of(bytes, "Call-ID");
  }
}

void Phone::note_bye(std::string_view bytes) {
  const auto call_id = value_of(bytes, "Call-ID");
  for (auto& [session, call] : calls_) {
    if (call.call_id == call_id) end_of(call).bye_arrived = true;
  }
}

// ---- What it tells

CallEnd& Phone::end_of(const Call& call) {
  CallStory& story = diary_.story(call.number);
  return call.is_caller ? story.caller : story.callee;
}

Phone::Call* Phone::live(sip::SessionId session, const char* event) {
  const auto found = calls_.find(session);
  if (found != calls_.end()) return &found->second;
  diary_.problem(name_ + ": " + event + " of a call that has ended");
  return nullptr;
}

/// Each offer has one answer, or one refusal.
void Phone::answered(Call* call, const char* event) {
  if (call != nullptr && call->offers-- == 0) diary_.problem(name_ + ": " + event + " to no offer of ours");
}

void Phone::on(sip::IncomingSession& event, TimePoint now) {
  const auto invite = event.invite.view();
  const auto number = number_in(invite.header(number_header).value_or(""));
  const bool added = calls_.emplace(event.session, Call{.number = number, .call_id = std::string(invite.call_id())}).second;
  CallStory& story = diary_.story(number);
  if (number == 0) story.with_odd_peer = true;  // nobody else calls without one
  CallEnd& end = story.callee;
  // A caller who slept, or whose connection was broken, may ask again when it is all over here: then it is a call like the first.
  if (end.cause && !story.caller.established) end = {};
  // A 200 that a flipped bit made a redirection has the caller try elsewhere: a second INVITE, with a tag that is not ours.
  if (!added || (end.began && diary_.expects_agreement())) diary_.problem(name_ + ": call " + std::to_string(number) + " came twice");
  end.began = true;
  ask([&](auto& ua) { return ua.ring(event.session, 180, now); });
  plan(now + chance_.between(manners_.soonest_answer, manners_.latest_answer),
       [this, id = event.session](TimePoint time) { answer(id, time); });
}

void Phone::on(sip::OfferReceived& event, TimePoint now) {
  Call* const call = live(event.session, "an offer");
  if (call == nullptr) return;
  const bool refused = event.place == sip::OfferPlace::Reinvite && chance_.chance(manners_.refuses_change);
  switch (event.place) {
    case sip::OfferPlace::Invite: call->wants_offer = event.body.empty(); return;
    case sip::OfferPlace::Response2xx: ask([&](auto& ua) { return ua.acknowledge(event.session, offer(), now); }); return;
    case sip::OfferPlace::Reinvite:
      ask([&](auto& ua) {
        return refused ? ua.reject_reinvite(event.session, 488, {}, now) : ua.accept_reinvite(event.session, offer(), now);
      });
      return;
  }
}

void Phone::on(sip::SessionProgress& event, TimePoint) { live(event.session, "progress"); }
void Phone::on(sip::AnswerReceived& event, TimePoint) { answered(live(event.session, "an answer"), "an answer"); }
void Phone::on(sip::SessionConfirmed& event, TimePoint) { live(event.session, "a confirmation"); }
void Phone::on(sip::ReinviteRefused& event, TimePoint) { answered(live(event.session, "a refused re-INVITE"), "a refusal"); }

void Phone::on(sip::ReinviteDue& event, TimePoint now) {
  if (live(event.session, "a re-INVITE that is due") != nullptr) change(event.session, now);
}

void Phone::on(sip::SessionEstablished& event, TimePoint now) {
  Call* const call = live(event.session, "an establishment");
  if (call == nullptr) return;
  if (std::exchange(call->is_established, true)) diary_.problem(name_ + ": a call established twice");
  end_of(*call).established = true;
  talk(event.session, *call, now);
}

void Phone::on(sip::SessionEnded& event, TimePoint) {
  const Call* const call = live(event.session, "an end");
  if (call == nullptr) return;
  end_of(*call).cause = event.cause;
  const auto number = call->number;
  calls_.erase(event.session);
  diary_.ended(number);
}

void Phone::on(sip::RequestDone& event, TimePoint) {
  if (requests_.erase(event.request) != 1) diary_.problem(name_ + ": an answer to a request that was none, or a second one");
}

void Phone::check_idle() {
  const auto expect_none = [this](std::size_t count, const char* what) {
    if (count != 0) diary_.problem(name_ + ": " + std::to_string(count) + ' ' + what);
  };
  expect_none(calls_.size(), "calls without an end");
  expect_none(requests_.size(), "requests without an answer");
  expect_none(ua_.session_count(), "live sessions");
  expect_none(ua_.unfinished_session_count(), "unfinished sessions");
  expect_none(ua_.stack().transaction_count(), "transactions");
  expect_none(ua_.next_timeout() ? 1 : 0, "running timer");
}

}  // namespace parley::simulation
