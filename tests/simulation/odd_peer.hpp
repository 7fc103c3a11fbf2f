// SPDX-License-Identifier: MIT
#pragma once

#include "node.hpp"

#include <parley/sip/testing/scripted_peer.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace parley::simulation {

/// A node that does what a script says, right or wrong; when that is over it is deaf and dumb.
class OddPeer final : public Node {
 public:
  /// @param name    as it is attached to the network
  /// @param script  the text form
  OddPeer(const std::string& name, std::string_view script) : peer_(sip::testing::Script::parse(script).value(), options(name)) {}

  bool has_passed() const { return peer_.outcome() == Outcome::Passed; }
  std::string failure() const { return peer_.failure(); }

  void flow_opened(sip::FlowId flow, const sip::FlowInfo&, TimePoint now) override {
    if (!std::exchange(flow_, flow)) peer_.start(now);
  }
  void flow_closed(sip::FlowId, const Error&, TimePoint) override {}
  void receive(sip::FlowId, std::string_view bytes, TimePoint now) override { peer_.receive(bytes, now); }
  std::optional<TimePoint> next_timeout() const override {
    return peer_.outcome() == Outcome::Running ? peer_.next_timeout() : std::nullopt;
  }
  void handle_timeout(TimePoint now) override { peer_.handle_timeout(now); }
  std::optional<Outgoing> poll() override {
    auto bytes = peer_.poll_output();
    if (!bytes) return std::nullopt;
    return Outgoing{*flow_, std::move(*bytes)};
  }

 private:
  using Outcome = sip::testing::ScriptedPeer::Outcome;

  static sip::testing::PeerOptions options(const std::string& name) {
    sip::testing::PeerOptions options;
    options.name = name;
    options.uri = "sip:" + name + "@example.com";
    options.contact = "sip:" + name + "@192.0.2.2";
    options.via = "SIP/2.0/UDP " + name + ".invalid";
    return options;
  }

  sip::testing::ScriptedPeer peer_;
  std::optional<sip::FlowId> flow_;
};

}  // namespace parley::simulation
