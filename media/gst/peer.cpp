// SPDX-License-Identifier: MIT
#include <parley/media/gst/peer.hpp>

#include <parley/media/gst/certificate.hpp>
#include <parley/media/gst/chains.hpp>
#include <parley/media/gst/engine.hpp>
#include <parley/media/gst/handed.hpp>

#define GST_USE_UNSTABLE_API
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>

#include <string>
#include <utility>

namespace parley::media::gst {
namespace {

/// Jitter buffer. webrtcbin's 200 ms are for the open internet; each of them is heard as delay, and before the first sound.
constexpr unsigned jitter_latency_ms = 40;

/// Between two ICE checks; libnice's 20 ms are felt in the set-up, less than 5 is forbidden (RFC 8445 s.14.2).
constexpr unsigned pacing_ms = 5;

struct FreeDescription {
  void operator()(GstWebRTCSessionDescription* description) const noexcept { gst_webrtc_session_description_free(description); }
};
using DescriptionPtr = std::unique_ptr<GstWebRTCSessionDescription, FreeDescription>;

Error media_failed(const char* reason, std::string detail = {}) {
  return {Errc::MediaFailed, 0, Error::no_offset, reason, std::move(detail)};
}

/// A reply without an "error" field is a success. After a stop the field may be there and its GError missing.
Result<void> check_reply(const GstStructure* reply, const char* reason) {
  if (reply == nullptr || gst_structure_has_field(reply, "error") == FALSE) return {};
  GError* error = nullptr;
  gst_structure_get(reply, "error", G_TYPE_ERROR, &error, nullptr);
  const ErrorPtr owned(error);
  return media_failed(reason, error != nullptr ? error->message : "stopped");
}

/// Calls one of webrtcbin's promise signals and waits for the reply: some milliseconds, on the engine's thread only.
template <class... Args>
PromisePtr ask(GstElement* webrtc, const char* signal, Args... args) {
  PromisePtr promise(gst_promise_new());
  g_signal_emit_by_name(webrtc, signal, args..., promise.get());
  gst_promise_wait(promise.get());
  return promise;
}

Result<void> ask_done(GstElement* webrtc, const char* signal, GstWebRTCSessionDescription* description) {
  const auto promise = ask(webrtc, signal, description);
  return check_reply(gst_promise_get_reply(promise.get()), "session description refused");
}

DescriptionPtr property(GstElement* webrtc, const char* name) {
  GstWebRTCSessionDescription* description = nullptr;
  g_object_get(webrtc, name, &description, nullptr);
  return DescriptionPtr(description);
}

}  // namespace

/// Copied into every signal handler: lets GStreamer's threads post to the engine without touching the Peer, which may be gone by the
/// time the task runs. `peer` is read and written on the engine's thread only.
struct Peer::Link {
  Engine& engine;
  Peer* peer;

  using Handle = Handed<std::shared_ptr<Link>>;

