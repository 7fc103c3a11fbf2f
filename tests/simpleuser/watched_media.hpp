// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/null/null_factory.hpp>
#include <parley/media/session.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley::test {

class WatchedSession;

/// The null backend with a window and a few switches: what was asked of the sessions can be looked at, and any step be made to fail.
class WatchedMedia final : public media::Factory {
 public:
  std::vector<WatchedSession*> sessions;  ///< alive, in the order of their making
  int created = 0;
  std::optional<Error> fail_create;
  std::optional<Error> fail_offer;          ///< the next make_offer
  std::optional<Error> fail_accept_offer;   ///< the next accept_offer
  std::optional<Error> fail_accept_answer;  ///< the next accept_answer
  std::optional<Error> refuse_offers;       ///< check_offer

  Result<std::unique_ptr<media::Session>> create(const media::Options& options, Executor& executor,
                                                 media::SessionObserver& observer) override;
  Result<void> check_offer(const media::Options&, std::string_view) const override {
    return refuse_offers ? Result<void>(*refuse_offers) : Result<void>();
  }

 private:
  media::NullFactory null_;
};

class WatchedSession final : public media::Session {
 public:
  WatchedSession(WatchedMedia& media, Executor& executor, std::unique_ptr<media::Session> session, media::SessionObserver& told)
      : observer(told), media_(media), executor_(executor), session_(std::move(session)), alive_(std::make_shared<bool>(true)) {
    media_.sessions.push_back(this);
  }
  ~WatchedSession() override { std::erase(media_.sessions, this); }
  WatchedSession(const WatchedSession&) = delete;
  WatchedSession& operator=(const WatchedSession&) = delete;

  bool held = false;
  bool muted = false;
  int rollbacks = 0;
  media::SessionObserver& observer;
  bool slow_stats = false;                 ///< they never come
  std::function<void()> before_next_step;  ///< runs when media is asked for an offer or an answer next

  void make_offer(SdpHandler done) override {
    begin_step();
    if (auto error = std::exchange(media_.fail_offer, std::nullopt)) return later(std::move(done), Result<std::string>(*error));
    session_->make_offer(std::move(done));
  }
  void accept_offer(std::string offer, SdpHandler done) override {
    begin_step();
    if (auto error = std::exchange(media_.fail_accept_offer, std::nullopt)) return later(std::move(done), Result<std::string>(*error));
    session_->accept_offer(std::move(offer), std::move(done));
  }
  void accept_answer(std::string answer, DoneHandler done) override {
    begin_step();
    if (auto error = std::exchange(media_.fail_accept_answer, std::nullopt)) return later(std::move(done), Result<void>(*error));
    session_->accept_answer(std::move(answer), std::move(done));
  }
  void rollback() override {
    ++rollbacks;
    session_->rollback();
  }
  void set_held(bool on) override {
    held = on;
    session_->set_held(on);
  }
  void set_muted(bool on) override {
    muted = on;
    session_->set_muted(on);
  }
  Result<void> send_dtmf(char tone, Duration duration) override { return session_->send_dtmf(tone, duration); }
  media::Agreed agreed() const override { return session_->agreed(); }
  std::optional<media::MediaStream> local_stream() const override { return session_->local_stream(); }
  std::optional<media::MediaStream> remote_stream() const override { return session_->remote_stream(); }
  void stats(UniqueFunction<void(media::Stats)> done) override {
    if (slow_stats) return void(waiting_stats_.push_back(std::move(done)));
    session_->stats(std::move(done));
  }

 private:
  void begin_step() {
    if (const auto hook = std::exchange(before_next_step, nullptr)) hook();
  }
  template <class Handler, class Outcome>
  void later(Handler done, Outcome outcome) {
    executor_.post([alive = std::weak_ptr<bool>(alive_), done = std::move(done), outcome = std::move(outcome)]() mutable {
      if (!alive.expired()) done(std::move(outcome));
    });
  }

  WatchedMedia& media_;
  Executor& executor_;
  std::unique_ptr<media::Session> session_;
  std::shared_ptr<bool> alive_;
  std::vector<UniqueFunction<void(media::Stats)>> waiting_stats_;
};

inline Result<std::unique_ptr<media::Session>> WatchedMedia::create(const media::Options& options, Executor& executor,
                                                                    media::SessionObserver& observer) {
  if (fail_create) return *fail_create;
  auto session = null_.create(options, executor, observer);
  if (!session) return std::move(session).error();
  ++created;
  return std::unique_ptr<media::Session>(std::make_unique<WatchedSession>(*this, executor, std::move(*session), observer));
}

}  // namespace parley::test
