// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ssl_ctx_st;

namespace parley::transport::test {

/// What a certificate says. The default is a good one for nobody.
struct CertificateWishes {
  std::string common_name = "test";
  std::vector<std::string> dns_names{};  ///< may hold NUL
  std::vector<std::string> addresses{};
  int valid_from_days = -1;
  int valid_to_days = 1;
};

/// A certificate authority made for this run, with a folder for the files of what it signs; both vanish with it.
class Authority {
 public:
  struct Pair {
    std::string certificate;  ///< PEM files
    std::string key;
  };

  Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority();

  const std::string& folder() const { return folder_; }
  const std::string& file() const { return file_; }
  Pair issue(const CertificateWishes& wishes);
  Pair issue_self_signed(const CertificateWishes& wishes);
  /// The name under which OpenSSL looks for this authority in a folder of authorities.
  std::string hashed_name() const;

 private:
  struct Parts;

  std::string folder_;
  std::string file_;
  std::unique_ptr<Parts> parts_;
  int serial_ = 1;
};

struct FreeSslContext {
  void operator()(ssl_ctx_st* context) const;
};
using SslContext = std::unique_ptr<ssl_ctx_st, FreeSslContext>;

/// For raw servers; with `demand_ca` it wants a client certificate of that authority.
SslContext server_context(const Authority::Pair& pair, const std::string& demand_ca = {});
/// For raw clients; trusts everybody.
SslContext client_context();

}  // namespace parley::transport::test
