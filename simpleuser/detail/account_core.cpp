// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/account_core.hpp>

#include <parley/simpleuser/detail/call_shared.hpp>
#include <parley/simpleuser/detail/shown_caller.hpp>
#include <parley/simpleuser/detail/warning.hpp>

#include <algorithm>
#include <utility>

namespace parley::detail {
namespace {

using namespace std::chrono_literals;

// disconnect() takes 5 s at most: what is left of them after the farewell is the close handshake's.
constexpr Duration farewell_limit = 4s;
constexpr Duration close_limit = 1s;

Error not_connected() { return Error{.code = Errc::NotConnected}; }

}  // namespace

AccountCore::AccountCore(AccountShared& shared, const Settings& settings, const Ports& ports)
    : shared_(shared),
      settings_(settings),
      ports_(ports),
      agent_(settings.agent, ports.crypto),
      connector_(settings, ports, shared, *this),
      listening_(ports.transport, *this),
      agent_alarm_(ports.executor.make_deadline([this] {
        agent_.handle_timeout(now());
        pump();
      })),
      register_alarm_(ports.executor.make_deadline([this] { start_registration(nullptr); })),
      register_backoff_(30s, 30min),
      leaving_alarm_(ports.executor.make_deadline([this] { leaving_->goodbye ? connector_.abort() : leave_when_quiet(); })) {}

AccountCore::~AccountCore() = default;

void AccountCore::tell(UniqueFunction<void(const AccountDelegate&)> callback) {
  shared_.notify([&shared = shared_, callback = std::move(callback)] {
    const auto delegate = shared.delegate();
    callback(*delegate);
  });
}

// ---- Verbs

void AccountCore::connect(AsyncSource<void> done) {
  if (leaving_) return leaving_->connect_afterwards.push_back(std::move(done));
  if (!settings_.has_server) {
    return shared_.complete<void>(std::move(done), Error{.code = Errc::WrongState, .reason = "this account has no server"});
  }
  connector_.connect(std::move(done));
  publish();
}

void AccountCore::disconnect(AsyncSource<void> done) {
  if (leaving_) return leaving_->done.push_back(std::move(done));
  stop_wanting_registration();
  if (!connector_.is_open() && !listening_.has_listeners()) {
    hang_up_all();
    connector_.close();
    pump();
    return shared_.complete<void>(std::move(done), {});
  }
  leaving_.emplace().done.push_back(std::move(done));
  leaving_alarm_->set(now() + farewell_limit);
  unregistering_ = registered_ || agent_.is_registering();  // before the calls end: the last word is not theirs
  hang_up_all();
  if (unregistering_) unregistering_ = agent_.unregister(false, now()).has_value();
  pump();
}

void AccountCore::hang_up_all() {
  std::vector<CallCore*> calls;  // they leave the map as they end
  for (const auto& [number, call] : calls_) calls.push_back(call.get());
  for (CallCore* call : calls) call->hang_up();
}

void AccountCore::register_(const RegisterOptions& options, AsyncSource<void> done) {
  if (!is_connected() || leaving_) return shared_.complete<void>(std::move(done), not_connected());
  sip::RegisterRequest request = settings_.registration;
  if (options.expires) request.expires = *options.expires;
  if (!options.extra_headers.empty()) request.extra_headers = options.extra_headers;
  if (!options.contact_params.empty()) request.contact_params = options.contact_params;
  if (auto ok = sip::check(request); !ok) return shared_.complete<void>(std::move(done), std::move(ok));
  wanted_ = std::move(request);
  start_registration(&done);
}

void AccountCore::start_registration(AsyncSource<void>* done) {
  register_alarm_->set(std::nullopt);
  Result<void> sent = agent_.register_(*wanted_, now());
  if (!sent && sent.error().code == Errc::Busy) sent = {};  // one is in flight: it is joined
  if (!sent) {
    log(LogLevel::Warning, "no registration: " + sent.error().text());
    if (done != nullptr) wanted_.reset();
  }
  pump();
  if (done != nullptr) shared_.complete<void>(std::move(*done), std::move(sent));
}

void AccountCore::stop_wanting_registration() {
  wanted_.reset();
  register_alarm_->set(std::nullopt);
}

/// A registrar in trouble is asked again, later and later (RFC 5626 s.4.5; F08); a verdict is a verdict.
void AccountCore::register_later(const Error& why, Duration not_before) {
  const bool temporary = why.code == Errc::Timeout || why.status == 408 || why.status >= 500;
  if (!wanted_ || !temporary || why.status >= 600 || !is_connected()) return;
  constexpr Duration longest = 1h;  // whatever Retry-After says (SEC-80)
  register_alarm_->set(now() + std::max(register_backoff_.next(ports_.crypto), std::min(not_before, longest)));
}

void AccountCore::unregister(const UnregisterOptions& options, AsyncSource<void> done) {
  if (!is_connected() || leaving_) return shared_.complete<void>(std::move(done), not_connected());
  stop_wanting_registration();
  Result<void> sent = agent_.unregister(options.all, now());
  pump();
  shared_.complete<void>(std::move(done), std::move(sent));
}

void AccountCore::call(std::shared_ptr<CallShared> call, std::string_view destination, const CallOptions& options) {
  std::string target;
  const Result<void> possible = check_call(destination, options, target);
  if (!possible) {
    {
      const std::lock_guard lock(call->mutex);
      call->state.phase = CallPhase::Ended;
    }
    call->sent.settle(possible, shared_);
    call->answered.settle(possible, shared_);
    if (possible.error().code != Errc::SessionExists) last_call_ = std::move(call);
    return;
  }
  last_call_ = call;
  auto& core = calls_[call->id] = std::make_unique<CallCore>(*this, call);
  tell([handle = Call(call)](const AccountDelegate& d) {
    if (d.on_call_created) d.on_call_created(handle);
  });
  core->start(std::move(target), options);
  pump();
}

Result<void> AccountCore::check_call(std::string_view destination, const CallOptions& options, std::string& target) const {
  if (calls_.size() >= settings_.max_calls) return Errc::SessionExists;
  auto uri = read_destination(destination, settings_.domain);
  if (!uri) return std::move(uri).error();
  target = std::move(*uri);
  if (auto ok = check_options(options); !ok) return ok;
  if (!is_connected() || leaving_) return not_connected();
  return {};
}

void AccountCore::send_dtmf(CallCore* call, std::string_view tone, AsyncSource<void> done) {
  constexpr std::string_view tones = "0123456789ABCD#*,";
  if (tone.size() != 1 || tones.find(tone.front()) == std::string_view::npos) {
    return shared_.complete<void>(std::move(done), Error{.code = Errc::BadValue, .reason = "a tone is one of 0-9 A-D # * and the comma"});
  }
  if (call == nullptr) return shared_.complete<void>(std::move(done), Errc::NoSession);
  call->send_dtmf(tone.front(), std::move(done));
}

CallCore* AccountCore::find(std::uint64_t call_number) {
  const auto found = calls_.find(call_number);
  return found == calls_.end() ? nullptr : found->second.get();
}

CallCore* AccountCore::current_call() { return calls_.empty() ? nullptr : calls_.begin()->second.get(); }

void AccountCore::call_ended(CallCore& call) {
  if (call.session()) by_session_.erase(*call.session());
  came_on_.erase(call.shared()->id);
  auto node = calls_.extract(call.shared()->id);
  if (!node.empty()) ended_calls_.push_back(std::move(node.mapped()));
  publish();
}

// ---- The connection

void AccountCore::connection_opened(const sip::FlowInfo& info) {
  flow_ = sip::FlowId{++last_flow_};
  agent_.flow_opened(*flow_, info, now());
  agent_.set_flow(flow_, now());
  tell([](const AccountDelegate& d) {
    if (d.on_server_connect) d.on_server_connect();
  });
  // The dialogs are refreshed when the new binding stands: the GRUU in their Contact leads nowhere before.
  repair_after_register_ = wanted_.has_value();
  if (wanted_) {
    start_registration(nullptr);
  } else {
    calls_are_back();
  }
  pump();
}

void AccountCore::connection_closed(const std::optional<Error>& why) {
  tell([why](const AccountDelegate& d) {
    if (d.on_server_disconnect) d.on_server_disconnect(why);
  });
  const bool was_registered = std::exchange(registered_, false);
  register_alarm_->set(std::nullopt);
  register_backoff_.reset();
  if (why) {
    for (const auto& [number, call] : calls_) {
      if (!came_on_.contains(number)) call->connection_lost();
    }
  }
  flow_breaks_ = true;
  agent_.set_flow(std::nullopt, now());
  agent_.flow_closed(*std::exchange(flow_, std::nullopt), why.value_or(Error{.code = Errc::ConnectionLost}), now());
  pump();
  flow_breaks_ = false;
  if (was_registered) {
    tell([why](const AccountDelegate& d) {
      if (d.on_unregistered) d.on_unregistered(UnregisteredReason{why});
    });
  }
  left();
}

void AccountCore::connection_received(std::string_view bytes) {
  shared_.trace(Traffic::In, bytes);
  agent_.receive(*flow_, bytes, now());
  pump();
}

void AccountCore::connection_attempt(unsigned number) {
  log(LogLevel::Info, "connecting again, attempt " + std::to_string(number));
  tell([number](const AccountDelegate& d) {
    if (d.on_reconnecting) d.on_reconnecting(number);
  });
}

void AccountCore::connection_failed(const Error& why) {
  log(LogLevel::Warning, "no connection: " + why.text());
  publish();
}

void AccountCore::connection_given_up(const Error& last) {
  log(LogLevel::Error, "no further attempt to connect: all that the options ask for have failed");
  tell([last](const AccountDelegate& d) {
    if (d.on_reconnecting_given_up) d.on_reconnecting_given_up(last);
  });
  publish();
}

void AccountCore::calls_are_back() {
  repair_after_register_ = false;
  for (const auto& [number, call] : calls_) call->connection_back();
}

/// Closes when everybody has had their answers, or when there is no time left to wait for them.
void AccountCore::leave_when_quiet() {
  leaving_->goodbye = true;
  leaving_alarm_->set(now() + close_limit);
  listening_.close();
  if (!connector_.is_open()) return left();  // nobody is left to tell us
  connector_.close();
}

void AccountCore::left() {
  if (!leaving_) return publish();
  Leaving finished = std::move(*leaving_);
  leaving_.reset();
  leaving_alarm_->set(std::nullopt);
  connector_.close();  // it may have broken on the way: no reconnect follows
  publish();
  for (AsyncSource<void>& source : finished.done) shared_.complete<void>(std::move(source), {});
  for (AsyncSource<void>& source : finished.connect_afterwards) connect(std::move(source));
}

// ---- The user agent

void AccountCore::deliver(const sip::Send& send) {
  if (send.flow == flow_) {
    connector_.send(std::string(send.bytes));
  } else if (!listening_.send(send.flow, send.bytes)) {
    return;
  }
  shared_.trace(Traffic::Out, send.bytes);
}

void AccountCore::pump() {
  if (pumping_) return;
  pumping_ = true;
  while (auto output = agent_.poll_output()) {
    if (auto* send = std::get_if<sip::Send>(&*output)) {
      deliver(*send);
    } else {
      std::visit([this](auto& event) { on(std::move(event)); }, std::get<sip::UserAgentEvent>(*output));
    }
  }
  pumping_ = false;
  agent_alarm_->set(agent_.next_timeout());
  publish();
  if (leaving_ && !leaving_->goodbye && !unregistering_ && agent_.unfinished_session_count() == 0) leave_when_quiet();
}

template <class SessionEvent>
void AccountCore::on(SessionEvent event) {
  const auto found = by_session_.find(event.session);
  if (found != by_session_.end()) found->second->on(std::move(event));
}

void AccountCore::on(sip::IncomingSession event) {
  const sip::MessageView invite = event.invite.view();
  if (const auto refusal = refusal_of(invite)) {
    // Refused before anybody rings, and without a word to the user.
    agent_.reject(event.session, refusal->first, refusal->second, now());
    return log(LogLevel::Info, "incoming call refused with " + std::to_string(refusal->first));
  }
  auto call = std::make_shared<CallShared>(next_call_number(), shared_.self());
  last_call_ = call;
  auto& core = calls_[call->id] = std::make_unique<CallCore>(*this, call);
  if (event.flow != flow_) came_on_[call->id] = event.flow;
  session_began(event.session, *core);
  const Caller caller = caller_of(invite, next_hop(event.flow));
  agent_.ring(event.session, 180, now());
  core->arrive(event.session, caller);
  publish();
  tell([handle = Call(call)](const AccountDelegate& d) {
    if (d.on_call_created) d.on_call_created(handle);
  });
  tell([handle = Call(call), caller](const AccountDelegate& d) {
    if (d.on_call_received) d.on_call_received(handle, caller);
  });
}

/// What comes to a listener comes from anybody.
sip::NextHop AccountCore::next_hop(sip::FlowId flow) const noexcept {
  return settings_.trusted_server && flow == flow_ ? sip::NextHop::Trusted : sip::NextHop::Untrusted;
}

std::optional<std::pair<sip::StatusCode, sip::ExtraHeaders>> AccountCore::refusal_of(const sip::MessageView& invite) const {
  using Refusal = std::pair<sip::StatusCode, sip::ExtraHeaders>;
  if (calls_.size() >= settings_.max_calls) return Refusal{settings_.busy_status, {}};
  if (leaving_ || !shared_.delegate()->on_call_received) return Refusal{sip::StatusCode{480}, {}};
  if (invite.body().empty()) return std::nullopt;
  if (const auto fits = ports_.media.check_offer(settings_.media, invite.body()); !fits) {
    return Refusal{sip::StatusCode{488}, sip::ExtraHeaders{{"Warning", warning_of(fits.error())}}};
  }
  return std::nullopt;
}

void AccountCore::on(const sip::MessageReceived& event) {
  const sip::MessageView message = event.message.view();
  tell([info = message_info_of(message, next_hop(event.flow)), text = std::string(message.body())](const AccountDelegate& d) {
    if (d.on_message_received) d.on_message_received(text, info);
  });
}

void AccountCore::on(const sip::Registered& event) {
  register_alarm_->set(std::nullopt);
  register_backoff_.reset();
  const bool news = !std::exchange(registered_, true);
  if (news) {
    const Registration granted{.expires = event.expires, .pub_gruu = event.pub_gruu, .associated_uris = event.associated_uris};
    tell([granted](const AccountDelegate& d) {
      if (d.on_registered) d.on_registered(granted);
    });
  }
  if (repair_after_register_) calls_are_back();
}

void AccountCore::on(const sip::Unregistered& event) {
  unregistering_ = false;
  if (flow_breaks_) return;
  registered_ = false;
  tell([reason = UnregisteredReason{event.error, event.details}](const AccountDelegate& d) {
    if (d.on_unregistered) d.on_unregistered(reason);
  });
  if (event.error) register_later(*event.error, event.details.retry_after.value_or(0ms));
  if (repair_after_register_) calls_are_back();
}

void AccountCore::on(const sip::Diagnostic& event) { log(LogLevel::Info, event.text); }

void AccountCore::publish() {
  AccountState state{.connected = is_connected(), .registered = registered_, .reconnecting = connector_.reconnecting()};
  shared_.publish(state, calls_.empty() ? nullptr : calls_.begin()->second->shared());
}

}  // namespace parley::detail
