// SPDX-License-Identifier: MIT
// What an account does beside its calls: messages and other requests, and what comes to its listeners.
#include <parley/simpleuser/detail/account_core.hpp>

#include <parley/simpleuser/detail/call_shared.hpp>
#include <parley/simpleuser/detail/outcome.hpp>

#include <utility>

namespace parley::detail {
namespace {

Error not_connected() { return Error{.code = Errc::NotConnected}; }

Response response_of(const sip::MessageView& message) {
  Response response{
      .status = message.status(), .reason = std::string(message.reason()), .headers = {}, .body = std::string(message.body())};
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const sip::HeaderView field = message.header(i);
    response.headers.emplace_back(field.name, field.value);
  }
  return response;
}

}  // namespace

void AccountCore::message(std::string_view destination, std::string_view text, AsyncSource<void> done) {
  auto target = read_destination(destination, settings_.domain);
  if (!target) return shared_.complete<void>(std::move(done), std::move(target).error());
  if (!is_connected() || leaving_) return shared_.complete<void>(std::move(done), not_connected());
  const auto sent = agent_.message(*target, {.content_type = "text/plain;charset=UTF-8", .bytes = std::string(text)}, {}, now());
  if (sent) messages_.insert(*sent);
  pump();
  shared_.complete<void>(std::move(done), sent ? Result<void>() : Result<void>(sent.error()));
}

void AccountCore::request(std::string_view method, std::string_view destination, const RequestOptions& options,
                          AsyncSource<Response> done) {
  auto target = read_destination(destination, settings_.domain);
  if (!target) return shared_.complete<Response>(std::move(done), std::move(target).error());
  if (!is_connected() || leaving_) return shared_.complete<Response>(std::move(done), not_connected());
  const sip::Body body{options.content_type, options.body};
  await_response(agent_.request(method, *target, body, options.extra_headers, now()), std::move(done));
}

void AccountCore::await_response(Result<sip::RequestId> sent, AsyncSource<Response> done) {
  if (!sent) return shared_.complete<Response>(std::move(done), std::move(sent).error());
  requests_.emplace(*sent, std::move(done));
  pump();
}

void AccountCore::on(const sip::RequestDone& event) {
  if (auto node = requests_.extract(event.request); !node.empty()) {
    return shared_.complete<Response>(std::move(node.mapped()), event.response ? Result<Response>(response_of(event.response->view()))
                                                                               : Result<Response>(event.response.error()));
  }
  if (messages_.erase(event.request) == 0) return;
  Result<sip::StatusCode> outcome = Errc::Timeout;
  if (!event.response) {
    outcome = event.response.error();
  } else if (const sip::MessageView response = event.response->view(); response.status() < 300) {
    outcome = response.status();
  } else {
    outcome = to_error(response);
  }
  tell([outcome](const AccountDelegate& d) {
    if (d.on_message_sent) d.on_message_sent(outcome);
  });
}

void AccountCore::with_stack(const std::function<void(sip::Stack&, std::optional<sip::FlowId>)>& f) {
  f(agent_.stack(), flow_);
  pump();
}

// ---- Listeners

void AccountCore::listen(const sip::ListenOptions& options, AsyncSource<std::string> done) {
  if (leaving_) return shared_.complete<std::string>(std::move(done), Errc::WrongState);
  shared_.complete<std::string>(std::move(done), listening_.listen(options));
}

sip::FlowId AccountCore::inbound_opened(const sip::FlowInfo& info) {
  const sip::FlowId flow{++last_flow_};
  agent_.flow_opened(flow, info, now());
  return flow;
}

void AccountCore::inbound_received(sip::FlowId flow, std::string_view bytes) {
  shared_.trace(Traffic::In, bytes);
  agent_.receive(flow, bytes, now());
  pump();
}

void AccountCore::inbound_closed(sip::FlowId flow, const std::optional<Error>& why) {
  agent_.flow_closed(flow, why.value_or(Error{.code = Errc::ConnectionLost}), now());
  std::vector<CallCore*> lost;  // they leave the map as they end
  for (const auto& [number, on] : came_on_) {
    if (CallCore* const call = on == flow ? find(number) : nullptr) lost.push_back(call);
  }
  for (CallCore* const call : lost) call->inbound_lost();
  pump();
}

}  // namespace parley::detail
