// SPDX-License-Identifier: MIT
#include "registrar.hpp"

#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/message/builder.hpp>

namespace parley::simulation {

void Registrar::receive(sip::FlowId flow, std::string_view bytes, TimePoint now) {
  const auto message = sip::Message::parse(bytes);
  if (!message || message->view().is_response()) return;
  const auto request = message->view();
  if (refusal_ != 0) return reply(flow, request, refusal_, {});
  bool stale = false;
  if (!may_enter(request, now, stale)) {
    ++challenged_;
    Fields fields;
    for (const std::string& value : digest_.challenges(now, stale)) fields.emplace_back("WWW-Authenticate", value);
    return reply(flow, request, 401, fields);
  }
  ++accepted_;
  if (request.contact_count() == 0) return reply(flow, request, 200, {});
  const auto contact = "<" + std::string(request.contact(0).uri.text) + ">;expires=" + std::to_string(granted_.count());
  reply(flow, request, 200, {{"Contact", contact}});
}

bool Registrar::may_enter(const sip::MessageView& request, TimePoint now, bool& stale) {
  const auto value = request.header(sip::HeaderId::Authorization);
  const auto credentials = value ? sip::parse_credentials(*value) : Result<sip::Credentials>(Errc::BadSyntax);
  if (!credentials) return false;
  const auto outcome = digest_.check(*credentials, &password_, request.method_text(), request.body(), now);
  stale = outcome == sip::DigestServer::Outcome::Stale;
  return outcome == sip::DigestServer::Outcome::Granted;
}

void Registrar::reply(sip::FlowId flow, const sip::MessageView& request, sip::StatusCode status, const Fields& fields) {
  auto builder = sip::MessageBuilder::response_to(request, status, "registrar");
  for (const auto& [name, value] : fields) builder.header(name, value);
  auto bytes = std::move(builder).finish();
  if (bytes) outgoing_.push_back({flow, std::move(*bytes)});
}

std::optional<Node::Outgoing> Registrar::poll() {
  if (outgoing_.empty()) return std::nullopt;
  Outgoing first = std::move(outgoing_.front());
  outgoing_.pop_front();
  return first;
}

}  // namespace parley::simulation
