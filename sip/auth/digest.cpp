// SPDX-License-Identifier: MIT
#include <parley/sip/auth/digest.hpp>
#include <parley/sip/auth/nonce_count.hpp>

namespace parley::sip {

namespace auth {

std::string nonce_count_text(std::uint32_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(8, '0');
  for (std::size_t i = 8; i-- > 0; count >>= 4) text[i] = digits[count & 15];
  return text;
}

}  // namespace auth

namespace {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view& part : parts) {
    if (&part != parts.begin()) text += ':';
    text += part;
  }
  return text;
}

/// H(A1) of RFC 7616 s.3.4.2.
std::string hash_a1(Crypto& crypto, const DigestInput& in) {
  std::string ha1;
  if (in.ha1.empty()) {
    const Secret a1(joined({in.username, in.realm, in.password}));
    ha1 = crypto.hash_hex(in.algorithm, a1.reveal());
  } else {
    ha1 = in.ha1;
  }
  if (!in.session_variant) return ha1;
  return crypto.hash_hex(in.algorithm, joined({ha1, in.nonce, in.cnonce}));
}

/// H(A2) of RFC 7616 s.3.4.3.
std::string hash_a2(Crypto& crypto, const DigestInput& in) {
  if (in.qop != "auth-int") return crypto.hash_hex(in.algorithm, joined({in.method, in.uri}));
  return crypto.hash_hex(in.algorithm, joined({in.method, in.uri, crypto.hash_hex(in.algorithm, in.body)}));
}

}  // namespace

std::string digest_response(Crypto& crypto, const DigestInput& input) {
  const Secret ha1(hash_a1(crypto, input));
  const std::string ha2 = hash_a2(crypto, input);
  const Secret text(input.qop.empty()
                        ? joined({ha1.reveal(), input.nonce, ha2})
                        : joined({ha1.reveal(), input.nonce, auth::nonce_count_text(input.nonce_count), input.cnonce, input.qop, ha2}));
  return crypto.hash_hex(input.algorithm, text.reveal());
}

}  // namespace parley::sip
