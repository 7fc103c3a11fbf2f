// SPDX-License-Identifier: MIT
#include "network.hpp"

#include <algorithm>
#include <utility>

namespace parley::simulation {
namespace {

constexpr Duration reconnect_pause{500};
constexpr Duration longest_blindness{10'000};

/// The name that follows `mark` up to `end`; empty: there is none.
std::string_view name_between(std::string_view text, std::string_view mark, char end) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + mark.size());
  const std::size_t stop = text.find(end);
  return stop == std::string_view::npos ? std::string_view{} : text.substr(0, stop);
}

/// Whom a message is for.
std::string_view destination_of(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find('\r'));
  if (!line.starts_with("SIP/2.0 ")) {
    const auto user = name_between(line, " sip:", '@');
    return user.empty() || user.size() > 20 ? name_between(line, " sip:", ' ') : user;
  }
  const std::string_view via = name_between(bytes, "Via: SIP/2.0/", '\r');
  return name_between(via, " ", '.');
}

}  // namespace

std::size_t Network::attach(Node& node, std::string name, Access access) {
  const std::size_t station = stations_.size();
  stations_.push_back(Station{&node, std::move(name), access});
  connect(station);
  return station;
}

void Network::heal() {
  for (std::size_t station = 0; station < stations_.size(); ++station) {
    Station& each = stations_[station];
    each.access.up = each.access.down = Faults{};
    each.silent_until = now_;
    if (each.dead) disconnect(station, reconnect_pause);
  }
}

void Network::interrupt(std::size_t station, Duration pause) {
  ladder_.note(now_, stations_[station].name, "interrupted");
  if (stations_[station].access.reliable == sip::Reliable::No) {
    stations_[station].silent_until = now_ + pause;
  } else if (stations_[station].open) {
    disconnect(station, pause);
  }
}

void Network::reattach(std::size_t station, const Access& access, Duration pause) {
  if (stations_[station].open) disconnect(station, pause);
  stations_[station].access = access;
}

void Network::suspend(std::size_t station, Duration length, Clock clock) {
  Station& sleeper = stations_[station];
  if (now_ < sleeper.asleep_until) return;
  ladder_.note(now_, sleeper.name, clock == Clock::Stands ? "suspended, clock stands" : "suspended");
  sleeper.asleep_until = now_ + length;
  if (clock == Clock::Stands) sleeper.behind += length;
}

void Network::jump_clock(std::size_t station, Duration length) {
  ladder_.note(now_, stations_[station].name, "clock jumps");
  stations_[station].behind -= length;
}

// ---- Time

void Network::push(Duration after, Kind kind, std::size_t station, std::string bytes) {
  events_.push_back({now_ + after, ++serial_, kind, station, stations_[station].connection, std::move(bytes)});
  std::push_heap(events_.begin(), events_.end(), Later{});
}

/// When a node's own timer rings, in the world's time.
TimePoint Network::due_of(const Station& station) const {
  const auto due = station.node->next_timeout();
  if (!due) return TimePoint::max();
  return std::max({*due + station.behind, station.asleep_until, now_});
}

std::optional<TimePoint> Network::next_time() const {
  TimePoint next = events_.empty() ? TimePoint::max() : events_.front().time;
  for (const Station& station : stations_) next = std::min(next, due_of(station));
  if (next == TimePoint::max()) return std::nullopt;
  return next;
}

bool Network::step(TimePoint limit) {
  const auto next = next_time();
  if (!next || *next > limit) return false;
  now_ = std::max(now_, *next);
  if (!events_.empty() && events_.front().time <= now_) {
    std::pop_heap(events_.begin(), events_.end(), Later{});
    Event event = std::move(events_.back());
    events_.pop_back();
    dispatch(std::move(event));
    return true;
  }
  for (std::size_t station = 0; station < stations_.size(); ++station) {
    if (due_of(stations_[station]) > now_) continue;
    stations_[station].node->handle_timeout(local_time(station));
    drain(station);
  }
  return true;
}

void Network::run_until(TimePoint end) {
  while (step(end)) {
  }
  now_ = std::max(now_, end);
}

bool Network::run_until_idle(TimePoint limit) {
  while (step(limit)) {
  }
  return !next_time();
}

