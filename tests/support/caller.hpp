// SPDX-License-Identifier: MIT
#pragma once

#include <parley/tests/support/ua_probe.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace parley::test {

inline sip::InviteRequest to_bob() {
  sip::InviteRequest request;
  request.target = "sip:bob@example.com";
  request.offer = sdp();
  return request;
}

/// A user agent that calls a scripted peer.
struct Caller : ::testing::Test {
  explicit Caller(sip::UserAgentOptions options = Probe::alice()) : ua(std::move(options)) {}

  Wire call(sip::InviteRequest request = to_bob()) {
    session = ua->invite(request, ua.now()).value();
    return ua.sent();
  }
  /// A call that is up; gives the INVITE.
  Wire up() {
    auto invite = call();
    ua.answer_ok(invite);
    ack = ua.sent();
    ua.forget_told();
    return invite;
  }

  Probe ua;
  sip::SessionId session{};
  Wire ack;
};

}  // namespace parley::test
