// SPDX-License-Identifier: MIT
#include <parley/transport/client_vhosts.hpp>

#include <parley/transport/loop_core.hpp>
#include <parley/transport/websocket_client.hpp>

#include <libwebsockets.h>

namespace parley::transport {

namespace {

lws_context_creation_info client_info(const char* name) {
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.vhost_name = name;
  info.protocols = websocket_client_protocols();
  return info;
}

const char* path_or_null(const std::string& path) { return path.empty() ? nullptr : path.c_str(); }

const Error no_vhost{.code = Errc::OutOfMemory, .reason = "no room for client connections"};

}  // namespace

Result<lws_vhost*> ClientVhosts::plain(LoopCore& core) {
  if (plain_ == nullptr) {
    lws_context_creation_info info = client_info("clients");
    plain_ = core.create_vhost(info);
    if (plain_ == nullptr) return no_vhost;
  }
  return plain_;
}

Result<lws_vhost*> ClientVhosts::secure(LoopCore& core, const TlsFiles& files) {
  if (const auto known = secure_.find(files); known != secure_.end()) return known->second;
  if (auto error = check_client_files(files)) return std::move(*error);
  lws_context_creation_info info = client_info("secure clients");
  info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  // Named here, though set_up() replaces what is loaded from it: vhosts with equal settings share one TLS context.
  info.client_ssl_ca_filepath = path_or_null(files.ca_file);
  info.client_ssl_cert_filepath = path_or_null(files.certificate);
  info.client_ssl_private_key_filepath = path_or_null(files.key);
  being_made_ = &files;
  lws_vhost* const vhost = core.create_vhost(info);
  being_made_ = nullptr;
  if (vhost == nullptr) return no_vhost;
  secure_.emplace(files, vhost);
  return vhost;
}

void ClientVhosts::set_up(ssl_ctx_st* context) {
  if (being_made_ != nullptr) set_up_client_context(context, *being_made_, peers_);
}

}  // namespace parley::transport
