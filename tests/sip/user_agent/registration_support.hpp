// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/usage/registration.hpp>
#include <parley/tests/support/ua_probe.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <utility>

namespace parley::test {

using namespace sip;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

inline constexpr const char* instance = "urn:uuid:00000000-0000-1000-8000-000A95A0E128";

inline UserAgentOptions device() {
  auto options = Probe::alice();
  options.instance_id = instance;
  return options;
}

/// A user agent, and the words of its registrar.
struct RegistrationTest : ::testing::Test {
  explicit RegistrationTest(UserAgentOptions options = device()) : ua(std::move(options)) {}

  Wire send(RegisterRequest request = {}) {
    EXPECT_TRUE(ua->register_(std::move(request), ua.now()));
    return ua.sent();
  }
  void grant(const Wire& request, const std::string& seconds = "600", Headers more = {}) {
    more.push_back({"Contact", "<" + std::string(request.view().contact().uri.text) + ">;expires=" + seconds});
    ua.answer(request, 200, "reg", more);
  }
  void challenge(const Wire& request, const std::string& nonce, const std::string& more = {}) {
    ua.answer(request, 401, "reg", {{"WWW-Authenticate", "Digest realm=\"example.com\", nonce=\"" + nonce + "\", qop=\"auth\"" + more}});
  }
  /// Lets time pass until something is sent.
  Duration until_sent(Duration limit) {
    const auto start = ua.now();
    while (ua.unread() == 0 && ua.now() < start + limit) ua.advance(std::max<Duration>(100ms, limit / 10'000));
    return ua.now() - start;
  }

  Probe ua;
};

}  // namespace parley::test
