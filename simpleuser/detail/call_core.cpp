// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/call_core.hpp>

#include <parley/simpleuser/detail/account_core.hpp>
#include <parley/simpleuser/detail/outcome.hpp>
#include <parley/simpleuser/detail/warning.hpp>

#include <atomic>
#include <utility>

namespace parley::detail {
namespace {

using namespace std::chrono_literals;

constexpr Duration tone_pause = 2s;         ///< of ','
constexpr Duration level_interval = 500ms;  ///< levels are means over this time

Error wrong_state(const char* reason) { return Error{.code = Errc::WrongState, .reason = reason}; }

}  // namespace

std::uint64_t next_call_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

CallCore::CallCore(AccountCore& account, std::shared_ptr<CallShared> shared)
    : account_(account),
      shared_(std::move(shared)),
      pause_(account.ports().executor.make_deadline([this] {
        waiting_ = false;
        negotiate();
        account_.pump();
      })),
      tone_alarm_(account.ports().executor.make_deadline([this] {
        tone_pause_ = false;
        account_.shared().complete<void>(std::move(tones_.front().second), {});
        tones_.pop_front();
        send_next_dtmf();
        account_.pump();
      })),
      level_alarm_(account.ports().executor.make_deadline([this] {
        publish();
        level_alarm_->set(account_.now() + level_interval);
      })) {}

CallCore::~CallCore() {
  shared_->sent.abandon();
  shared_->answered.abandon();
  const std::lock_guard lock(shared_->mutex);
  shared_->state.phase = CallPhase::Ended;
  shared_->state.local_stream.reset();
  shared_->state.remote_stream.reset();
}

/// The delegate of the moment in which the callback runs; held, so that it outlives its own end in the callback.
void CallCore::tell(UniqueFunction<void(const CallDelegate&)> callback) {
  account_.shared().notify([call = shared_, callback = std::move(callback)] {
    const auto delegate = call->current_delegate();
    callback(*delegate);
  });
}

// ---- Beginnings

void CallCore::start(std::string target, const CallOptions& options) {
  phase_ = CallPhase::Preparing;
  outgoing_ = true;
  remote_uri_ = target;
  request_.target = std::move(target);
  request_.display_name = options.display_name;
  request_.anonymous = options.anonymous;
  request_.extra_headers = options.extra_headers;
  request_.ring_timeout = options.ring_timeout.value_or(account_.settings().ring_timeout);
  if (auto made = make_media(options.constraints); !made) {
    shared_->sent.settle(made, account_.shared());
    return end(Cause{.kind = Cause::Kind::MediaFailed, .reason = made.error().text()});
  }
  publish();
  if (options.without_sdp) return invite(std::nullopt);
  make_offer(Place::Invite);
}

void CallCore::arrive(sip::SessionId session, const Caller& caller) {
  session_ = session;
  phase_ = CallPhase::Ringing;
  remote_uri_ = caller.uri;
  remote_display_name_ = caller.display_name;
  shared_->sent.settle(wrong_state("the call is an incoming one"), account_.shared());
  publish();
}

Result<void> CallCore::make_media(const std::optional<MediaConstraints>& constraints) {
  media::Options options = account_.settings().media;
  if (constraints) {
    options.audio = constraints->audio;
    options.video = constraints->video;
  }
  auto session = account_.ports().media.create(options, account_.ports().executor, *this);
  if (!session) return std::move(session).error();
  media_ = std::move(*session);
  media_->set_muted(shared_->is_muted());
  return {};
}

void CallCore::invite(std::optional<sip::Body> offer) {
  request_.offer = std::move(offer);
  if (!account_.is_connected()) {
    shared_->sent.settle(Errc::NotConnected, account_.shared());
    return end(Cause{.kind = Cause::Kind::ConnectionLost, .reason = "the connection broke before the INVITE was sent"});
  }
  const auto session = account_.agent().invite(std::exchange(request_, {}), account_.now());
  if (!session) {
    shared_->sent.settle(session.error(), account_.shared());
    return end(Cause{.kind = Cause::Kind::Failed, .reason = session.error().text()});
  }
  session_ = *session;
  phase_ = CallPhase::Calling;
  account_.session_began(*session, *this);
  account_.pump();
  shared_->sent.settle({}, account_.shared());
  publish();
}

// ---- Verbs

void CallCore::answer(const AnswerOptions& options, AsyncSource<void> done) {
  auto refuse = [&](Error why) { account_.shared().complete<void>(std::move(done), std::move(why)); };
  if (outgoing_) return refuse(wrong_state("an outgoing call cannot be answered"));
  if (phase_ != CallPhase::Ringing) return refuse(wrong_state("the call has been answered already"));
  if (auto ok = sip::check_extra_headers(options.extra_headers); !ok) return refuse(std::move(ok).error());
  if (options.constraints) {
    if (auto ok = check_constraints(*options.constraints); !ok) return refuse(std::move(ok).error());
  }
  phase_ = CallPhase::Answering;
  answer_headers_ = options.extra_headers;
  answer_done_ = std::move(done);
  if (auto made = make_media(options.constraints); !made) return refuse_incoming(made.error());
  publish();
  const std::string offer = std::exchange(peer_offer_, std::nullopt).value_or("");
  if (offer.empty()) {
    make_offer(Place::Response2xx);  // the INVITE asked for ours (RFC 3261 s.13.2.1)
  } else {
    take_offer(Place::Response2xx, offer);
  }
}

/// Media does not come about: 488 where it is the peer's description, 480 where it is our own trouble.
void CallCore::refuse_incoming(const Error& why) {
  const bool rejected = why.code == Errc::MediaRejected;
  const sip::StatusCode status = rejected ? 488 : 480;
  sip::ExtraHeaders headers;
  if (rejected) headers.emplace_back("Warning", warning_of(why));
  own_cause_ = Cause{.kind = Cause::Kind::MediaFailed, .status = status, .reason = why.text()};
  auto done = std::exchange(answer_done_, std::nullopt);
  const auto sent = account_.agent().reject(*session_, status, headers, account_.now());
  account_.pump();
  if (!sent) end(*own_cause_);
  if (done) account_.shared().complete<void>(*std::move(done), why);
}

void CallCore::decline(sip::StatusCode status, AsyncSource<void> done) {
  auto refuse = [&](Error why) { account_.shared().complete<void>(std::move(done), std::move(why)); };
  if (outgoing_) return refuse(wrong_state("an outgoing call cannot be declined"));
  if (phase_ != CallPhase::Ringing) return refuse(wrong_state("the call has been answered already"));
  if (status < 300 || status > 699) return refuse(Error{.code = Errc::BadValue, .reason = "the status must be from 300 to 699"});
  Result<void> sent = account_.agent().reject(*session_, status, {}, account_.now());
  account_.pump();
  account_.shared().complete<void>(std::move(done), std::move(sent));
}

void CallCore::hangup(AsyncSource<void> done) {
  hang_up();
  account_.shared().complete<void>(std::move(done), {});
}

void CallCore::hang_up() {
  if (phase_ == CallPhase::Preparing) {  // nothing went out, nothing goes out
    const Error cancelled{.code = Errc::Cancelled, .reason = "hung up before the INVITE was sent"};
    shared_->sent.settle(cancelled, account_.shared());
    return end(Cause{.kind = Cause::Kind::Cancelled, .reason = cancelled.reason});
  }
  give_up(Cause{.kind = phase_ == CallPhase::Calling ? Cause::Kind::Cancelled : Cause::Kind::LocalHangup});
}

/// Ends it on the wire as its state demands, for this reason.
void CallCore::give_up(const Cause& cause) {
  own_cause_ = cause;
  if (session_) account_.agent().terminate(*session_, {}, account_.now());
  account_.pump();
  end(cause);  // where the agent had no session to end
}

void CallCore::inbound_lost() { give_up(Cause{.kind = Cause::Kind::ConnectionLost, .reason = "the caller's connection is gone"}); }

void CallCore::request(std::string_view method, const RequestOptions& options, AsyncSource<Response> done) {
  if (phase_ != CallPhase::Established || !session_) {
    return account_.shared().complete<Response>(std::move(done), wrong_state("the call is not established"));
  }
  const sip::Body body{options.content_type, options.body};
  account_.await_response(account_.agent().request(*session_, method, body, options.extra_headers, account_.now()), std::move(done));
}

void CallCore::send_dtmf(char tone, AsyncSource<void> done) {
  if (phase_ != CallPhase::Established) {
    return account_.shared().complete<void>(std::move(done), wrong_state("the call is not established"));
  }
  tones_.emplace_back(tone, std::move(done));
  send_next_dtmf();
}

/// In order: what stands behind a pause waits for it.
void CallCore::send_next_dtmf() {
  while (!tones_.empty() && !tone_pause_) {
    if (tones_.front().first == ',') {
      tone_pause_ = true;
      return tone_alarm_->set(account_.now() + tone_pause);
    }
    auto [tone, done] = std::move(tones_.front());
    tones_.pop_front();
    const std::string relay = std::string("Signal=") + tone + "\r\nDuration=" + std::to_string(account_.settings().dtmf_duration.count());
    const sip::Body body{.content_type = "application/dtmf-relay",
                         .bytes = relay,
                         .alternatives = {{.content_type = "application/dtmf", .bytes = std::string(1, tone)}}};
    const auto sent = account_.agent().info(*session_, body, {}, account_.now());
    account_.pump();
    account_.shared().complete<void>(std::move(done), sent ? Result<void>() : Result<void>(sent.error()));
  }
}

void CallCore::stats(AsyncSource<media::Stats> done) {
  if (!media_) return account_.shared().complete<media::Stats>(std::move(done), wrong_state("there is no media yet"));
  const std::uint64_t number = ++last_stats_;
  stats_done_.emplace(number, std::move(done));
  media_->stats([this, number](media::Stats stats) {
    if (auto node = stats_done_.extract(number)) account_.shared().complete<media::Stats>(std::move(node.mapped()), std::move(stats));
  });
}

void CallCore::apply_mute() {
  if (media_) media_->set_muted(shared_->is_muted());
  publish();
}

// ---- What the session tells

void CallCore::on(const sip::SessionProgress& event) {
  tell([status = event.status, early = event.has_body](const CallDelegate& d) {
    if (d.on_progress) d.on_progress(status, early);
  });
}

void CallCore::on(const sip::SessionEstablished&) {
  session_up_ = true;
  if (step_ != Step::TakingAnswer) established();
}

void CallCore::on(const sip::SessionConfirmed&) { negotiate(); }

void CallCore::on(const sip::SessionEnded& event) { end(own_cause_.value_or(to_cause(event.cause))); }

void CallCore::on(const sip::DtmfReceived& event) {
  tell([tone = event.tone, duration = event.duration](const CallDelegate& d) {
    if (d.on_dtmf_received) d.on_dtmf_received(tone, duration);
  });
}

void CallCore::established() {
  phase_ = CallPhase::Established;
  shared_->answered.settle({}, account_.shared());
  tell([](const CallDelegate& d) {
    if (d.on_answered) d.on_answered();
  });
  if (answer_done_) account_.shared().complete<void>(*std::exchange(answer_done_, std::nullopt), {});
  level_alarm_->set(account_.now() + level_interval);
  negotiated();
}

void CallCore::end(const Cause& cause) {
  if (phase_ == CallPhase::Ended) return;
  phase_ = CallPhase::Ended;
  AccountShared& out = account_.shared();
  for (const auto* alarm : {&pause_, &tone_alarm_, &level_alarm_}) (*alarm)->set(std::nullopt);
  const Error why = to_error(cause);
  shared_->sent.settle(why, out);
  shared_->answered.settle(why, out);
  publish();
  account_.call_ended(*this);
  tell([cause](const CallDelegate& d) {
    if (d.on_hangup) d.on_hangup(cause);
  });
  if (answer_done_) out.complete<void>(*std::exchange(answer_done_, std::nullopt), why);
  complete_hold(Errc::NoSession);
  for (auto& [number, source] : std::exchange(stats_done_, {})) out.complete<media::Stats>(std::move(source), Errc::NoSession);
  for (auto& [tone, source] : std::exchange(tones_, {})) out.complete<void>(std::move(source), Errc::NoSession);
}

// ---- Media

void CallCore::on_media_state(media::State state, const std::optional<Error>& why) {
  if (phase_ == CallPhase::Ended) return;
  publish();
  tell([media = MediaState{.state = state, .receiving = receiving_, .error = why}](const CallDelegate& d) {
    if (d.on_media_state) d.on_media_state(media);
  });
}

void CallCore::on_first_media() {
  receiving_ = true;
  on_media_state(media::State::Connected, std::nullopt);
}

void CallCore::publish() {
  std::optional<media::MediaStream> local;
  std::optional<media::MediaStream> remote;
  if (media_ && phase_ != CallPhase::Ended) {
    local = media_->local_stream();
    remote = media_->remote_stream();
  }
  const std::lock_guard lock(shared_->mutex);
  CallState& state = shared_->state;
  state.phase = phase_;
  state.outgoing = outgoing_;
  state.held = phase_ == CallPhase::Ended ? false : held_;
  state.remote_held = phase_ == CallPhase::Ended ? false : remote_held_;
  if (phase_ == CallPhase::Ended) state.muted = false;
  state.remote_uri = remote_uri_;
  state.remote_display_name = remote_display_name_;
  state.local_stream = std::move(local);
  state.remote_stream = std::move(remote);
}

}  // namespace parley::detail
