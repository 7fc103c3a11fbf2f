// SPDX-License-Identifier: MIT
#include <parley/sip/message/grammar.hpp>
#include <parley/sip/transaction/detail/source_via.hpp>

namespace parley::sip {

bool write_source(std::string& bytes, const MessageView& request, const FlowInfo& flow) {
  const ViaView via = request.via();
  const bool wants_port = via.params.has("rport") && flow.peer_port != 0;
  const bool same_host = grammar::equal_nocase(grammar::without_brackets(via.host), flow.peer_address);
  if (flow.peer_address.empty() || (same_host && !wants_port)) return false;

  const std::string_view all = request.bytes();
  const auto begin = static_cast<std::size_t>(via.text.data() - all.data());
  std::string_view params = via.params.text();
  const std::size_t head = params.empty() ? via.text.size() : static_cast<std::size_t>(params.data() - via.text.data());

  bytes.assign(all.substr(0, begin + head));
  while (const auto param = ParamsView::next(params)) {
    if (grammar::equal_nocase(param->name, "received") || (wants_port && grammar::equal_nocase(param->name, "rport"))) continue;
    bytes.append(";").append(param->name);
    if (param->has_value) bytes.append("=").append(param->value);
  }
  bytes.append(";received=").append(flow.peer_address);
  if (wants_port) bytes.append(";rport=").append(std::to_string(flow.peer_port));
  bytes.append(all.substr(begin + via.text.size()));
  return bytes.size() <= limits::message;
}

}  // namespace parley::sip
