// SPDX-License-Identifier: MIT
#include "ladder.hpp"

#include <parley/sip/message/message.hpp>

#include <cstdio>

namespace parley::simulation {
namespace {

/// "INVITE 1 [q8r2kx]", "200 INVITE 1 [q8r2kx]" with the beginning of the Call-ID, or how many octets of what is none.
std::string label(std::string_view bytes) {
  const auto message = sip::Message::parse(bytes);
  if (!message) return std::to_string(bytes.size()) + " octets";
  const auto view = message->view();
  auto cseq = std::string(view.cseq().method_text) + ' ' + std::to_string(view.cseq().number);
  cseq.append(" [").append(view.call_id().substr(0, 6)).append("]");
  return view.is_request() ? cseq : std::to_string(view.status()) + ' ' + cseq;
}

}  // namespace

void Ladder::message(TimePoint time, std::string_view from, std::string_view to, std::string_view bytes, std::string_view fate) {
  mix(time);
  mix(from);
  mix(to);
  mix(bytes);
  mix(fate);
  if (keep_ == Keep::Hash) return;
  begin_line(time);
  text_.append(from).append(" -> ").append(to).append("  ").append(label(bytes));
  if (!fate.empty()) text_.append("  (").append(fate).append(")");
  text_ += '\n';
}

void Ladder::note(TimePoint time, std::string_view who, std::string_view what) {
  mix(time);
  mix(who);
  mix(what);
  if (keep_ == Keep::Hash) return;
  begin_line(time);
  text_.append("* ").append(who).append(": ").append(what).append("\n");
}

void Ladder::mix(std::string_view bytes) noexcept {
  for (const char c : bytes) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3;
}

void Ladder::mix(TimePoint time) noexcept { hash_ = (hash_ ^ static_cast<std::uint64_t>(time.time_since_epoch().count())) * 0x100000001B3; }

void Ladder::begin_line(TimePoint time) {
  char stamp[32];
  std::snprintf(stamp, sizeof stamp, "%10.3f  ", static_cast<double>(time.time_since_epoch().count()) / 1000);
  text_ += stamp;
}

}  // namespace parley::simulation
