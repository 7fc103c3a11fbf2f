// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/connector.hpp>

#include <utility>

namespace parley::detail {

namespace {

constexpr std::size_t keep_alive_octets = 4;  ///< CRLF CRLF (RFC 5626 s.3.5.1)

}  // namespace

Connector::Connector(const Settings& settings, const Ports& ports, AccountShared& shared, ConnectorEvents& events)
    : settings_(settings),
      ports_(ports),
      shared_(shared),
      events_(events),
      policy_(settings.reconnect),
      retry_(ports.executor.make_deadline([this] {
        events_.connection_attempt(policy_.attempt());
        attempt();
      })) {}

void Connector::connect(AsyncSource<void> done) {
  if (state_ == State::Open) return shared_.complete<void>(std::move(done), {});
  waiting_.push_back(std::move(done));
  if (state_ == State::Idle) {
    again_ = false;
    attempt();
  } else if (state_ == State::Waiting) {  // the user is impatient: now, not when the back-off is over
    policy_.begin_anew();
    wait_for_next();
    retry_->set(ports_.executor.now());
  }
}

void Connector::close() {
  switch (state_) {
    case State::Open:
      state_ = State::Closing;
      connection_->close();
      break;
    case State::Connecting:
    case State::Waiting:
      connection_.reset();
      retry_->set(std::nullopt);
      state_ = State::Idle;
      finish(Error{.code = Errc::Cancelled, .reason = "disconnected before the connection was open"});
      break;
    case State::Idle:
    case State::Closing: break;
  }
}

void Connector::abort() {
  if (state_ == State::Open || state_ == State::Closing) {
    connection_.reset();
    state_ = State::Idle;
    events_.connection_closed(std::nullopt);
  }
}

void Connector::send(std::string bytes) {
  if (connection_) connection_->send(std::move(bytes));
}

unsigned Connector::reconnecting() const noexcept {
  const bool trying = state_ == State::Waiting || (state_ == State::Connecting && again_);
  return trying ? policy_.attempt() : 0;
}

void Connector::attempt() {
  state_ = State::Connecting;
  connection_ = ports_.transport.connect(settings_.server, settings_.connect, *this);
  if (!connection_) attempt_failed(Error{.code = Errc::Refused, .reason = "the transport makes no connection"});
}

void Connector::on_open(const sip::FlowInfo& info) {
  state_ = State::Open;
  policy_.opened(ports_.executor.now());
  events_.connection_opened(info);
  finish({});
}

void Connector::on_message(std::string_view bytes) {
  if (bytes.size() > keep_alive_octets) policy_.proved();
  events_.connection_received(bytes);
}

void Connector::on_closed(const std::optional<Error>& why) {
  connection_.reset();
  if (state_ == State::Connecting) return attempt_failed(why.value_or(Error{.code = Errc::ConnectionLost}));
  lost(why);
}

void Connector::attempt_failed(const Error& why) {
  const bool first = !std::exchange(again_, true);
  if (first) policy_.failed_at_first(ports_.executor.now());
  const bool more = !first || settings_.keep_trying;
  const bool waits = more && wait_for_next();
  if (!waits) state_ = State::Idle;
  events_.connection_failed(why);
  if (more && !waits) events_.connection_given_up(why);
  finish(why);
}

void Connector::lost(const std::optional<Error>& why) {
  if (state_ == State::Closing) {
    state_ = State::Idle;
    return events_.connection_closed(std::nullopt);
  }
  again_ = true;
  policy_.lost(ports_.executor.now());
  const bool waits = wait_for_next();
  if (!waits) state_ = State::Idle;
  // Nobody asked for it: there is always a reason.
  const Error reason = why.value_or(Error{.code = Errc::ConnectionLost, .reason = "the server closed the connection"});
  events_.connection_closed(reason);
  if (!waits) events_.connection_given_up(reason);
}

bool Connector::wait_for_next() {
  const auto due = policy_.next(ports_.executor.now(), ports_.crypto);
  if (!due) return false;
  state_ = State::Waiting;
  retry_->set(due);
  return true;
}

void Connector::finish(const Result<void>& outcome) {
  for (AsyncSource<void>& source : std::exchange(waiting_, {})) shared_.complete<void>(std::move(source), Result<void>(outcome));
}

}  // namespace parley::detail
