// SPDX-License-Identifier: MIT
#include "name_server.hpp"

#include <parley/transport/address.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace parley::transport::test {

namespace {

constexpr int type_a = 1;  // what else is asked for is AAAA

std::string two(int value) { return {static_cast<char>(value >> 8 & 0xFF), static_cast<char>(value & 0xFF)}; }

/// The asked name, and where the question ends.
std::pair<std::string, std::size_t> name_of(std::string_view query) {
  std::string name;
  std::size_t at = 12;
  while (at < query.size() && query[at] != 0) {
    const auto size = static_cast<unsigned char>(query[at]);
    if (!name.empty()) name += '.';
    name += query.substr(at + 1, size);
    at += size + 1U;
  }
  return {name, at + 5};
}

std::string packed(const std::string& address, int type) {
  std::array<char, 16> octets{};
  const bool fits = inet_pton(type == type_a ? AF_INET : AF_INET6, address.c_str(), octets.data()) == 1;
  return fits ? std::string(octets.data(), type == type_a ? 4 : 16) : std::string();
}

std::string reply_to(std::string_view query, std::size_t end, const NameAnswer& answer) {
  const int type = static_cast<unsigned char>(query[end - 3]);
  std::string records;
  int count = 0;
  for (const auto& address : answer.addresses) {
    const std::string octets = packed(address, type);
    if (octets.empty()) continue;
    records += two(0xC00C) + two(type) + two(1) + two(0) + two(60) + two(static_cast<int>(octets.size())) + octets;
    ++count;
  }
  std::string number(query.substr(0, 2));
  if (answer.forged) number[0] = static_cast<char>(number[0] ^ 0x55);
  if (!answer.junk.empty()) return number + answer.junk;
  return number + two(0x8180 | answer.code) + two(1) + two(count) + two(0) + two(0) + std::string(query.substr(12, end - 12)) + records;
}

}  // namespace

NameServer::NameServer(std::function<NameAnswer(const std::string&)> answer)
    : answer_(std::move(answer)), fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  SocketAddress place = *socket_address("127.0.0.1", 0);
  if (bind(fd_, place.get(), place.size) != 0 || getsockname(fd_, place.get(), &place.size) != 0) std::abort();
  port_ = place.port();
  thread_ = std::thread([this] { serve(); });
}

NameServer::~NameServer() {
  ended_ = true;
  const SocketAddress self = *socket_address("127.0.0.1", port_);
  sendto(fd_, "", 0, 0, self.get(), self.size);
  thread_.join();
  close(fd_);
}

void NameServer::serve() {
  for (;;) {
    std::array<char, 512> buffer{};
    SocketAddress from;
    from.size = sizeof from.storage;
    const auto size = recvfrom(fd_, buffer.data(), buffer.size(), 0, from.get(), &from.size);
    if (ended_) return;
    if (size < 17) continue;
    ++questions_;
    const std::string_view query(buffer.data(), static_cast<std::size_t>(size));
    const auto [name, end] = name_of(query);
    const NameAnswer answer = answer_(name);
    if (answer.silent) continue;
    const std::string reply = reply_to(query, end, answer);
    sendto(fd_, reply.data(), reply.size(), 0, from.get(), from.size);
  }
}

}  // namespace parley::transport::test
