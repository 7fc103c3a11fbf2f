// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/switch.hpp>

#include <parley/sip/core/tokens.hpp>

#include <algorithm>
#include <utility>

namespace parley::program {

using sip::HeaderId;
using sip::Method;

namespace {

/// host[:port] of a URI, the key under which a device is known.
std::string address_of(const sip::UriView& uri) {
  std::string text(uri.host);
  if (uri.port) text += ':' + std::to_string(*uri.port);
  return text;
}

/// Dialog-forming and target-refreshing requests need us in their path (RFC 3261 s.16.6, step 4).
bool wants_record_route(Method method) {
  return method == Method::Invite || method == Method::Subscribe || method == Method::Notify || method == Method::Refer ||
         method == Method::Update;
}

/// A response as it goes on to where the request came from (RFC 3261 s.16.7, step 3).
Result<std::string> as_passed_on(const sip::MessageView& response) {
  // s.16.7, step 6: a 503 of the one behind us says nothing of us, but would keep others away.
  const bool unavailable = response.status() == 503;
  auto passed = unavailable ? sip::MessageBuilder::response(500) : sip::MessageBuilder::response(response.status(), response.reason());
  bool is_ours = true;
  response.for_each(HeaderId::Via, [&](std::string_view via) {
    if (!std::exchange(is_ours, false)) passed.header(HeaderId::Via, via);
  });
  for (std::size_t i = 0; i < response.header_count(); ++i) {
    const auto header = response.header(i);
    if (header.id == HeaderId::Via || header.id == HeaderId::ContentLength || header.id == HeaderId::ContentType) continue;
    if (unavailable && header.id == HeaderId::RetryAfter) continue;
    passed.header(header.name, header.value);
  }
  if (const auto type = response.content_type()) passed.body(type->text, response.body());
  return std::move(passed).finish();
}

}  // namespace

/// One accepted connection.
class Switch::Client final : public sip::ConnectionObserver {
 public:
  Client(Switch& owner, sip::FlowId flow, std::unique_ptr<sip::Connection> connection)
      : owner_(owner), flow_(flow), connection_(std::move(connection)) {}

  void send(std::string bytes) { connection_->send(std::move(bytes)); }
  void on_open(const sip::FlowInfo&) override {}
  void on_message(std::string_view bytes) override { owner_.received(flow_, bytes); }
  void on_closed(const std::optional<Error>& why) override { owner_.closed(flow_, why); }

