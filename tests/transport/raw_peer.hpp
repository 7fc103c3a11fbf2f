// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

struct ssl_ctx_st;
struct ssl_st;

namespace parley::transport::test {

/// One blocking socket, plain or TLS, for peers that misbehave. Each wait has a limit.
class Stream {
 public:
  explicit Stream(int fd) : fd_(fd) {}
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&&) = delete;
  ~Stream();

  /// To 127.0.0.1, or wherever; not connected: is_open() is false.
  static Stream to(const std::string& address, std::uint16_t port);
  /// Not waiting for the connection to be there.
  static Stream begin_to(const std::string& address, std::uint16_t port);
  bool is_open() const { return fd_ >= 0; }

  [[nodiscard]] bool accept_tls(ssl_ctx_st* context);
  [[nodiscard]] bool connect_tls(ssl_ctx_st* context);
  ssl_st* ssl() const { return ssl_; }

  bool write(std::string_view octets);
  /// At least one octet; empty at the end of the stream.
  std::string read_some();
  /// Exactly so many, or what came before the end.
  std::string read(std::size_t size);
  /// Up to and including `mark`; what follows is kept for the next read.
  std::string read_until(std::string_view mark);
  /// Everything up to the end.
  std::string read_to_end();
  /// Whether the peer ends the stream while we wait; whatever it sends before is passed over.
  [[nodiscard]] bool is_ended_by_peer();
  /// Closes with a reset instead of a FIN.
  void reset();
  void close();

 private:
  int fd_;
  ssl_st* ssl_ = nullptr;
  std::string kept_;
};

/// A listening socket whose thread runs `script` for each connection, one after the other. `queue` is how many may wait for it.
class RawServer {
 public:
  explicit RawServer(std::function<void(Stream&)> script, const std::string& address = "127.0.0.1", int queue = 16);
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer();

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

 private:
  void serve();

  std::function<void(Stream&)> script_;
  int fd_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::thread thread_;
};

/// A port on 127.0.0.1 where nobody listens.
std::uint16_t unused_port();

// --- WebSocket by hand (RFC 6455) ---

/// 101 with the right Sec-WebSocket-Accept for `request`, followed by `more_headers` (each with CRLF).
std::string upgrade_answer(std::string_view request, std::string_view more_headers = "Sec-WebSocket-Protocol: sip\r\n");
/// Reads the request and answers as a good server does.
std::string accept_upgrade(Stream& stream);
/// The request of a good client; `more_headers` replaces the subprotocol line.
std::string upgrade_request(std::uint16_t port, std::string_view more_headers = "Sec-WebSocket-Protocol: sip\r\n");

struct Frame {
  int opcode = -1;  ///< -1: the stream ended
  bool final = true;
  std::optional<std::string> mask{};
  std::string payload{};
  /// Status code of a Close frame; 0: none.
  int status() const;
};
inline constexpr int continuation = 0, text = 1, binary = 2, close_frame = 8, ping = 9, pong = 10;

Frame read_frame(Stream& stream);
/// The next frame of that kind, others are passed over; opcode -1 when the stream ends first.
Frame read_frame(Stream& stream, int opcode);
std::string frame(int opcode, std::string_view payload, bool final = true, bool masked = false);

}  // namespace parley::transport::test
