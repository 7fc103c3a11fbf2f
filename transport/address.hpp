// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::transport {

/// An address of the sockets interface. Value type.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  /// In figures, IPv6 without brackets; an IPv4 address inside an IPv6 one as IPv4. Empty for other families.
  std::string text() const;
  std::uint16_t port() const;
};

/// True for an IPv4 or IPv6 address in figures, without brackets.
bool is_address(std::string_view host);

/// nullopt unless is_address(host).
std::optional<SocketAddress> socket_address(std::string_view host, std::uint16_t port);

/// "192.0.2.1:5060", "[2001:db8::1]:5060".
std::string host_port(std::string_view host, std::uint16_t port);

/// Whether this host knows a way to the address. Sends nothing.
bool has_route(std::string_view host, std::uint16_t port);

}  // namespace parley::transport
