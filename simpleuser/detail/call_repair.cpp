// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/account_core.hpp>
#include <parley/simpleuser/detail/call_core.hpp>

#include <algorithm>
#include <array>

// A call outlives its connection: media goes on over its own path, and when the connection is back, and registered, a re-INVITE with the
// same description brings the peer our new Contact. Until it has passed, a refusal may only mean that the peer's way is not back yet.

namespace parley::detail {
namespace {

using namespace std::chrono_literals;

constexpr Duration repair_limit = 30s;
constexpr Duration first_pause = 500ms;
constexpr Duration longest_pause = 4s;

/// What a proxy says of a flow that is dead or not registered again yet. 481 is not among them: it is final.
bool means_dead_flow(const Error& error) {
  constexpr std::array<sip::StatusCode, 7> statuses{404, 408, 477, 478, 480, 500, 503};
  const bool silent =
      error.status == 0 && (error.code == Errc::Timeout || error.code == Errc::ConnectionLost || error.code == Errc::NotConnected);
  return silent || std::find(statuses.begin(), statuses.end(), error.status) != statuses.end();
}

}  // namespace

void CallCore::connection_lost() {
  if (!session_up_ || phase_ == CallPhase::Ended) return;
  repairing_ = true;
  repair_due_ = false;
  account_.agent().set_repairing(*session_, true);
  pause_->set(std::nullopt);
  if (step_ == Step::OfferOut && place_ == Place::ReinviteResponse) {  // the ACK with the answer to it is lost as well
    media_->rollback();
    step_ = Step::Idle;
  }
}

void CallCore::connection_back() {
  if (!repairing_ || phase_ == CallPhase::Ended) return;
  repair_due_ = true;
  repair_until_ = account_.now() + repair_limit;
  repair_pause_ = first_pause;
  waiting_ = false;
  pause_->set(std::nullopt);
  negotiate();
}

/// @return true when the refusal is no verdict: it is tried again, or the call was given up.
bool CallCore::retry_repair(const Error& why) {
  if (!repairing_ || !means_dead_flow(why)) return false;
  if (!repair_due_) return true;  // the connection has broken again: connection_back() tries anew
  if (account_.now() + repair_pause_ > repair_until_) {
    give_up(Cause{.kind = Cause::Kind::ConnectionLost, .status = why.status, .reason = "the call could not be repaired: " + why.text()});
    return true;
  }
  wait(repair_pause_);
  repair_pause_ = std::min(2 * repair_pause_, longest_pause);
  return true;
}

void CallCore::repaired() {
  if (!repair_due_) return;
  repairing_ = repair_due_ = false;
  account_.agent().set_repairing(*session_, false);
}

void CallCore::wait(Duration pause) {
  waiting_ = true;
  pause_->set(account_.now() + pause);
}

}  // namespace parley::detail
