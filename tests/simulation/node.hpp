// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/error.hpp>
#include <parley/sip/transport.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace parley::simulation {

/// Who stands at the end of an access link: a phone, a registrar, an odd peer. Times are those of its own clock.
class Node {
 public:
  virtual ~Node() = default;
  virtual void flow_opened(sip::FlowId flow, const sip::FlowInfo& info, TimePoint now) = 0;
  virtual void flow_closed(sip::FlowId flow, const Error& why, TimePoint now) = 0;
  virtual void receive(sip::FlowId flow, std::string_view bytes, TimePoint now) = 0;
  virtual std::optional<TimePoint> next_timeout() const = 0;
  virtual void handle_timeout(TimePoint now) = 0;

  struct Outgoing {
    sip::FlowId flow{};
    std::string bytes;
  };
  /// The next message it wants to send; asked after each input until there is none.
  virtual std::optional<Outgoing> poll() = 0;
};

}  // namespace parley::simulation
