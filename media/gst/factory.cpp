// SPDX-License-Identifier: MIT
#include <parley/media/gst/factory.hpp>

#include <parley/media/gst/chains.hpp>
#include <parley/media/gst/engine.hpp>
#include <parley/media/gst/session.hpp>
#include <parley/media/sdp/offer_answer.hpp>

#include <utility>

namespace parley::media {
namespace {

Error bad_value(const char* reason) { return {Errc::BadValue, 0, Error::no_offset, reason, {}}; }

Result<void> check(const Options& options) {
  if (options.video) return Error{Errc::NotSupported, 0, Error::no_offset, "video is not built yet", {}};
  if (!options.audio) return bad_value("a session without sound and picture");
  if (options.audio_sink.kind == AudioEndpoint::Kind::Tone) return bad_value("a tone is no audio sink");
  return {};
}

class GstFactory final : public Factory {
 public:
  void warm_up() override { engine().warm_up(); }

  Result<std::unique_ptr<Session>> create(const Options& options, Executor& executor, SessionObserver& observer) override {
    if (auto checked = check(options); !checked) return checked.error();
    if (auto ready = engine().wait_ready(); !ready) return ready.error();
    Options usable = options;
    std::erase_if(usable.codecs, [](Codec codec) { return !gst::is_available(codec); });
    if (usable.codecs.empty()) return bad_value("none of the codecs is installed");
    return std::unique_ptr<Session>(std::make_unique<gst::GstSession>(engine_, usable, executor, observer));
  }

  /// By the text alone: which codecs are installed is asked when there is a session, because GStreamer may still be starting.
  Result<void> check_offer(const Options& options, std::string_view offer) const override {
    return sdp::check_offer(offer, sdp::Policy{options.audio, options.codecs});
  }

 private:
  gst::Engine& engine() {
    if (engine_ == nullptr) engine_ = gst::Engine::shared();
    return *engine_;
  }

  std::shared_ptr<gst::Engine> engine_;
};

}  // namespace

std::unique_ptr<Factory> make_gst_factory() { return std::make_unique<GstFactory>(); }

}  // namespace parley::media
