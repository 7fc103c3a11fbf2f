// SPDX-License-Identifier: MIT
#include <parley/transport/loop_core.hpp>

#include <parley/transport/descriptor.hpp>
#include <parley/transport/vhosts.hpp>

#include <libwebsockets.h>

#include <chrono>
#include <utility>

namespace parley::transport {

namespace {

thread_local LoopCore* logging_core = nullptr;  // libwebsockets has one log function for the whole process

/// Serialises what touches the TLS library's process-wide tables: contexts come and go, several loops may live at once.
std::mutex& context_mutex() {
  static std::mutex mutex;
  return mutex;
}

void emit_log(int level, const char* line) {
  if (logging_core == nullptr) return;
  std::string_view text(line);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  run_guarded([&] { logging_core->log(level == LLL_ERR ? LogLevel::Error : LogLevel::Warning, text); });
}

std::string without_controls(std::string_view line) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : line) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x20 && octet != 0x7F) {
      out += c;
    } else {
      out += "\\x";
      out += digits[octet >> 4];
      out += digits[octet & 15];
    }
  }
  return out;
}

/// Says nothing meanwhile: the caller reports a failure in words of its own.
lws_vhost* make_vhost(lws_context* context, lws_context_creation_info& info) {
  auto* const outer = std::exchange(logging_core, nullptr);
  info.http_proxy_address = "";  // else the http_proxy of the environment would be obeyed, and no_proxy not
  lws_vhost* const vhost = lws_create_vhost(context, &info);
  logging_core = outer;
  return vhost;
}

}  // namespace

Guest::Guest(std::shared_ptr<LoopCore> core) : core_(std::move(core)) {
  if (!core_->closed_to_guests_) core_->guests_.insert(this);
}

Guest::~Guest() {
  if (!core_->shut_) core_->guests_.erase(this);
}

LoopCore::LoopCore(LoopOptions options) : options_(std::move(options)), vhosts_(std::make_unique<Vhosts>(*this)) {}

LoopCore::~LoopCore() = default;

Result<std::shared_ptr<LoopCore>> LoopCore::create(LoopOptions options) {
  auto core = std::make_shared<LoopCore>(std::move(options));
  if (!core->create_context()) return Error{.code = Errc::OutOfMemory, .reason = "no context for the loop"};
  return core;
}

bool LoopCore::create_context() {
  const std::lock_guard lock(context_mutex());
  static const bool log_is_set = [] {
    lws_set_log_level(LLL_ERR | LLL_WARN, &emit_log);
    return true;
  }();
  static_cast<void>(log_is_set);
  auto* const outer = std::exchange(logging_core, this);

  lws_context_creation_info info{};
  info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
  // Once for the process: each initialisation replaces the indices by which the contexts before find their TLS data again,
  // which then fail in their handshakes and lose memory. Vhosts ask for TLS by themselves.
  static bool tls_is_ready = false;
  if (!std::exchange(tls_is_ready, true)) info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info.pt_serv_buf_size = 16'384;  // holds a whole upgrade request with its cookies
  info.user = this;
  context_ = lws_create_context(&info);
  if (context_ != nullptr) {
    lws_context_creation_info house{};
    house.port = CONTEXT_PORT_NO_LISTEN;
    house.vhost_name = "house";
    house.protocols = house_protocols();
    house_vhost_ = make_vhost(context_, house);
    if (house_vhost_ == nullptr) lws_context_destroy(std::exchange(context_, nullptr));
  }
  logging_core = outer;
  return context_ != nullptr;
}

lws_vhost* LoopCore::create_vhost(lws_context_creation_info& info) {
  if (context_ == nullptr) return nullptr;
  const std::lock_guard lock(context_mutex());
  return make_vhost(context_, info);
}

bool LoopCore::post(UniqueFunction<void()> task) {
  const std::lock_guard lock(mutex_);
  if (ending_) return false;
  queue_.push_back(std::move(task));
  if (queue_.size() == 1) lws_cancel_service(context_);
  return true;
}

void LoopCore::end() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(ending_, true)) lws_cancel_service(context_);
}

TimePoint LoopCore::now() const {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return TimePoint(std::chrono::floor<Duration>(since_boot));
}

void LoopCore::run_posted() {
  std::vector<UniqueFunction<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    ended_ = ending_ && queue_.empty();
    tasks.swap(queue_);
    // Woken in a round that had something else to do, lws_service() goes on to wait instead of returning: wake it until it does.
    if (ending_) lws_cancel_service(context_);
  }
  for (auto& task : tasks) {
    if (!run_guarded([&] { std::exchange(task, nullptr)(); })) log(LogLevel::Error, "a task threw an exception");
  }
}

void LoopCore::run() {
  thread_ = std::this_thread::get_id();
  logging_core = this;
  while (!ended_) lws_service(context_, 0);
  shut_down();
  logging_core = nullptr;
}

void LoopCore::shut_down() {
  closed_to_guests_ = true;
  while (!guests_.empty()) {
    Guest* const guest = *guests_.begin();
    guests_.erase(guests_.begin());
    run_guarded([&] { guest->loop_ended(); });
  }
  shut_ = true;
  house_vhost_ = nullptr;
  const std::lock_guard lock(context_mutex());
  lws_context_destroy(std::exchange(context_, nullptr));
}

void LoopCore::log(LogLevel level, std::string_view line) {
  if (options_.log) options_.log(level, without_controls(line));
}

}  // namespace parley::transport
