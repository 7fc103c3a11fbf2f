// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/transport/tls.hpp>

#include <map>
#include <string>
#include <utility>

struct lws_vhost;

namespace parley::transport {

class LoopCore;

/// The vhosts of a loop: for each direction one without TLS and one for each set of TLS files, not one for each connection,
/// because a TLS context with the system's CAs costs much time and memory. They live as long as the loop. Loop thread only.
///
/// The library moves a server's handle, by the Host that its client sent, to any vhost of servers: nothing may depend on which.
class Vhosts {
 public:
  explicit Vhosts(LoopCore& core) : core_(core) {}

  Result<lws_vhost*> client();
  /// Errc::TlsFailed when a file is not usable. A file is read once: one that changes counts under another name.
  Result<lws_vhost*> secure_client(const TlsFiles& files);
  Result<lws_vhost*> server();
  /// Errc::TlsFailed when a file is not usable. Files that have changed make a new vhost.
  Result<lws_vhost*> secure_server(const std::string& certificate, const std::string& key);

  TlsPeers& peers() { return peers_; }
  /// From the callback during the making of a client's TLS context.
  void set_up_client(ssl_ctx_st* context);

 private:
  LoopCore& core_;
  lws_vhost* client_ = nullptr;
  lws_vhost* server_ = nullptr;
  std::map<TlsFiles, lws_vhost*> secure_clients_;
  std::map<std::string, lws_vhost*> secure_servers_;  ///< by the contents of the files
  const TlsFiles* being_made_ = nullptr;
  TlsPeers peers_;
};

}  // namespace parley::transport
