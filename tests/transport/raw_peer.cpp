// SPDX-License-Identifier: MIT
#include "raw_peer.hpp"

#include <parley/transport/address.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace parley::transport::test {

namespace {

std::uint16_t port_of(int fd) {
  SocketAddress address;
  address.size = sizeof address.storage;
  getsockname(fd, address.get(), &address.size);
  return address.port();
}

void limit_waits(int fd) {
  const timeval wait{.tv_sec = 20, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

std::string value_of(std::string_view request, std::string_view name) {
  const auto at = request.find(std::string("\r\n") + std::string(name) + ": ");
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size() + 4;
  return std::string(request.substr(begin, request.find("\r\n", begin) - begin));
}

std::string accept_value(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> base64{};
  const int size = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(size)};
}

}  // namespace

Stream::Stream(Stream&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), ssl_(std::exchange(other.ssl_, nullptr)), kept_(std::move(other.kept_)) {}

Stream::~Stream() { close(); }

Stream Stream::to(const std::string& address, std::uint16_t port) {
  const SocketAddress peer = *socket_address(address, port);
  const int fd = socket(peer.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  limit_waits(fd);
  if (connect(fd, peer.get(), peer.size) == 0) return Stream(fd);
  ::close(fd);
  return Stream(-1);
}

Stream Stream::begin_to(const std::string& address, std::uint16_t port) {
  const SocketAddress peer = *socket_address(address, port);
  const int fd = socket(peer.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  static_cast<void>(connect(fd, peer.get(), peer.size));
  return Stream(fd);
}

bool Stream::accept_tls(SSL_CTX* context) {
  ssl_ = SSL_new(context);
  SSL_set_fd(ssl_, fd_);
  if (SSL_accept(ssl_) == 1) return true;
  SSL_free(std::exchange(ssl_, nullptr));  // what the peer still sends is read plainly: a reset would overtake our alert
  return false;
}

bool Stream::connect_tls(SSL_CTX* context) {
  ssl_ = SSL_new(context);
  SSL_set_fd(ssl_, fd_);
  return SSL_connect(ssl_) == 1;
}

bool Stream::write(std::string_view octets) {
  if (octets.empty()) return true;
  if (ssl_ != nullptr) return SSL_write(ssl_, octets.data(), static_cast<int>(octets.size())) == static_cast<int>(octets.size());
  return ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(octets.size());
}

std::string Stream::read_some() {
  if (!kept_.empty()) return std::exchange(kept_, {});
  std::array<char, 16'384> buffer{};
  const auto size = ssl_ != nullptr ? static_cast<ssize_t>(SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size())))
                                    : ::recv(fd_, buffer.data(), buffer.size(), 0);
  return size <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

std::string Stream::read(std::size_t size) {
  std::string octets;
  while (octets.size() < size) {
    const std::string part = read_some();
    if (part.empty()) return octets;
    octets += part;
  }
  kept_ = octets.substr(size);
  octets.resize(size);
  return octets;
}

std::string Stream::read_until(std::string_view mark) {
  std::string octets;
  while (octets.find(mark) == std::string::npos) {
    const std::string part = read_some();
    if (part.empty()) return octets;
    octets += part;
  }
  const std::size_t size = octets.find(mark) + mark.size();
  kept_ = octets.substr(size);
  octets.resize(size);
  return octets;
}

std::string Stream::read_to_end() {
  std::string octets;
  for (std::string part = read_some(); !part.empty(); part = read_some()) octets += part;
  return octets;
}

bool Stream::is_ended_by_peer() {
  std::array<char, 16'384> buffer{};
  ssize_t size = 1;
  while (size > 0) size = ::recv(fd_, buffer.data(), buffer.size(), 0);
  return size == 0 || errno == ECONNRESET;
}

void Stream::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Stream::close() {
  if (ssl_ != nullptr) SSL_free(std::exchange(ssl_, nullptr));
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

RawServer::RawServer(std::function<void(Stream&)> script, const std::string& address, int queue) : script_(std::move(script)), fd_(-1) {
  const SocketAddress place = *socket_address(address, 0);
  fd_ = socket(place.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd_, place.get(), place.size) != 0 || listen(fd_, queue) != 0) std::abort();
  port_ = port_of(fd_);
  thread_ = std::thread([this] { serve(); });
}

RawServer::~RawServer() {
  shutdown(fd_, SHUT_RDWR);
  thread_.join();
  ::close(fd_);
}

void RawServer::serve() {
  for (;;) {
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    limit_waits(fd);
    ++connections_;
    Stream stream(fd);
    script_(stream);
  }
}

std::uint16_t unused_port() {
  const SocketAddress place = *socket_address("127.0.0.1", 0);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, place.get(), place.size) != 0) std::abort();
  const std::uint16_t port = port_of(fd);
  ::close(fd);
  return port;
}

std::string upgrade_answer(std::string_view request, std::string_view more_headers) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         accept_value(value_of(request, "Sec-WebSocket-Key")) + "\r\n" + std::string(more_headers) + "\r\n";
}

std::string accept_upgrade(Stream& stream) {
  std::string request = stream.read_until("\r\n\r\n");
  stream.write(upgrade_answer(request));
  return request;
}

std::string upgrade_request(std::uint16_t port, std::string_view more_headers) {
  return "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         std::string(more_headers) + "\r\n";
}

int Frame::status() const {
  if (payload.size() < 2) return 0;
  return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

Frame read_frame(Stream& stream) {
  const std::string head = stream.read(2);
  if (head.size() < 2) return {};
  const auto first = static_cast<unsigned char>(head[0]);
  const auto second = static_cast<unsigned char>(head[1]);
  Frame frame{.opcode = first & 0x0F, .final = (first & 0x80) != 0};
  std::uint64_t size = second & 0x7F;
  if (size >= 126) {
    const std::string figures = stream.read(size == 126 ? 2 : 8);
    size = 0;
    for (const char octet : figures) size = size << 8 | static_cast<unsigned char>(octet);
  }
  if ((second & 0x80) != 0) frame.mask = stream.read(4);
  frame.payload = stream.read(size);
  for (std::size_t i = 0; frame.mask && i < frame.payload.size(); ++i) {
    frame.payload[i] = static_cast<char>(frame.payload[i] ^ (*frame.mask)[i % 4]);
  }
  return frame;
}

Frame read_frame(Stream& stream, int opcode) {
  for (;;) {
    Frame frame = read_frame(stream);
    if (frame.opcode == opcode || frame.opcode == -1) return frame;
  }
}

std::string frame(int opcode, std::string_view payload, bool final, bool masked) {
  std::string octets;
  octets += static_cast<char>((final ? 0x80 : 0) | opcode);
  const int mask_bit = masked ? 0x80 : 0;
  if (payload.size() < 126) {
    octets += static_cast<char>(mask_bit | static_cast<int>(payload.size()));
  } else {
    const bool is_long = payload.size() > 0xFFFF;
    octets += static_cast<char>(mask_bit | (is_long ? 127 : 126));
    for (int shift = is_long ? 56 : 8; shift >= 0; shift -= 8) octets += static_cast<char>(payload.size() >> shift & 0xFF);
  }
  constexpr std::string_view mask = "\x11\x22\x33\x44";
  if (masked) octets += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) octets += masked ? static_cast<char>(payload[i] ^ mask[i % 4]) : payload[i];
  return octets;
}

}  // namespace parley::transport::test
