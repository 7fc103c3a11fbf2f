// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/usage/session.hpp>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace parley::sip {

/// All sessions of a user agent, found by name and by what a message bears. Owns them; a session is destroyed only in sweep(), so what
/// is being worked on stays. Loop thread only.
class SessionTable {
 public:
  SessionTable(Agent& agent, AnsweredInvites& answered) noexcept : agent_(agent), answered_(answered) {}

  /// A new session that no message finds yet: admit() it when it has its tag, or discard() it.
  Session& add();
  void admit(Session& session) noexcept;
  void discard(Session& session) noexcept;

  /// nullptr: unknown. One that has ended and still has signalling to do is found too, and looked at by the next sweep().
  Session* find(SessionId id);
  struct Match {
    Session* session = nullptr;
    Dialog* dialog = nullptr;
  };
  /// The session and dialog of a request in a dialog (RFC 3261 s.12.2.2).
  Match find(DialogIdView id);
  Session* find_by_tag(std::string_view call_id, std::string_view local_tag);

  template <class F>
  void for_each(F f) {
    for (auto& [id, session] : sessions_) {
      agent_.outbox.reserve();
      f(*session);
      note(*session);
    }
  }
  /// Also those that have ended and still have signalling to do.
  std::size_t size() const noexcept { return sessions_.size(); }
  /// Destroys those that are finished.
  void sweep() noexcept;

 private:
  void erase(Session& session, std::size_t tag) noexcept;
  Session* note(Session& session) noexcept {
    session.wants_sweep();
    return &session;
  }

  Agent& agent_;
  AnsweredInvites& answered_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<SessionId, std::unique_ptr<Session>> sessions_;
  std::unordered_multimap<std::size_t, Session*> by_tag_;  ///< hash of our tag: theirs to guess, ours to compare
};

}  // namespace parley::sip
