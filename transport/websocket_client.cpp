// SPDX-License-Identifier: MIT
#include <parley/transport/websocket_client.hpp>

#include <parley/transport/address.hpp>
#include <parley/transport/deadline.hpp>
#include <parley/transport/openssl_crypto.hpp>
#include <parley/transport/text.hpp>
#include <parley/transport/upgrade.hpp>
#include <parley/transport/vhosts.hpp>

#include <libwebsockets.h>
#include <openssl/ssl.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace parley::transport {

namespace {

WebSocketClient* client_of(lws* wsi) { return static_cast<WebSocketClient*>(lws_get_opaque_user_data(wsi)); }

int on_client_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
      static_cast<LoopCore*>(lws_context_user(lws_get_context(wsi)))->vhosts().set_up_client(static_cast<SSL_CTX*>(user));
      return 0;
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: {
      auto* const client = client_of(wsi);
      return client == nullptr ? -1 : client->append_headers(static_cast<char**>(in), size);
    }
    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP: {
      auto* const client = client_of(wsi);
      return client == nullptr ? -1 : client->answered();
    }
    case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH: {
      auto* const client = client_of(wsi);
      return client == nullptr ? -1 : client->check_answer();
    }
    case LWS_CALLBACK_CLIENT_ESTABLISHED: {
      auto* const client = client_of(wsi);
      return client == nullptr ? -1 : client->established();
    }
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      if (auto* const client = client_of(wsi)) {
        client->attempt_failed(wsi, std::string_view(static_cast<const char*>(in), in == nullptr ? 0 : size));
      }
      return 0;
    default: return on_websocket_event(wsi, reason, in, size);
  }
}

int guarded_client_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t size) {
  int result = -1;
  run_guarded([&] { result = on_client_event(wsi, reason, user, in, size); });
  return result;
}

/// A name under .invalid that nobody else has: clients have no address that a peer could use (RFC 7118 s.5.2.1).
std::string random_local_name() {
  constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
  std::array<std::uint8_t, 16> octets{};
  OpensslCrypto().random(octets);
  std::string name;
  for (const std::uint8_t octet : octets) name += digits[octet % digits.size()];
  return name + ".invalid";
}

/// What went wrong between the request and the 101, from the library's words.
Error handshake_failure(std::string_view words) {
  if (words.starts_with("HS: PROTOCOL")) return subprotocol_error();
  if (words.starts_with("HS: Accept"))
    return Error{.code = Errc::ProtocolViolation, .reason = "the server's Sec-WebSocket-Accept is wrong"};
  if (words.starts_with("HS: ")) {
    return Error{.code = Errc::ProtocolViolation,
                 .reason = "the server's answer to the WebSocket upgrade is wrong",
                 .detail = printable(words.substr(4))};
  }
  return Error{.code = Errc::ConnectionLost, .reason = "the server closed the connection before the WebSocket was open"};
}

}  // namespace

