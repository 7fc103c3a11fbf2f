// SPDX-License-Identifier: MIT
#include <parley/simpleuser/wiring.hpp>

#include <parley/media/null/null_factory.hpp>
#include <parley/transport/loop.hpp>
#include <parley/transport/network.hpp>
#include <parley/transport/openssl_crypto.hpp>

#if PARLEY_HAVE_GST
#include <parley/media/gst/factory.hpp>
#endif

#include <array>
#include <cstdint>
#include <mutex>
#include <utility>

namespace parley {
namespace {

std::uint64_t random_number() {
  std::array<std::uint8_t, 8> octets{};
  transport::OpensslCrypto{}.random(octets);
  std::uint64_t number = 0;
  for (const std::uint8_t octet : octets) number = (number << 8) | octet;
  return number;
}

std::unique_ptr<media::Factory> make_default_media() {
#if PARLEY_HAVE_GST
  return media::make_gst_factory();
#else
  return std::make_unique<media::NullFactory>(&random_number);
#endif
}

class LoopRuntime final : public Runtime {
 public:
  explicit LoopRuntime(std::unique_ptr<transport::Loop> loop)
      : loop_(std::move(loop)), network_(*loop_), media_(make_default_media()), callbacks_(std::make_shared<CallbackLoop>(*loop_)) {}
  LoopRuntime(const LoopRuntime&) = delete;
  LoopRuntime& operator=(const LoopRuntime&) = delete;

  ~LoopRuntime() override {
    callbacks_->cut();
    // A factory belongs to the loop thread; the loop runs what was posted before its end.
    if (!loop_->is_loop_thread()) loop_->post([media = std::move(media_)] {});
  }

  Executor& executor() override { return *loop_; }
  sip::Transport& transport() override { return network_; }
  sip::Crypto& crypto() override { return crypto_; }
  media::Factory& media() override { return *media_; }
  const std::shared_ptr<CallbackLoop>& callbacks() override { return callbacks_; }

  void warm_up() {
    loop_->post([media = media_.get()] { media->warm_up(); });  // the factory goes only by a later task, or after the loop
  }

 private:
  std::unique_ptr<transport::Loop> loop_;  // the last to go
  transport::Network network_;
  transport::OpensslCrypto crypto_;
  std::unique_ptr<media::Factory> media_;
  std::shared_ptr<CallbackLoop> callbacks_;
};

}  // namespace

Result<std::shared_ptr<Runtime>> make_runtime(RuntimeOptions options) {
  transport::LoopOptions loop_options;
  if (options.log) {
    loop_options.log = [log = std::move(options.log)](transport::LogLevel, std::string_view line) { log(line); };
  }
  auto loop = transport::Loop::start(std::move(loop_options));
  if (!loop) return std::move(loop).error();
  auto runtime = std::make_shared<LoopRuntime>(std::move(*loop));
  if (options.warm_up_media) runtime->warm_up();
  return std::shared_ptr<Runtime>(std::move(runtime));
}

Result<std::shared_ptr<Runtime>> common_runtime() {
  static std::mutex mutex;
  static std::weak_ptr<Runtime> common;
  const std::lock_guard lock(mutex);
  if (auto runtime = common.lock()) return runtime;
  auto made = make_runtime();
  if (made) common = *made;
  return made;
}

bool has_webrtc_media() noexcept { return PARLEY_HAVE_GST != 0; }

Result<std::shared_ptr<media::Factory>> make_webrtc_media() {
#if PARLEY_HAVE_GST
  return std::shared_ptr<media::Factory>(media::make_gst_factory());
#else
  return Error{.code = Errc::NotSupported, .reason = "parley was built without GStreamer"};
#endif
}

std::shared_ptr<media::Factory> make_null_media() { return std::make_shared<media::NullFactory>(&random_number); }

}  // namespace parley
