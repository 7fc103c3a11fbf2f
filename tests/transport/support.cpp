// SPDX-License-Identifier: MIT
#include "support.hpp"

#include <utility>

namespace parley::transport::test {

void Inbox::on_open(const sip::FlowInfo& told) {
  gate_.update([&] {
    info = told;
    open = true;
  });
  if (when_open) when_open();
}

void Inbox::on_message(std::string_view bytes) {
  gate_.update([&] { messages.emplace_back(bytes); });
  if (when_message) when_message(bytes);
}

void Inbox::on_closed(const std::optional<Error>& told) {
  gate_.update([&] {
    why = told;
    ++closings;
  });
  if (when_closed) when_closed();
}

bool Inbox::wait_open() {
  return gate_.wait([this] { return open; }, [this] { return closings > 0; });
}
bool Inbox::wait_messages(std::size_t count) {
  return gate_.wait([&] { return messages.size() >= count; }, [this] { return closings > 0; });
}
bool Inbox::wait_closed() {
  return gate_.wait([this] { return closings > 0; });
}

sip::ConnectionObserver* Acceptor::on_accept(std::unique_ptr<sip::Connection> connection, const sip::FlowInfo& info) {
  if (instead) return instead(connection);
  auto peer = std::make_unique<Peer>();
  peer->connection = std::move(connection);
  peer->info = info;
  auto* const inbox = &peer->inbox;
  gate_.update([&] { peers.push_back(std::move(peer)); });
  return inbox;
}

Acceptor::Peer* Acceptor::wait_peer(std::size_t index) {
  Peer* peer = nullptr;
  static_cast<void>(gate_.wait([&] {
    if (peers.size() > index) peer = peers[index].get();
    return peer != nullptr;
  }));
  return peer;
}

Fixture::Fixture(LoopOptions options) : loop_(Loop::start(std::move(options)).value()), network_(*loop_) {}

Fixture::~Fixture() = default;

std::unique_ptr<sip::Connection> Fixture::connect(const sip::Server& server, const sip::ConnectOptions& options, Inbox& inbox) {
  return run([&] { return network_.connect(server, options, inbox); });
}

std::unique_ptr<sip::Listener> Fixture::listen(Acceptor& acceptor, sip::ListenOptions options) {
  return run([&] { return std::move(network_.listen(options, acceptor).value()); });
}

sip::Server server_at(const std::string& uri) {
  const auto colon = uri.find("://");
  const auto port = uri.rfind(':');
  std::string host = uri.substr(colon + 3, port - colon - 3);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return {.scheme = uri.substr(0, colon), .host = host, .port = static_cast<std::uint16_t>(std::stoi(uri.substr(port + 1)))};
}

Inbox& closing_words(Fixture& fixture, const sip::Server& server, const sip::ConnectOptions& options, Inbox& inbox) {
  auto connection = fixture.connect(server, options, inbox);
  static_cast<void>(inbox.wait_closed());
  fixture.drop(connection);
  return inbox;
}

}  // namespace parley::transport::test
