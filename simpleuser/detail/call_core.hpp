// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/simpleuser/async.hpp>
#include <parley/simpleuser/detail/call_shared.hpp>
#include <parley/simpleuser/options.hpp>
#include <parley/sip/executor.hpp>
#include <parley/sip/user_agent.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::detail {

class AccountCore;

/// One call on the loop: joins a SIP session and a media session. It carries offers and answers between the two, keeps at most one
/// negotiation going, and repairs the dialog after a reconnect. Owned by the AccountCore. Loop thread only.
///
/// Set-up and verbs: call_core.cpp. Offers and answers, hold: call_negotiation.cpp. Life over a broken connection: call_repair.cpp.
class CallCore final : private media::SessionObserver {
 public:
  CallCore(AccountCore& account, std::shared_ptr<CallShared> shared);
  ~CallCore() override;

  // Beginnings.
  void start(std::string target, const CallOptions& options);
  void arrive(sip::SessionId session, const Caller& caller);

  // Verbs. Each completes its source.
  void answer(const AnswerOptions& options, AsyncSource<void> done);
  void decline(sip::StatusCode status, AsyncSource<void> done);
  void hangup(AsyncSource<void> done);
  void hold(bool held, AsyncSource<void> done);
  void send_dtmf(char tone, AsyncSource<void> done);
  void stats(AsyncSource<media::Stats> done);
  void request(std::string_view method, const RequestOptions& options, AsyncSource<Response> done);
  void apply_mute();
  /// What disconnect() does to each call.
  void hang_up();

  // What the user agent tells of its session.
  void on(const sip::SessionProgress& event);
  void on(sip::OfferReceived event);
  void on(const sip::AnswerReceived& event);
  void on(const sip::SessionEstablished&);
  void on(const sip::SessionConfirmed&);
  void on(const sip::ReinviteRefused& event);
  void on(const sip::ReinviteDue&);
  void on(const sip::SessionEnded& event);
  void on(const sip::DtmfReceived& event);

  // What the account tells of its connection. back(): and registered again, where that is wanted.
  void connection_lost();
  void connection_back();
  /// The connection that it came on, to a listener of ours: nobody will make it anew.
  void inbound_lost();

  const std::shared_ptr<CallShared>& shared() const noexcept { return shared_; }
  std::optional<sip::SessionId> session() const noexcept { return session_; }

 private:
  /// The one negotiation of offer and answer that may be going on.
  enum class Step : std::uint8_t {
    Idle,
    MakingOffer,   ///< media makes ours
    OfferOut,      ///< ours is sent, the answer is awaited
    TakingOffer,   ///< media makes the answer to the peer's
    TakingAnswer,  ///< media reads the answer to ours
  };
  /// Where our offer, or our answer, goes.
  enum class Place : std::uint8_t { Invite, Response2xx, Acknowledgement, Reinvite, ReinviteResponse };

  // call_core.cpp
  void on_media_state(media::State state, const std::optional<Error>& why) override;
  void on_first_media() override;
  Result<void> make_media(const std::optional<MediaConstraints>& constraints);
  void invite(std::optional<sip::Body> offer);
  void give_up(const Cause& cause);
  void established();
  void end(const Cause& cause);
  void refuse_incoming(const Error& why);
  void send_next_dtmf();
  void publish();
  void tell_hold(bool held);
  void tell(UniqueFunction<void(const CallDelegate&)> callback);

  // call_negotiation.cpp
  void make_offer(Place place);
  void offer_made(Place place, Result<std::string> offer);
  void take_offer(Place place, std::string offer);
  void answer_made(Place place, Result<std::string> answer);
  void send_in_response(Place place, sip::Body body);
  void answer_taken(const Result<void>& result);
  void negotiate();
  void take_peer_offer();
  void send_reinvite(const std::string& offer);
  void complete_hold(const Result<void>& outcome);
  void reoffer_failed(const Error& why);
  void reoffer_accepted();
  void negotiated();

  // call_repair.cpp
  bool retry_repair(const Error& why);
  void repaired();
  void wait(Duration pause);

  AccountCore& account_;
  const std::shared_ptr<CallShared> shared_;
  std::unique_ptr<media::Session> media_;
  std::optional<sip::SessionId> session_;
  CallPhase phase_ = CallPhase::None;
  bool outgoing_ = false;
  bool session_up_ = false;  ///< SessionEstablished came
  bool receiving_ = false;
  std::string remote_uri_;
  std::string remote_display_name_;
  std::optional<Cause> own_cause_;         ///< why we end it, where we know better than SIP does
  std::optional<std::string> peer_offer_;  ///< waits to be taken; empty text: the peer wants ours
  sip::InviteRequest request_;             ///< ours, until it is sent
  sip::ExtraHeaders answer_headers_;
  std::optional<AsyncSource<void>> answer_done_;

  Step step_ = Step::Idle;
  Place place_ = Place::Invite;
  bool held_ = false;              ///< what was negotiated last
  std::optional<bool> hold_wish_;  ///< what the user wants and the peer has not agreed to yet
  bool wish_carried_ = false;      ///< by our latest offer in a re-INVITE; a wish that came after it needs another one
  std::vector<AsyncSource<void>> hold_done_;
  bool remote_held_ = false;
  bool waiting_ = false;  ///< before the next try: glare's delay, or our own pause
  std::unique_ptr<Deadline> pause_;

  bool repairing_ = false;   ///< the connection broke, and the dialog has not been refreshed yet
  bool repair_due_ = false;  ///< the connection is back: a re-INVITE is wanted
  TimePoint repair_until_{};
  Duration repair_pause_{0};

  std::deque<std::pair<char, AsyncSource<void>>> tones_;
  bool tone_pause_ = false;
  std::unique_ptr<Deadline> tone_alarm_;
  std::unique_ptr<Deadline> level_alarm_;  ///< refreshes the snapshot's sound levels
  std::map<std::uint64_t, AsyncSource<media::Stats>> stats_done_;
  std::uint64_t last_stats_ = 0;
};

}  // namespace parley::detail