  template <class F>
  static void post(gpointer pointer, F&& action) {
    auto link = Handle::from(pointer);
    auto& engine = link->engine;
    engine.post([link = std::move(link), action = std::forward<F>(action)]() mutable {
      if (link->peer != nullptr) action(*link->peer);
    });
  }
};

Result<std::unique_ptr<Peer>> Peer::create(Engine& engine, GstBin* pipeline, bool loopback_only, PeerObserver& observer) {
  GstElement* element = gst_element_factory_make("webrtcbin", nullptr);
  if (element == nullptr) return media_failed("GStreamer plugin missing", "webrtcbin");
  ElementPtr webrtc(GST_ELEMENT(gst_object_ref_sink(element)));
  gst_util_set_object_arg(G_OBJECT(element), "bundle-policy", "max-bundle");
  g_object_set(element, "latency", jitter_latency_ms, nullptr);
  std::unique_ptr<Peer> peer(new Peer(engine, pipeline, std::move(webrtc), observer));
  peer->prepare_ice(loopback_only);
  peer->connect_signals();
  gst_bin_add(pipeline, element);
  if (gst_element_sync_state_with_parent(element) == FALSE) return media_failed("webrtcbin does not start");
  return peer;
}

Peer::Peer(Engine& engine, GstBin* pipeline, ElementPtr webrtc, PeerObserver& observer)
    : pipeline_(pipeline), webrtc_(std::move(webrtc)), observer_(observer), link_(std::make_shared<Link>(Link{engine, this})) {}

Peer::~Peer() {
  link_->peer = nullptr;
  for (const GCallback handler : {G_CALLBACK(&on_pad_added), G_CALLBACK(&on_gathering), G_CALLBACK(&on_connection)}) {
    g_signal_handlers_disconnect_matched(webrtc_.get(), G_SIGNAL_MATCH_FUNC, 0, 0, nullptr, reinterpret_cast<gpointer>(handler), nullptr);
  }
  gst_element_set_locked_state(webrtc_.get(), TRUE);
  gst_element_set_state(webrtc_.get(), GST_STATE_NULL);
  if (sink_pad_ != nullptr) gst_element_release_request_pad(webrtc_.get(), sink_pad_.get());
  gst_bin_remove(pipeline_, webrtc_.get());
}

void Peer::connect_signals() {
  const auto connect = [this](const char* signal, GCallback handler) {
    const auto release = [](gpointer handle, GClosure*) { Link::Handle::release(handle); };
    g_signal_connect_data(webrtc_.get(), signal, handler, new Link::Handle(link_), release, GConnectFlags{});
  };
  connect("pad-added", G_CALLBACK(&Peer::on_pad_added));
  connect("notify::ice-gathering-state", G_CALLBACK(&Peer::on_gathering));
  connect("notify::connection-state", G_CALLBACK(&Peer::on_connection));
}

/// Without UPnP (200 ms of waiting for a router that rarely answers) and without TCP candidates.
void Peer::prepare_ice(bool loopback_only) {
  GObject* ice = nullptr;
  g_object_get(webrtc_.get(), "ice-agent", &ice, nullptr);
  if (ice == nullptr) return;
  const ObjectPtr owned_ice(ice);
  GObject* agent = nullptr;
  g_object_get(ice, "agent", &agent, nullptr);
  if (agent != nullptr) {
    const ObjectPtr owned_agent(agent);
    g_object_set(agent, "upnp", FALSE, "ice-tcp", FALSE, "stun-pacing-timer", pacing_ms, nullptr);
  }
  gboolean added = FALSE;
  if (loopback_only) g_signal_emit_by_name(ice, "add-local-ip-address", "127.0.0.1", &added);
}

/// The pad and its transceiver stand before the description is made; codec-preferences puts all codecs in it, although the chain that
/// will feed the pad is built only when one is chosen.
Result<void> Peer::prefer(const std::vector<Payload>& codecs) {
  sink_pad_.reset(gst_element_request_pad_simple(webrtc_.get(), "sink_0"));
  if (sink_pad_ == nullptr) return media_failed("webrtcbin gives no pad");
  CapsPtr caps(gst_caps_new_empty());
  for (const auto& payload : codecs) gst_caps_append(caps.get(), rtp_caps(payload.codec, payload.type).release());
  GObject* transceiver = nullptr;
  g_object_get(sink_pad_.get(), "transceiver", &transceiver, nullptr);
  if (transceiver == nullptr) return media_failed("webrtcbin gives no transceiver");
  const ObjectPtr owned(transceiver);
  g_object_set(transceiver, "codec-preferences", caps.get(), nullptr);
  return {};
}

/// webrtcbin knows only the numbers of the codec that was chosen; packets of another, to which the peer may change at any time
/// (RFC 3264 s.8.3.2), would be thrown away. rtpbin takes the answer of whoever is asked last.
void Peer::expect(std::vector<Payload> received) {
  const ElementPtr rtpbin(gst_bin_get_by_name(GST_BIN(webrtc_.get()), "rtpbin"));
  if (rtpbin == nullptr) return;
  using Payloads = Handed<std::vector<Payload>>;
  const auto answer = [](GstElement*, guint /*session*/, guint type, gpointer payloads) -> GstCaps* {
    for (const auto& payload : Payloads::from(payloads)) {
      if (payload.type == type) return rtp_caps(payload.codec, payload.type).release();
    }
    return nullptr;
  };
  using Handler = GstCaps* (*)(GstElement*, guint, guint, gpointer);
  g_signal_connect_data(
      rtpbin.get(), "request-pt-map", G_CALLBACK(static_cast<Handler>(answer)), new Payloads(std::move(received)),
      [](gpointer payloads, GClosure*) { Payloads::release(payloads); }, GConnectFlags{});
}

/// @param what "create-offer" or "create-answer"
Result<void> Peer::describe(const char* what) {
  const bool is_offer = std::string_view(what) == "create-offer";
  const auto promise = ask(webrtc_.get(), what, static_cast<GstStructure*>(nullptr));
  const GstStructure* reply = gst_promise_get_reply(promise.get());
  if (auto checked = check_reply(reply, "session description not made"); !checked) return checked;
  GstWebRTCSessionDescription* made = nullptr;
  if (reply != nullptr) {
    gst_structure_get(reply, is_offer ? "offer" : "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &made, nullptr);
  }
  if (made == nullptr) return media_failed("session description not made");
  const DescriptionPtr description(made);
  return ask_done(webrtc_.get(), "set-local-description", description.get());
}

Result<void> Peer::set_remote(const Remote& remote, bool is_offer) {
  fingerprints_ = remote.fingerprints;
  GstSDPMessage* message = nullptr;
  if (gst_sdp_message_new_from_text(remote.sdp.c_str(), &message) != GST_SDP_OK) {
    if (message != nullptr) gst_sdp_message_free(message);
    return media_failed("session description refused");
  }
  const DescriptionPtr description(
      gst_webrtc_session_description_new(is_offer ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER, message));
  return ask_done(webrtc_.get(), "set-remote-description", description.get());
}

Result<void> Peer::offer(const std::vector<Payload>& codecs) {
  expect(codecs);
  if (auto prepared = prefer(codecs); !prepared) return prepared;
  return describe("create-offer");
}

Result<void> Peer::take_offer(const Remote& remote) {
  if (auto taken = set_remote(remote, true); !taken) return taken;
  expect(remote.payloads);
  return prefer(remote.payloads);
}

Result<void> Peer::answer() { return describe("create-answer"); }

Result<void> Peer::take_answer(const Remote& remote) { return set_remote(remote, false); }

bool Peer::has_gathered() const {
  GstWebRTCICEGatheringState state{};
  g_object_get(webrtc_.get(), "ice-gathering-state", &state, nullptr);
  return state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE;
}

std::string Peer::local_description() const {
  const auto description = property(webrtc_.get(), "local-description");
  if (description == nullptr) return {};
  const TextPtr text(gst_sdp_message_as_text(description->sdp));
  return text.get();
}

Numbers Peer::numbers() const {
  const auto promise = ask(webrtc_.get(), "get-stats", static_cast<GstPad*>(nullptr));
  return read_numbers(gst_promise_get_reply(promise.get()));
}

/// What DTLS got from the other side, as PEM; empty while there is none.
std::string Peer::remote_certificate() const {
  ObjectPtr at(G_OBJECT(g_object_ref(sink_pad_.get())));
  for (const char* step : {"transceiver", "sender", "transport"}) {
    GObject* next = nullptr;
    g_object_get(at.get(), step, &next, nullptr);
    if (next == nullptr) return {};
    at.reset(next);
  }
  gchar* pem = nullptr;
  g_object_get(at.get(), "remote-certificate", &pem, nullptr);
  const TextPtr owned(pem);
  return pem != nullptr ? pem : std::string();
}

void Peer::on_connected() {
  verified_ = is_promised(remote_certificate(), fingerprints_);
  if (verified_) return observer_.on_peer_state(State::Connected);
  observer_.on_peer_failed(media_failed("the peer's certificate is not the one its description promised"));
}

/// The pad stands still until the engine's thread has built what it leads to.
void Peer::block_and_tell(GstPad* pad, gpointer link) {
  const auto block = gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, [](GstPad*, GstPadProbeInfo*, gpointer) { return GST_PAD_PROBE_OK; }, nullptr, nullptr);
  PadPtr owned(GST_PAD(gst_object_ref(pad)));
  Link::post(link, [owned = std::move(owned), block](Peer& peer) mutable { peer.observer_.on_peer_pad(std::move(owned), block); });
}

/// On a streaming thread.
void Peer::on_pad_added(GstElement* /*webrtc*/, GstPad* pad, gpointer link) {
  if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
  block_and_tell(pad, link);
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, &on_pad_event, new Link::Handle(Link::Handle::from(link)),
                    &Link::Handle::release);
}

