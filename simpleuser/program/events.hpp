// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/delegate.hpp>
#include <parley/simpleuser/program/json_line.hpp>

#include <functional>
#include <optional>
#include <string>

namespace parley::program {

/// One callback of a SimpleUser as a line of output.
struct Event {
  std::string name;    ///< the delegate's without `on_`
  std::string detail;  ///< its most telling value ("5", "486", "true"), for those who wait for it
  JsonLine fields;     ///< what follows "event" and "t" in JSON
};

using EventSink = std::function<void(const Event&)>;

/// The connection is gone, or was never there; with the reason when nobody asked for it.
Event server_disconnect(const std::optional<Error>& error);

/// A delegate whose every callback ends in `sink`, on the loop thread.
SimpleUserDelegate delegate_for(const EventSink& sink);

}  // namespace parley::program
