// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/gst/handle.hpp>
#include <parley/media/gst/meter.hpp>
#include <parley/media/gst/peer.hpp>
#include <parley/media/session.hpp>

#include <memory>
#include <string>
#include <vector>

namespace parley::media::gst {

/// Told about one SoundPath, on the engine's thread.
class SoundPathObserver {
 public:
  virtual ~SoundPathObserver() = default;
  virtual void on_path_state(State state) = 0;  ///< never Failed
  virtual void on_path_failed(Error why) = 0;
  virtual void on_path_gathered() = 0;
  virtual void on_first_sound() = 0;
};

/// What hold lets through.
struct Gates {
  bool sends = true;       ///< shut: no RTP at all
  bool receives = true;    ///< shut: what comes is not heard
  bool is_silent = false;  ///< what goes out is silence: we hold, RTP goes on
};

/// Level meters of one call, shared with the loop thread.
struct Meters {
  Meter sent;   ///< after mute
  Meter heard;  ///< decoded, after hold's gates
};

/// The pipeline of one call: source -> coder -> Peer -> decoder -> sink. Source, sink, gates and mute outlive the Peer, which is replaced
/// when the other side comes with a new transport. Engine's thread only.
class SoundPath final : private PeerObserver {
 public:
  /// Opens source and sink, so that a device that is not there fails the call before it rings. Errc::MediaFailed with the reason.
  static Result<std::unique_ptr<SoundPath>> open(Engine& engine, const Options& options, std::shared_ptr<Meters> meters,
                                                 SoundPathObserver& observer);
  SoundPath(const SoundPath&) = delete;
  SoundPath& operator=(const SoundPath&) = delete;
  /// Stops everything; a file that was written is complete afterwards.
  ~SoundPath() override;

  Result<void> offer(const std::vector<Payload>& codecs);
  Result<void> take_answer(const Remote& remote);
  /// With a new Peer, which replaces the one that may be there. Errc::MediaRejected: the other side's offer does not work, the old
  /// Peer goes on.
  Result<void> answer(const Remote& remote);
  /// From now on sends another codec over the same transport.
  Result<void> switch_codec(Payload payload);
  /// Forgets the offer that got no answer.
  void drop_peer();

  bool has_gathered() const { return peer_ != nullptr && peer_->has_gathered(); }
  std::string local_description() const { return peer_ != nullptr ? peer_->local_description() : std::string(); }

  void set_gates(Gates gates);
  void set_muted(bool muted);
  Numbers numbers() const { return peer_ != nullptr ? peer_->numbers() : Numbers{}; }

 private:
  struct Link;

  SoundPath(Engine& engine, const Options& options, std::shared_ptr<Meters> meters, SoundPathObserver& observer);
  Result<void> open_endpoints();
  Result<void> start();
  Result<std::unique_ptr<Peer>> make_peer();
  Result<void> attach_source(Payload payload);
  void detach_source();
  Result<void> attach_sink(GstPad* from);
  void detach_sink();
  void apply();
  void finish_files();

  void on_peer_state(State state) override;
  void on_peer_failed(const Error& why) override;
  void on_peer_gathered() override { observer_.on_path_gathered(); }
  void on_peer_pad(PadPtr pad, unsigned long block) override;

  Engine& engine_;
  Options options_;
  std::shared_ptr<Meters> meters_;
  SoundPathObserver& observer_;
  std::shared_ptr<Link> link_;
  ElementPtr pipeline_;
  ElementPtr source_;
  ElementPtr sink_;
  ElementPtr send_chain_;
  ElementPtr receive_chain_;
  std::unique_ptr<Peer> peer_;
  Gates gates_;
  bool muted_ = false;
};

}  // namespace parley::media::gst