 private:
  Switch& owner_;
  sip::FlowId flow_;
  std::unique_ptr<sip::Connection> connection_;
};

Switch::Switch(SwitchOptions options, Executor& executor, sip::Transport& transport, sip::Crypto& crypto)
    : options_(std::move(options)),
      executor_(executor),
      transport_(transport),
      crypto_(crypto),
      stack_({.timers = {}, .user_agent = "parley switch", .proxy = true}, crypto),
      digest_(options_.domain, crypto),
      location_(options_.domain),
      deadline_(executor.make_deadline([this] {
        stack_.handle_timeout(executor_.now());
        drain();
      })) {}

Switch::~Switch() = default;

Result<std::string> Switch::listen(const sip::ListenOptions& options) {
  auto listener = transport_.listen(options, *this);
  if (!listener) return std::move(listener).error();
  std::string uri = (*listener)->uri();
  local_names_.insert(uri.substr(uri.find("://") + 3));
  listeners_.push_back(*std::move(listener));
  return uri;
}

sip::ConnectionObserver* Switch::on_accept(std::unique_ptr<sip::Connection> connection, const sip::FlowInfo& info) {
  const sip::FlowId flow{++last_flow_};
  stack_.flow_opened(flow, info);
  return clients_.emplace(flow, std::make_unique<Client>(*this, flow, std::move(connection))).first->second.get();
}

void Switch::received(sip::FlowId flow, std::string_view bytes) {
  stack_.receive(flow, bytes, executor_.now());
  drain();
}

void Switch::closed(sip::FlowId flow, const std::optional<Error>& why) {
  const auto place = clients_.find(flow);
  if (place == clients_.end()) return;
  const auto client = std::move(place->second);  // goes with its connection at the end of this, its last callback
  clients_.erase(place);
  std::erase_if(contacts_, [flow](const auto& entry) { return entry.second == flow; });
  stack_.flow_closed(flow, why.value_or(Error{Errc::ConnectionLost}), executor_.now());
  drain();
}

void Switch::drain() {
  while (auto output = stack_.poll_output()) {
    if (auto* send = std::get_if<sip::Send>(&*output)) {
      if (const auto client = clients_.find(send->flow); client != clients_.end()) client->second->send(std::string(send->bytes.view()));
    } else {
      std::visit([this](auto& event) { handle(event); }, std::get<sip::StackEvent>(*output));
    }
  }
  deadline_->set(stack_.next_timeout());
}

void Switch::handle(sip::RequestReceived& event) {
  const auto request = event.message.view();
  learn_contact(request, event.flow);
  if (request.method() == Method::Cancel) return cancel(event);
  if (request.method() == Method::Register) return register_user(event);
  forward(event);
}

void Switch::register_user(const sip::RequestReceived& event) {
  const auto request = event.message.view();
  if (!authenticated(event, false)) return;
  const std::string user(request.to().uri.user);
  if (user.empty()) return respond(event.transaction, request, 404, "No User In To");
  const auto now = executor_.now();
  if (const auto done = location_.update(user, request, event.flow, now); !done) {
    auto refusal = sip::MessageBuilder::response_to(request, done.error().status, sip::make_tag(crypto_).text(), done.error().reason);
    if (done.error().status == 423) refusal.header(HeaderId::MinExpires, static_cast<std::uint64_t>(LocationService::min_expires.count()));
    if (auto bytes = std::move(refusal).finish()) stack_.respond(event.transaction, *bytes, now);
    return;
  }
  auto granted = sip::MessageBuilder::response_to(request, 200, sip::make_tag(crypto_).text());
  for (const auto& line : location_.contact_lines(user, request.lists(HeaderId::Supported, "gruu"), now))
    granted.header(HeaderId::Contact, line);
  if (auto bytes = std::move(granted).finish()) stack_.respond(event.transaction, *bytes, now);
}

void Switch::cancel(const sip::RequestReceived& event) {
  const auto request = event.message.view();
  const auto client = event.cancelled ? running_.find(*event.cancelled) : running_.end();
  if (!event.cancelled) return respond(event.transaction, request, 481);
  respond(event.transaction, request, 200);
  if (client == running_.end()) return;
  if (const auto place = forwarded_.find(client->second); place != forwarded_.end()) place->second.cancelled = true;
  stack_.cancel(client->second, executor_.now());  // refused before a 1xx: then it goes out when that comes
}

bool Switch::authenticated(const sip::RequestReceived& event, bool proxy) {
  if (options_.users.empty()) return true;
  const auto request = event.message.view();
  bool stale = false;
  bool granted = false;
  bool is_somebody_else = false;
  request.for_each(proxy ? HeaderId::ProxyAuthorization : HeaderId::Authorization, [&](std::string_view value) {
    const auto credentials = sip::parse_credentials(value);
    if (!credentials || granted || credentials->realm != options_.domain || credentials->uri != request.request_uri().text) return;
    const auto user = options_.users.find(credentials->username);
    const Secret* password = user == options_.users.end() ? nullptr : &user->second;
    const auto outcome = digest_.check(*credentials, password, request.method_text(), request.body(), executor_.now());
    const auto owner = proxy ? request.from().uri.user : request.to().uri.user;
    const bool proven = outcome == sip::DigestServer::Outcome::Granted;
    granted = proven && credentials->username == owner;
    is_somebody_else = proven && !granted;
    stale = outcome == sip::DigestServer::Outcome::Stale;
  });
  if (granted) return true;
  if (is_somebody_else)
    respond(event.transaction, request, 403);  // a true name, but not this one's (RFC 3261 s.10.3, step 4)
  else
    challenge(event, proxy, stale);
  return false;
}

void Switch::challenge(const sip::RequestReceived& event, bool proxy, bool stale) {
  const auto request = event.message.view();
  auto answer = sip::MessageBuilder::response_to(request, proxy ? 407 : 401, sip::make_tag(crypto_).text());
  for (const auto& value : digest_.challenges(executor_.now(), stale)) {
    answer.header(proxy ? HeaderId::ProxyAuthenticate : HeaderId::WwwAuthenticate, value);
  }
  if (auto bytes = std::move(answer).finish()) stack_.respond(event.transaction, *bytes, executor_.now());
}

void Switch::respond(sip::TransactionId transaction, const sip::MessageView& request, sip::StatusCode status, std::string_view reason) {
  auto bytes = sip::MessageBuilder::response_to(request, status, sip::make_tag(crypto_).text(), reason).finish();
  if (bytes) stack_.respond(transaction, *bytes, executor_.now());
}

void Switch::forward(sip::RequestReceived& event) {
  const auto request = event.message.view();
  const bool in_dialog = !request.to_tag().empty();
  if (request.max_forwards() == std::uint8_t{0}) return respond(event.transaction, request, 483);
  if (!in_dialog && !authenticated(event, true)) return;
  const auto to = destination(request);
  if (!to) return respond(event.transaction, request, to.error().status, to.error().reason);
  const auto now = executor_.now();
  if (request.method() == Method::Invite) respond(event.transaction, request, 100);
  auto sent = stack_.send_request(to->flow, rewritten(request, *to, event.flow), now);
  if (!sent) return respond(event.transaction, request, 480);
  if (request.method() == Method::Invite) running_.emplace(event.transaction, *sent);
  forwarded_.emplace(*sent, Forwarded{.server = event.transaction, .request = std::move(event.message), .cancelled = false});
}

void Switch::handle(sip::AckReceived& event) {
  const auto request = event.message.view();
  const auto to = destination(request);
  if (to) stack_.send_raw(to->flow, rewritten(request, *to, event.flow));
}

void Switch::handle(sip::ResponseReceived& event) {
  const auto place = forwarded_.find(event.transaction);
  if (place == forwarded_.end()) return;
  const auto response = event.message.view();
  learn_contact(response, event.flow);
  if (place->second.cancelled && response.status() < 200) stack_.cancel(event.transaction, executor_.now());  // sent once (D14)
  if (response.status() == 100) return;
  const auto server = place->second.server;
  if (auto bytes = as_passed_on(response)) stack_.respond(server, *bytes, executor_.now());
  const bool may_repeat = response.method() == Method::Invite && response.status() < 300;  // 1xx, and each copy of a 2xx (RFC 6026)
  if (response.status() >= 200) running_.erase(server);
  if (response.status() >= 300 || (response.status() >= 200 && !may_repeat)) forwarded_.erase(place);
}

void Switch::handle(sip::TransactionFailed& event) {
  const auto place = forwarded_.find(event.transaction);
  if (place == forwarded_.end()) return;
  const auto request = place->second.request.view();
  if (event.error.code != Errc::Timeout)
    respond(place->second.server, request, 480);
  else if (request.method() == Method::Invite)
    respond(place->second.server, request, 408);  // of others none is sent (RFC 4320 s.4.2)
  running_.erase(place->second.server);
  forwarded_.erase(place);
}

void Switch::handle(sip::Dropped& event) { log(event.text); }

void Switch::learn_contact(const sip::MessageView& message, sip::FlowId flow) {
  if (message.contact_count() == 0) return;
  const auto uri = message.contact().uri;
  if (uri.is_sip() && !uri.param("gr")) contacts_.insert_or_assign(address_of(uri), flow);
}

bool Switch::is_ours(const sip::UriView& uri) const {
  return uri.is_sip() && (uri.host == options_.domain || local_names_.contains(address_of(uri)));
}

Result<Switch::Destination> Switch::destination(const sip::MessageView& request) const {
  const auto uri = request.request_uri();
  if (!uri.is_sip()) return Error{.code = Errc::Declined, .status = 416, .reason = "only sip and sips URIs are routed"};
  if (is_ours(uri)) return registered(uri);
  const auto contact = contacts_.find(address_of(uri));
  if (contact == contacts_.end()) return Error{.code = Errc::Declined, .status = 404, .reason = "Not Found"};
  return Destination{contact->second, std::string(uri.text)};
}

Result<Switch::Destination> Switch::registered(const sip::UriView& uri) const {
  const auto device = uri.param("gr");
  const Binding* binding = device ? location_.find_instance(uri.user, *device, executor_.now()) : location_.find(uri.user, executor_.now());
  const bool reachable = binding != nullptr && clients_.contains(binding->flow);
  if (!reachable) {
    const bool known = options_.users.empty() || options_.users.contains(uri.user);
    return known ? Error{.code = Errc::Declined, .status = 480, .reason = "Temporarily Unavailable"}
                 : Error{.code = Errc::Declined, .status = 404, .reason = "Not Found"};
  }
  return Destination{binding->flow, binding->contact};
}

std::string Switch::rewritten(const sip::MessageView& request, const Destination& to, sip::FlowId from) const {
  const sip::FlowInfo* out = stack_.flow(to.flow);
  const sip::FlowInfo* in = stack_.flow(from);
  if (out == nullptr || in == nullptr) return {};
  auto message = sip::MessageBuilder::request(request.method_text(), to.request_uri);
  message.header(HeaderId::Via, "SIP/2.0/" + out->via_transport + " " + out->local_name + ";branch=" + sip::make_branch(crypto_).text());
  if (wants_record_route(request.method())) {
    message.header(HeaderId::RecordRoute, "<sip:" + in->local_name + ";transport=" + (in->via_transport == "WSS" ? "wss" : "ws") + ";lr>");
  }
  const auto hops = request.max_forwards().value_or(70);
  message.header(HeaderId::MaxForwards, static_cast<std::uint64_t>(std::max(hops - 1, 0)));
  for (std::size_t i = 0; i < request.route_count(); ++i) {
    if (!is_ours(request.route(i).uri)) message.header(HeaderId::Route, request.route(i).text);
  }
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    const auto header = request.header(i);
    switch (header.id) {
      case HeaderId::Route:
      case HeaderId::MaxForwards:
      case HeaderId::ProxyAuthorization:  // it was for us
      case HeaderId::ContentLength:
      case HeaderId::ContentType: continue;
      default: message.header(header.name, header.value);
    }
  }
  if (const auto type = request.content_type()) message.body(type->text, request.body());
  auto bytes = std::move(message).finish();
  return bytes ? *std::move(bytes) : std::string{};
}

void Switch::log(std::string_view line) const {
  if (options_.log) options_.log(line);
}

}  // namespace parley::program
