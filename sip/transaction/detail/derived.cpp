// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/detail/derived.hpp>

#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/message_index.hpp>
#include <parley/sip/message/parser.hpp>

namespace parley::sip::derived {

namespace {

/// What ACK and CANCEL have of their INVITE: Request-URI, the top Via alone, Route, From, Call-ID, the CSeq number. `to_from`: whose To.
MessageBuilder begin_like(const MessageView& invite, Method method, const MessageView& to_from) {
  MessageBuilder builder = MessageBuilder::request(method, invite.request_uri().text);
  builder.header(HeaderId::Via, invite.via().text)
      .header(HeaderId::MaxForwards, 70)
      .copy(invite, HeaderId::Route)
      .copy(invite, HeaderId::From)
      .copy(to_from, HeaderId::To)
      .copy(invite, HeaderId::CallId)
      .header(HeaderId::CSeq, std::to_string(invite.cseq().number) + ' ' + std::string(to_string(method)));
  return builder;
}

}  // namespace

SharedBytes ack_of_refusal(std::string_view invite, const MessageView& response) {
  MessageIndex index;
  if (parse(invite, index).verdict != Verdict::Ok) return {};
  const MessageView request{invite, index};
  MessageBuilder builder = begin_like(request, Method::Ack, response);
  builder.copy(request, HeaderId::Authorization).copy(request, HeaderId::ProxyAuthorization);
  const Result<std::string> ack = std::move(builder).finish();
  return ack ? SharedBytes{*ack} : SharedBytes{};
}

Result<std::string> cancel(std::string_view invite, std::string_view reason) {
  MessageIndex index;
  if (parse(invite, index).verdict != Verdict::Ok) return Errc::BadSyntax;
  const MessageView request{invite, index};
  MessageBuilder builder = begin_like(request, Method::Cancel, request);
  if (!reason.empty()) builder.header(HeaderId::Reason, reason);
  return std::move(builder).finish();
}

SharedBytes trying(std::string_view request) {
  MessageIndex index;
  if (parse(request, index).verdict != Verdict::Ok) return {};
  const Result<std::string> response = MessageBuilder::response_to(MessageView{request, index}, 100, {}).finish();
  return response ? SharedBytes{*response} : SharedBytes{};
}

}  // namespace parley::sip::derived
