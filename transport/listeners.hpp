// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/transport.hpp>
#include <parley/transport/loop_core.hpp>

#include <map>
#include <memory>
#include <string>

struct lws;
struct lws_vhost;

namespace parley::transport {

/// A listening vhost. Its handles find this object through Listeners, or nothing when it is gone.
class WebSocketListener final : public sip::Listener, private Guest {
 public:
  /// Errc::Refused (port in use), BadValue (address, scheme), TlsFailed (certificate), NotSupported.
  static Result<std::unique_ptr<sip::Listener>> listen(std::shared_ptr<LoopCore> core, const sip::ListenOptions& options, sip::ListenerObserver& observer);

  WebSocketListener(std::shared_ptr<LoopCore> core, sip::ListenerObserver& observer, Duration keep_alive);
  ~WebSocketListener() override;
  std::string uri() const override { return uri_; }

  /// A WebSocket is open. The result is what the callback returns. Tells.
  int accept(lws* wsi);

 private:
  bool open(const sip::ListenOptions& options);
  void loop_ended() override;

  sip::ListenerObserver& observer_;
  Duration keep_alive_;
  lws_vhost* vhost_ = nullptr;
  int listening_fd_ = -1;
  std::string uri_;
};

/// Who listens on which vhost. Loop thread only.
class Listeners {
 public:
  void add(lws_vhost* vhost, WebSocketListener& listener) { listeners_[vhost] = &listener; }
  void remove(lws_vhost* vhost) { listeners_.erase(vhost); }
  WebSocketListener* find(lws_vhost* vhost) const {
    const auto found = listeners_.find(vhost);
    return found == listeners_.end() ? nullptr : found->second;
  }

  /// While a vhost is being made: where to write its listening descriptor, which the library does not give away.
  void watch_for_descriptor(int* place) { place_ = place; }
  void descriptor_added(int fd) {
    if (place_ != nullptr) *place_ = fd;
  }

 private:
  std::map<lws_vhost*, WebSocketListener*> listeners_;
  int* place_ = nullptr;
};

}  // namespace parley::transport
