// SPDX-License-Identifier: MIT
#include <parley/transport/address.hpp>
#include <parley/transport/websocket.hpp>

#include <libwebsockets.h>

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace parley::transport {

const lws_retry_bo* no_pings_of_the_library() {
  static const lws_retry_bo_t none{};
  return &none;
}

sip::FlowInfo flow_info_of(lws* wsi) {
  const int fd = lws_get_socket_fd(wsi);
  SocketAddress peer;
  SocketAddress local;
  peer.size = local.size = sizeof(sockaddr_storage);
  getpeername(fd, peer.get(), &peer.size);
  getsockname(fd, local.get(), &local.size);
  const bool secure = lws_is_ssl(wsi) != 0;
  return {.reliable = sip::Reliable::Yes,
          .secure = secure ? sip::Secure::Yes : sip::Secure::No,
          .via_transport = secure ? "WSS" : "WS",
          .local_name = host_port(local.text(), local.port()),
          .peer_address = peer.text(),
          .peer_port = peer.port()};
}

// Some events come with a stand-in for the handle that has no opaque pointer: it is looked at only where a real one is sure.
int on_websocket_event(lws* wsi, int reason, void* in, std::size_t size) {
  const auto socket_of = [](lws* handle) { return static_cast<WebSocket*>(lws_get_opaque_user_data(handle)); };
  const std::string_view bytes(static_cast<const char*>(in), in == nullptr ? 0 : size);
  switch (reason) {
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_CLIENT_RECEIVE: {
      // Never -1 from here: the library would send its Close frame and go on to parse without emptying its buffer first,
      // writing behind its end what the peer sends meanwhile. Connections are ended from writable() or from outside.
      if (auto* const socket = socket_of(wsi)) socket->received(bytes);
      return 0;
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
