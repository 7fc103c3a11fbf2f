// SPDX-License-Identifier: MIT
#include <parley/sip/auth/auth_params.hpp>
#include <parley/sip/auth/authentication_info.hpp>

namespace parley::sip {

Result<AuthenticationInfoView> parse_authentication_info(std::string_view value) {
  std::optional<std::string_view> next_nonce, qop, response_auth, cnonce, nonce_count;
  auth::AuthParamReader reader(value, auth::AuthParamReader::Opening::Params);
  const auto read =
      reader.read_into({{"nextnonce", &next_nonce}, {"qop", &qop}, {"rspauth", &response_auth}, {"cnonce", &cnonce}, {"nc", &nonce_count}});
  if (!read) return read.error();
  return AuthenticationInfoView{next_nonce.value_or(""), qop.value_or(""), response_auth.value_or(""), cnonce.value_or(""),
                                nonce_count.value_or("")};
}

}  // namespace parley::sip
