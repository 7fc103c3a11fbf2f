// SPDX-License-Identifier: MIT
#pragma once

#include <parley/transport/resolver.hpp>
#include <parley/transport/tls.hpp>
#include <parley/transport/websocket.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parley::transport {

/// The protocol table of the vhosts that clients go out from. Static storage.
const lws_protocols* websocket_client_protocols();

/// A WebSocket that makes its way: name lookup, one address after the other, TLS, upgrade; then what WebSocket does.
class WebSocketClient final : public WebSocket {
 public:
  WebSocketClient(std::shared_ptr<LoopCore> core, const sip::Server& server, const sip::ConnectOptions& options,
                  sip::ConnectionObserver& observer);
  ~WebSocketClient() override;

  // From the handle's callbacks. The result is what the callback returns.
  int append_headers(char** at, std::size_t room);
  int answered();      ///< the status line of the answer is there
  int check_answer();  ///< a 101 is about to be believed
  int established();   ///< tells
  void attempt_failed(lws* wsi, std::string_view words);

 private:
  void due_while_connecting() override;
  void handle_gone_while_connecting() override;
  void stop_connecting() override { lookup_.reset(); }
  void look_up();
  void resolved(Result<std::vector<std::string>> addresses);
  void next_address();
  void connect_to(const std::string& address);
  Result<lws_vhost*> vhost();
  /// Ends the attempt, not the object: the next address, or the last word, follows when the loop comes round.
  void give_up_address(Error error);
  void give_up(Error error);
  Error unreachable() const;
  bool is_tcp_open();
  Error timed_out();
  bool is_secure() const { return server_.scheme == "wss"; }

  sip::Server server_;
  sip::ConnectOptions options_;
  TimePoint limit_;  ///< the end of connect_timeout
  std::unique_ptr<Lookup> lookup_;
  std::vector<std::string> addresses_;  ///< not tried yet, the best one last
  std::string address_;                 ///< being tried
  bool request_sent_ = false;
  TlsPeer tls_peer_;
  enum class Step { LookUp, Attempt, NextAddress, LastWord } step_ = Step::LookUp;  ///< what timer() is for
};

}  // namespace parley::transport
