// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/embedded_switch.hpp>

#include <future>

namespace parley::program {

/// Runs `work` on the loop and waits for its end.
template <class F>
void EmbeddedSwitch::on_loop(F work) {
  std::promise<void> done;
  auto finished = done.get_future();
  const bool posted = runtime_->executor().post([&work, done = std::move(done)]() mutable {
    work();
    done.set_value();
  });
  if (posted) finished.wait();
}

EmbeddedSwitch::EmbeddedSwitch(std::shared_ptr<Runtime> runtime, SwitchOptions options) : runtime_(std::move(runtime)) {
  on_loop([&] { switch_ = std::make_unique<Switch>(std::move(options), runtime_->executor(), runtime_->transport(), runtime_->crypto()); });
}

EmbeddedSwitch::~EmbeddedSwitch() {
  on_loop([this] { switch_.reset(); });
}

Result<std::string> EmbeddedSwitch::listen(sip::ListenOptions options) {
  Result<std::string> uri = Errc::NotConnected;
  on_loop([&] { uri = switch_->listen(options); });
  return uri;
}

}  // namespace parley::program
