// SPDX-License-Identifier: MIT
#include <parley/transport/websocket.hpp>

#include <libwebsockets.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>

namespace parley::transport {

namespace {

struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};

Endpoint endpoint_of(const sockaddr_storage& storage) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (storage.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return {text.data(), ntohs(v4.sin_port)};
  }
  if (storage.ss_family != AF_INET6) return {};
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {  // an IPv4 peer of a socket that listens to both
    inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  }
  return {text.data(), ntohs(v6.sin6_port)};
}

std::string host_port(const Endpoint& endpoint) {
  const bool is_v6 = endpoint.address.find(':') != std::string::npos;
  return (is_v6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" + std::to_string(endpoint.port);
}

}  // namespace

sip::FlowInfo flow_info_of(lws* wsi) {
  const int fd = lws_get_socket_fd(wsi);
  sockaddr_storage peer{};
  sockaddr_storage local{};
  socklen_t size = sizeof peer;
  getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size);
  size = sizeof local;
  getsockname(fd, reinterpret_cast<sockaddr*>(&local), &size);
  Endpoint from = endpoint_of(peer);
  const bool secure = lws_is_ssl(wsi) != 0;
  return {.reliable = sip::Reliable::Yes,
          .secure = secure ? sip::Secure::Yes : sip::Secure::No,
          .via_transport = secure ? "WSS" : "WS",
          .local_name = host_port(endpoint_of(local)),
          .peer_address = std::move(from.address),
          .peer_port = from.port};
}

// Some events come with a stand-in for the handle that has no opaque pointer: it is looked at only where a real one is sure.
int on_websocket_event(lws* wsi, int reason, void* in, std::size_t size) {
  const auto socket_of = [](lws* handle) { return static_cast<WebSocket*>(lws_get_opaque_user_data(handle)); };
  const std::string_view bytes(static_cast<const char*>(in), in == nullptr ? 0 : size);
  switch (reason) {
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_CLIENT_RECEIVE: {
      auto* const socket = socket_of(wsi);
      return socket == nullptr ? -1 : socket->received(bytes);
    }
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLIENT_WRITEABLE: {
      auto* const socket = socket_of(wsi);
      return socket == nullptr ? -1 : socket->writable();
    }
    case LWS_CALLBACK_RECEIVE_PONG:
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
      if (auto* const socket = socket_of(wsi)) socket->heard();
      return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      if (auto* const socket = socket_of(wsi)) socket->closed_by_peer(bytes);
      return 0;
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLIENT_CLOSED:
    case LWS_CALLBACK_WSI_DESTROY: {  // the last word of every handle, and the only one of some
      auto* const socket = socket_of(wsi);
      lws_set_opaque_user_data(wsi, nullptr);
      if (socket != nullptr) socket->handle_gone();
      return 0;
    }
    default: return 0;
  }
}

}  // namespace parley::transport
