// SPDX-License-Identifier: MIT
#include <parley/transport/descriptor.hpp>

#include <libwebsockets.h>

#include <utility>

namespace parley::transport {

namespace {

constexpr const char* protocol_name = "parley-house";

int on_event(lws* wsi, lws_callback_reasons reason, void*, void*, std::size_t) {
  // A wake-up comes once for each protocol and vhost; this table is the one that answers it.
  if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED) static_cast<LoopCore*>(lws_context_user(lws_get_context(wsi)))->run_posted();
  if (reason != LWS_CALLBACK_RAW_RX_FILE) return 0;
  auto* const descriptor = static_cast<Descriptor*>(lws_get_opaque_user_data(wsi));
  if (descriptor == nullptr) return -1;
  descriptor->readable();
  return 0;
}

}  // namespace

const lws_protocols* house_protocols() {
  static const lws_protocols protocols[] = {
      {protocol_name, &on_event, 0, 0, 0, nullptr, 0},
      {nullptr, nullptr, 0, 0, 0, nullptr, 0},
  };
  return protocols;
}

Descriptor::Descriptor(std::shared_ptr<LoopCore> core, int fd, UniqueFunction<void()> on_readable)
    : Guest(std::move(core)), on_readable_(std::make_shared<UniqueFunction<void()>>(std::move(on_readable))) {
  lws_sock_file_fd_type adopted{};
  adopted.filefd = fd;
  wsi_ = lws_adopt_descriptor_vhost(this->core().house_vhost(), LWS_ADOPT_RAW_FILE_DESC, adopted, protocol_name, nullptr);
  if (wsi_ != nullptr) lws_set_opaque_user_data(wsi_, this);
}

Descriptor::~Descriptor() { let_go(); }

void Descriptor::readable() {
  const auto on_readable = on_readable_;  // outlives this object if the call destroys it
  run_guarded([&] { (*on_readable)(); });
}

void Descriptor::loop_ended() { let_go(); }

void Descriptor::let_go() {
  lws* const wsi = std::exchange(wsi_, nullptr);
  if (wsi == nullptr) return;
  lws_set_opaque_user_data(wsi, nullptr);
  lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

}  // namespace parley::transport
