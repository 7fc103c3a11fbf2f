// SPDX-License-Identifier: MIT
#include <parley/transport/resolver.hpp>

#include <parley/transport/address.hpp>
#include <parley/transport/deadline.hpp>
#include <parley/transport/descriptor.hpp>

#include <ares.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

namespace parley::transport {

namespace {

constexpr std::size_t most_addresses = 8;

Error unresolved(int status, const std::string& host) {
  const char* reason = "host name lookup failed";
  switch (status) {
    case ARES_ENOTFOUND: reason = "host name not found"; break;
    case ARES_ENODATA: reason = "host name has no address"; break;
    case ARES_EBADNAME: reason = "not a host name"; break;
    case ARES_ETIMEOUT: reason = "no answer from the name servers"; break;
    case ARES_ECONNREFUSED: reason = "no name server can be asked"; break;  // dead, or SERVFAIL, or REFUSED
    default: break;
  }
  return Error{.code = Errc::Unresolved, .reason = reason, .detail = host};
}

std::vector<std::string> numeric_addresses(const ares_addrinfo& info) {
  std::vector<std::string> addresses;
  for (const ares_addrinfo_node* node = info.nodes; node != nullptr && addresses.size() < most_addresses; node = node->ai_next) {
    SocketAddress address;
    std::memcpy(&address.storage, node->ai_addr, std::min<std::size_t>(node->ai_addrlen, sizeof address.storage));
    if (std::string text = address.text(); !text.empty()) addresses.push_back(std::move(text));
  }
  return addresses;
}

/// The sockets of c-ares sit in one epoll descriptor, which the loop watches.
class AresLookup final : public Lookup {
 public:
  AresLookup(std::shared_ptr<LoopCore> core, std::string host, Done done);
  AresLookup(const AresLookup&) = delete;
  AresLookup& operator=(const AresLookup&) = delete;
  ~AresLookup() override;

  void begin();

 private:
  static void on_socket(void* self, ares_socket_t socket, int readable, int writable);
  static void on_answer(void* self, int status, int timeouts, ares_addrinfo* info);

  bool open_channel();
  void step();
  void go_on();

  std::shared_ptr<LoopCore> core_;
  std::string host_;
  Done done_;
  Alarm alarm_;
  std::optional<Result<std::vector<std::string>>> result_;
  int epoll_ = -1;
  std::unique_ptr<Descriptor> descriptor_;
  ares_channel channel_ = nullptr;
};

AresLookup::AresLookup(std::shared_ptr<LoopCore> core, std::string host, Done done)
    : core_(std::move(core)), host_(std::move(host)), done_(std::move(done)), alarm_(core_, [this] { step(); }) {}

AresLookup::~AresLookup() {
  alarm_.set(std::nullopt);
  if (channel_ != nullptr) ares_destroy(channel_);  // calls back at once; the sockets leave epoll_ before it is closed
}

void AresLookup::begin() {
  if (is_address(host_)) {
    result_.emplace(std::vector<std::string>{host_});
  } else if (!open_channel()) {
    result_.emplace(Error{.code = Errc::OutOfMemory, .reason = "host name lookup could not start", .detail = host_});
  } else {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(channel_, host_.c_str(), nullptr, &hints, &AresLookup::on_answer, this);
  }
  go_on();
}

bool AresLookup::open_channel() {
  static const bool library_ready = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
  if (!library_ready || core_->house_vhost() == nullptr) return false;
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return false;
  descriptor_ = std::make_unique<Descriptor>(core_, epoll_, [this] { step(); });
  if (!descriptor_->is_watched()) return false;

  std::string lookups = "fb";
  ares_options options{};
  options.timeout = 1'000;  // ms, doubled for each round: a dead first server leaves time for the second
  options.tries = 3;
  options.lookups = lookups.data();
  options.sock_state_cb = &AresLookup::on_socket;
  options.sock_state_cb_data = this;
  if (ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB) !=
      ARES_SUCCESS) {
    channel_ = nullptr;
    return false;
  }
  const std::string& servers = core_->dns_servers();
  return servers.empty() || ares_set_servers_ports_csv(channel_, servers.c_str()) == ARES_SUCCESS;
}

void AresLookup::on_socket(void* self, ares_socket_t socket, int readable, int writable) {
  const int epoll = static_cast<AresLookup*>(self)->epoll_;
  if (readable == 0 && writable == 0) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
    return;
  }
  epoll_event event{};
  event.events = (readable != 0 ? EPOLLIN : 0U) | (writable != 0 ? EPOLLOUT : 0U);
  event.data.fd = socket;
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0) epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

void AresLookup::on_answer(void* self, int status, int, ares_addrinfo* info) {
  auto& lookup = *static_cast<AresLookup*>(self);
  if (info != nullptr) {
    auto addresses = numeric_addresses(*info);
    ares_freeaddrinfo(info);
    if (status == ARES_SUCCESS && addresses.empty()) status = ARES_ENODATA;
    if (status == ARES_SUCCESS) lookup.result_.emplace(std::move(addresses));
  }
  if (status != ARES_SUCCESS) lookup.result_.emplace(unresolved(status, lookup.host_));
}

void AresLookup::step() {
  if (!result_) {
    std::array<epoll_event, 16> events{};
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < ready && !result_; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const bool in = (event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
      const bool out = (event.events & EPOLLOUT) != 0;
      ares_process_fd(channel_, in ? event.data.fd : ARES_SOCKET_BAD, out ? event.data.fd : ARES_SOCKET_BAD);
    }
    if (ready <= 0) ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // time-outs
  } else {
    auto done = std::move(done_);
    done(std::move(*result_));  // may destroy this object
    return;
  }
  go_on();
}

// The answer is told from the alarm, outside of begin() and of c-ares, which cannot be destroyed in its own callback.
void AresLookup::go_on() {
  if (result_) {
    descriptor_.reset();
    alarm_.set(core_->now());
    return;
  }
  timeval wait{};
  if (ares_timeout(channel_, nullptr, &wait) == nullptr) return;
  alarm_.set(core_->now() + std::chrono::seconds(wait.tv_sec) + Duration(wait.tv_usec / 1'000 + 1));
}

}  // namespace

std::unique_ptr<Lookup> Lookup::start(std::shared_ptr<LoopCore> core, std::string host, Done done) {
  auto lookup = std::make_unique<AresLookup>(std::move(core), std::move(host), std::move(done));
  lookup->begin();
  return lookup;
}

}  // namespace parley::transport
