// SPDX-License-Identifier: MIT
#include <parley/simpleuser/detail/listening.hpp>

#include <utility>

namespace parley::detail {

class Listening::Inbound final : public sip::ConnectionObserver {
 public:
  Inbound(Listening& owner, sip::FlowId flow, std::unique_ptr<sip::Connection> connection)
      : owner_(owner), flow_(flow), connection_(std::move(connection)) {}

  void send(std::string bytes) { connection_->send(std::move(bytes)); }
  void on_open(const sip::FlowInfo&) override {}
  void on_message(std::string_view bytes) override { owner_.events_.inbound_received(flow_, bytes); }
  void on_closed(const std::optional<Error>& why) override { owner_.closed(flow_, why); }

 private:
  Listening& owner_;
  sip::FlowId flow_;
  std::unique_ptr<sip::Connection> connection_;
};

Listening::Listening(sip::Transport& transport, ListeningEvents& events) : transport_(transport), events_(events) {}

Listening::~Listening() = default;

Result<std::string> Listening::listen(const sip::ListenOptions& options) {
  auto listener = transport_.listen(options, *this);
  if (!listener) return std::move(listener).error();
  listeners_.push_back(*std::move(listener));
  return listeners_.back()->uri();
}

bool Listening::send(sip::FlowId flow, std::string_view bytes) {
  const auto found = connections_.find(flow);
  if (found == connections_.end()) return false;
  found->second->send(std::string(bytes));
  return true;
}

sip::ConnectionObserver* Listening::on_accept(std::unique_ptr<sip::Connection> connection, const sip::FlowInfo& info) {
  const sip::FlowId flow = events_.inbound_opened(info);
  return connections_.emplace(flow, std::make_unique<Inbound>(*this, flow, std::move(connection))).first->second.get();
}

void Listening::closed(sip::FlowId flow, const std::optional<Error>& why) {
  const auto node = connections_.extract(flow);  // goes with its connection at the end of this, its last callback
  if (!node.empty()) events_.inbound_closed(flow, why);
}

void Listening::close() {
  listeners_.clear();
  connections_.clear();
}

}  // namespace parley::detail
