// SPDX-License-Identifier: MIT
#include <parley/media/gst/sound_path.hpp>

#include <parley/media/gst/chains.hpp>
#include <parley/media/gst/endpoints.hpp>
#include <parley/media/gst/engine.hpp>
#include <parley/media/gst/handed.hpp>
#include <parley/media/gst/tap.hpp>

#include <utility>

namespace parley::media::gst {
namespace {

Error media_failed(const char* reason, std::string detail = {}) {
  return {Errc::MediaFailed, 0, Error::no_offset, reason, std::move(detail)};
}

/// The other side's text was good by itself and webrtcbin does not want it.
Error rejected(const Error& why) { return {Errc::MediaRejected, 488, Error::no_offset, why.reason, why.detail}; }

ElementPtr part(const ElementPtr& bin, const char* name) { return ElementPtr(gst_bin_get_by_name(GST_BIN(bin.get()), name)); }

template <class Value>
void set_part(const ElementPtr& bin, const char* name, const char* property, Value value) {
  if (bin == nullptr) return;
  if (const ElementPtr found = part(bin, name)) g_object_set(found.get(), property, value, nullptr);
}

void add_to(const ElementPtr& pipeline, const ElementPtr& element) { gst_bin_add(GST_BIN(pipeline.get()), element.get()); }

/// Out of the pipeline; links go with the pads.
void remove_from(const ElementPtr& pipeline, ElementPtr& element) {
  if (element == nullptr) return;
  gst_element_set_locked_state(element.get(), TRUE);
  gst_element_set_state(element.get(), GST_STATE_NULL);
  gst_bin_remove(GST_BIN(pipeline.get()), element.get());
  element.reset();
}

bool link_pads(GstPad* from, GstPad* to) { return from != nullptr && to != nullptr && gst_pad_link(from, to) == GST_PAD_LINK_OK; }

PadPtr pad_of(const ElementPtr& element, const char* name) { return PadPtr(gst_element_get_static_pad(element.get(), name)); }

void unlink(const ElementPtr& element, const char* name) {
  const PadPtr pad = pad_of(element, name);
  const PadPtr peer(pad != nullptr ? gst_pad_get_peer(pad.get()) : nullptr);
  if (peer == nullptr) return;
  if (GST_PAD_DIRECTION(pad.get()) == GST_PAD_SRC) {
    gst_pad_unlink(pad.get(), peer.get());
  } else {
    gst_pad_unlink(peer.get(), pad.get());
  }
}

/// Lets a state that was held back (READY: the device is open, nothing flows) follow the pipeline's.
bool let_run(const ElementPtr& element) {
  gst_element_set_locked_state(element.get(), FALSE);
  return gst_element_sync_state_with_parent(element.get()) != FALSE;
}

/// A file plays in a loop: each round is a segment, and the next one is asked for when it is done. Before the source runs, wavparse
/// keeps the wish.
void rewind(const ElementPtr& source) {
  if (const ElementPtr parser = part(source, "loop")) {
    gst_element_seek(parser.get(), 1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_SEGMENT, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, -1);
  }
}

Error failure_of(GstMessage* message) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  gst_message_parse_error(message, &error, &debug);
  const ErrorPtr owned_error(error);
  const TextPtr owned_debug(debug);
  std::string words = GST_MESSAGE_SRC_NAME(message) != nullptr ? std::string(GST_MESSAGE_SRC_NAME(message)) + ": " : std::string();
  words += error != nullptr ? error->message : "unknown reason";
  return media_failed("media pipeline failed", std::move(words));
}

}  // namespace

/// As Peer::Link: what other threads hold of us.
struct SoundPath::Link {
  Engine& engine;
  SoundPath* path;

  using Handle = Handed<std::shared_ptr<Link>>;

  template <class F>
  static void post(std::shared_ptr<Link> link, F&& action) {
    auto& engine = link->engine;
    engine.post([link = std::move(link), action = std::forward<F>(action)]() mutable {
      if (link->path != nullptr) action(*link->path);
    });
  }

  /// On whichever thread posts the message. All of them end here: nobody reads the bus.
  static GstBusSyncReply on_message(GstBus* /*bus*/, GstMessage* message, gpointer pointer) {
    const auto& link = Handle::from(pointer);
    switch (GST_MESSAGE_TYPE(message)) {
      case GST_MESSAGE_ERROR: post(link, [error = failure_of(message)](SoundPath& self) { self.observer_.on_path_failed(error); }); break;
      case GST_MESSAGE_LATENCY: post(link, [](SoundPath& self) { gst_bin_recalculate_latency(GST_BIN(self.pipeline_.get())); }); break;
      case GST_MESSAGE_SEGMENT_DONE: post(link, [](SoundPath& self) { rewind(self.source_); }); break;
      default: break;
    }
    gst_message_unref(message);
    return GST_BUS_DROP;
  }
};

