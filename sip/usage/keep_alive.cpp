// SPDX-License-Identifier: MIT
#include <parley/sip/usage/keep_alive.hpp>

#include <parley/sip/message/header_values.hpp>
#include <parley/sip/usage/agent.hpp>

#include <algorithm>

namespace parley::sip {
namespace {

constexpr Duration shortest{10'000};  // a server that wants pings more often than this means harm
constexpr Duration longest{24 * 3'600'000};
constexpr Duration usual{120'000};  // RFC 5626 s.4.4.1, where the server names none
constexpr Duration pong_limit{10'000};

}  // namespace

std::string_view KeepAlive::offer(FlowId flow) const {
  const FlowInfo* const info = agent_.stack.flow(flow);
  const bool possible = agent_.options.offer_keep && info != nullptr && info->reliable == Reliable::Yes;
  return possible ? ";keep" : "";
}

void KeepAlive::on_registered(FlowId flow, const MessageView& response) {
  const auto value = response.via().params.find("keep");
  const auto seconds = value ? parse_delta_seconds(*value) : std::nullopt;
  if (!seconds || offer(flow).empty()) return stop();  // s.4.3: without a value the server does not agree
  flow_ = flow;
  interval_ = std::chrono::seconds{*seconds};
  agent_.wheel.start(timer_, agent_.now + pause());
}

void KeepAlive::on_flow_closed(FlowId flow) noexcept {
  if (flow == flow_) stop();
}

void KeepAlive::on_received(FlowId flow) noexcept {
  if (flow == flow_) pong_timer_.stop();
}

void KeepAlive::stop() noexcept {
  timer_.stop();
  pong_timer_.stop();
}

void KeepAlive::ping(TimePoint now) {
  agent_.stack.send_raw(flow_, "\r\n\r\n");
  agent_.wheel.start(timer_, now + pause());
  if (!pong_timer_.is_running()) agent_.wheel.start(pong_timer_, now + pong_limit);
}

void KeepAlive::on_pong_missing(TimePoint) {
  stop();
  agent_.failed_flow = flow_;
}

/// 80 to 100 % of the interval at random, so that a server's clients do not all come at once (RFC 5626 s.4.4.1).
Duration KeepAlive::pause() {
  const Duration whole = interval_ == Duration{0} ? usual : std::clamp(interval_, shortest, longest);
  return whole * (800 + agent_.chance(200)) / 1'000;
}

}  // namespace parley::sip
