// SPDX-License-Identifier: MIT
// The whole input as a challenge, as the value of a 401's WWW-Authenticate and as credentials: a challenge that is understood is answered
// with credentials that our own server side reads, and that carry back realm, nonce and opaque byte by byte (J04); whatever credentials
// come, the check refuses them or, where they are right, grants them, and never upsets.
#include <parley/fuzz/check.hpp>

#include <parley/sip/auth/digest.hpp>
#include <parley/sip/message/parser.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::fuzz {
namespace {

using namespace sip;

constexpr std::string_view request_uri = "sip:example.com";
constexpr TimePoint now{};

/// No hash at all, but a different text for different octets, as long as a real one. The same input makes the same run.
class CountingCrypto final : public Crypto {
 public:
  std::string hash_hex(HashAlgorithm algorithm, std::string_view bytes) override {
    std::uint64_t sum = 14695981039346656037U;
    for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211U;
    std::string digits;
    while (digits.size() < (algorithm == HashAlgorithm::Md5 ? 32U : 64U)) {
      digits += "0123456789abcdef"[sum >> 60];
      sum = sum * 6364136223846793005U + 1442695040888963407U;
    }
    return digits;
  }
  void random(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(++count_);
  }

 private:
  unsigned count_ = 0;
};

bool offset_is_inside(const Error& error, std::string_view text) { return error.offset == Error::no_offset || error.offset <= text.size(); }

/// Answers a challenge, and reads the answer as a server would.
void check_answer(const Challenge& challenge) {
  CountingCrypto crypto;
  DigestClient client({.username = "al\"ice\\", .password = Secret("secret"), .ha1 = {}, .realms = {}}, crypto);
  DigestClient::Attempts attempts;
  require(client.challenged({challenge}, attempts).has_value());
  const auto headers = client.authorize("REGISTER", request_uri, "body");
  require(headers.size() == 1 && headers.front().proxy == challenge.proxy);
  const auto read = parse_credentials(headers.front().value);
  require(read.has_value());
  require(read->username == "al\"ice\\" && read->uri == request_uri);
  require(read->realm == challenge.realm && read->nonce == challenge.nonce && read->opaque == challenge.opaque);
  require(read->algorithm == challenge.algorithm && read->session_variant == challenge.session_variant);
  require(read->qop.has_value() == (challenge.qop_auth || challenge.qop_auth_int) &&
          read->qop.has_value() == read->nonce_count.has_value());
  require(!client.challenged({challenge}, attempts).has_value());  // the same nonce again: no second try
}

void check_challenge(std::string_view text) {
  const auto challenge = parse_challenge(text);
  if (challenge) {
    check_answer(*challenge);
  } else {
    require(offset_is_inside(challenge.error(), text));
  }
}

/// Several challenges in one field, or what looks like it.
void check_challenges(std::string_view text) {
  const std::string response =
      "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
      "Call-ID: 1\r\nCSeq: 1 REGISTER\r\nWWW-Authenticate: " +
      std::string(text) + "\r\n\r\n";
  MessageIndex index;
  parse(response, index);
  const MessageView message(response, index);
  for (const Challenge& challenge : parse_challenges(message)) check_answer(challenge);
}

void check_credentials(std::string_view text) {
  const auto credentials = parse_credentials(text);
  if (!credentials) {
    require(offset_is_inside(credentials.error(), text));
    return;
  }
  CountingCrypto crypto;
  DigestServer server("example.com", crypto);
  (void)server.challenges(now);
  const Secret password("secret");
  using Outcome = DigestServer::Outcome;
  const Outcome outcome = server.check(*credentials, &password, "REGISTER", "body", now);
  require(server.check(*credentials, nullptr, "REGISTER", "body", now) != Outcome::Granted);  // no such user
  if (outcome == Outcome::Granted) require(server.check(*credentials, &password, "REGISTER", "body", now) != Outcome::Granted);  // a replay
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const fuzz::Guarded input({reinterpret_cast<const char*>(data), size});
  fuzz::check_challenge(input.text());
  fuzz::check_challenges(input.text());
  fuzz::check_credentials(input.text());
  return 0;
}
