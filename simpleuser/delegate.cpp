// SPDX-License-Identifier: MIT
#include <parley/simpleuser/call.hpp>
#include <parley/simpleuser/delegate.hpp>
#include <parley/simpleuser/options.hpp>

namespace parley {

std::string_view to_string(Cause::Kind kind) noexcept {
  switch (kind) {
    case Cause::Kind::LocalHangup: return "LocalHangup";
    case Cause::Kind::RemoteHangup: return "RemoteHangup";
    case Cause::Kind::Cancelled: return "Cancelled";
    case Cause::Kind::Rejected: return "Rejected";
    case Cause::Kind::NoAnswer: return "NoAnswer";
    case Cause::Kind::ConnectionLost: return "ConnectionLost";
    case Cause::Kind::Gone: return "Gone";
    case Cause::Kind::MediaFailed: return "MediaFailed";
    case Cause::Kind::Failed: return "Failed";
  }
  return "Failed";
}

std::string_view to_string(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::Error: return "error";
    case LogLevel::Warning: return "warning";
    case LogLevel::Info: return "info";
    case LogLevel::Debug: return "debug";
  }
  return "error";
}

std::string_view to_string(CallPhase phase) noexcept {
  switch (phase) {
    case CallPhase::None: return "none";
    case CallPhase::Preparing: return "preparing";
    case CallPhase::Calling: return "calling";
    case CallPhase::Ringing: return "ringing";
    case CallPhase::Answering: return "answering";
    case CallPhase::Established: return "established";
    case CallPhase::Ended: return "ended";
  }
  return "none";
}

}  // namespace parley
