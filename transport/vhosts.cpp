// SPDX-License-Identifier: MIT
#include <parley/transport/vhosts.hpp>

#include <parley/transport/loop_core.hpp>
#include <parley/transport/websocket_client.hpp>
#include <parley/transport/websocket_listener.hpp>

#include <libwebsockets.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>

namespace parley::transport {

namespace {

constexpr unsigned tls_options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;

lws_context_creation_info client_info() {
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.vhost_name = "clients";
  info.protocols = websocket_client_protocols();
  return info;
}

lws_context_creation_info server_info(Duration upgrade_limit) {
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.vhost_name = "servers";
  info.protocols = websocket_server_protocols();
  info.alpn = "http/1.1";
  info.retry_and_idle_policy = no_pings_of_the_library();
  // The first bounds the TLS handshake, the second the request; left at zero they would be 20 s and 10 s.
  info.timeout_secs = static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(upgrade_limit).count());
  info.timeout_secs_ah_idle = info.timeout_secs;
  return info;
}

const char* path_or_null(const std::string& path) { return path.empty() ? nullptr : path.c_str(); }

std::optional<std::string> contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<lws_vhost*> made(LoopCore& core, lws_context_creation_info& info) {
  lws_vhost* const vhost = core.create_vhost(info);
  if (vhost == nullptr) return Error{.code = Errc::OutOfMemory, .reason = "no room for connections"};
  return vhost;
}

}  // namespace

Result<lws_vhost*> Vhosts::client() {
  if (client_ != nullptr) return client_;
  auto info = client_info();
  auto vhost = made(core_, info);
  if (vhost) client_ = *vhost;
  return vhost;
}

Result<lws_vhost*> Vhosts::secure_client(const TlsFiles& files) {
  if (const auto known = secure_clients_.find(files); known != secure_clients_.end()) return known->second;
  if (auto error = check_client_files(files)) return std::move(*error);
  auto info = client_info();
  info.options = tls_options;
  // Named here, though set_up_client() replaces what is loaded from it: vhosts with equal settings share one TLS context.
  info.client_ssl_ca_filepath = path_or_null(files.ca_file);
  info.client_ssl_cert_filepath = path_or_null(files.certificate);
  info.client_ssl_private_key_filepath = path_or_null(files.key);
  being_made_ = &files;
  auto vhost = made(core_, info);
  being_made_ = nullptr;
  if (vhost) secure_clients_.emplace(files, *vhost);
  return vhost;
}

Result<lws_vhost*> Vhosts::server() {
  if (server_ != nullptr) return server_;
  auto info = server_info(core_.upgrade_limit());
  auto vhost = made(core_, info);
  if (vhost) server_ = *vhost;
  return vhost;
}

Result<lws_vhost*> Vhosts::secure_server(const std::string& certificate, const std::string& key) {
  if (auto error = check_server_files(certificate, key)) return std::move(*error);
  const std::string identity = contents(certificate).value_or(certificate) + '\0' + contents(key).value_or(key);
  if (const auto known = secure_servers_.find(identity); known != secure_servers_.end()) return known->second;
  auto info = server_info(core_.upgrade_limit());
  info.options = tls_options;
  info.ssl_cert_filepath = certificate.c_str();
  info.ssl_private_key_filepath = key.c_str();
  auto vhost = made(core_, info);
  if (vhost) secure_servers_.emplace(identity, *vhost);
  return vhost;
}

void Vhosts::set_up_client(ssl_ctx_st* context) {
  if (being_made_ != nullptr) set_up_client_context(context, *being_made_, peers_);
}

}  // namespace parley::transport
