// SPDX-License-Identifier: MIT
#include "certificates.hpp"

#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace parley::transport::test {

namespace {

struct Free {
  void operator()(X509* x) const { X509_free(x); }
  void operator()(EVP_PKEY* x) const { EVP_PKEY_free(x); }
  void operator()(GENERAL_NAMES* x) const { GENERAL_NAMES_free(x); }
  void operator()(X509_EXTENSION* x) const { X509_EXTENSION_free(x); }
};
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

Key make_key() { return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

GENERAL_NAME* general_name(int type, std::string_view octets) {
  GENERAL_NAME* const name = GENERAL_NAME_new();
  ASN1_STRING* const value = type == GEN_IPADD ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
  ASN1_STRING_set(value, octets.data(), static_cast<int>(octets.size()));
  GENERAL_NAME_set0_value(name, type, value);
  return name;
}

std::string packed(const std::string& address) {
  std::array<char, 16> octets{};
  if (inet_pton(AF_INET, address.c_str(), octets.data()) == 1) return {octets.data(), 4};
  inet_pton(AF_INET6, address.c_str(), octets.data());
  return {octets.data(), 16};
}

void add_alternative_names(X509* certificate, const CertificateWishes& wishes) {
  const std::unique_ptr<GENERAL_NAMES, Free> names(sk_GENERAL_NAME_new_null());
  for (const auto& name : wishes.dns_names) sk_GENERAL_NAME_push(names.get(), general_name(GEN_DNS, name));
  for (const auto& address : wishes.addresses) sk_GENERAL_NAME_push(names.get(), general_name(GEN_IPADD, packed(address)));
  if (sk_GENERAL_NAME_num(names.get()) > 0) X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0);
}

Certificate make_certificate(const CertificateWishes& wishes, EVP_PKEY* key, int serial) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), long{wishes.valid_from_days} * 86'400);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), long{wishes.valid_to_days} * 86'400);
  X509_set_pubkey(certificate.get(), key);
  const auto* const name = reinterpret_cast<const unsigned char*>(wishes.common_name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0);
  add_alternative_names(certificate.get(), wishes);
  return certificate;
}

void sign(X509* certificate, X509_NAME* issuer, EVP_PKEY* key) {
  X509_set_issuer_name(certificate, issuer);
  X509_sign(certificate, key, EVP_sha256());
}

void write_certificate(const std::string& path, X509* certificate) {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
}

void write_key(const std::string& path, EVP_PKEY* key) {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
}

}  // namespace

struct Authority::Parts {
  Key key;
  Certificate certificate;
};

Authority::Authority() : parts_(std::make_unique<Parts>()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "parley-test-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  file_ = folder_ + "/ca.pem";
  parts_->key = make_key();
  parts_->certificate = make_certificate({.common_name = "Authority " + folder_.substr(folder_.size() - 6)}, parts_->key.get(), serial_++);
  X509* const own = parts_->certificate.get();
  const std::unique_ptr<X509_EXTENSION, Free> basic(X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE"));
  X509_add_ext(own, basic.get(), -1);
  sign(own, X509_get_subject_name(own), parts_->key.get());
  write_certificate(file_, own);
}

Authority::~Authority() { std::filesystem::remove_all(folder_); }

Authority::Pair Authority::issue(const CertificateWishes& wishes) {
  const Key key = make_key();
  const Certificate certificate = make_certificate(wishes, key.get(), serial_);
  sign(certificate.get(), X509_get_subject_name(parts_->certificate.get()), parts_->key.get());
  Pair pair{folder_ + "/" + std::to_string(serial_) + ".pem", folder_ + "/" + std::to_string(serial_) + ".key"};
  ++serial_;
  write_certificate(pair.certificate, certificate.get());
  write_key(pair.key, key.get());
  return pair;
}

Authority::Pair Authority::issue_self_signed(const CertificateWishes& wishes) {
  const Key key = make_key();
  const Certificate certificate = make_certificate(wishes, key.get(), serial_);
  sign(certificate.get(), X509_get_subject_name(certificate.get()), key.get());
  Pair pair{folder_ + "/" + std::to_string(serial_) + ".pem", folder_ + "/" + std::to_string(serial_) + ".key"};
  ++serial_;
  write_certificate(pair.certificate, certificate.get());
  write_key(pair.key, key.get());
  return pair;
}

std::string Authority::hashed_name() const {
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "%08lx.0",
                X509_NAME_hash_ex(X509_get_subject_name(parts_->certificate.get()), nullptr, nullptr, nullptr));
  return name.data();
}

void FreeSslContext::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

SslContext server_context(const Authority::Pair& pair, const std::string& demand_ca) {
  SslContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate_chain_file(context.get(), pair.certificate.c_str());
  SSL_CTX_use_PrivateKey_file(context.get(), pair.key.c_str(), SSL_FILETYPE_PEM);
  if (!demand_ca.empty()) {
    SSL_CTX_load_verify_locations(context.get(), demand_ca.c_str(), nullptr);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

SslContext client_context() { return SslContext(SSL_CTX_new(TLS_client_method())); }

}  // namespace parley::transport::test
