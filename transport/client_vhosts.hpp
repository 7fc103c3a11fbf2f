// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/transport/tls.hpp>

#include <map>

struct lws_vhost;

namespace parley::transport {

class LoopCore;

/// The vhosts that client connections go out from: one without TLS and one for each set of TLS files, not one for each connection,
/// because a TLS context with the system's CAs costs much time and memory. They live as long as the loop. Loop thread only.
class ClientVhosts {
 public:
  Result<lws_vhost*> plain(LoopCore& core);
  /// Errc::TlsFailed when a file is not usable.
  Result<lws_vhost*> secure(LoopCore& core, const TlsFiles& files);
  TlsPeers& peers() { return peers_; }

  /// From the callback during the making of a TLS context.
  void set_up(ssl_ctx_st* context);

 private:
  lws_vhost* plain_ = nullptr;
  std::map<TlsFiles, lws_vhost*> secure_;
  const TlsFiles* being_made_ = nullptr;
  TlsPeers peers_;
};

}  // namespace parley::transport
