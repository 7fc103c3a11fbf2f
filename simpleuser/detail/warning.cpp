// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/warning.hpp>

#include <parley/sip/message/params.hpp>

namespace parley::detail {

std::string warning_of(const Error& error) {
  std::string_view words = error.detail;
  if (words.empty()) words = error.reason != nullptr ? std::string_view(error.reason) : to_string(error.code);
  // The agent is a pseudonym: our host's name is nobody's business (s.20.43).
  const bool is_missing = words == "Media type not available";
  return (is_missing ? "304 parley " : "305 parley ") + sip::quote(words);
}

}  // namespace parley::detail
