// SPDX-License-Identifier: MIT
#include <parley/sip/dialog/route_set.hpp>
#include <parley/sip/message/grammar.hpp>

namespace parley::sip {
namespace {

void append_hop(std::string& value, std::string_view hop) {
  if (hop.empty()) return;
  if (!value.empty()) value += ", ";
  value += hop;
}

}  // namespace

bool is_route(const NameAddrView& address) noexcept {
  const char* const uri = address.uri.text.data();
  return uri != address.text.data() && uri[-1] == '<';
}

std::string as_request_uri(const UriView& uri) {
  if (!uri.is_sip()) return std::string(uri.text);
  // What stands before the parameters: everything up to them, or up to the headers, or all.
  const char* const begin = uri.text.data();
  const char* end = begin + uri.text.size();
  if (!uri.headers.empty()) end = uri.headers.data() - 1;  // the '?'
  if (!uri.params.empty()) end = uri.params.data() - 1;    // the first ';'
  std::string text(begin, end);
  if (uri.params.empty() && !text.empty() && text.back() == '?') text.pop_back();
  for (std::string_view rest = uri.params; !rest.empty();) {
    const auto param = grammar::take_uri_part(rest, ';');
    if (grammar::equal_nocase(param.name, "method")) continue;
    text.append(";").append(param.name);
    if (param.has_value) text.append("=").append(param.value);
  }
  return text;
}

RouteSet RouteSet::from_record_route(const MessageView& message, Order order) {
  RouteSet set;
  const std::size_t count = message.record_route_count();
  for (std::size_t i = 0; i < count; ++i) {
    const auto hop = message.record_route(order == Order::AsWritten ? i : count - 1 - i);
    append_hop(set.value_, unfolded(hop.text));
  }
  return set;
}

RouteSet RouteSet::preloaded(std::string_view outbound_proxy, const std::vector<std::string>& service_route) {
  RouteSet set;
  if (!outbound_proxy.empty()) {
    append_hop(set.value_, outbound_proxy.front() == '<' ? std::string(outbound_proxy) : '<' + std::string(outbound_proxy) + '>');
  }
  for (const auto& hop : service_route) append_hop(set.value_, hop);
  return set;
}

RouteSet::Aim RouteSet::aim(std::string_view target) const {
  std::string_view rest = value_;
  const auto first = next_element(rest);
  if (!first) return {std::string(target), {}};
  const auto hop = parse_name_addr(*first);
  if (!hop || hop->uri.param("lr")) return {std::string(target), value_};
  // RFC 3261 s.12.2.1.1: the strict router finds itself in the Request-URI and the target at the end of Route.
  std::string route(grammar::trim(rest));
  append_hop(route, '<' + std::string(target) + '>');
  return {as_request_uri(hop->uri), std::move(route)};
}

}  // namespace parley::sip