const lws_protocols* websocket_client_protocols() {
  static const lws_protocols protocols[] = {
      {"sip", &guarded_client_event, 0, 4'096, 0, nullptr, 0},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  };
  return protocols;
}

WebSocketClient::WebSocketClient(std::shared_ptr<LoopCore> core, const sip::Server& server, const sip::ConnectOptions& options,
                                 sip::ConnectionObserver& observer)
    : WebSocket(std::move(core), &observer, options.keep_alive), server_(server), options_(options) {
  const TimePoint now = this->core().now();
  limit_ = now + options_.connect_timeout;
  tls_peer_ = {.wsi = &wsi(), .host = server_.host, .accept_any = options_.danger_accept_any_certificate};
  this->core().vhosts().peers().add(tls_peer_);
  if (auto error = check_upgrade(server_, options_)) {
    give_up(std::move(*error));
  } else {
    timer().set(now);
  }
}

WebSocketClient::~WebSocketClient() {
  drop_handle();
  core().vhosts().peers().remove(tls_peer_);
}

// --- the way there ---

void WebSocketClient::due_while_connecting() {
  switch (step_) {
    case Step::LookUp:
      if (lookup_) {
        finish(timed_out());
      } else {
        look_up();
      }
      break;
    case Step::Attempt:
      if (core().now() >= limit_) {
        finish(timed_out());
      } else {
        set_why(timed_out());
        next_address();
      }
      break;
    case Step::NextAddress: next_address(); break;
    case Step::LastWord: finish(why()); break;
  }
}

void WebSocketClient::look_up() {
  timer().set(limit_);
  lookup_ = Lookup::start(core().shared_from_this(), server_.host, [this](auto addresses) { resolved(std::move(addresses)); });
}

void WebSocketClient::resolved(Result<std::vector<std::string>> addresses) {
  if (!addresses) {
    give_up(std::move(addresses).error());
    return;
  }
  addresses_ = std::move(*addresses);
  std::ranges::reverse(addresses_);
  next_address();
  lookup_.reset();
}

/// Each address has an equal share of the time that is left, so that a silent first one leaves some to the second (RFC 7984 s.4).
void WebSocketClient::next_address() {
  drop_handle();
  if (addresses_.empty()) {
    give_up(why().value_or(timed_out()));
    return;
  }
  const TimePoint now = core().now();
  timer().set(now + (limit_ - now) / static_cast<Duration::rep>(addresses_.size()));
  step_ = Step::Attempt;
  request_sent_ = false;
  address_ = std::move(addresses_.back());
  addresses_.pop_back();
  connect_to(address_);
}

Result<lws_vhost*> WebSocketClient::vhost() {
  auto& vhosts = core().vhosts();
  if (!is_secure()) return vhosts.client();
  return vhosts.secure_client({.ca_file = options_.ca_file, .certificate = options_.client_certificate, .key = options_.client_key});
}

void WebSocketClient::connect_to(const std::string& address) {
  const auto vhost = this->vhost();
  if (!vhost) {
    give_up(vhost.error());
    return;
  }
  const std::string host = host_header(server_);
  lws_client_connect_info info{};
  info.context = core().context();
  info.vhost = *vhost;
  info.address = address.c_str();  // in figures: the library's own lookup would block the loop
  info.port = server_.port;
  info.host = host.c_str();
  info.path = server_.path.c_str();
  info.protocol = "sip";
  info.local_protocol_name = "sip";
  info.alpn = "http/1.1";
  info.ietf_version_or_minus_one = -1;
  info.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (is_secure() ? LCCSCF_USE_SSL : 0);
  info.retry_and_idle_policy = no_pings_of_the_library();
  info.opaque_user_data = this;
  info.pwsi = &wsi();
  if (lws_client_connect_via_info(&info) == nullptr && step_ == Step::Attempt) give_up_address(unreachable());
}

// --- what the library tells on the way ---

int WebSocketClient::append_headers(char** at, std::size_t room) {
  request_sent_ = true;
  if (transport::append_headers(options_, at, *at + room)) return 0;
  give_up(Error{.code = Errc::TooLong, .reason = "the headers of the upgrade request are too long"});
  return -1;
}

int WebSocketClient::answered() {
  if (auto error = refused_upgrade(wsi())) {
    give_up(std::move(*error));
    return -1;
  }
  return 0;
}

int WebSocketClient::check_answer() {
  if (auto error = check_subprotocol(wsi())) {
    give_up(std::move(*error));
    return -1;
  }
  return 0;
}

int WebSocketClient::established() {
  lws* const handle = wsi();
  core().vhosts().peers().remove(tls_peer_);
  sip::FlowInfo info = flow_info_of(handle);
  info.local_name = random_local_name();
  open_on(handle);
  observer()->on_open(info);
  return lws_get_opaque_user_data(handle) == this ? 0 : -1;
}

void WebSocketClient::attempt_failed(lws* wsi, std::string_view words) {
  if (step_ != Step::Attempt) return;
  if (lws_get_socket_fd(wsi) < 0) {  // gone before TCP was there
    give_up_address(unreachable());
  } else if (auto error = tls_failure(lws_get_ssl(wsi))) {
    give_up(std::move(*error));
  } else {
    give_up(handshake_failure(words));
  }
}

void WebSocketClient::handle_gone_while_connecting() {
  if (step_ != Step::Attempt) return;
  if (request_sent_) {
    give_up(handshake_failure({}));
  } else {
    give_up_address(unreachable());
  }
}

// --- ways to fail ---

void WebSocketClient::give_up_address(Error error) {
  set_why(std::move(error));
  step_ = addresses_.empty() ? Step::LastWord : Step::NextAddress;
  timer().set(core().now());
}

void WebSocketClient::give_up(Error error) {
  set_why(std::move(error));
  step_ = Step::LastWord;
  timer().set(core().now());
}

bool WebSocketClient::is_tcp_open() {
  if (wsi() == nullptr) return false;
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  return getpeername(lws_get_socket_fd(wsi()), reinterpret_cast<sockaddr*>(&peer), &size) == 0;
}

/// The library does not keep the cause: a route that is missing is found out by asking for it, the rest is a refusal.
Error WebSocketClient::unreachable() const {
  const std::string place = host_port(address_, server_.port);
  if (!has_route(address_, server_.port)) return Error{.code = Errc::Refused, .reason = "network unreachable", .detail = place};
  return Error{.code = Errc::Refused, .detail = place};
}

Error WebSocketClient::timed_out() {
  std::string phase = "host name lookup of " + server_.host;
  if (step_ != Step::LookUp) {
    const SSL* const ssl = wsi() == nullptr ? nullptr : lws_get_ssl(wsi());
    phase = "TCP connection to " + host_port(address_, server_.port);
    if (is_tcp_open()) phase = ssl != nullptr && SSL_is_init_finished(ssl) == 0 ? "TLS handshake" : "WebSocket upgrade";
  }
  return Error{.code = Errc::Timeout, .detail = std::move(phase)};
}

}  // namespace parley::transport
