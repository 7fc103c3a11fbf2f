// SPDX-License-Identifier: MIT
#include <parley/transport/openssl_crypto.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace parley::transport::test {
namespace {

TEST(OpensslCrypto, Md5OfRfc1321) {  // RFC 1321 s.A.5
  OpensslCrypto crypto;
  EXPECT_EQ(crypto.hash_hex(sip::HashAlgorithm::Md5, ""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(crypto.hash_hex(sip::HashAlgorithm::Md5, "message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(OpensslCrypto, Sha256OfFips180) {
  OpensslCrypto crypto;
  EXPECT_EQ(crypto.hash_hex(sip::HashAlgorithm::Sha256, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(crypto.hash_hex(sip::HashAlgorithm::Sha256, ""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(OpensslCrypto, Sha512With256BitsIsNoCutSha512) {  // FIPS 180-4 s.5.3.6.2
  OpensslCrypto crypto;
  EXPECT_EQ(crypto.hash_hex(sip::HashAlgorithm::Sha512_256, "abc"), "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
}

TEST(OpensslCrypto, BytesOfAnyKindAreHashed) {
  OpensslCrypto crypto;
  EXPECT_NE(crypto.hash_hex(sip::HashAlgorithm::Md5, std::string_view("a\0b", 3)), crypto.hash_hex(sip::HashAlgorithm::Md5, "a"));
}

TEST(OpensslCrypto, RandomOctetsDiffer) {
  OpensslCrypto crypto;
  std::set<std::vector<std::uint8_t>> seen;
  for (int i = 0; i < 100; ++i) {
    std::vector<std::uint8_t> octets(16);
    crypto.random(octets);
    seen.insert(octets);
  }
  EXPECT_EQ(seen.size(), 100U);
  crypto.random({});
}

}  // namespace
}  // namespace parley::transport::test
