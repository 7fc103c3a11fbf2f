// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/transport.hpp>

#include <memory>

namespace parley::transport {

class Loop;
class LoopCore;

/// Connections and listeners of a Loop: WebSocket, plain and over TLS (RFC 6455, RFC 7118).
///
/// Client: the subprotocol `sip` is demanded, the certificate must name the host as browsers ask for it (RFC 6125: subject
/// alternative names only), TLS is 1.2 or later, redirects are not followed and http_proxy of the environment is not heeded.
/// A host with several addresses is tried in turn.
/// Both ends: a message has at most limits::message octets (a longer one of the peer: close code 1009 and Errc::TooLong; a longer one of
/// ours is dropped with a log line); a peer that does not answer a ping in the smaller of 10 s and keep_alive is dead;
/// a peer that takes no data while 2 MB wait is given up.
/// An accepted connection gets no on_open(): on_accept() has said it.
/// Everything but construction, destruction and check() is for the loop thread only. Connections may outlive the Network.
class PARLEY_EXPORT Network final : public sip::Transport {
 public:
  explicit Network(const Loop& loop);
  ~Network() override;

  Result<void> check(const sip::Server& server, const sip::ConnectOptions& options) const override;
  std::unique_ptr<sip::Connection> connect(const sip::Server& server, const sip::ConnectOptions& options,
                                           sip::ConnectionObserver& observer) override;
  Result<std::unique_ptr<sip::Listener>> listen(const sip::ListenOptions& options, sip::ListenerObserver& observer) override;

 private:
  std::shared_ptr<LoopCore> core_;
};

}  // namespace parley::transport
