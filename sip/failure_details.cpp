// SPDX-License-Identifier: MIT
#include <parley/sip/failure_details.hpp>

#include <parley/sip/dialog/route_set.hpp>
#include <parley/sip/message/header_values.hpp>

namespace parley::sip {
namespace {

constexpr std::size_t most_values = 16;  // of one kind: more is no help to anybody

std::vector<std::string> values_of(const MessageView& response, HeaderId id) {
  std::vector<std::string> values;
  response.for_each(id, [&](std::string_view value) {
    if (values.size() < most_values) values.push_back(unfolded(value));
  });
  return values;
}

}  // namespace

FailureDetails failure_details(const MessageView& response) {
  FailureDetails details{{}, values_of(response, HeaderId::Warning), values_of(response, HeaderId::ErrorInfo)};
  if (const auto value = response.header(HeaderId::RetryAfter)) {
    if (const auto retry = parse_retry_after(*value)) details.retry_after = std::chrono::seconds{retry->seconds};
  }
  return details;
}

}  // namespace parley::sip
