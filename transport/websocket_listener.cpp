// SPDX-License-Identifier: MIT
#include <parley/transport/websocket_listener.hpp>

#include <parley/transport/address.hpp>
#include <parley/transport/tls.hpp>
#include <parley/transport/vhosts.hpp>

#include <libwebsockets.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

namespace parley::transport {

namespace {

using namespace std::chrono_literals;

constexpr Duration upgrade_limit = 10s;  // TLS and upgrade request together

AcceptedWebSocket* socket_of(lws* wsi) { return static_cast<AcceptedWebSocket*>(lws_get_opaque_user_data(wsi)); }

/// Whether the client offers subprotocols; of those the library keeps "sip" (RFC 7118 s.4.1).
bool offers_subprotocol(lws* wsi) { return lws_hdr_total_length(wsi, WSI_TOKEN_PROTOCOL) > 0; }

int on_server_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: set_up_server_context(static_cast<SSL_CTX*>(user)); return 0;
    case LWS_CALLBACK_HTTP:
      lws_return_http_status(wsi, 426, nullptr);  // there is nothing here but WebSockets
      return -1;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return offers_subprotocol(wsi) && socket_of(wsi) != nullptr ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED: {
      auto* const socket = socket_of(wsi);
      return socket == nullptr ? -1 : socket->established();
    }
    default: return on_websocket_event(wsi, reason, in, size);
  }
}

int guarded_server_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t size) {
  int result = -1;
  run_guarded([&] { result = on_server_event(wsi, reason, user, in, size); });
  return result;
}

/// A socket that listens at `address`, or why there is none.
Result<int> open_socket(const SocketAddress& address) {
  const int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd >= 0 && bind(fd, address.get(), address.size) == 0 && ::listen(fd, SOMAXCONN) == 0) return fd;
  const int failure = errno;
  if (fd >= 0) ::close(fd);
  const std::string place = host_port(address.text(), address.port());
  switch (failure) {
    case EADDRINUSE: return Error{.code = Errc::Refused, .reason = "port in use", .detail = place};
    case EACCES: return Error{.code = Errc::Refused, .reason = "no permission for the port", .detail = place};
    case EADDRNOTAVAIL: return Error{.code = Errc::BadValue, .reason = "not an address of this host", .detail = place};
    default: return Error{.code = Errc::BadValue, .reason = "cannot listen there", .detail = place};
  }
}

std::uint16_t port_of(int fd) {
  SocketAddress address;
  address.size = sizeof address.storage;
  getsockname(fd, address.get(), &address.size);
  return address.port();
}

int spare_descriptor() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

std::optional<Error> check(const sip::ListenOptions& options) {
  if (options.scheme == "udp" || options.scheme == "tcp" || options.scheme == "tls") {
    return Error{.code = Errc::NotSupported, .reason = "transport not supported yet", .detail = options.scheme};
  }
  if (options.scheme != "ws" && options.scheme != "wss") {
    return Error{.code = Errc::BadValue, .reason = "not a scheme to listen with", .detail = options.scheme};
  }
  if (!is_address(options.host)) return Error{.code = Errc::BadValue, .reason = "not an address to listen on", .detail = options.host};
  if (options.scheme == "wss" && (options.certificate.empty() || options.key.empty())) {
    return Error{.code = Errc::TlsFailed, .reason = "wss needs a certificate and its key"};
  }
  return std::nullopt;
}

}  // namespace

