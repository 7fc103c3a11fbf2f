// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/error.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/core/time.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::sip {

/// Names one flow inside a Stack: a WebSocket, a TCP or TLS connection, or a UDP socket with a peer address. Never reused.
enum class FlowId : std::uint64_t {};

enum class Reliable : bool { No, Yes };
enum class Secure : bool { No, Yes };

/// What the protocol must know of a flow. Value type.
struct FlowInfo {
  Reliable reliable = Reliable::Yes;
  Secure secure = Secure::No;
  std::string via_transport = "WS";  ///< token for Via: UDP, TCP, TLS, WS, WSS (RFC 3261 s.20.42, RFC 7118 s.5.1)
  std::string local_name{};     ///< sent-by of our Vias and host of our Contact: "k3x….invalid" for WebSocket clients, else host[:port]
  std::string peer_address{};   ///< numeric, IPv6 without brackets; for `received=`
  std::uint16_t peer_port = 0;  ///< for `rport=`
};

/// Where a client connects to: scheme ws, wss (udp, tcp, tls later).
struct Server {
  std::string scheme{};    ///< lower case
  std::string host{};      ///< name or literal, IPv6 without brackets; never empty
  std::uint16_t port = 0;  ///< never 0
  std::string path = "/";  ///< WebSocket only; carries the query
};

/// How a client connects. Secrets never reach a log.
struct ConnectOptions {
  Duration connect_timeout{5'000};                             ///< name lookup, TCP, TLS and upgrade together
  Duration keep_alive{25'000};                                 ///< WebSocket ping after this idle time; 0: none
  std::string origin{};                                        ///< Origin header, verbatim; empty: none
  std::vector<std::pair<std::string, std::string>> headers{};  ///< added to the upgrade request
  std::string cookies{};                                       ///< value of a Cookie header; empty: none
  std::string ca_file{};                                       ///< PEM; empty: the system's CAs
  std::string client_certificate{};                            ///< PEM file; empty: none
  std::string client_key{};                                    ///< PEM file
  bool danger_accept_any_certificate = false;
};

/// Told about one connection, on the loop thread, never inside a call to the Connection. May destroy the Connection.
class ConnectionObserver {
 public:
  virtual ~ConnectionObserver() = default;
  virtual void on_open(const FlowInfo& info) = 0;
  /// One whole SIP message (or a keep-alive's CRLFs, which are passed on too). Valid during the call.
  virtual void on_message(std::string_view bytes) = 0;
  /// The last word: never opened, or closed. `why` is set unless our own close() asked for it.
  virtual void on_closed(const std::optional<Error>& why) = 0;
};

/// A connection being made, open, or closed. Loop thread only. Destroying it closes it at once; nothing is told after that.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Queues one SIP message. Dropped silently when not open: on_closed() told or will tell.
  virtual void send(std::string bytes) = 0;
  /// Sends what is queued, says goodbye (WebSocket close handshake), then on_closed(nullopt), within 1 s.
  virtual void close() = 0;
};

/// Accepts connections. Destroying it closes the listening socket and its connections. Loop thread only.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual std::string uri() const = 0;  ///< "ws://127.0.0.1:41234" with the port that was chosen
};

struct ListenOptions {
  std::string scheme = "ws";  ///< ws or wss
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;     ///< 0: any free one
  std::string certificate{};  ///< PEM file, wss
  std::string key{};          ///< PEM file, wss
  Duration keep_alive{25'000};
};

/// Gives each accepted connection its observer. Loop thread only.
class ListenerObserver {
 public:
  virtual ~ListenerObserver() = default;
  /// The connection is open. It is handed over; return the observer that outlives it, or nullptr to refuse it.
  virtual ConnectionObserver* on_accept(std::unique_ptr<Connection> connection, const FlowInfo& info) = 0;
};

/// Port: makes connections. Implemented in transport/, faked in tests. Loop thread only.
class Transport {
 public:
  virtual ~Transport() = default;
  /// What connect() could never do, whatever the network is like: Errc::BadValue, TooLong, NotSupported, with a sentence. Any thread.
  virtual Result<void> check(const Server& server, const ConnectOptions& options) const {
    (void)server;
    (void)options;
    return {};
  }
  /// Begins to connect; the outcome comes through `observer`, never inside this call. `observer` outlives the connection.
  virtual std::unique_ptr<Connection> connect(const Server& server, const ConnectOptions& options, ConnectionObserver& observer) = 0;
  /// Errc::Refused (port in use), BadValue (address, scheme), TlsFailed (certificate), NotSupported.
  virtual Result<std::unique_ptr<Listener>> listen(const ListenOptions& options, ListenerObserver& observer) = 0;
};

}  // namespace parley::sip
