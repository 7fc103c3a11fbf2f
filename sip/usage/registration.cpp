// SPDX-License-Identifier: MIT
#include <parley/sip/usage/registration.hpp>

#include <parley/sip/core/rollback.hpp>
#include <parley/sip/core/tokens.hpp>
#include <parley/sip/dialog/route_set.hpp>
#include <parley/sip/message/header_values.hpp>
#include <parley/sip/message/params.hpp>
#include <parley/sip/usage/capabilities.hpp>

#include <algorithm>
#include <chrono>

namespace parley::sip {
namespace {

using std::chrono::seconds;

constexpr seconds default_expires{3'600};       // s.10.2.1.1, where the 200 names none
constexpr seconds longest_expires{7 * 86'400};  // granted or asked by 423: beyond it nobody means it (SEC-80)
constexpr int most_423 = 2;
constexpr seconds first_pause{30};  // RFC 5626 s.4.5
constexpr seconds longest_pause{1'800};

std::optional<seconds> as_seconds(std::optional<std::uint32_t> number) { return number ? std::optional(seconds{*number}) : std::nullopt; }

/// Our binding among those of the 200: the same URI (s.10.2.4), or our instance where a proxy rewrote the URI (RFC 5627 s.4.2).
std::optional<NameAddrView> own_contact(const MessageView& response, std::string_view uri, std::string_view instance) {
  const auto own = parse_uri(uri);
  std::optional<NameAddrView> by_instance;
  // The elements, not contact(i): of those a message keeps so many only (limits::contacts), and ours may stand behind them.
  for (Elements contacts(response, HeaderId::Contact); const auto value = contacts.next();) {
    const auto contact = parse_name_addr(*value);
    if (!contact) continue;
    if (own && equivalent(*own, contact->uri)) return *contact;
    const auto their_instance = contact->params.find("+sip.instance");
    if (!instance.empty() && their_instance && unquote(*their_instance) == '<' + std::string(instance) + '>') by_instance = *contact;
  }
  return by_instance;
}

std::vector<std::string> values_of(const MessageView& message, HeaderId id) {
  std::vector<std::string> values;
  message.for_each(id, [&](std::string_view value) {
    if (values.size() < limits::routes) values.push_back(unfolded(value));
  });
  return values;
}

/// The way that requests take from now on (RFC 3608 s.5): its first `most` hops. What is no route, and one hop too many, would break the
/// Route that it is written into.
std::vector<std::string> service_route_of(const MessageView& response, std::size_t most, std::size_t& left_out) {
  std::vector<std::string> hops;
  response.for_each(HeaderId::ServiceRoute, [&](std::string_view value) {
    const auto address = parse_name_addr(value);
    if (hops.size() < most && address && is_route(*address)) {
      hops.push_back(unfolded(value));
    } else {
      ++left_out;
    }
  });
  return hops;
}

/// The parameters as they follow a Contact's URI.
std::string with_semicolon(const std::string& params) { return params.empty() || params.front() == ';' ? params : ';' + params; }

bool is_temporary(StatusCode status) { return status == 408 || status >= 500; }

}  // namespace

Duration refresh_delay(Duration granted, std::uint32_t chance, const RefreshPolicy& policy) {
  const Duration wanted = std::min(granted * policy.share / 100, granted - policy.margin);
  const Duration delay = std::max(wanted, granted * policy.least_share / 100);
  return delay - delay * policy.jitter_share * chance / 100'000;
}

Result<void> check(const RegisterRequest& request) {
  const auto bad = [](const char* reason, const std::string& text) {
    return Error{.code = Errc::BadValue, .reason = reason, .detail = text};
  };
  if (request.expires < seconds{1}) return Error{.code = Errc::BadValue, .reason = "expires below one second: use unregister()"};
  if (!request.registrar.empty()) {
    const auto registrar = parse_uri(request.registrar);
    if (!registrar || !registrar->is_sip()) return bad("the registrar is not a sip or sips URI", request.registrar);
  }
  const auto& params = request.contact_params;
  if (breaks_line(params) || !parse_name_addr("<sip:check.invalid>" + with_semicolon(params)))
    return bad("unusable contact parameters", params);
  return check_extra_headers(request.extra_headers);
}

Registration::Registration(Agent& agent)
    : agent_(agent),
      call_id_(make_call_id(agent.crypto).text()),
      from_tag_(make_tag(agent.crypto).text()),
      deadlines_(agent.wheel, *this) {}

Result<void> Registration::register_(RegisterRequest request) {
  if (auto fine = check(request); !fine) return fine;
  if (in_flight_ != Asked::Nothing) {
    if (is_binding() && waiting_ == Asked::Nothing) return Errc::Busy;
    bind_afterwards_ = std::move(request);
    return {};
  }
  std::swap(request_, request);
  expires_ = request_.expires;
  longer_expires_tries_ = 0;
  Rollback undo([&]() noexcept {
    std::swap(request_, request);
    expires_ = request_.expires;
  });
  auto sent = send(registered_ ? Asked::Refresh : Asked::Bind);
  if (sent) undo.done();
  return sent;
}

Secure Registration::own_scheme() const { return agent_.self.aor().starts_with("sips:") ? Secure::Yes : Secure::No; }

Result<void> Registration::query(RequestId request) {
  if (in_flight_ != Asked::Nothing) return Errc::Busy;
  query_ = request;
  return send(Asked::Query);
}

Result<void> Registration::unregister(bool all) {
  if (!agent_.open_flow()) return Errc::NotConnected;
  const auto what = all ? Asked::UnbindAll : Asked::Unbind;
  bind_afterwards_.reset();
  if (in_flight_ != Asked::Nothing) {
    waiting_ = what;
    return {};
  }
  return send(what);
}

Result<std::string> Registration::contact_value(FlowId flow, Asked what) const {
  if (what == Asked::Query) return std::string();
  if (what == Asked::UnbindAll) return std::string("*");
  std::string value = '<' + agent_.self.flow_contact(agent_.stack.flow(flow), own_scheme()) + '>';
  if (!agent_.options.instance_id.empty()) {
    value.append(";+sip.instance=\"<").append(agent_.options.instance_id).append(">\"");  // RFC 5627 s.4.1
    if (request_.reg_id) value.append(";reg-id=").append(std::to_string(*request_.reg_id));
  }
  const auto asked = what == Asked::Unbind ? seconds{0} : std::chrono::duration_cast<seconds>(expires_);
  value.append(";expires=").append(std::to_string(asked.count()));
  return value + with_semicolon(request_.contact_params);
}

Result<void> Registration::send(Asked what) {
  const auto flow = agent_.open_flow();
  if (!flow) return Errc::NotConnected;
  const auto registrar = request_.registrar.empty() ? agent_.self.domain_uri() : request_.registrar;
  const auto parsed = parse_uri(registrar);
  if (!parsed || !parsed->is_sip())
    return Error{.code = Errc::BadValue, .reason = "the registrar is not a sip or sips URI", .detail = registrar};
  const auto contact = contact_value(*flow, what);
  if (!contact) return contact.error();
  const auto party = agent_.self.from({}, false);
  if (!party) return party.error();

  const auto aim = RouteSet::preloaded(agent_.options.outbound_proxy, {}).aim(as_request_uri(*parsed));
  auto builder = agent_.stack.make_request(*flow, "REGISTER", aim.request_uri, keep_alive_.offer(*flow));
  if (!aim.route.empty()) builder.header(HeaderId::Route, aim.route);
  builder.header(HeaderId::From, *party + ";tag=" + from_tag_)
      .header(HeaderId::To, *party)
      .header(HeaderId::CallId, call_id_)
      .header(HeaderId::CSeq, std::to_string(cseq_ + 1) + " REGISTER")
      .header(HeaderId::Allow, capabilities::allow)
      .header(HeaderId::Supported, capabilities::supported_register);
  if (!contact->empty()) builder.header(HeaderId::Contact, *contact);
  if (what == Asked::UnbindAll) builder.header(HeaderId::Expires, "0");  // s.10.2.2: the star goes with this one only
  if (!agent_.options.user_agent.empty()) builder.header(HeaderId::UserAgent, agent_.options.user_agent);
  if (auto added = add_extra_headers(builder, request_.extra_headers); !added) return added;
  auto bound_uri = agent_.self.flow_contact(agent_.stack.flow(*flow), own_scheme());
  agent_.sender.add_known_credentials(builder, *flow, "REGISTER", aim.request_uri, {}, {});
  auto bytes = std::move(builder).finish();
  if (!bytes) return std::move(bytes).error();
  const auto sent = agent_.sender.submit(*flow, std::move(*bytes), {.purpose = Purpose::Register}, agent_.now);
  if (!sent) return sent.error();
  ++cseq_;
  in_flight_ = what;
  flow_ = *flow;
  if (what == Asked::Query) return {};
  if (what != Asked::UnbindAll) bound_uri_ = std::move(bound_uri);
  deadlines_.clear(Due::Refresh);
  return {};
}

void Registration::on_response(const MessageView& response) {
  if (response.status() < 200) return;
  if (in_flight_ != Asked::Nothing && take_response(response)) return;
  send_what_waits();
}

/// @return whether it goes on with another REGISTER.
bool Registration::take_response(const MessageView& response) {
  const auto status = response.status();
  const auto what = in_flight_;
  Rollback undo([this, what]() noexcept { in_flight_ = what; });  // where memory runs out, the answer is taken again
  in_flight_ = Asked::Nothing;
  if (what == Asked::Query) {
    agent_.outbox.emit(RequestDone{query_, Message(response)});
  } else if (status == 423 && retry_with_longer_expires(response, what)) {
    undo.done();
    return true;
  } else if (status >= 300) {
    Error error{.code = Errc::Declined, .status = status, .detail = std::string(response.reason())};
    if (is_temporary(status)) {
      on_temporary_failure(what, std::move(error), failure_details(response));
    } else {
      on_refused(what, std::move(error), failure_details(response));
    }
  } else if (what == Asked::Unbind || what == Asked::UnbindAll) {
    drop(std::nullopt);
  } else {
    on_bound(response, what);
  }
  undo.done();
  return false;
}

void Registration::on_bound(const MessageView& response, Asked what) {
  // s.10.2.4. A 200 that does not name our Contact is a 200 all the same: the lifetime is what else it says, or what we asked for.
  const auto own = own_contact(response, bound_uri_, agent_.options.instance_id);
  auto granted = own ? as_seconds(contact_expires(*own)) : std::nullopt;
  if (!granted) granted = as_seconds(delta_seconds(response, HeaderId::Expires));
  if (!granted) granted = own ? default_expires : std::chrono::duration_cast<seconds>(expires_);
  if (*granted == seconds{0}) return drop(Error{.code = Errc::ProtocolViolation, .reason = "the registrar granted no time"});
  granted = std::min(*granted, longest_expires);

  const auto gruu = own ? own->params.find("pub-gruu") : std::nullopt;  // RFC 5627 s.4.2; temp-gruu is never used
  auto pub_gruu = gruu ? unquote(*gruu) : std::string();
  if (const auto uri = parse_uri(pub_gruu); !uri || !uri->is_sip()) pub_gruu.clear();
  const std::size_t most_hops = limits::routes - (agent_.options.outbound_proxy.empty() ? 0 : 1);  // the proxy stands before them
  std::size_t left_out = 0;
  auto service_route = service_route_of(response, most_hops, left_out);
  const bool refresh = registered_ && what == Asked::Refresh;
  Registered told{refresh, *granted, pub_gruu, service_route, values_of(response, HeaderId::PAssociatedUri)};
  if (left_out != 0) agent_.outbox.emit(Diagnostic{"of the Service-Route was left out what is no address in <>, or too much"});

  agent_.self.set_pub_gruu(std::move(pub_gruu));
  agent_.service_route = std::move(service_route);  // RFC 3608 s.6.1: anew with each 200
  keep_alive_.on_registered(flow_, response);
  registered_ = true;
  failures_ = 0;
  longer_expires_tries_ = 0;
  deadlines_.set(Due::Expiry, agent_.now + *granted);
  deadlines_.set(Due::Refresh, agent_.now + refresh_delay(*granted, agent_.chance(1'000), request_.refresh));
  agent_.outbox.emit(std::move(told));
}

bool Registration::retry_with_longer_expires(const MessageView& response, Asked what) {
  const auto least = as_seconds(delta_seconds(response, HeaderId::MinExpires));
  const bool useful = least && *least > expires_ && *least <= longest_expires && (what == Asked::Bind || what == Asked::Refresh);
  if (!useful || longer_expires_tries_ == most_423) return false;
  expires_ = *least;
  ++longer_expires_tries_;
  return send(what).has_value();
}

void Registration::on_unauthorized(const Error& error) {
  const auto what = in_flight_;
  if (what == Asked::Query) agent_.outbox.emit(RequestDone{query_, error});
  if (what != Asked::Nothing && what != Asked::Query) on_refused(what, error);
  in_flight_ = Asked::Nothing;
  send_what_waits();
}

void Registration::on_failed(const Error& error) {
  const auto what = in_flight_;
  const bool lost = error.code == Errc::ConnectionLost;
  if (what == Asked::Query) agent_.outbox.emit(RequestDone{query_, error});
  if (what != Asked::Nothing && lost) {
    waiting_ = Asked::Nothing;
    bind_afterwards_.reset();
    drop(error);
  } else if (what != Asked::Nothing && what != Asked::Query) {
    on_temporary_failure(what, error);
  }
  in_flight_ = Asked::Nothing;
  send_what_waits();
}

void Registration::on_refused(Asked what, Error error, FailureDetails details) {
  if (what == Asked::Refresh && !registered_) return;  // it has run out meanwhile, which was told
  // An un-REGISTER that was refused ends here too: whoever asked wants to be gone, so there is nothing to refresh.
  drop(std::move(error), std::move(details));
}

void Registration::on_temporary_failure(Asked what, Error error, FailureDetails details) {
  // The binding still stands: it is refreshed again, later and later, for as long as it does (RFC 5626 s.4.5; F08).
  if (what != Asked::Refresh || !registered_) return on_refused(what, std::move(error), std::move(details));
  const seconds base = std::min(longest_pause, first_pause * (1 << std::min(failures_, 6)));
  const Duration own_pause = Duration{base} * (500 + agent_.chance(500)) / 1'000;
  const Duration pause = std::max(own_pause, details.retry_after.value_or(Duration{0}));  // s.21.5.4; Expiry has its own clock
  agent_.outbox.emit(Diagnostic{"registration not refreshed, will be tried again: " + error.text()});
  ++failures_;
  deadlines_.set(Due::Refresh, agent_.now + pause);
}

void Registration::drop(std::optional<Error> why, FailureDetails details) {
  agent_.outbox.emit(Unregistered{std::move(why), std::move(details)});
  registered_ = false;
  failures_ = 0;
  agent_.self.set_pub_gruu({});  // both came with the binding
  agent_.service_route.clear();
  keep_alive_.stop();
  deadlines_.clear(Due::Refresh);
  deadlines_.clear(Due::Expiry);
}

void Registration::send_what_waits() {
  if (in_flight_ != Asked::Nothing) return;
  Result<void> sent;
  if (waiting_ != Asked::Nothing) {
    sent = send(waiting_);
    waiting_ = Asked::Nothing;
  } else if (bind_afterwards_) {
    sent = register_(*bind_afterwards_);
    bind_afterwards_.reset();
  }
  if (sent) return;
  bind_afterwards_.reset();
  drop(std::move(sent).error());
}

void Registration::on_flow_closed(FlowId flow) {
  keep_alive_.on_flow_closed(flow);
  if (flow_ != flow) return;
  registered_ = false;  // whether it is told is the account's business; a REGISTER in flight fails with the flow
  deadlines_.clear(Due::Refresh);
  deadlines_.clear(Due::Expiry);
}

void Registration::on_flow_failed(FlowId flow, const Error& why) {
  if (registered_ && flow_ == flow && in_flight_ == Asked::Nothing) drop(why);  // else the REGISTER in flight fails, and tells it
  on_flow_closed(flow);
}

void Registration::on_deadline(Due due) {
  agent_.outbox.reserve();
  if (due == Due::Expiry) return drop(Error{.code = Errc::Timeout, .reason = "the registration ran out"});
  if (in_flight_ == Asked::Nothing) {
    send(Asked::Refresh);
  } else if (waiting_ == Asked::Nothing) {
    waiting_ = Asked::Refresh;  // a query is being answered
  }
}

}  // namespace parley::sip
