// SPDX-License-Identifier: MIT
#include <parley/transport/tls.hpp>

#include <parley/transport/address.hpp>

#include <libwebsockets.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace parley::transport {

namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, FreeContext>;

Error tls_error(const char* reason, std::string detail) {
  ERR_clear_error();  // libwebsockets takes what it finds in the thread's queue for the failure of a connection
  return Error{.code = Errc::TlsFailed, .reason = reason, .detail = std::move(detail)};
}

std::optional<Error> check_pair(SSL_CTX* context, const std::string& certificate, const std::string& key) {
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return tls_error("cannot read the certificate file", certificate);
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) return tls_error("cannot read the key file", key);
  if (SSL_CTX_check_private_key(context) != 1) return tls_error("certificate and key do not belong together", certificate);
  return std::nullopt;
}

/// `name` without the final dot that marks it as complete: certificates do not carry it.
std::string without_final_dot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return std::string(name);
}

bool demand_name(X509_STORE_CTX* store_context, const std::string& host) {
  X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(store_context);
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  X509_VERIFY_PARAM_set1_host(param, nullptr, 0);
  if (host.empty()) return false;
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
  const std::string name = without_final_dot(host);
  return X509_VERIFY_PARAM_set1_host(param, name.data(), name.size()) == 1;
}

/// Takes the place of libwebsockets' own rules, which know the common name and skip the check for some host names.
int verify(X509_STORE_CTX* store_context, void* arg) {
  const auto* const ssl = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store_context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const TlsPeer* const peer = static_cast<const TlsPeers*>(arg)->find(ssl);
  X509_STORE_CTX_set_verify_cb(store_context, [](int ok, X509_STORE_CTX*) { return ok; });
  if (peer == nullptr) {
    X509_STORE_CTX_set_error(store_context, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
  }
  if (peer->accept_any) {
    X509_STORE_CTX_set_error(store_context, X509_V_OK);
    return 1;
  }
  if (!demand_name(store_context, peer->host)) {
    X509_STORE_CTX_set_error(store_context, X509_V_ERR_HOSTNAME_MISMATCH);
    return 0;
  }
  return X509_verify_cert(store_context) == 1 ? 1 : 0;
}

/// Where an SSL keeps the words of the last alert.
int alert_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// libwebsockets puts whatever Host holds, cut at the first colon, into the server name; an address has no place there (RFC 6066 s.3).
void keep_addresses_out_of_server_name(SSL* ssl) {
  const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (name == nullptr || (!is_address(name) && name[0] != '[')) return;
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, nullptr);
}

void at_handshake(const SSL* ssl, int where, int value) {
  SSL* const handle = const_cast<SSL*>(ssl);  // OpenSSL's callback type is stricter than its functions
  if ((where & SSL_CB_HANDSHAKE_START) != 0) keep_addresses_out_of_server_name(handle);
  const int alert = value & 0xFF;
  const bool is_farewell = alert == SSL_AD_CLOSE_NOTIFY || alert == SSL_AD_DECODE_ERROR;  // the latter is ours at an end of the stream
  if ((where & SSL_CB_ALERT) != 0 && !is_farewell) {
    SSL_set_ex_data(handle, alert_index(), const_cast<char*>(SSL_alert_desc_string_long(value)));
  }
}

}  // namespace

const TlsPeer* TlsPeers::find(const ssl_st* ssl) const {
  const auto found =
      std::ranges::find_if(peers_, [ssl](const TlsPeer* peer) { return *peer->wsi != nullptr && lws_get_ssl(*peer->wsi) == ssl; });
  return found == peers_.end() ? nullptr : *found;
}

std::optional<Error> check_client_files(const TlsFiles& files) {
  const ContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (!context) return tls_error("no TLS context", {});
  if (!files.ca_file.empty() && SSL_CTX_load_verify_locations(context.get(), files.ca_file.c_str(), nullptr) != 1) {
    return tls_error("cannot read the CA file", files.ca_file);
  }
  if (files.certificate.empty()) return std::nullopt;
  return check_pair(context.get(), files.certificate, files.key);
}

std::optional<Error> check_server_files(const std::string& certificate, const std::string& key) {
  const ContextPtr context(SSL_CTX_new(TLS_server_method()));
  if (!context) return tls_error("no TLS context", {});
  return check_pair(context.get(), certificate, key);
}

void set_up_client_context(ssl_ctx_st* context, const TlsFiles& files, TlsPeers& peers) {
  // A store of our own: libwebsockets' has the relative folder ../share among the places where CAs are trusted.
  SSL_CTX_set_cert_store(context, X509_STORE_new());
  if (files.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else {
    SSL_CTX_load_verify_locations(context, files.ca_file.c_str(), nullptr);
  }
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cert_verify_callback(context, &verify, &peers);
  SSL_CTX_set_info_callback(context, &at_handshake);
  ERR_clear_error();
}

void set_up_server_context(ssl_ctx_st* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // The library's callback would go over to the certificate of whichever listener it finds first.
  SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, nullptr);
}

std::optional<Error> tls_failure(const ssl_st* ssl) {
  if (ssl == nullptr) return std::nullopt;
  const long result = SSL_get_verify_result(ssl);
  if (result != X509_V_OK) {
    return Error{.code = Errc::TlsFailed, .reason = "certificate not accepted", .detail = X509_verify_cert_error_string(result)};
  }
  const auto* const alert = static_cast<const char*>(SSL_get_ex_data(ssl, alert_index()));
  if (alert != nullptr) return Error{.code = Errc::TlsFailed, .reason = "TLS failed", .detail = alert};
  if (SSL_is_init_finished(ssl) == 0) {
    return Error{.code = Errc::TlsFailed, .reason = "TLS handshake failed", .detail = "the server broke it off or does not speak TLS"};
  }
  return std::nullopt;
}

}  // namespace parley::transport
