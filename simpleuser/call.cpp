// SPDX-License-Identifier: MIT
#include <parley/simpleuser/call.hpp>

#include <parley/simpleuser/detail/account_core.hpp>
#include <parley/simpleuser/detail/call_shared.hpp>

#include <utility>

namespace parley {
namespace {

using detail::AccountCore;
using detail::AccountShared;
using detail::CallCore;
using detail::CallShared;

/// Brings a verb to the call's core. A call that is over: NoSession; an account that is gone: the source completes with Destroyed.
template <class T, class Verb>
Async<T> post_verb(const std::shared_ptr<CallShared>& call, Verb verb) {
  AsyncSource<T> source(call->context);
  Async<T> async = source.async();
  const auto account = call->account.lock();
  if (!account) return async;
  AccountShared::post(account, [id = call->id, verb = std::move(verb), source = std::move(source)](AccountCore& core) mutable {
    if (CallCore* call_core = core.find(id)) return verb(*call_core, std::move(source));
    core.shared().complete<T>(std::move(source), Errc::NoSession);
  });
  return async;
}

/// As post_verb, for what can be asked of a call that is over, too.
Async<void> post_question(const std::shared_ptr<CallShared>& call, detail::Outcome CallShared::*outcome) {
  AsyncSource<void> source(call->context);
  Async<void> async = source.async();
  const auto account = call->account.lock();
  if (!account) return async;
  AccountShared::post(account, [call, outcome, source = std::move(source)](AccountCore& core) mutable {
    (*call.*outcome).ask(std::move(source), core.shared());
  });
  return async;
}

void post_mute(const std::shared_ptr<CallShared>& call, bool muted) {
  if (!call->set_muted(muted)) return;
  if (const auto account = call->account.lock()) {
    AccountShared::post(account, [id = call->id](AccountCore& core) {
      if (CallCore* call_core = core.find(id)) call_core->apply_mute();
    });
  }
}

}  // namespace

std::uint64_t Call::id() const { return shared_ ? shared_->id : 0; }

Async<void> Call::sent() { return post_question(shared_, &CallShared::sent); }

Async<void> Call::answered() { return post_question(shared_, &CallShared::answered); }

Async<void> Call::answer(AnswerOptions options) {
  return post_verb<void>(shared_,
                         [options = std::move(options)](CallCore& call, AsyncSource<void> done) { call.answer(options, std::move(done)); });
}

Async<void> Call::decline(sip::StatusCode status) {
  return post_verb<void>(shared_, [status](CallCore& call, AsyncSource<void> done) { call.decline(status, std::move(done)); });
}

Async<void> Call::hangup() {
  return post_verb<void>(shared_, [](CallCore& call, AsyncSource<void> done) { call.hangup(std::move(done)); });
}

Async<void> Call::hold() {
  return post_verb<void>(shared_, [](CallCore& call, AsyncSource<void> done) { call.hold(true, std::move(done)); });
}

Async<void> Call::unhold() {
  return post_verb<void>(shared_, [](CallCore& call, AsyncSource<void> done) { call.hold(false, std::move(done)); });
}

Async<void> Call::send_dtmf(std::string_view tone) {
  AsyncSource<void> source(shared_->context);
  Async<void> async = source.async();
  if (const auto account = shared_->account.lock()) {
    AccountShared::post(account, [id = shared_->id, tone = std::string(tone), source = std::move(source)](AccountCore& core) mutable {
      core.send_dtmf(core.find(id), tone, std::move(source));
    });
  }
  return async;
}

Async<Response> Call::request(std::string_view method, RequestOptions options) {
  return post_verb<Response>(shared_, [method = std::string(method), options = std::move(options)](
                                          CallCore& call, AsyncSource<Response> done) { call.request(method, options, std::move(done)); });
}

void Call::mute() { post_mute(shared_, true); }

void Call::unmute() { post_mute(shared_, false); }

Async<media::Stats> Call::stats() {
  return post_verb<media::Stats>(shared_, [](CallCore& call, AsyncSource<media::Stats> done) { call.stats(std::move(done)); });
}

void Call::set_delegate(CallDelegate delegate) {
  auto fresh = std::make_shared<const CallDelegate>(std::move(delegate));
  const std::lock_guard lock(shared_->mutex);
  shared_->delegate.swap(fresh);
}

CallState Call::state() const {
  if (!shared_) return {};
  CallState state = shared_->snapshot();
  if (shared_->account.expired()) state.phase = CallPhase::Ended;  // also where it had not begun
  return state;
}

bool Call::is_held() const { return state().held; }

bool Call::is_muted() const { return shared_ && shared_->is_muted(); }

}  // namespace parley