void Network::dispatch(Event event) {
  Station& station = stations_[event.station];
  if (event.kind == Kind::Connect) return connect(event.station);
  if (event.connection != station.connection || !station.open) return;  // of a connection that is gone
  switch (event.kind) {
    case Kind::Reset: return disconnect(event.station, reconnect_pause);
    case Kind::AtCentre:
      if (station.access.reliable == sip::Reliable::No) return pass_on(event.bytes);
      for (const std::string& message : station.up.arrive(event.bytes)) pass_on(message);
      return;
    case Kind::AtNode:
      if (now_ < station.asleep_until) {  // datagrams are lost, a stream's octets wait
        if (station.access.reliable == sip::Reliable::Yes)
          push(station.asleep_until - now_, Kind::AtNode, event.station, std::move(event.bytes));
        return;
      }
      if (station.access.reliable == sip::Reliable::No) return deliver(event.station, event.bytes);
      for (const std::string& message : station.down.arrive(event.bytes)) deliver(event.station, message);
      return;
    case Kind::Connect: return;
  }
}

// ---- Connections

void Network::connect(std::size_t index) {
  Station& station = stations_[index];
  if (station.open) return;
  if (now_ < station.asleep_until) return push(station.asleep_until - now_, Kind::Connect, index);
  ++station.connection;
  station.open = true;
  station.dead = false;
  station.up = {};
  station.down = {};
  const bool reliable = station.access.reliable == sip::Reliable::Yes;
  const sip::FlowInfo info{station.access.reliable, sip::Secure::No, reliable ? "WS" : "UDP", station.name + ".invalid", "192.0.2.1", 5060};
  station.node->flow_opened(sip::FlowId{station.connection}, info, local_time(index));
  drain(index);
}

void Network::disconnect(std::size_t index, Duration pause) {
  Station& station = stations_[index];
  if (!station.open) return;
  if (now_ < station.asleep_until) return push(station.asleep_until - now_, Kind::Reset, index);
  ladder_.note(now_, station.name, "connection lost");
  station.open = false;
  push(pause, Kind::Connect, index);
  const Error why{.code = Errc::ConnectionLost, .reason = "reset by the simulation"};
  station.node->flow_closed(sip::FlowId{station.connection}, why, local_time(index));
  drain(index);
}

// ---- Messages

void Network::drain(std::size_t station) {
  while (auto outgoing = stations_[station].node->poll()) {
    if (static_cast<std::uint64_t>(outgoing->flow) != stations_[station].connection) continue;
    enter(station, outgoing->bytes);
  }
}

void Network::enter(std::size_t index, std::string_view bytes) {
  Station& station = stations_[index];
  if (!station.open) return;
  carry(index, station.access.up, station.up, Kind::AtCentre, bytes);
}

void Network::pass_on(std::string_view bytes) {
  const auto to = find(destination_of(bytes));
  if (!to || !stations_[*to].open) return ladder_.message(now_, "centre", "nobody", bytes, {});
  carry(*to, stations_[*to].access.down, stations_[*to].down, Kind::AtNode, bytes);
}

void Network::carry(std::size_t index, const Faults& faults, Stream& stream, Kind kind, std::string_view bytes) {
  Station& station = stations_[index];
  const auto from = kind == Kind::AtCentre ? std::string_view(station.name) : "centre";
  const auto to = kind == Kind::AtCentre ? "centre" : std::string_view(station.name);
  if (station.dead || now_ < station.silent_until) return ladder_.message(now_, from, to, bytes, "dead");
  if (station.access.reliable == sip::Reliable::No) {
    auto pieces = carry_datagram(bytes, faults, chance_);
    if (pieces.empty()) ladder_.message(now_, from, to, bytes, "lost");
    for (Piece& piece : pieces) {
      ladder_.message(now_, from, to, bytes, piece.fate);
      push(piece.after, kind, index, std::move(piece.bytes));
    }
    return;
  }
  ladder_.message(now_, from, to, bytes, {});
  auto pieces = stream.carry(bytes, faults, chance_, now_);
  if (chance_.chance(faults.half_open)) {
    ladder_.note(now_, station.name, "half-open");
    station.dead = true;
    return push(chance_.between(Duration{1}, longest_blindness), Kind::Reset, index);
  }
  const bool breaks = chance_.chance(faults.reset);
  const Duration last = pieces.back().after;
  if (breaks) pieces.resize(chance_.below(pieces.size() + 1));  // a part of it arrives, or none, or all
  for (Piece& piece : pieces) push(piece.after, kind, index, std::move(piece.bytes));
  if (breaks) push(last, Kind::Reset, index);
}

void Network::deliver(std::size_t index, std::string_view bytes) {
  Station& station = stations_[index];
  if (station.dead) return;
  station.node->receive(sip::FlowId{station.connection}, bytes, local_time(index));
  drain(index);
}

std::optional<std::size_t> Network::find(std::string_view name) const {
  for (std::size_t station = 0; station < stations_.size(); ++station) {
    if (stations_[station].name == name) return station;
  }
  return std::nullopt;
}

}  // namespace parley::simulation