const lws_protocols* websocket_server_protocols() {
  static const lws_protocols protocols[] = {
      {"sip", &guarded_server_event, 0, 4'096, 0, nullptr, 0},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  };
  return protocols;
}

// --- one connection ---

AcceptedWebSocket::AcceptedWebSocket(std::shared_ptr<LoopCore> core, WebSocketListener& listener, Duration keep_alive)
    : WebSocket(std::move(core), nullptr, keep_alive), listener_(&listener) {}

AcceptedWebSocket::~AcceptedWebSocket() {
  if (listener_ != nullptr) listener_->leave(*this);
}

bool AcceptedWebSocket::begin(lws_vhost* vhost, int fd) {
  wsi() = lws_adopt_socket_vhost(vhost, fd);  // closes it if it cannot take it
  if (wsi() == nullptr) return false;
  lws_set_opaque_user_data(wsi(), this);
  timer().set(core().now() + upgrade_limit);
  return true;
}

int AcceptedWebSocket::established() {
  lws* const handle = wsi();
  open_on(handle);
  if (listener_ == nullptr || !listener_->hand_over(*this)) return -1;
  return lws_get_opaque_user_data(handle) == this ? 0 : -1;
}

void AcceptedWebSocket::due_while_connecting() { listener_->forget(*this); }

void AcceptedWebSocket::handle_gone_while_connecting() { listener_->forget(*this); }

void AcceptedWebSocket::listener_gone() {
  listener_ = nullptr;
  go_away(LWS_CLOSE_STATUS_GOINGAWAY, Error{.code = Errc::ConnectionLost, .reason = "the listener is gone"});
}

// --- the listener ---

Result<std::unique_ptr<sip::Listener>> WebSocketListener::listen(std::shared_ptr<LoopCore> core, const sip::ListenOptions& options,
                                                                 sip::ListenerObserver& observer) {
  if (auto error = check(options)) return std::move(*error);
  auto listener = std::make_unique<WebSocketListener>(std::move(core), observer, options.keep_alive);
  if (auto error = listener->open(options)) return std::move(*error);
  return std::unique_ptr<sip::Listener>(std::move(listener));
}

WebSocketListener::WebSocketListener(std::shared_ptr<LoopCore> core, sip::ListenerObserver& observer, Duration keep_alive)
    : Guest(std::move(core)), observer_(observer), keep_alive_(keep_alive) {}

WebSocketListener::~WebSocketListener() {
  stop_listening();
  connecting_.clear();
  for (AcceptedWebSocket* const socket : std::exchange(open_, {})) socket->listener_gone();
}

std::optional<Error> WebSocketListener::open(const sip::ListenOptions& options) {
  auto& vhosts = core().vhosts();
  auto vhost = options.scheme == "wss" ? vhosts.secure_server(options.certificate, options.key) : vhosts.server();
  if (!vhost) return std::move(vhost).error();
  vhost_ = *vhost;
  auto fd = open_socket(*socket_address(options.host, options.port));
  if (!fd) return std::move(fd).error();
  fd_ = *fd;
  spare_fd_ = spare_descriptor();
  descriptor_ = std::make_unique<Descriptor>(core().shared_from_this(), fd_, [this] { take_connections(); });
  uri_ = options.scheme + "://" + host_port(options.host, port_of(fd_));
  return std::nullopt;
}

void WebSocketListener::take_connections() {
  constexpr int at_a_time = 64;  // what is open already gets its turn in between
  for (int i = 0; i < at_a_time; ++i) {
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
      const bool run_out = errno == EMFILE || errno == ENFILE;
      if (!run_out || !turn_one_away()) return;
      continue;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto socket = std::make_unique<AcceptedWebSocket>(core().shared_from_this(), *this, keep_alive_);
    auto* const place = socket.get();
    connecting_.emplace(place, std::move(socket));
    if (!place->begin(vhost_, fd)) forget(*place);
  }
}

/// Without a free descriptor the waiting client cannot be accepted, and left waiting it would wake the loop for ever.
bool WebSocketListener::turn_one_away() {
  if (spare_fd_ >= 0) ::close(std::exchange(spare_fd_, -1));
  const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd >= 0) ::close(fd);
  spare_fd_ = spare_descriptor();
  return fd >= 0;
}

bool WebSocketListener::hand_over(AcceptedWebSocket& socket) {
  const auto found = connecting_.find(&socket);
  if (found == connecting_.end()) return false;
  std::unique_ptr<AcceptedWebSocket> owned = std::move(found->second);
  connecting_.erase(found);
  open_.insert(&socket);
  lws* const handle = socket.handle();
  auto* const observer = observer_.on_accept(std::move(owned), flow_info_of(handle));
  if (lws_get_opaque_user_data(handle) != &socket) return false;
  socket.set_observer(observer);
  return observer != nullptr;
}

void WebSocketListener::stop_listening() {
  if (fd_ >= 0) shutdown(fd_, SHUT_RDWR);  // the port is free from now on; the descriptor is closed when the loop comes round
  fd_ = -1;
  if (spare_fd_ >= 0) ::close(std::exchange(spare_fd_, -1));
  descriptor_.reset();
}

void WebSocketListener::loop_ended() { stop_listening(); }

}  // namespace parley::transport
