// SPDX-License-Identifier: MIT
#include <parley/simpleuser/simple_user.hpp>

#include <parley/simpleuser/detail/account_core.hpp>
#include <parley/simpleuser/detail/account_shared.hpp>
#include <parley/simpleuser/detail/call_shared.hpp>
#include <parley/simpleuser/detail/server_url.hpp>

#include <algorithm>
#include <utility>

namespace parley {

using detail::AccountCore;
using detail::AccountShared;
using detail::CallCore;
using detail::CallShared;

namespace {

using Delegate = std::shared_ptr<const SimpleUserDelegate>;

CallDelegate call_delegate(const Delegate& delegate) {
  return CallDelegate{.on_progress = delegate->on_call_progress,
                      .on_answered = delegate->on_call_answered,
                      .on_hangup = delegate->on_call_hangup,
                      .on_hold = delegate->on_call_hold,
                      .on_remote_hold = delegate->on_remote_hold,
                      .on_dtmf_received = delegate->on_call_dtmf_received,
                      .on_media_state = delegate->on_media_state,
                      .on_transfer_requested = delegate->on_transfer_requested};
}

AccountDelegate account_delegate(SimpleUserDelegate user) {
  const Delegate delegate = std::make_shared<const SimpleUserDelegate>(std::move(user));
  AccountDelegate account{.on_server_connect = delegate->on_server_connect,
                          .on_server_disconnect = delegate->on_server_disconnect,
                          .on_registered = delegate->on_registered,
                          .on_unregistered = delegate->on_unregistered,
                          .on_reconnecting = delegate->on_reconnecting,
                          .on_message_received = delegate->on_message_received,
                          .on_message_sent = delegate->on_message_sent,
                          .on_reconnecting_given_up = delegate->on_reconnecting_given_up};
  account.on_call_created = [delegate](Call call) {
    call.set_delegate(call_delegate(delegate));
    if (delegate->on_call_created) delegate->on_call_created();
  };
  if (delegate->on_call_received) {
    account.on_call_received = [delegate](const Call&, const Caller& caller) { delegate->on_call_received(caller); };
  }
  return account;
}

/// Brings a verb to the core; `verb(core, source)` completes the source.
template <class T, class Verb>
Async<T> post_verb(const std::shared_ptr<AccountShared>& shared, Verb verb) {
  AsyncSource<T> source(shared->context());
  Async<T> async = source.async();
  AccountShared::post(shared,
                      [verb = std::move(verb), source = std::move(source)](AccountCore& core) mutable { verb(core, std::move(source)); });
  return async;
}

/// The same for the one call: which one it is, the loop decides when the verb's turn has come.
template <class T, class Verb>
Async<T> post_call_verb(const std::shared_ptr<AccountShared>& shared, Verb verb) {
  return post_verb<T>(shared, [verb = std::move(verb)](AccountCore& core, AsyncSource<T> done) {
    if (CallCore* call = core.current_call()) return verb(*call, std::move(done));
    core.shared().complete<T>(std::move(done), Errc::NoSession);
  });
}

/// The wish shows at once in the snapshot of a call that is known; the loop obeys it when the verb's turn has come.
void post_mute(const std::shared_ptr<AccountShared>& shared, bool muted) {
  const auto known = shared->current_call();
  if (known) known->set_muted(muted);
  AccountShared::post(shared, [known, muted](AccountCore& core) {
    CallCore* call = core.current_call();
    if (call == nullptr) return;
    if (call->shared() != known) call->shared()->set_muted(muted);
    call->apply_mute();
  });
}

std::optional<media::Track> find_track(const std::optional<media::MediaStream>& stream, media::TrackKind kind) {
  if (!stream) return std::nullopt;
  const auto found =
      std::find_if(stream->tracks.begin(), stream->tracks.end(), [kind](const media::Track& track) { return track.kind == kind; });
  if (found == stream->tracks.end()) return std::nullopt;
  return *found;
}

}  // namespace

SimpleUser::SimpleUser(std::unique_ptr<Account> account) : account_(std::move(account)) {}

SimpleUser::~SimpleUser() = default;

Result<std::unique_ptr<SimpleUser>> SimpleUser::create(std::string_view server, SimpleUserOptions options) {
  if (auto url = detail::parse_server_url(server); !url) return std::move(url).error();
  AccountDelegate delegate = account_delegate(std::exchange(options.delegate, {}));
  auto account = Account::create(server, std::move(delegate), std::move(options), Account::MaxCalls::One);
  if (!account) return std::move(account).error();
  return std::unique_ptr<SimpleUser>(new SimpleUser(std::move(*account)));
}

Result<std::unique_ptr<SimpleUser>> SimpleUser::create(std::string_view server, SimpleUserOptions options, const Ports& ports) {
  if (auto url = detail::parse_server_url(server); !url) return std::move(url).error();
  AccountDelegate delegate = account_delegate(std::exchange(options.delegate, {}));
  auto account = Account::create(server, std::move(delegate), options, Account::MaxCalls::One, ports);
  if (!account) return std::move(account).error();
  return std::unique_ptr<SimpleUser>(new SimpleUser(std::move(*account)));
}

const std::string& SimpleUser::id() const noexcept { return account_->id(); }

const std::string& SimpleUser::aor() const noexcept { return account_->aor(); }

void SimpleUser::set_delegate(SimpleUserDelegate delegate) {
  const Delegate shared = std::make_shared<const SimpleUserDelegate>(delegate);
  account_->set_delegate(account_delegate(std::move(delegate)));
  if (auto call = account_->shared_->current_call()) Call(std::move(call)).set_delegate(call_delegate(shared));
}

Async<void> SimpleUser::connect() { return account_->connect(); }

Async<void> SimpleUser::disconnect() { return account_->disconnect(); }

Async<void> SimpleUser::register_(RegisterOptions options) { return account_->register_(std::move(options)); }

Async<void> SimpleUser::unregister(UnregisterOptions options) { return account_->unregister(options); }

Async<void> SimpleUser::message(std::string_view destination, std::string_view text) { return account_->message(destination, text); }

Async<void> SimpleUser::call(std::string_view destination, CallOptions options) {
  return account_->call(destination, std::move(options)).sent();
}

Async<void> SimpleUser::answered() {
  return post_verb<void>(account_->shared_, [](AccountCore& core, AsyncSource<void> done) {
    if (core.last_call()) return core.last_call()->answered.ask(std::move(done), core.shared());
    core.shared().complete<void>(std::move(done), Errc::NoSession);
  });
}

Async<void> SimpleUser::answer(AnswerOptions options) {
  return post_call_verb<void>(
      account_->shared_, [options = std::move(options)](CallCore& call, AsyncSource<void> done) { call.answer(options, std::move(done)); });
}

Async<void> SimpleUser::decline(sip::StatusCode status) {
  return post_call_verb<void>(account_->shared_,
                              [status](CallCore& call, AsyncSource<void> done) { call.decline(status, std::move(done)); });
}

Async<void> SimpleUser::hangup() {
  return post_call_verb<void>(account_->shared_, [](CallCore& call, AsyncSource<void> done) { call.hangup(std::move(done)); });
}

Async<void> SimpleUser::hold() {
  return post_call_verb<void>(account_->shared_, [](CallCore& call, AsyncSource<void> done) { call.hold(true, std::move(done)); });
}

Async<void> SimpleUser::unhold() {
  return post_call_verb<void>(account_->shared_, [](CallCore& call, AsyncSource<void> done) { call.hold(false, std::move(done)); });
}

Async<void> SimpleUser::send_dtmf(std::string_view tone) {
  return post_verb<void>(account_->shared_, [tone = std::string(tone)](AccountCore& core, AsyncSource<void> done) {
    core.send_dtmf(core.current_call(), tone, std::move(done));
  });
}

void SimpleUser::mute() { post_mute(account_->shared_, true); }

void SimpleUser::unmute() { post_mute(account_->shared_, false); }

Async<media::Stats> SimpleUser::stats() {
  return post_call_verb<media::Stats>(account_->shared_,
                                      [](CallCore& call, AsyncSource<media::Stats> done) { call.stats(std::move(done)); });
}

SimpleUserState SimpleUser::state() const {
  const AccountState account = account_->state();
  SimpleUserState state{.id = id(), .connected = account.connected, .registered = account.registered, .reconnecting = account.reconnecting};
  if (const auto call = account_->shared_->current_call()) state.call = call->snapshot();
  state.held = state.call.held;
  state.muted = state.call.muted;
  return state;
}

bool SimpleUser::is_connected() const { return account_->is_connected(); }

bool SimpleUser::is_registered() const { return account_->is_registered(); }

bool SimpleUser::is_held() const { return state().held; }

bool SimpleUser::is_muted() const { return state().muted; }

std::optional<media::MediaStream> SimpleUser::local_media_stream() const { return state().call.local_stream; }

std::optional<media::MediaStream> SimpleUser::remote_media_stream() const { return state().call.remote_stream; }

std::optional<media::Track> SimpleUser::local_audio_track() const { return find_track(local_media_stream(), media::TrackKind::Audio); }

std::optional<media::Track> SimpleUser::local_video_track() const { return find_track(local_media_stream(), media::TrackKind::Video); }

std::optional<media::Track> SimpleUser::remote_audio_track() const { return find_track(remote_media_stream(), media::TrackKind::Audio); }

std::optional<media::Track> SimpleUser::remote_video_track() const { return find_track(remote_media_stream(), media::TrackKind::Video); }

}  // namespace parley