/// On a streaming thread. webrtcbin puts another codec of the peer on the same pad, with new caps; the decoder that hangs there would
/// refuse them.
GstPadProbeReturn Peer::on_pad_event(GstPad* pad, GstPadProbeInfo* info, gpointer link) {
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  const PadPtr decoder(gst_pad_get_peer(pad));
  if (decoder == nullptr || gst_pad_query_accept_caps(decoder.get(), caps) != FALSE) return GST_PAD_PROBE_OK;
  block_and_tell(pad, link);
  return GST_PAD_PROBE_DROP;  // it is kept, and goes to the next decoder when that is linked
}

void Peer::on_gathering(GObject* /*webrtc*/, GParamSpec* /*spec*/, gpointer link) {
  Link::post(link, [](Peer& peer) {
    if (peer.has_gathered()) peer.observer_.on_peer_gathered();
  });
}

State state_of(GstWebRTCPeerConnectionState state) {
  switch (state) {
    case GST_WEBRTC_PEER_CONNECTION_STATE_NEW: return State::New;
    case GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTING: return State::Connecting;
    case GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED: return State::Connected;
    case GST_WEBRTC_PEER_CONNECTION_STATE_DISCONNECTED: return State::Disconnected;
    case GST_WEBRTC_PEER_CONNECTION_STATE_FAILED: return State::Failed;
    case GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED: return State::Closed;
  }
  return State::Failed;
}

void Peer::on_connection(GObject* webrtc, GParamSpec* /*spec*/, gpointer link) {
  GstWebRTCPeerConnectionState state{};
  g_object_get(webrtc, "connection-state", &state, nullptr);
  Link::post(link, [state = state_of(state)](Peer& peer) {
    if (state == State::Connected) return peer.on_connected();
    if (state == State::Failed) return peer.observer_.on_peer_failed(media_failed("ICE or DTLS found no way to the peer"));
    peer.observer_.on_peer_state(state);
  });
}

}  // namespace parley::media::gst
