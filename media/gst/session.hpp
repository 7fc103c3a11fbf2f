// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/gst/engine_side.hpp>
#include <parley/media/sdp/negotiation.hpp>
#include <parley/media/session.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace parley::media::gst {

class Engine;

/// The port's Session over webrtcbin. The loop's half: offer and answer (sdp::Negotiation), who waits for what, the caps on time.
/// The other half is its EngineSide. Loop thread only.
class GstSession final : public Session, private EngineSideObserver {
 public:
  GstSession(std::shared_ptr<Engine> engine, const Options& options, Executor& executor, SessionObserver& observer);
  GstSession(const GstSession&) = delete;
  GstSession& operator=(const GstSession&) = delete;
  ~GstSession() override;

  void make_offer(SdpHandler done) override;
  void accept_offer(std::string offer, SdpHandler done) override;
  void accept_answer(std::string answer, DoneHandler done) override;
  void rollback() override;
  void set_held(bool held) override { negotiation_.set_held(held); }
  void set_muted(bool muted) override;
  Result<void> send_dtmf(char tone, Duration duration) override;
  Agreed agreed() const override { return negotiation_.agreed(); }
  std::optional<MediaStream> local_stream() const override;
  std::optional<MediaStream> remote_stream() const override;
  void stats(UniqueFunction<void(Stats)> done) override;

 private:
  using Incoming = sdp::Negotiation::Incoming;
  using Box = Mailbox<EngineSideObserver>;

  /// What is asked of the engine's side and not done. One at a time.
  struct Operation {
    SdpHandler described;              // make_offer, accept_offer
    DoneHandler taken;                 // accept_answer
    std::optional<Incoming> incoming;  // accept_offer, accept_answer
    bool is_cancelled = false;         // by rollback
  };

  template <class F>
  void on_engine(F action);
  template <class Handler, class Outcome>
  void tell_later(Handler done, Outcome outcome);
  template <class Handler, class Outcome>
  void complete(Handler done, Outcome outcome);
  Operation end_operation();
  bool is_busy() const { return operation_.has_value() || completing_; }

  std::vector<Payload> payloads() const;
  bool only_codec_changes(const Incoming& incoming) const;
  Result<Remote> remote_of(const Incoming& incoming) const;
  void switch_codec(const sdp::AudioChoice& audio);
  Result<std::string> answer_with_other_codec(Incoming incoming);
  Result<std::string> commit_answer(Incoming incoming, const std::string& description);
  void answer_from_engine(Incoming incoming, SdpHandler done);
  void apply_gates();
  void expect_connection();
  void on_connect_timeout();
  void tell(State state, const std::optional<Error>& why);
  Track track_of(const Meter& meter) const;

  void on_gathering() override;
  void on_described(Result<std::string> description) override;
  void on_answer_taken(Result<void> taken) override;
  void on_counted(const Numbers& numbers, std::uint64_t request) override;
  void on_path_state(State state) override;
  void on_failed(const Error& why) override;
  void on_first_sound() override;

  std::shared_ptr<Engine> engine_;
  Options options_;
  Executor& executor_;
  SessionObserver& observer_;
  sdp::Negotiation negotiation_;
  std::shared_ptr<Meters> meters_;
  std::shared_ptr<Box> mailbox_;
  std::shared_ptr<EngineSide> engine_side_;
  std::unique_ptr<Deadline> gathering_cap_;
  std::unique_ptr<Deadline> connect_cap_;

  std::optional<Operation> operation_;
  bool completing_ = false;  // an outcome is posted and not told yet
  std::map<std::uint64_t, UniqueFunction<void(Stats)>> counting_;
  std::uint64_t last_count_ = 0;
  State state_ = State::New;
  Gates gates_;
  bool muted_ = false;
  bool has_sound_ = false;
};

}  // namespace parley::media::gst
