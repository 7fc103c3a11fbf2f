// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/gst/mailbox.hpp>
#include <parley/media/gst/sound_path.hpp>
#include <parley/media/session.hpp>

#include <memory>
#include <string>
#include <vector>

namespace parley::media::gst {

class Engine;

/// Told by the EngineSide of one session, on the loop thread.
class EngineSideObserver {
 public:
  virtual ~EngineSideObserver() = default;
  /// Candidates are being gathered: time for the cap to run.
  virtual void on_gathering() = 0;
  /// The offer or answer that was asked for, with its candidates.
  virtual void on_described(Result<std::string> description) = 0;
  virtual void on_answer_taken(Result<void> taken) = 0;
  virtual void on_counted(const Numbers& numbers, std::uint64_t request) = 0;
  virtual void on_path_state(State state) = 0;
  virtual void on_failed(const Error& why) = 0;
  virtual void on_first_sound() = 0;
};

/// The half of a session that lives on the engine's thread: owns the SoundPath, does what the other half posts, and posts back.
/// Made on the loop thread, from then on the engine's thread only.
class EngineSide final : private SoundPathObserver {
 public:
  using Outbox = std::shared_ptr<Mailbox<EngineSideObserver>>;

  EngineSide(Engine& engine, const Options& options, std::shared_ptr<Meters> meters, Outbox outbox);

  void make_offer(const std::vector<Payload>& codecs);
  void make_answer(const Remote& remote);
  void take_answer(const Remote& remote);
  void switch_codec(Payload payload);
  /// The cap is reached: describes with the candidates that are there.
  void stop_gathering();
  void drop_offer();
  void set_gates(Gates gates);
  void set_muted(bool muted);
  void count(std::uint64_t request);
  /// Stops all sound. Nothing works afterwards.
  void close();

 private:
  Result<SoundPath*> path();
  void describe(const Result<void>& begun);
  void finish_description();

  void on_path_state(State state) override;
  void on_path_failed(Error why) override;
  void on_path_gathered() override { finish_description(); }
  void on_first_sound() override;

  Engine& engine_;
  Options options_;
  std::shared_ptr<Meters> meters_;
  Outbox outbox_;
  std::unique_ptr<SoundPath> path_;
  Gates gates_;
  bool muted_ = false;
  bool gathering_ = false;  // somebody waits for the description
  bool closed_ = false;
};

}  // namespace parley::media::gst
