// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/transport.hpp>
#include <parley/transport/loop_core.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct lws;
struct lws_protocols;
struct lws_retry_bo;

namespace parley::transport {

/// What an open WebSocket does at either end (RFC 6455, RFC 7118): messages both ways, keep-alive, farewell.
///
/// The socket library's handle points here by its opaque pointer, which is null once this object is gone or has said its last word.
/// Functions that tell the observer say so: *this may be gone afterwards.
class WebSocket : public sip::Connection, protected Guest {
 public:
  WebSocket(std::shared_ptr<LoopCore> core, sip::ConnectionObserver* observer, Duration keep_alive);
  ~WebSocket() override;

  void send(std::string bytes) override;
  void close() override;

  lws* handle() const { return wsi_; }
  /// As close(), with another status code and a reason to tell. Nothing unless open.
  void go_away(int status, Error why);
  void set_observer(sip::ConnectionObserver* observer) { observer_ = observer; }
  /// Binds an established handle: from now on it is open.
  void open_on(lws* wsi);

  // From the handle's callbacks. The result is what the callback returns: -1 closes.
  int writable();                                        ///< one write each time
  void received(std::string_view part);                  ///< tells
  void heard();                                          ///< any sign of life
  void closed_by_peer(std::string_view code_and_words);  ///< a Close frame came
  void handle_gone();                                    ///< tells

 protected:
  enum class State { Connecting, Open, Closing, Closed };

  State state() const { return state_; }
  /// Where the library writes the handle while it connects.
  lws*& wsi() { return wsi_; }
  sip::ConnectionObserver* observer() const { return observer_; }
  Deadline& timer() { return *timer_; }
  void set_why(Error why) { why_ = std::move(why); }
  const std::optional<Error>& why() const { return why_; }

  /// timer() is due before the connection is open.
  virtual void due_while_connecting() {}
  /// close() was called before the connection was open: nothing may go on.
  virtual void stop_connecting() {}
  /// The handle went away before the connection was open.
  virtual void handle_gone_while_connecting() {}
  /// Closes at once without a farewell to the peer.
  void drop_handle();
  /// The last word to the observer. Tells.
  void finish(std::optional<Error> why);

 private:
  void fail(int status, Error why);
  void deliver(std::string message);
  int say_goodbye();
  void hand_over_rest();
  bool write_next();
  bool write(std::string& framed, int kind);
  void begin_closing();
  void due();
  void look_after_peer();
  Duration pong_limit() const;
  void loop_ended() override;

  sip::ConnectionObserver* observer_;
  Duration keep_alive_;
  std::unique_ptr<Deadline> timer_;  ///< keep-alive while open, the limit of the farewell while closing
  State state_ = State::Connecting;
  lws* wsi_ = nullptr;
  std::optional<Error> why_;  ///< what on_closed will say; none when close() asked for it
  int close_status_;
  bool peer_said_goodbye_ = false;

  std::string incoming_;              ///< the parts of a message so far
  std::deque<std::string> outgoing_;  ///< each with room in front for the frame header
  std::size_t outgoing_octets_ = 0;

  TimePoint last_heard_{};
  std::optional<TimePoint> pinged_;  ///< a ping without answer so far
  bool ping_due_ = false;
};

/// What every protocol callback for an open WebSocket does with the events that both ends share.
int on_websocket_event(lws* wsi, int reason, void* in, std::size_t size);

/// Keep-alive is WebSocket's own: it counts in milliseconds and knows why it ends a connection. Static storage.
const lws_retry_bo* no_pings_of_the_library();

/// Peer, local name and kind of the socket beneath.
sip::FlowInfo flow_info_of(lws* wsi);

}  // namespace parley::transport
