// SPDX-License-Identifier: MIT
#include <parley/transport/listeners.hpp>

#include <parley/transport/address.hpp>
#include <parley/transport/tls.hpp>
#include <parley/transport/websocket.hpp>

#include <libwebsockets.h>

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

namespace parley::transport {

namespace {

/// "sip" among the subprotocols that the client offers; without that the upgrade is refused (RFC 7118 s.4.1).
bool offers_sip(lws* wsi) { return lws_hdr_total_length(wsi, WSI_TOKEN_PROTOCOL) > 0; }

WebSocketListener* listener_of(lws* wsi) {
  auto* const core = static_cast<LoopCore*>(lws_context_user(lws_get_context(wsi)));
  return core->listeners().find(lws_get_vhost(wsi));
}

int on_server_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: set_up_server_context(static_cast<SSL_CTX*>(user)); return 0;
    case LWS_CALLBACK_ADD_POLL_FD: {
      auto* const core = static_cast<LoopCore*>(lws_context_user(lws_get_context(wsi)));
      core->listeners().descriptor_added(static_cast<const lws_pollargs*>(in)->fd);
      return 0;
    }
    case LWS_CALLBACK_HTTP:
      lws_return_http_status(wsi, 426, nullptr);  // there is nothing here but WebSockets
      return -1;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return offers_sip(wsi) && listener_of(wsi) != nullptr ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED: {
      auto* const listener = listener_of(wsi);
      return listener == nullptr ? -1 : listener->accept(wsi);
    }
    default: return on_websocket_event(wsi, reason, in, size);
  }
}

int guarded_server_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t size) {
  int result = -1;
  run_guarded([&] { result = on_server_event(wsi, reason, user, in, size); });
  return result;
}

const lws_protocols* server_protocols() {
  static const lws_protocols protocols[] = {
      {"sip", &guarded_server_event, 0, 4'096, 0, nullptr, 0},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  };
  return protocols;
}

/// Binds for a moment: the socket library does not say why it does not listen, nor always that.
std::optional<Error> try_address(const SocketAddress& address) {
  const int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool good = fd >= 0 && bind(fd, address.get(), address.size) == 0 && ::listen(fd, 1) == 0;
  const int failure = good ? 0 : errno;
  if (fd >= 0) ::close(fd);
  const std::string place = host_port(address.text(), address.port());
  switch (failure) {
    case 0: return std::nullopt;
    case EADDRINUSE: return Error{.code = Errc::Refused, .reason = "port in use", .detail = place};
    case EACCES: return Error{.code = Errc::Refused, .reason = "no permission for the port", .detail = place};
    case EADDRNOTAVAIL: return Error{.code = Errc::BadValue, .reason = "not an address of this host", .detail = place};
    default: return Error{.code = Errc::BadValue, .reason = "cannot listen there", .detail = place};
  }
}

std::optional<Error> check(const sip::ListenOptions& options) {
  if (options.scheme == "udp" || options.scheme == "tcp" || options.scheme == "tls") {
    return Error{.code = Errc::NotSupported, .reason = "transport not supported yet", .detail = options.scheme};
  }
  if (options.scheme != "ws" && options.scheme != "wss") {
    return Error{.code = Errc::BadValue, .reason = "not a scheme to listen with", .detail = options.scheme};
  }
  const auto address = socket_address(options.host, options.port);
  if (!address) return Error{.code = Errc::BadValue, .reason = "not an address to listen on", .detail = options.host};
  if (options.scheme == "wss") {
    if (options.certificate.empty() || options.key.empty()) return Error{.code = Errc::TlsFailed, .reason = "wss needs a certificate and its key"};
    if (auto error = check_server_files(options.certificate, options.key)) return error;
  }
  return try_address(*address);
}

}  // namespace

Result<std::unique_ptr<sip::Listener>> WebSocketListener::listen(std::shared_ptr<LoopCore> core, const sip::ListenOptions& options,
                                                                 sip::ListenerObserver& observer) {
  if (auto error = check(options)) return std::move(*error);
  if (core->context() == nullptr) return Errc::Destroyed;
  auto listener = std::make_unique<WebSocketListener>(std::move(core), observer, options.keep_alive);
  if (!listener->open(options)) return Error{.code = Errc::Refused, .reason = "cannot listen there", .detail = options.host};
  return std::unique_ptr<sip::Listener>(std::move(listener));
}

WebSocketListener::WebSocketListener(std::shared_ptr<LoopCore> core, sip::ListenerObserver& observer, Duration keep_alive)
    : Guest(std::move(core)), observer_(observer), keep_alive_(keep_alive) {}

// Destroying a vhost inside a callback of one of its handles would pull the ground from under it: done between two rounds.
WebSocketListener::~WebSocketListener() {
  lws_vhost* const vhost = std::exchange(vhost_, nullptr);
  if (vhost == nullptr) return;
  core().listeners().remove(vhost);
  shutdown(listening_fd_, SHUT_RDWR);  // the port is free from now on, not only when the vhost is gone
  core().post([vhost] { lws_vhost_destroy(vhost); });
}

bool WebSocketListener::open(const sip::ListenOptions& options) {
  static const lws_retry_bo_t no_pings_of_the_library{};
  lws_context_creation_info info{};
  info.port = options.port;
  info.iface = options.host.c_str();
  info.vhost_name = "listener";
  info.protocols = server_protocols();
  info.alpn = "http/1.1";
  info.retry_and_idle_policy = &no_pings_of_the_library;
  info.timeout_secs_ah_idle = 10;  // a client that does not finish its upgrade request
  // With IPv6 enabled a vhost on an IPv4 address would listen on every address of the host.
  if (options.host.find(':') == std::string::npos) info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
  if (options.scheme == "wss") {
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
    info.ssl_cert_filepath = options.certificate.c_str();
    info.ssl_private_key_filepath = options.key.c_str();
  }
  core().listeners().watch_for_descriptor(&listening_fd_);
  vhost_ = core().create_vhost(info);
  core().listeners().watch_for_descriptor(nullptr);
  if (vhost_ == nullptr) return false;
  core().listeners().add(vhost_, *this);
  const int port = lws_get_vhost_listen_port(vhost_);
  if (port <= 0) return false;
  uri_ = options.scheme + "://" + host_port(options.host, static_cast<std::uint16_t>(port));
  return true;
}

int WebSocketListener::accept(lws* wsi) {
  auto socket = std::make_unique<WebSocket>(core().shared_from_this(), nullptr, keep_alive_);
  auto* const place = socket.get();
  socket->open_on(wsi);
  auto* const observer = observer_.on_accept(std::move(socket), flow_info_of(wsi));
  if (lws_get_opaque_user_data(wsi) != place) return -1;
  place->set_observer(observer);
  return observer == nullptr ? -1 : 0;
}

void WebSocketListener::loop_ended() { core().listeners().remove(std::exchange(vhost_, nullptr)); }

}  // namespace parley::transport
