// SPDX-License-Identifier: MIT
#pragma once

#include "diary.hpp"
#include "heap.hpp"
#include "node.hpp"
#include "random.hpp"

#include <parley/sip/user_agent.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <functional>
#include <map>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

namespace parley::simulation {

/// How the person at a phone behaves. Shares are probabilities.
struct Manners {
  Duration soonest_answer{0};  ///< until a ringing call is dealt with
  Duration latest_answer{3'000};
  double rejects = 0;
  double ignores = 0;         ///< lets it ring
  double cancels = 0;         ///< gives up a call of ours before it is answered, or just then
  double offers_late = 0;     ///< INVITE without an offer
  double changes = 0;         ///< a re-INVITE within the call, from this end
  double refuses_change = 0;  ///< of the other's re-INVITE
  double hangs_up_first = 0;  ///< callee: ends the call about when the caller does
  double chats = 0;           ///< INFO in the call, MESSAGE and OPTIONS beside it
  Duration shortest_talk{1'000};
  Duration longest_talk{20'000};
};

/// A user agent with a person before it, in virtual time. It writes down what happens to its calls and requests, and what must
/// not happen: an event of a call that has ended, an end or an answer that comes twice.
class Phone : public Node {
 public:
  Phone(std::string name, std::uint64_t seed, Manners manners, Diary& diary, Random& chance, sip::UserAgentOptions options = {});

  void behave(const Manners& manners) noexcept { manners_ = manners; }  ///< from now on
  /// Calls `callee` (a name) at `when`, by its own clock.
  void dial_at(TimePoint when, std::string callee);
  /// Registers for as long as the run lasts: again after an outage, when the connection is back.
  void stay_registered(Duration expires);
  void register_at(TimePoint when);
  void stop_registering(TimePoint now);
  /// Ends what calls there are.
  void hang_up_all(TimePoint now);

  const std::string& name() const noexcept { return name_; }
  sip::UserAgent& ua() noexcept { return ua_; }
  TimePoint clock() const noexcept { return now_; }  ///< its own time when something happened to it last
  /// What is left where nothing should be.
  void check_idle();

  /// The longest that unfinished calls have outlived the last message that was no retransmission.
  Duration longest_end() const noexcept { return longest_end_; }
  std::uint64_t answered_byes() const noexcept { return answered_byes_; }  ///< 200s to BYE, with copies
  std::uint64_t registered() const noexcept { return registered_; }        ///< 200s to REGISTER
  std::uint64_t unregistered() const noexcept { return unregistered_; }    ///< times without a registration

  // Node
  void flow_opened(sip::FlowId flow, const sip::FlowInfo& info, TimePoint now) override;
  void flow_closed(sip::FlowId flow, const Error& why, TimePoint now) override;
  void receive(sip::FlowId flow, std::string_view bytes, TimePoint now) override;
  std::optional<TimePoint> next_timeout() const override;
  void handle_timeout(TimePoint now) override;
  std::optional<Outgoing> poll() override;

 private:
  struct Call {
    Diary::CallNumber number = 0;
    bool is_caller = false;
    bool is_established = false;
    bool wants_offer = false;  ///< the peer sent none: ours goes into the 200
    int offers = 0;            ///< of ours that have no answer yet
    std::string call_id{};
  };
  using Action = std::function<void(TimePoint now)>;

  /// One entry of the user agent, called as the wrapper outside sip/ does: where memory runs out, the operation has failed.
  template <class F>
  auto ask(F f) {
    using Answer = decltype(f(ua_));
    try {
      const heap::Counted counted;
      if constexpr (std::is_void_v<Answer>) {
        f(ua_);
        return true;
      } else {
        return f(ua_);
      }
    } catch (const std::bad_alloc&) {
      if constexpr (std::is_void_v<Answer>) {
        return false;
      } else if constexpr (std::is_same_v<Answer, std::optional<sip::UserAgentOutput>>) {
        return Answer(std::nullopt);
      } else {
        return Answer(Errc::OutOfMemory);
      }
    }
  }
  /// What must not be left out, such as a person's wish to hang up: again and again until there is memory for it.
  void insist(TimePoint now, std::function<bool(TimePoint)> action);

  void plan(TimePoint when, Action action) { plans_.emplace(when, std::move(action)); }
  void dial(const std::string& callee, TimePoint now);
  void answer(sip::SessionId session, TimePoint now);
  void change(sip::SessionId session, TimePoint now);
  void chat(sip::SessionId session, TimePoint now);
  void talk(sip::SessionId session, Call& call, TimePoint now);
  void register_now(TimePoint now);
  void note_request(const Result<sip::RequestId>& request);
  CallEnd& end_of(const Call& call);
  Call* live(sip::SessionId session, const char* event);
  void answered(Call* call, const char* event);
  void hang_up(sip::SessionId session, TimePoint now);

  void on(sip::IncomingSession& event, TimePoint now);
  void on(sip::OfferReceived& event, TimePoint now);
  void on(sip::SessionProgress& event, TimePoint now);
  void on(sip::AnswerReceived& event, TimePoint now);
  void on(sip::SessionEstablished& event, TimePoint now);
  void on(sip::SessionConfirmed& event, TimePoint now);
  void on(sip::ReinviteRefused& event, TimePoint now);
  void on(sip::ReinviteDue& event, TimePoint now);
  void on(sip::SessionEnded& event, TimePoint now);
  void on(sip::RequestDone& event, TimePoint now);
  void on(sip::Registered& event, TimePoint now);
  void on(sip::Unregistered& event, TimePoint now);
  template <class Other>
  void on(Other&, TimePoint) {}

  void note_sent(std::string_view bytes);
  void note_idle();
  void note_bye(std::string_view bytes);

  const std::string name_;
  Manners manners_;
  Diary& diary_;
  Random& chance_;
  test::FakeCrypto crypto_;
  sip::UserAgent ua_;
  TimePoint now_{};
  std::optional<sip::FlowId> flow_;
  std::multimap<TimePoint, Action> plans_;
  std::unordered_map<sip::SessionId, Call> calls_;
  std::set<sip::RequestId> requests_;  ///< asked and not answered yet
  std::optional<Duration> registration_;
  bool is_registering_ = false;
  std::set<std::size_t> steps_;  ///< hashes of what was sent since there was no call
  TimePoint last_step_{};
  Duration longest_end_{0};
  std::uint64_t answered_byes_ = 0;
  std::uint64_t registered_ = 0;
  std::uint64_t unregistered_ = 0;
};

}  // namespace parley::simulation
