// SPDX-License-Identifier: MIT
#include <parley/media/gst/certificate.hpp>

#include <gtest/gtest.h>

#include <string>

namespace parley::media::gst {
namespace {

/// The octets "abc" stand for a certificate: their digests are the test vectors of FIPS 180-2.
const std::string pem = "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n";
const std::string sha256 = "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";

sdp::Fingerprint fingerprint(std::string hash, std::string digest) { return {.hash = std::move(hash), .digest = std::move(digest)}; }

TEST(Certificate, DigestIsWrittenAsInSdp) {  // RFC 8122 s.5
  EXPECT_EQ(digest_of(pem, "sha-256"), sha256);
  EXPECT_EQ(digest_of(pem, "sha-384").value_or("").substr(0, 8), "CB:00:75");
  EXPECT_EQ(digest_of(pem, "sha-512").value_or("").substr(0, 8), "DD:AF:35");
}

TEST(Certificate, WeakHashAndNonsenseHaveNoDigest) {
  EXPECT_FALSE(digest_of(pem, "sha-1"));
  EXPECT_FALSE(digest_of("", "sha-256"));
  EXPECT_FALSE(digest_of("-----BEGIN CERTIFICATE-----", "sha-256"));
  EXPECT_FALSE(digest_of("-----BEGIN CERTIFICATE----------END CERTIFICATE-----", "sha-256"));
}

TEST(Certificate, StrongestHashDecides) {
  const std::string zeros512 = "00:00";
  EXPECT_TRUE(is_promised(pem, {fingerprint("sha-256", sha256)}));
  EXPECT_TRUE(is_promised(pem, {fingerprint("sha-256", "00"), fingerprint("sha-256", sha256)}));  // two certificates, either is right
  EXPECT_TRUE(is_promised(pem, {fingerprint("sha-1", "00"), fingerprint("sha-256", sha256)}));
  EXPECT_FALSE(is_promised(pem, {fingerprint("sha-256", sha256), fingerprint("sha-512", zeros512)}));
  EXPECT_FALSE(is_promised(pem, {fingerprint("sha-1", sha256)}));
  EXPECT_FALSE(is_promised(pem, {}));
  EXPECT_FALSE(is_promised("", {fingerprint("sha-256", sha256)}));
}

}  // namespace
}  // namespace parley::media::gst
