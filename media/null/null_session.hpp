// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/null/null_factory.hpp>
#include <parley/media/sdp/negotiation.hpp>

#include <memory>
#include <string>

namespace parley::media {

/// A session whose backend is a text. Made by NullFactory. Loop thread only.
class NullSession final : public Session {
 public:
  NullSession(const Options& options, Executor& executor, SessionObserver& observer, std::shared_ptr<RandomNumber> random);
  NullSession(const NullSession&) = delete;
  NullSession& operator=(const NullSession&) = delete;

  void make_offer(SdpHandler done) override;
  void accept_offer(std::string offer, SdpHandler done) override;
  void accept_answer(std::string answer, DoneHandler done) override;
  void rollback() override;

  void set_held(bool held) override { negotiation_.set_held(held); }
  void set_muted(bool muted) override { muted_ = muted; }
  Result<void> send_dtmf(char tone, Duration duration) override;

  Agreed agreed() const override { return negotiation_.agreed(); }
  std::optional<MediaStream> local_stream() const override;
  std::optional<MediaStream> remote_stream() const override;
  void stats(UniqueFunction<void(Stats)> done) override;

 private:
  Result<std::string> next_offer();
  Result<std::string> next_answer(std::string_view offer);
  Result<void> take_answer(std::string_view answer);

  void renew_ice();
  Result<std::string> describe(const std::vector<sdp::PayloadFormat>& formats) const;
  std::vector<sdp::PayloadFormat> offered_formats() const;
  void tell_connected();
  MediaStream stream_of(std::string id, std::string track_id, bool flows, bool enabled) const;

  template <class Handler, class Outcome>
  void complete(Handler done, Outcome outcome);
  template <class Handler>
  void refuse_second(Handler done);
  void post(UniqueFunction<void()> task);

  std::vector<Codec> codecs_;
  Executor& executor_;
  SessionObserver& observer_;
  std::shared_ptr<RandomNumber> random_;
  sdp::Negotiation negotiation_;
  std::string ice_ufrag_, ice_pwd_, fingerprint_, stream_id_, track_id_;
  std::uint32_t ssrc_;
  std::uint16_t port_;
  bool muted_ = false;
  bool busy_ = false;  // an operation is complete only when its handler was called
  std::uint64_t rollbacks_ = 0;
  std::shared_ptr<char> alive_ = std::make_shared<char>();  // posted tasks notice our death by it
};

}  // namespace parley::media
