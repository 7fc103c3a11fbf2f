// SPDX-License-Identifier: MIT
#include <parley/transport/address.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace parley::transport {

namespace {

template <class T>
T read_as(const sockaddr_storage& storage) {
  T address{};
  std::memcpy(&address, &storage, sizeof address);
  return address;
}

template <class T>
SocketAddress write_as(const T& address) {
  SocketAddress result;
  std::memcpy(&result.storage, &address, sizeof address);
  result.size = sizeof address;
  return result;
}

}  // namespace

std::string SocketAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (storage.ss_family == AF_INET) {
    const auto v4 = read_as<sockaddr_in>(storage);
    inet_ntop(AF_INET, &v4.sin_addr, out.data(), out.size());
  } else if (storage.ss_family == AF_INET6) {
    const auto v6 = read_as<sockaddr_in6>(storage);
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) != 0;
    const std::uint8_t* const octets = v6.sin6_addr.s6_addr;
    inet_ntop(mapped ? AF_INET : AF_INET6, mapped ? octets + 12 : octets, out.data(), out.size());
  }
  return out.data();
}

std::uint16_t SocketAddress::port() const {
  if (storage.ss_family == AF_INET) return ntohs(read_as<sockaddr_in>(storage).sin_port);
  if (storage.ss_family == AF_INET6) return ntohs(read_as<sockaddr_in6>(storage).sin6_port);
  return 0;
}

bool is_address(std::string_view host) { return socket_address(host, 0).has_value(); }

std::optional<SocketAddress> socket_address(std::string_view host, std::uint16_t port) {
  const std::string text(host);
  sockaddr_in v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return write_as(v4);
  }
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  return write_as(v6);
}

std::string host_port(std::string_view host, std::uint16_t port) {
  const std::string name(host);
  return (host.find(':') != std::string_view::npos ? "[" + name + "]" : name) + ":" + std::to_string(port);
}

bool has_route(std::string_view host, std::uint16_t port) {
  const auto address = socket_address(host, port);
  if (!address) return false;
  const int fd = socket(address->storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool found = connect(fd, address->get(), address->size) == 0;
  close(fd);
  return found;
}

}  // namespace parley::transport
