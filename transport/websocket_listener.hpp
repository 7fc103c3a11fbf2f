// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/transport.hpp>
#include <parley/transport/descriptor.hpp>
#include <parley/transport/loop_core.hpp>
#include <parley/transport/websocket.hpp>

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

struct lws;
struct lws_protocols;
struct lws_vhost;

namespace parley::transport {

class WebSocketListener;

/// The protocol table of the vhosts that take connections. Static storage.
const lws_protocols* websocket_server_protocols();

/// A WebSocket that a listener accepted. Belongs to it until it is open; may outlive it by the second that saying goodbye takes.
class AcceptedWebSocket final : public WebSocket {
 public:
  AcceptedWebSocket(std::shared_ptr<LoopCore> core, WebSocketListener& listener, Duration keep_alive);
  ~AcceptedWebSocket() override;

  /// Takes over a connected socket; false when the loop has no room for it.
  bool begin(lws_vhost* vhost, int fd);
  void listener_gone();

  // From the handle's callbacks. The result is what the callback returns.
  int established();  ///< tells

 private:
  void due_while_connecting() override;
  void handle_gone_while_connecting() override;

  WebSocketListener* listener_;
};

/// A listening socket and what comes from it. It is not the library's: that one, bound to an IPv4 address, may listen on
/// all of them, does not say why it fails, and gives the port back late.
class WebSocketListener final : public sip::Listener, private Guest {
 public:
  /// Errc::Refused (port in use), BadValue (address, scheme), TlsFailed (certificate), NotSupported.
  static Result<std::unique_ptr<sip::Listener>> listen(std::shared_ptr<LoopCore> core, const sip::ListenOptions& options,
                                                       sip::ListenerObserver& observer);

  WebSocketListener(std::shared_ptr<LoopCore> core, sip::ListenerObserver& observer, Duration keep_alive);
  ~WebSocketListener() override;
  std::string uri() const override { return uri_; }

  /// Hands an open WebSocket over. False when nobody wants it. Tells: `socket` may be gone afterwards.
  bool hand_over(AcceptedWebSocket& socket);
  /// Destroys a WebSocket that did not get open.
  void forget(AcceptedWebSocket& socket) { connecting_.erase(&socket); }
  /// An open one is being destroyed.
  void leave(AcceptedWebSocket& socket) { open_.erase(&socket); }

 private:
  std::optional<Error> open(const sip::ListenOptions& options);
  void take_connections();
  bool turn_one_away();
  void stop_listening();
  void loop_ended() override;

  sip::ListenerObserver& observer_;
  Duration keep_alive_;
  std::string uri_;
  int fd_ = -1;
  int spare_fd_ = -1;  ///< given up for a moment to turn a client away when descriptors have run out
  std::unique_ptr<Descriptor> descriptor_;
  lws_vhost* vhost_ = nullptr;
  std::unordered_map<AcceptedWebSocket*, std::unique_ptr<AcceptedWebSocket>> connecting_;
  std::unordered_set<AcceptedWebSocket*> open_;
};

}  // namespace parley::transport
