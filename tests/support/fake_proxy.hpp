// SPDX-License-Identifier: MIT
#pragma once

#include "fake_network.hpp"

#include <parley/sip/auth/digest.hpp>
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/message.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::test {

/// The smallest registrar and proxy that two user agents can talk through: a binding for each AOR, requests forwarded without state,
/// GRUUs where they are asked for. A test may answer or swallow any request before it (`intercept`).
class FakeProxy {
 public:
  FakeProxy(FakeTransport& net, Executor& executor, sip::Crypto& crypto) : net_(net), executor_(executor), digest_("example.com", crypto) {
    net_.on_receive = [this](WireId wire, std::string_view bytes) { receive(wire, bytes); };
    net_.on_gone = [this](WireId wire) { forget(wire); };
  }

  /// True: dealt with, the proxy does nothing.
  std::function<bool(WireId, const sip::MessageView&)> intercept;
  std::optional<std::string> password;  ///< set: REGISTER is challenged
  bool gruu = false;
  int granted_seconds = 600;

  std::optional<WireId> wire_of(const std::string& user) const {
    const auto found = bindings_.find(user);
    if (found == bindings_.end()) return std::nullopt;
    return found->second.wire;
  }
  /// The proxy forgets everything, as one that was restarted.
  void restart() {
    bindings_.clear();
    branches_.clear();
    net_.cut_all();
  }
  void reply(WireId wire, const sip::MessageView& request, sip::StatusCode status,
             std::vector<std::pair<std::string, std::string>> headers = {}) {
    auto builder = sip::MessageBuilder::response_to(request, status, "proxytag" + std::to_string(++serial_));
    for (const auto& [name, value] : headers) builder.header(name, value);
    net_.deliver(wire, std::move(builder).finish().value());
  }

 private:
  struct Binding {
    WireId wire = 0;
    std::string contact;
  };

  void forget(WireId wire) {
    std::erase_if(bindings_, [wire](const auto& binding) { return binding.second.wire == wire; });
  }

  void receive(WireId wire, std::string_view bytes) {
    const auto message = sip::Message::parse(bytes);
    if (!message) return;  // a keep-alive
    const sip::MessageView view = message->view();
    if (intercept && intercept(wire, view)) return;
    if (view.is_response()) return forward_response(view);
    if (view.method() == sip::Method::Register) return register_(wire, view);
    forward_request(wire, view);
  }

  void register_(WireId wire, const sip::MessageView& request) {
    if (password && !is_authorized(request)) return challenge(wire, request);
    const std::string user(request.to().uri.user);
    const bool star = request.contact_is_star();
    const auto expires = star ? std::nullopt : request.contact(0).params.find("expires");
    if (star || (expires && *expires == "0")) {
      bindings_.erase(user);
      return reply(wire, request, 200);
    }
    const std::string contact(request.contact(0).uri.text);
    bindings_[user] = {wire, contact};
    std::string value = "<" + contact + ">;expires=" + std::to_string(granted_seconds);
    if (const auto instance = request.contact(0).params.find("+sip.instance"); instance && gruu) {
      value += ";+sip.instance=" + std::string(*instance) + ";pub-gruu=\"sip:" + user + "@example.com;gr=urn:uuid:" + user + "\"";
    }
    reply(wire, request, 200, {{"Contact", value}});
  }

  bool is_authorized(const sip::MessageView& request) {
    const auto value = request.header(sip::HeaderId::Authorization);
    if (!value) return false;
    const auto credentials = sip::parse_credentials(*value);
    const Secret secret(*password);
    return credentials && digest_.check(*credentials, &secret, request.method_text(), request.body(), executor_.now()) ==
                              sip::DigestServer::Outcome::Granted;
  }

  void challenge(WireId wire, const sip::MessageView& request) {
    std::vector<std::pair<std::string, std::string>> headers;
    for (const std::string& value : digest_.challenges(executor_.now())) headers.emplace_back("WWW-Authenticate", value);
    reply(wire, request, 401, std::move(headers));
  }

  /// The wire that a Request-URI leads to: a GRUU or AOR by its user, else the Contact itself.
  std::optional<WireId> target_of(const sip::MessageView& request, std::string& request_uri) const {
    const sip::UriView uri = request.request_uri();
    request_uri = std::string(uri.text);
    for (const auto& [user, binding] : bindings_) {
      if (binding.contact == uri.text) return binding.wire;
      if (uri.host == "example.com" && uri.user == user) {
        request_uri = binding.contact;
        return binding.wire;
      }
    }
    return std::nullopt;
  }

  void forward_request(WireId from, const sip::MessageView& request) {
    std::string request_uri;
    const auto to = target_of(request, request_uri);
    if (!to || !net_.is_open(*to)) {
      if (request.method() != sip::Method::Ack) reply(from, request, 480);
      return;
    }
    // Stateless (RFC 3261 s.16.11): our branch is a function of theirs, so that CANCEL and ACK match the INVITE.
    const std::string branch = "z9hG4bKproxy" + std::string(request.via().branch);
    branches_[branch] = from;
    const std::string_view bytes = request.bytes();
    const std::size_t line_end = bytes.find("\r\n") + 2;
    std::string out = std::string(request.method_text()) + " " + request_uri + " SIP/2.0\r\n";
    out += "Via: SIP/2.0/WS proxy.example.com;branch=" + branch + "\r\n";
    out += bytes.substr(line_end);
    net_.deliver(*to, std::move(out));
  }

  void forward_response(const sip::MessageView& response) {
    const auto back = branches_.find(std::string(response.via().branch));
    if (back == branches_.end()) return;
    // Our Via is the first line of ours: the user agents give them back in order.
    std::string out(response.bytes());
    const std::size_t via = out.find("Via:");
    out.erase(via, out.find("\r\n", via) + 2 - via);
    net_.deliver(back->second, std::move(out));
  }

  FakeTransport& net_;
  Executor& executor_;
  sip::DigestServer digest_;
  std::map<std::string, Binding> bindings_;
  std::map<std::string, WireId> branches_;
  unsigned serial_ = 0;
};

}  // namespace parley::test
