// SPDX-License-Identifier: MIT
#include "../../support/real_crypto.hpp"

#include <parley/sip/auth/digest.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::sip {
namespace {

DigestInput rfc7616_input() {
  DigestInput input;
  input.username = "Mufasa";
  input.realm = "http-auth@example.org";
  input.password = "Circle of Life";
  input.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  input.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  input.qop = "auth";
  input.method = "GET";
  input.uri = "/dir/index.html";
  input.nonce_count = 1;
  return input;
}

TEST(DigestResponse, J11Rfc7616Md5) {  // RFC 7616 s.3.9.1
  test::RealHashes crypto;
  EXPECT_EQ(digest_response(crypto, rfc7616_input()), "8ca523f5e9506fed4657c9700eebdbec");
}

TEST(DigestResponse, J11Rfc7616Sha256) {  // RFC 7616 s.3.9.1
  test::RealHashes crypto;
  DigestInput input = rfc7616_input();
  input.algorithm = HashAlgorithm::Sha256;
  EXPECT_EQ(digest_response(crypto, input), "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(DigestResponse, J11Rfc7616Sha512256) {  // RFC 7616 s.3.9.2, response of erratum 4897
  test::RealHashes crypto;
  DigestInput input;
  input.algorithm = HashAlgorithm::Sha512_256;
  input.username = "J\xC3\xA4s\xC3\xB8n Doe";
  input.realm = "api@example.org";
  input.password = "Secret, or not?";
  input.nonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK";
  input.cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v";
  input.qop = "auth";
  input.method = "GET";
  input.uri = "/doe.json";
  input.nonce_count = 1;
  EXPECT_EQ(digest_response(crypto, input), "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
}

TEST(DigestClientVector, J10UserNameIsHiddenWhereTheServerWantsThat) {  // RFC 7616 s.3.9.2, hash of erratum 4897
  test::RealHashes crypto;
  DigestIdentity identity;
  identity.username = "J\xC3\xA4s\xC3\xB8n Doe";
  identity.password = "Secret, or not?";
  DigestClient client(identity, crypto);
  DigestClient::Attempts attempts;
  const auto challenge =
      parse_challenge(R"(Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="n", charset=UTF-8, userhash=true)");
  ASSERT_TRUE(client.challenged({*challenge}, attempts));
  const std::string value = client.authorize("GET", "/doe.json", "").at(0).value;
  const auto credentials = parse_credentials(value);
  ASSERT_TRUE(credentials) << value;
  EXPECT_TRUE(credentials->userhash);
  EXPECT_EQ(credentials->username, "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
  EXPECT_EQ(value.find("Doe\""), std::string::npos);
}

TEST(DigestResponse, J11Rfc2617) {  // RFC 2617 s.3.5
  test::RealHashes crypto;
  DigestInput input;
  input.username = "Mufasa";
  input.realm = "testrealm@host.com";
  input.password = "Circle Of Life";
  input.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
  input.cnonce = "0a4f113b";
  input.qop = "auth";
  input.method = "GET";
  input.uri = "/dir/index.html";
  input.nonce_count = 1;
  EXPECT_EQ(digest_response(crypto, input), "6629fae49393a05397450978507c4ef1");
  input.qop = "";  // RFC 2069 style
  EXPECT_EQ(digest_response(crypto, input), "670fd8c2df070c60b045671b8b24ff02");
}

TEST(DigestResponse, J01Ha1StandsForThePassword) {
  test::RealHashes crypto;
  DigestInput input = rfc7616_input();
  const std::string ha1 = crypto.hash_hex(HashAlgorithm::Md5, "Mufasa:http-auth@example.org:Circle of Life");
  input.password = input.username = "";
  input.ha1 = ha1;
  EXPECT_EQ(digest_response(crypto, input), "8ca523f5e9506fed4657c9700eebdbec");
}

TEST(DigestResponse, J03AuthIntCoversTheBody) {  // RFC 7616 s.3.4.3
  test::RealHashes crypto;
  DigestInput input = rfc7616_input();
  input.qop = "auth-int";
  input.body = "v=0";
  const std::string ha1 = crypto.hash_hex(HashAlgorithm::Md5, "Mufasa:http-auth@example.org:Circle of Life");
  const std::string ha2 = crypto.hash_hex(HashAlgorithm::Md5, "GET:/dir/index.html:" + crypto.hash_hex(HashAlgorithm::Md5, "v=0"));
  EXPECT_EQ(digest_response(crypto, input), crypto.hash_hex(HashAlgorithm::Md5, ha1 + ":" + std::string(input.nonce) + ":00000001:" +
                                                                                    std::string(input.cnonce) + ":auth-int:" + ha2));
}

TEST(DigestResponse, J01SessionVariantHashesTheNonces) {  // RFC 7616 s.3.4.2
  test::RealHashes crypto;
  DigestInput input = rfc7616_input();
  input.session_variant = true;
  const std::string user = crypto.hash_hex(HashAlgorithm::Md5, "Mufasa:http-auth@example.org:Circle of Life");
  const std::string session = crypto.hash_hex(HashAlgorithm::Md5, user + ":" + std::string(input.nonce) + ":" + std::string(input.cnonce));
  const std::string ha2 = crypto.hash_hex(HashAlgorithm::Md5, "GET:/dir/index.html");
  EXPECT_EQ(digest_response(crypto, input), crypto.hash_hex(HashAlgorithm::Md5, session + ":" + std::string(input.nonce) + ":00000001:" +
                                                                                    std::string(input.cnonce) + ":auth:" + ha2));
}

}  // namespace
}  // namespace parley::sip
