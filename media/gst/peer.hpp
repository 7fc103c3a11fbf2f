// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/gst/handle.hpp>
#include <parley/media/gst/numbers.hpp>
#include <parley/media/sdp/attributes.hpp>
#include <parley/media/session.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace parley::media::gst {

class Engine;

/// Told about one Peer, on the engine's thread.
class PeerObserver {
 public:
  virtual ~PeerObserver() = default;
  /// Connected comes only after the other side has shown the certificate that its description promised. Never Failed.
  virtual void on_peer_state(State state) = 0;
  virtual void on_peer_failed(const Error& why) = 0;
  virtual void on_peer_gathered() = 0;
  /// RTP of the other side stands at `pad`, blocked until the probe `block` is removed: at first, and when its codec changes.
  virtual void on_peer_pad(PadPtr pad, unsigned long block) = 0;
};

/// A codec and its number in the RTP of one call.
struct Payload {
  Codec codec;
  std::uint8_t type;
};

/// The other side's description as a Peer needs it.
struct Remote {
  std::string sdp;                ///< normalised by sdp
  std::vector<Payload> payloads;  ///< what may be sent and received under the other side's numbers; the first is what we send now
  std::vector<sdp::Fingerprint> fingerprints;
};

/// One webrtcbin: one offer and one answer, then sound. Renegotiation does not touch it (it stays sendrecv); what it cannot carry on
/// gets a new Peer. Lives in somebody's pipeline. Engine's thread only.
class Peer {
 public:
  /// Adds itself to `pipeline`, which plays. Errc::MediaFailed when a plugin is missing.
  static Result<std::unique_ptr<Peer>> create(Engine& engine, GstBin* pipeline, bool loopback_only, PeerObserver& observer);

  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  /// Makes an offer of these codecs and starts to gather candidates.
  Result<void> offer(const std::vector<Payload>& codecs);
  /// Takes the other side's offer. Then link the send chain to sink_pad(), then answer().
  Result<void> take_offer(const Remote& remote);
  /// Makes the answer and starts to gather.
  Result<void> answer();
  /// Takes the answer to our offer. Then link the send chain to sink_pad().
  Result<void> take_answer(const Remote& remote);

  /// Where our RTP goes in. Borrowed.
  GstPad* sink_pad() const { return sink_pad_.get(); }
  bool has_gathered() const;
  /// The other side is who its description says. Before, no sound goes out or is heard.
  bool is_verified() const { return verified_; }
  /// With the candidates found so far.
  std::string local_description() const;
  /// Blocks for the milliseconds that webrtcbin takes.
  Numbers numbers() const;

 private:
  struct Link;  // what GStreamer's threads hold of us

  Peer(Engine& engine, GstBin* pipeline, ElementPtr webrtc, PeerObserver& observer);
  void connect_signals();
  void prepare_ice(bool loopback_only);
  Result<void> prefer(const std::vector<Payload>& codecs);
  void expect(std::vector<Payload> received);
  Result<void> describe(const char* what);
  Result<void> set_remote(const Remote& remote, bool is_offer);
  std::string remote_certificate() const;
  void on_connected();

  static void on_pad_added(GstElement* webrtc, GstPad* pad, gpointer link);
  static GstPadProbeReturn on_pad_event(GstPad* pad, GstPadProbeInfo* info, gpointer link);
  static void block_and_tell(GstPad* pad, gpointer link);
  static void on_gathering(GObject* webrtc, GParamSpec* spec, gpointer link);
  static void on_connection(GObject* webrtc, GParamSpec* spec, gpointer link);

  GstBin* pipeline_;  // borrowed
  ElementPtr webrtc_;
  PeerObserver& observer_;
  std::shared_ptr<Link> link_;
  PadPtr sink_pad_;
  std::vector<sdp::Fingerprint> fingerprints_;
  bool verified_ = false;
};

}  // namespace parley::media::gst