Result<std::unique_ptr<SoundPath>> SoundPath::open(Engine& engine, const Options& options, std::shared_ptr<Meters> meters,
                                                   SoundPathObserver& observer) {
  std::unique_ptr<SoundPath> path(new SoundPath(engine, options, std::move(meters), observer));
  if (auto opened = path->open_endpoints(); !opened) return opened.error();
  if (auto started = path->start(); !started) return started.error();
  return path;
}

SoundPath::SoundPath(Engine& engine, const Options& options, std::shared_ptr<Meters> meters, SoundPathObserver& observer)
    : engine_(engine),
      options_(options),
      meters_(std::move(meters)),
      observer_(observer),
      link_(std::make_shared<Link>(Link{engine, this})),
      pipeline_(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr)))) {}

SoundPath::~SoundPath() {
  link_->path = nullptr;
  peer_.reset();
  finish_files();
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  for (ElementPtr* endpoint : {&source_, &sink_}) remove_from(pipeline_, *endpoint);  // their state was locked
  const BusPtr bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
}

Result<void> SoundPath::open_endpoints() {
  auto source = open_source(options_.audio_source);
  if (!source) return source.error();
  source_ = std::move(*source);
  auto sink = open_sink(options_.audio_sink);
  if (!sink) {
    gst_element_set_state(source_.get(), GST_STATE_NULL);
    return sink.error();
  }
  sink_ = std::move(*sink);
  return {};
}

/// The system's clock for all: a sound card that comes and goes does not change the time.
Result<void> SoundPath::start() {
  for (const ElementPtr* endpoint : {&source_, &sink_}) {
    gst_element_set_locked_state(endpoint->get(), TRUE);
    add_to(pipeline_, *endpoint);
  }
  const BusPtr bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), &Link::on_message, new Link::Handle(link_), &Link::Handle::release);
  GstClock* clock = gst_system_clock_obtain();
  gst_pipeline_use_clock(GST_PIPELINE(pipeline_.get()), clock);
  gst_object_unref(clock);
  const bool runs = gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
  return runs ? Result<void>() : media_failed("pipeline does not start");
}

Result<std::unique_ptr<Peer>> SoundPath::make_peer() {
  return Peer::create(engine_, GST_BIN(pipeline_.get()), options_.loopback_only, *this);
}

Result<void> SoundPath::offer(const std::vector<Payload>& codecs) {
  auto peer = make_peer();
  if (!peer) return peer.error();
  peer_ = std::move(*peer);
  return peer_->offer(codecs);
}

Result<void> SoundPath::take_answer(const Remote& remote) {
  if (peer_ == nullptr) return Errc::WrongState;
  if (auto taken = peer_->take_answer(remote); !taken) return taken;
  return attach_source(remote.payloads.front());
}

Result<void> SoundPath::answer(const Remote& remote) {
  auto next = make_peer();
  if (!next) return next.error();
  if (auto taken = (*next)->take_offer(remote); !taken) return rejected(taken.error());
  drop_peer();
  peer_ = std::move(*next);
  if (auto attached = attach_source(remote.payloads.front()); !attached) return attached;
  return peer_->answer();
}

Result<void> SoundPath::switch_codec(Payload payload) {
  if (peer_ == nullptr) return Errc::WrongState;
  detach_source();
  return attach_source(payload);
}

/// Downstream first: a source may stand blocked in the Peer's pad.
void SoundPath::drop_peer() {
  peer_.reset();
  detach_source();
  detach_sink();
}

Result<void> SoundPath::attach_source(Payload payload) {
  auto chain = make_send_chain(payload.codec, payload.type);
  if (!chain) return chain.error();
  send_chain_ = std::move(*chain);
  add_to(pipeline_, send_chain_);
  apply();
  if (!link_pads(pad_of(source_, "src").get(), pad_of(send_chain_, "sink").get()) ||
      !link_pads(pad_of(send_chain_, "src").get(), peer_->sink_pad())) {
    return media_failed("audio source does not fit");
  }
  if (const ElementPtr tapped = part(send_chain_, "mute")) {
    feed_from(pad_of(tapped, "src").get(), std::shared_ptr<Meter>(meters_, &meters_->sent), {});
  }
  rewind(source_);
  const bool runs = gst_element_sync_state_with_parent(send_chain_.get()) != FALSE && let_run(source_);
  return runs ? Result<void>() : media_failed("audio source does not start");
}

