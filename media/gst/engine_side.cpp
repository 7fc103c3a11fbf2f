// SPDX-License-Identifier: MIT
#include <parley/media/gst/engine_side.hpp>

#include <utility>

namespace parley::media::gst {

using Box = Mailbox<EngineSideObserver>;

EngineSide::EngineSide(Engine& engine, const Options& options, std::shared_ptr<Meters> meters, Outbox outbox)
    : engine_(engine), options_(options), meters_(std::move(meters)), outbox_(std::move(outbox)) {}

/// Made when it is first needed, so that a session that never gets so far opens no device.
Result<SoundPath*> EngineSide::path() {
  if (closed_) return Errc::Cancelled;
  if (path_ == nullptr) {
    auto opened = SoundPath::open(engine_, options_, meters_, *this);
    if (!opened) return opened.error();
    path_ = std::move(*opened);
    path_->set_gates(gates_);
    path_->set_muted(muted_);
  }
  return path_.get();
}

void EngineSide::make_offer(const std::vector<Payload>& codecs) {
  const auto ready = path();
  describe(ready ? (*ready)->offer(codecs) : ready.error());
}

void EngineSide::make_answer(const Remote& remote) {
  const auto ready = path();
  describe(ready ? (*ready)->answer(remote) : ready.error());
}

void EngineSide::take_answer(const Remote& remote) {
  Result<void> taken = path_ != nullptr ? path_->take_answer(remote) : Errc::WrongState;
  Box::post(outbox_, [taken = std::move(taken)](EngineSideObserver& session) { session.on_answer_taken(taken); });
}

void EngineSide::switch_codec(Payload payload) {
  if (path_ == nullptr) return;
  if (auto switched = path_->switch_codec(payload); !switched) on_path_failed(switched.error());
}

void EngineSide::describe(const Result<void>& begun) {
  if (!begun) {
    Box::post(outbox_, [error = begun.error()](EngineSideObserver& session) { session.on_described(error); });
    return;
  }
  gathering_ = true;
  if (path_->has_gathered()) return finish_description();
  Box::post(outbox_, [](EngineSideObserver& session) { session.on_gathering(); });
}

void EngineSide::finish_description() {
  if (!std::exchange(gathering_, false)) return;
  Box::post(outbox_, [text = path_->local_description()](EngineSideObserver& session) { session.on_described(text); });
}

void EngineSide::stop_gathering() {
  if (path_ != nullptr) finish_description();
}

void EngineSide::drop_offer() {
  gathering_ = false;
  if (path_ != nullptr) path_->drop_peer();
}

void EngineSide::set_gates(Gates gates) {
  gates_ = gates;
  if (path_ != nullptr) path_->set_gates(gates);
}

void EngineSide::set_muted(bool muted) {
  muted_ = muted;
  if (path_ != nullptr) path_->set_muted(muted);
}

void EngineSide::count(std::uint64_t request) {
  const Numbers numbers = path_ != nullptr ? path_->numbers() : Numbers{};
  Box::post(outbox_, [numbers, request](EngineSideObserver& session) { session.on_counted(numbers, request); });
}

void EngineSide::close() {
  closed_ = true;
  gathering_ = false;
  path_.reset();
}

void EngineSide::on_path_state(State state) {
  Box::post(outbox_, [state](EngineSideObserver& session) { session.on_path_state(state); });
}

void EngineSide::on_path_failed(Error why) {
  Box::post(outbox_, [why = std::move(why)](EngineSideObserver& session) { session.on_failed(why); });
}

void EngineSide::on_first_sound() {
  Box::post(outbox_, [](EngineSideObserver& session) { session.on_first_sound(); });
}

}  // namespace parley::media::gst
