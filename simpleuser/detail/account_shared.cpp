// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/account_shared.hpp>

#include <parley/simpleuser/detail/account_core.hpp>
#include <parley/simpleuser/detail/call_shared.hpp>
#include <parley/simpleuser/detail/masking.hpp>

#include <future>

namespace parley::detail {

AccountShared::AccountShared(Settings settings, const Ports& ports)
    : settings_(std::move(settings)),
      ports_(ports),
      own_loop_(ports.callbacks ? nullptr : std::make_shared<CallbackLoop>(ports.executor)),
      complaints_(std::make_shared<const Complaints>([this](std::string_view text) { log(LogLevel::Error, std::string(text)); })),
      context_{.loop = own_loop_ ? own_loop_ : ports.callbacks, .complaints = complaints_},
      delegate_(std::make_shared<const AccountDelegate>()) {}

AccountShared::~AccountShared() = default;

void AccountShared::post(const std::shared_ptr<AccountShared>& self, Task task) {
  {
    const std::lock_guard lock(self->mutex_);
    if (self->closed_) return;
    self->tasks_.push_back(std::move(task));
    if (std::exchange(self->scheduled_, true)) return;
  }
  self->schedule();
}

void AccountShared::schedule() {
  ports_.executor.post([self = self_] {
    if (const auto alive = self.lock()) alive->turn();
  });
}

void AccountShared::notify(UniqueFunction<void()> callback) {
  callbacks_.push_back(std::move(callback));
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || std::exchange(scheduled_, true)) return;
  }
  schedule();
}

void AccountShared::turn() {
  {
    const std::lock_guard lock(mutex_);
    scheduled_ = false;
    if (closed_) return;
  }
  if (!core_) core_ = std::make_unique<AccountCore>(*this, settings_, ports_);
  core_->take_ended_calls().clear();  // nothing of theirs is on the stack here
  while (auto task = take_task()) (*task)(*core_);
  run_callbacks();
}

std::optional<AccountShared::Task> AccountShared::take_task() {
  const std::lock_guard lock(mutex_);
  if (closed_ || tasks_.empty()) return std::nullopt;
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  return task;
}

void AccountShared::run_callbacks() {
  // A callback may close us: then the queue is empty, and nothing of ours but this object itself is left.
  while (!callbacks_.empty()) {
    const UniqueFunction<void()> callback = std::move(callbacks_.front());
    callbacks_.pop_front();
    run_guarded(context_, callback);
  }
}

void AccountShared::close(const std::shared_ptr<AccountShared>& self) {
  if (self->ports_.executor.is_loop_thread()) return self->close_here();
  std::promise<void> closed;
  const std::future<void> done = closed.get_future();
  // Where the loop ends before it comes to this task, the promise breaks, which is as good.
  if (self->ports_.executor.post([self, closed = std::move(closed)]() mutable {
        self->close_here();
        closed.set_value();
      })) {
    done.wait();
  }
  self->close_here();
}

void AccountShared::close_here() {
  std::deque<Task> tasks;
  std::shared_ptr<CallShared> current;
  auto delegate = std::make_shared<const AccountDelegate>();
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    tasks.swap(tasks_);
    state_ = {};
    current_.swap(current);
    delegate_.swap(delegate);
  }
  complaints_ = nullptr;
  // Each of these ends Asyncs or captures of callbacks, and so runs users' code: it finds us unlocked, closed and empty.
  auto core = std::move(core_);
  auto callbacks = std::move(callbacks_);
  callbacks_.clear();
  callbacks.clear();
  tasks.clear();
  core.reset();
  current.reset();
  delegate.reset();
  if (own_loop_) own_loop_->cut();
}

void AccountShared::set_delegate(AccountDelegate delegate) {
  auto fresh = std::make_shared<const AccountDelegate>(std::move(delegate));
  const std::lock_guard lock(mutex_);
  if (!closed_) delegate_.swap(fresh);
}

std::shared_ptr<const AccountDelegate> AccountShared::delegate() const {
  const std::lock_guard lock(mutex_);
  return delegate_;
}

AccountState AccountShared::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::shared_ptr<CallShared> AccountShared::current_call() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void AccountShared::publish(AccountState state, std::shared_ptr<CallShared> current) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  state_ = state;
  current_.swap(current);
}

void AccountShared::log(LogLevel level, std::string text) {
  if (!settings_.log) return;
  notify([log = settings_.log, level, text = std::move(text)] {
    try {
      log(level, text);
    } catch (...) {  // where should one complain of the place for complaints?
    }
  });
}

void AccountShared::trace(Traffic direction, std::string_view bytes) {
  if (!settings_.trace) return;
  notify([trace = settings_.trace, direction, time = ports_.executor.now(), text = mask_secrets(bytes)] {
    trace(TraceRecord{.direction = direction, .time = time, .text = text});
  });
}

}  // namespace parley::detail
