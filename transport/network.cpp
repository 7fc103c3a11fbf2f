// SPDX-License-Identifier: MIT
#include <parley/transport/network.hpp>

#include <parley/transport/loop.hpp>
#include <parley/transport/upgrade.hpp>
#include <parley/transport/websocket_client.hpp>
#include <parley/transport/websocket_listener.hpp>

namespace parley::transport {

Network::Network(const Loop& loop) : core_(loop.core()) {}

Network::~Network() = default;

Result<void> Network::check(const sip::Server& server, const sip::ConnectOptions& options) const {
  if (auto error = check_upgrade(server, options)) return *std::move(error);
  return {};
}

std::unique_ptr<sip::Connection> Network::connect(const sip::Server& server, const sip::ConnectOptions& options,
                                                  sip::ConnectionObserver& observer) {
  return std::make_unique<WebSocketClient>(core_, server, options, observer);
}

Result<std::unique_ptr<sip::Listener>> Network::listen(const sip::ListenOptions& options, sip::ListenerObserver& observer) {
  return WebSocketListener::listen(core_, options, observer);
}

}  // namespace parley::transport
