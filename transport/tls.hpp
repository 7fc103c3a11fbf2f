// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/error.hpp>

#include <optional>
#include <string>
#include <vector>

struct lws;
struct ssl_ctx_st;
struct ssl_st;
struct x509_store_ctx_st;

namespace parley::transport {

/// Files that a client's TLS context is made of. Value type.
struct TlsFiles {
  std::string ca_file;      ///< PEM; empty: the system's CAs
  std::string certificate;  ///< PEM; empty: none
  std::string key;
  friend auto operator<=>(const TlsFiles&, const TlsFiles&) = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 means its literal 0
};

/// What the certificate of a server being connected to has to prove.
struct TlsPeer {
  lws* const* wsi = nullptr;  ///< where the handle stands
  std::string host;           ///< name or literal, without brackets
  bool accept_any = false;
};

/// The handshakes in progress, by which the verify callback finds out whom it is looking at. Loop thread only.
class TlsPeers {
 public:
  void add(const TlsPeer& peer) { peers_.push_back(&peer); }
  void remove(const TlsPeer& peer) { std::erase(peers_, &peer); }
  const TlsPeer* find(const ssl_st* ssl) const;

 private:
  std::vector<const TlsPeer*> peers_;
};

/// Whether these files can be read and belong together, in words if not (Errc::TlsFailed).
std::optional<Error> check_client_files(const TlsFiles& files);
std::optional<Error> check_server_files(const std::string& certificate, const std::string& key);

/// Makes a client context judge certificates as browsers do (RFC 6125; RFC 7118 s.8): SAN only, whole left-most wildcard, TLS 1.2 or later.
void set_up_client_context(ssl_ctx_st* context, const TlsFiles& files, TlsPeers& peers);
void set_up_server_context(ssl_ctx_st* context);

/// Why the handshake of `ssl` failed, or the peer did not like our certificate; nullopt when TLS is not to blame. Null is fine.
std::optional<Error> tls_failure(const ssl_st* ssl);

}  // namespace parley::transport
