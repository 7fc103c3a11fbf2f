// SPDX-License-Identifier: MIT
#include "diary.hpp"

namespace parley::simulation {
namespace {

using Kind = sip::EndCause::Kind;

constexpr std::size_t most_problems = 20;
constexpr Diary::CallNumber kept_open = 100;

bool ended_by(const CallEnd& end, Kind kind) { return end.cause && end.cause->kind == kind; }

/// An end that tells the other: by a BYE of its own, or because it found out that there is no peer any more.
bool may_have_hung_up(const CallEnd& end) {
  return ended_by(end, Kind::LocalHangup) || ended_by(end, Kind::Failed) || ended_by(end, Kind::Gone) || ended_by(end, Kind::Cancelled) ||
         ended_by(end, Kind::NoAnswer) || ended_by(end, Kind::ConnectionLost);
}

std::string number_text(const CallEnd& end) {
  if (!end.began) return "never began";
  std::string text = end.established ? "established, " : "";
  if (!end.cause) return text + "still there";
  return text + "cause " + std::to_string(static_cast<int>(end.cause->kind)) + " status " + std::to_string(end.cause->status) + " (" +
         end.cause->reason + ')';
}

}  // namespace

std::optional<std::string_view> disagreement(const CallStory& story) {
  const CallEnd& caller = story.caller;
  const CallEnd& callee = story.callee;
  if (!caller.began) return "a call that nobody made";
  if (caller.established && !callee.established) return "established for the caller only";
  if (ended_by(caller, Kind::RemoteHangup) && !may_have_hung_up(callee)) return "the caller heard of a hang-up that was none";
  if (ended_by(callee, Kind::RemoteHangup) && !may_have_hung_up(caller)) return "the callee heard of a hang-up that was none";
  if (ended_by(callee, Kind::Cancelled) && !may_have_hung_up(caller)) return "the callee heard of a CANCEL that was none";
  if (ended_by(callee, Kind::Rejected) && caller.established) return "rejected by the callee, established for the caller";
  if (ended_by(caller, Kind::Rejected) && callee.established && !may_have_hung_up(callee))
    return "the caller heard of a refusal that was none";
  if (caller.cause && caller.established && !callee.cause && callee.bye_arrived) return "the callee ignored a BYE";
  if (callee.cause && callee.established && !caller.cause && caller.bye_arrived) return "the caller ignored a BYE";
  return std::nullopt;
}

void Diary::ended(CallNumber call) {
  // A few are kept open: a late copy of an INVITE may still come.
  while (!stories_.empty() && stories_.begin()->first + kept_open < call && stories_.begin()->second.is_over()) {
    judge(stories_.begin()->first, stories_.begin()->second);
    stories_.erase(stories_.begin());
  }
}

void Diary::judge(CallNumber call, const CallStory& story) {
  const bool both_up = story.caller.established && story.callee.established;
  established_ += both_up ? 1 : 0;
  hung_up_ += both_up && (ended_by(story.caller, Kind::RemoteHangup) || ended_by(story.callee, Kind::RemoteHangup) ||
                          (ended_by(story.caller, Kind::LocalHangup) && ended_by(story.callee, Kind::LocalHangup)))
                  ? 1
                  : 0;
  if (!agreement_ || story.with_odd_peer) return;
  if (const auto why = disagreement(story)) {
    problem("call " + std::to_string(call) + ": " + std::string(*why) + "; caller: " + number_text(story.caller) +
            "; callee: " + number_text(story.callee));
  }
}

void Diary::problem(std::string what) {
  if (problems_.size() < most_problems) problems_.push_back(std::move(what));
}

void Diary::close() {
  for (const auto& [call, story] : stories_) {
    const bool stays = (story.caller.began && !story.caller.cause) || (story.callee.began && !story.callee.cause);
    if (stays)
      problem("call " + std::to_string(call) + " never ended; caller: " + number_text(story.caller) +
              "; callee: " + number_text(story.callee));
    judge(call, story);
  }
  stories_.clear();
}

}  // namespace parley::simulation
