// SPDX-License-Identifier: MIT
#include <parley/sip/auth/auth_params.hpp>
#include <parley/sip/auth/authentication_info.hpp>
#include <parley/sip/message/chars.hpp>

namespace parley::sip {

Result<AuthenticationInfoView> parse_authentication_info(std::string_view value) {
  AuthenticationInfoView info;
  const struct {
    std::string_view name;
    std::string_view& value;
  } slots[] = {{"nextnonce", info.next_nonce},
               {"qop", info.qop},
               {"rspauth", info.response_auth},
               {"cnonce", info.cnonce},
               {"nc", info.nonce_count}};
  auth::AuthParamReader reader(value, auth::AuthParamReader::Opening::Params);
  while (const auto param = reader.next()) {
    for (const auto& slot : slots) {
      if (grammar::equal_nocase(param->name, slot.name)) slot.value = param->value;
    }
  }
  if (reader.failed()) return reader.error();
  return info;
}

}  // namespace parley::sip
