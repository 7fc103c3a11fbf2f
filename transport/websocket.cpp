// SPDX-License-Identifier: MIT
#include <parley/transport/websocket.hpp>

#include <parley/sip/core/limits.hpp>
#include <parley/transport/deadline.hpp>
#include <parley/transport/text.hpp>

#include <libwebsockets.h>

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace parley::transport {

namespace {

using namespace std::chrono_literals;

constexpr Duration longest_pong = 10s;
constexpr Duration farewell = 1s;               // sip/transport.hpp promises on_closed() within it
constexpr std::size_t most_outgoing = 2 << 20;  // a peer that reads nothing must not fill the memory
constexpr std::size_t kept_capacity = 8'192;

std::string seconds_text(Duration time) {
  if (time < 1s || time % 1s != 0ms) return std::to_string(time.count()) + " ms";
  return std::to_string(time / 1s) + " s";
}

}  // namespace

WebSocket::WebSocket(std::shared_ptr<LoopCore> core, sip::ConnectionObserver* observer, Duration keep_alive)
    : Guest(core),
      observer_(observer),
      keep_alive_(keep_alive),
      timer_(std::make_unique<Alarm>(std::move(core), [this] { due(); })),
      close_status_(LWS_CLOSE_STATUS_NORMAL) {}

WebSocket::~WebSocket() { drop_handle(); }

/// What was sent before we are destroyed is sent: the system takes it at once unless the peer reads too slowly.
void WebSocket::hand_over_rest() {
  if (state_ != State::Open || peer_said_goodbye_ || wsi_ == nullptr) return;
  while (!outgoing_.empty() && lws_send_pipe_choked(wsi_) == 0 && write_next()) {
  }
}

void WebSocket::drop_handle() {
  hand_over_rest();
  lws* const wsi = std::exchange(wsi_, nullptr);
  if (wsi == nullptr) return;
  lws_set_opaque_user_data(wsi, nullptr);
  shutdown(lws_get_socket_fd(wsi), SHUT_RDWR);  // an event of the same round may override the timeout that follows
  lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

void WebSocket::open_on(lws* wsi) {
  wsi_ = wsi;
  lws_set_opaque_user_data(wsi, this);
  state_ = State::Open;
  last_heard_ = core().now();
  timer_->set(keep_alive_ > 0ms ? std::optional(last_heard_ + keep_alive_) : std::nullopt);
}

// --- out ---

void WebSocket::send(std::string bytes) {
  if (state_ != State::Open || bytes.empty()) return;  // an empty message is none, and some servers close on it
  if (bytes.size() > limits::message) {
    core().log(LogLevel::Warning, "a message that is too large was not sent");
    return;
  }
  outgoing_octets_ += bytes.size();
  bytes.insert(0, LWS_PRE, '\0');
  outgoing_.push_back(std::move(bytes));
  if (outgoing_octets_ > most_outgoing) {
    outgoing_.clear();
    outgoing_octets_ = 0;
    why_ = Error{.code = Errc::ConnectionLost, .reason = "the peer takes no data"};
    begin_closing();
    return;
  }
  lws_callback_on_writable(wsi_);
}

void WebSocket::close() {
  if (state_ == State::Closing || state_ == State::Closed) return;
  why_.reset();
  if (state_ == State::Connecting) {
    state_ = State::Closing;
    stop_connecting();
    drop_handle();
    timer_->set(core().now());  // told from there, not inside this call
    return;
  }
  begin_closing();
}

void WebSocket::go_away(int status, Error why) {
  if (state_ != State::Open) return;
  why_ = std::move(why);
  close_status_ = status;
  begin_closing();
}

void WebSocket::begin_closing() {
  state_ = State::Closing;
  timer_->set(core().now() + farewell);
  if (wsi_ != nullptr) lws_callback_on_writable(wsi_);
}

int WebSocket::writable() {
  if (std::exchange(ping_due_, false)) {
    std::string empty(LWS_PRE, '\0');
    if (!write(empty, LWS_WRITE_PING)) return -1;
  } else if (!outgoing_.empty()) {
    if (!write_next()) return -1;
  } else {
    return state_ == State::Closing ? say_goodbye() : 0;
  }
  if (!outgoing_.empty() || state_ == State::Closing) lws_callback_on_writable(wsi_);
  return 0;
}

bool WebSocket::write_next() {
  std::string framed = std::move(outgoing_.front());
  outgoing_.pop_front();
  const std::string_view message = std::string_view(framed).substr(LWS_PRE);
  outgoing_octets_ -= message.size();
  // RFC 7118 s.4.2: text frames carry UTF-8, everything else goes as binary.
  return write(framed, is_utf8(message) ? LWS_WRITE_TEXT : LWS_WRITE_BINARY);
}

bool WebSocket::write(std::string& framed, int kind) {
  const std::size_t size = framed.size() - LWS_PRE;
  auto* const payload = reinterpret_cast<unsigned char*>(framed.data()) + LWS_PRE;
  return lws_write(wsi_, payload, size, static_cast<lws_write_protocol>(kind)) >= static_cast<int>(size);
}

int WebSocket::say_goodbye() {
  lws_close_reason(wsi_, static_cast<lws_close_status>(close_status_), nullptr, 0);
  return -1;  // the library sends the Close frame and waits for the peer's; handle_gone() follows
}

// --- in ---

void WebSocket::received(std::string_view part) {
  heard();
  if (state_ != State::Open) return;
  if (lws_is_first_fragment(wsi_) != 0) incoming_.clear();
  const std::size_t announced = lws_remaining_packet_payload(wsi_);
  const std::size_t room = limits::message - incoming_.size();
  if (part.size() > room || announced > room - part.size()) {
    incoming_ = {};
    fail(LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, Error{.code = Errc::TooLong, .reason = "the peer sent a message that is too large"});
    return;
  }
  const bool complete = announced == 0 && lws_is_final_fragment(wsi_) != 0;
  incoming_.append(part);
  if (!complete) return;
  std::string message = std::exchange(incoming_, {});
  if (message.empty()) return;
  if (lws_frame_is_binary(wsi_) == 0 && !is_utf8(message)) {  // RFC 6455 s.8.1
    fail(LWS_CLOSE_STATUS_INVALID_PAYLOAD,
         Error{.code = Errc::ProtocolViolation, .reason = "the peer sent a text message that is not UTF-8"});
    return;
  }
  deliver(std::move(message));
}

/// The observer may destroy *this: the message is a local, and the handle's opaque pointer tells whether we are still there.
void WebSocket::deliver(std::string message) {
  lws* const wsi = wsi_;
  if (observer_ != nullptr) observer_->on_message(message);
  if (lws_get_opaque_user_data(wsi) != this) return;
  if (state_ == State::Open && message.capacity() <= kept_capacity) {
    message.clear();
    incoming_ = std::move(message);  // keeps its block for the next one
  }
}

void WebSocket::heard() { last_heard_ = core().now(); }

void WebSocket::fail(int status, Error why) {
  why_ = std::move(why);
  close_status_ = status;
  outgoing_.clear();
  outgoing_octets_ = 0;
  begin_closing();
}

void WebSocket::closed_by_peer(std::string_view code_and_words) {
  if (state_ != State::Open) return;
  peer_said_goodbye_ = true;
  std::string words = "without a code";
  if (code_and_words.size() >= 2) {
    const int high = static_cast<unsigned char>(code_and_words[0]);
    const int low = static_cast<unsigned char>(code_and_words[1]);
    words = std::to_string(high * 256 + low);
    if (code_and_words.size() > 2) words += ' ' + printable(code_and_words.substr(2));
  }
  why_ = Error{.code = Errc::ConnectionLost, .reason = "closed by the peer", .detail = std::move(words)};
}

void WebSocket::handle_gone() {
  wsi_ = nullptr;
  if (state_ == State::Connecting) {
    handle_gone_while_connecting();
    return;
  }
  if (state_ == State::Open && !peer_said_goodbye_) why_ = Error{.code = Errc::ConnectionLost, .reason = "the peer broke the connection"};
  finish(std::move(why_));
}

// --- time ---

Duration WebSocket::pong_limit() const { return std::min(longest_pong, keep_alive_); }

void WebSocket::due() {
  switch (state_) {
    case State::Connecting: due_while_connecting(); break;
    case State::Open: look_after_peer(); break;
    case State::Closing: finish(std::move(why_)); break;
    case State::Closed: break;
  }
}

/// A ping after keep_alive without a sign of life; no sign within pong_limit() after that: the peer is dead (RFC 6455 s.5.5.2).
void WebSocket::look_after_peer() {
  const TimePoint now = core().now();
  if (pinged_ && last_heard_ < *pinged_) {
    finish(Error{.code = Errc::ConnectionLost, .reason = "the peer does not answer", .detail = "no pong in " + seconds_text(pong_limit())});
    return;
  }
  pinged_.reset();
  if (now < last_heard_ + keep_alive_) {
    timer_->set(last_heard_ + keep_alive_);
    return;
  }
  pinged_ = now;
  ping_due_ = true;
  lws_callback_on_writable(wsi_);
  timer_->set(now + pong_limit());
}

// --- the end ---

// By value: the observer may destroy us, and why_ with us.
void WebSocket::finish(std::optional<Error> why) {  // NOLINT(performance-unnecessary-value-param)
  if (state_ == State::Closed) return;
  state_ = State::Closed;
  timer_->set(std::nullopt);
  outgoing_.clear();
  drop_handle();
  if (observer_ != nullptr) observer_->on_closed(why);
}

void WebSocket::loop_ended() {
  finish(state_ == State::Closing ? std::move(why_) : Error{.code = Errc::Destroyed, .reason = "the loop has ended"});
}

}  // namespace parley::transport
