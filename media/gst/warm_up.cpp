// SPDX-License-Identifier: MIT
#include <parley/media/gst/warm_up.hpp>

#include <parley/media/gst/chains.hpp>

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

namespace parley::media::gst {
namespace {

/// Making an element loads its plugin; the chain itself is thrown away.
void load_codecs() {
  for (const Codec codec : {Codec::Opus, Codec::G722, Codec::Pcmu, Codec::Pcma}) {
    if (!is_available(codec)) continue;
    make_send_chain(codec, 0);
    make_receive_chain(codec);
  }
}

/// The key is made when an offer needs a fingerprint; making the DTLS elements alone does not do it.
void make_key() {
  GstElement* webrtc = gst_element_factory_make("webrtcbin", nullptr);
  if (webrtc == nullptr) return;
  const ElementPtr pipeline(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
  gst_util_set_object_arg(G_OBJECT(webrtc), "bundle-policy", "max-bundle");
  gst_bin_add(GST_BIN(pipeline.get()), webrtc);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const PadPtr pad(gst_element_request_pad_simple(webrtc, "sink_0"));
  GObject* transceiver = nullptr;
  if (pad != nullptr) g_object_get(pad.get(), "transceiver", &transceiver, nullptr);
  if (transceiver != nullptr) {
    const ObjectPtr owned(transceiver);
    const CapsPtr caps = rtp_caps(Codec::Opus, 111);
    g_object_set(transceiver, "codec-preferences", caps.get(), nullptr);
    const PromisePtr promise(gst_promise_new());
    g_signal_emit_by_name(webrtc, "create-offer", nullptr, promise.get());
    gst_promise_wait(promise.get());
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  if (pad != nullptr) gst_element_release_request_pad(webrtc, pad.get());
}

}  // namespace

void warm_up() {
  load_codecs();
  make_key();
}

}  // namespace parley::media::gst
