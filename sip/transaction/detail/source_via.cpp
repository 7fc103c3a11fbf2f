// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/detail/source_via.hpp>

#include <algorithm>

namespace parley::sip {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_any_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view without_brackets(std::string_view host) noexcept {
  return host.size() > 2 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

bool write_source(std::string& bytes, const MessageView& request, const FlowInfo& flow) {
  const ViaView via = request.via();
  const bool wants_port = via.params.has("rport") && flow.peer_port != 0;
  const bool same_host = equal_any_case(without_brackets(via.host), flow.peer_address);
  if (flow.peer_address.empty() || (same_host && !wants_port)) return false;

  const std::string_view all = request.bytes();
  const auto begin = static_cast<std::size_t>(via.text.data() - all.data());
  std::string_view params = via.params.text();
  const std::size_t head = params.empty() ? via.text.size() : static_cast<std::size_t>(params.data() - via.text.data());

  bytes.assign(all.substr(0, begin + head));
  while (const auto param = ParamsView::next(params)) {
    if (equal_any_case(param->name, "received") || (wants_port && equal_any_case(param->name, "rport"))) continue;
    bytes.append(";").append(param->name);
    if (param->has_value) bytes.append("=").append(param->value);
  }
  bytes.append(";received=").append(flow.peer_address);
  if (wants_port) bytes.append(";rport=").append(std::to_string(flow.peer_port));
  bytes.append(all.substr(begin + via.text.size()));
  return bytes.size() <= limits::message;
}

}  // namespace parley::sip
