// SPDX-License-Identifier: MIT
#pragma once

#include "node.hpp"

#include <parley/sip/auth/digest.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace parley::simulation {

/// The domain's registrar: challenges, grants what it is told to, forgets nothing and keeps no transactions.
class Registrar final : public Node {
 public:
  Registrar(std::string password, std::chrono::seconds granted)
      : digest_("example.com", crypto_), password_(std::move(password)), granted_(granted) {}

  std::uint64_t accepted() const noexcept { return accepted_; }
  std::uint64_t challenged() const noexcept { return challenged_; }
  /// Answers everything with this from now on; 0: no more.
  void refuse_with(sip::StatusCode status) noexcept { refusal_ = status; }

  void flow_opened(sip::FlowId, const sip::FlowInfo&, TimePoint) override {}
  void flow_closed(sip::FlowId, const Error&, TimePoint) override {}
  void receive(sip::FlowId flow, std::string_view bytes, TimePoint now) override;
  std::optional<TimePoint> next_timeout() const override { return std::nullopt; }
  void handle_timeout(TimePoint) override {}
  std::optional<Outgoing> poll() override;

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  bool may_enter(const sip::MessageView& request, TimePoint now, bool& stale);
  void reply(sip::FlowId flow, const sip::MessageView& request, sip::StatusCode status, const Fields& fields);

  test::FakeCrypto crypto_;
  sip::DigestServer digest_;
  Secret password_;
  std::chrono::seconds granted_;
  std::deque<Outgoing> outgoing_;
  sip::StatusCode refusal_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t challenged_ = 0;
};

}  // namespace parley::simulation