/// The source stops while its chain is closed and still linked: a source that finds nobody behind its pad fails the pipeline.
void SoundPath::detach_source() {
  if (send_chain_ == nullptr) return;
  gst_element_set_locked_state(send_chain_.get(), TRUE);
  gst_element_set_state(send_chain_.get(), GST_STATE_NULL);
  gst_element_set_locked_state(source_.get(), TRUE);
  gst_element_set_state(source_.get(), GST_STATE_READY);
  remove_from(pipeline_, send_chain_);
}

Result<void> SoundPath::attach_sink(GstPad* from) {
  const CapsPtr caps(gst_pad_get_current_caps(from));
  const auto codec = codec_of(caps.get());
  if (!codec) return Errc::NotSupported;
  auto chain = make_receive_chain(*codec);
  if (!chain) return chain.error();
  detach_sink();
  receive_chain_ = std::move(*chain);
  add_to(pipeline_, receive_chain_);
  apply();
  const ElementPtr tapped = part(receive_chain_, "heard");
  feed_from(pad_of(tapped, "src").get(), std::shared_ptr<Meter>(meters_, &meters_->heard),
            [link = link_] { Link::post(link, [](SoundPath& path) { path.observer_.on_first_sound(); }); });
  if (!link_pads(pad_of(receive_chain_, "src").get(), pad_of(sink_, "sink").get())) return media_failed("audio sink does not fit");
  const bool runs = let_run(sink_) && gst_element_sync_state_with_parent(receive_chain_.get()) != FALSE;
  if (!runs) return media_failed("audio sink does not start");
  if (!link_pads(from, pad_of(receive_chain_, "sink").get())) return media_failed("received sound does not fit");
  return {};
}

void SoundPath::detach_sink() {
  if (receive_chain_ == nullptr) return;
  remove_from(pipeline_, receive_chain_);
}

/// What is not sound of a codec of ours (a second stream, events) is read and forgotten.
void SoundPath::on_peer_pad(PadPtr pad, unsigned long block) {
  const auto attached = attach_sink(pad.get());
  if (!attached && attached.error().code == Errc::NotSupported) {
    ElementPtr drain(GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make("fakesink", nullptr))));
    g_object_set(drain.get(), "sync", FALSE, "async", FALSE, nullptr);
    add_to(pipeline_, drain);
    link_pads(pad.get(), pad_of(drain, "sink").get());
    gst_element_sync_state_with_parent(drain.get());
  } else if (!attached) {
    observer_.on_path_failed(attached.error());
  }
  gst_pad_remove_probe(pad.get(), block);
}

void SoundPath::set_gates(Gates gates) {
  gates_ = gates;
  apply();
}

void SoundPath::set_muted(bool muted) {
  muted_ = muted;
  apply();
}

void SoundPath::apply() {
  const bool verified = peer_ != nullptr && peer_->is_verified();
  set_part(send_chain_, "mute", "mute", static_cast<gboolean>(muted_ || gates_.is_silent));
  set_part(send_chain_, "gate", "drop", static_cast<gboolean>(!gates_.sends));
  set_part(send_chain_, "trust", "drop", static_cast<gboolean>(!verified));
  set_part(receive_chain_, "gate", "mute", static_cast<gboolean>(!(gates_.receives && verified)));
}

/// Nothing goes to, and nothing comes from, somebody who is not the peer.
void SoundPath::on_peer_failed(const Error& why) {
  apply();
  observer_.on_path_failed(why);
}

void SoundPath::on_peer_state(State state) {
  apply();
  observer_.on_path_state(state);
}

/// A WAV file's header holds its length: it is written when the end of the stream comes by, in this very call.
void SoundPath::finish_files() {
  if (options_.audio_sink.kind != AudioEndpoint::Kind::File && options_.audio_sink.kind != AudioEndpoint::Kind::Gst) return;
  if (receive_chain_ == nullptr) return;
  unlink(receive_chain_, "src");
  gst_pad_send_event(pad_of(sink_, "sink").get(), gst_event_new_eos());
}

}  // namespace parley::media::gst
