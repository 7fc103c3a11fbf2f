// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/typed_fields.hpp>

#include <parley/sip/auth/authentication_info.hpp>
#include <parley/sip/auth/challenge.hpp>
#include <parley/sip/message/headers/visit.hpp>
#include <parley/sip/message/multipart.hpp>
#include <parley/sip/message/sipfrag.hpp>

#include <string_view>

namespace parley::program {

namespace {

using sip::HeaderShape;

void add(Fields& fields, std::string_view name, std::string_view value) {
  if (!value.empty()) fields.emplace_back(name, value);
}

/// Each parameter under its own name, unquoted.
void add(Fields& fields, const sip::ParamsView& params) {
  for (std::string_view rest = params.text(); const auto param = sip::ParamsView::next(rest);) {
    fields.emplace_back(';' + std::string(param->name), sip::unquote(param->value));
  }
}

void add(Fields& fields, const sip::UriView& uri) {
  add(fields, "uri", uri.text);
  add(fields, "scheme", uri.scheme_text);
  add(fields, "user", uri.user);
  add(fields, "host", uri.host);
  if (uri.port) add(fields, "port", std::to_string(*uri.port));
  add(fields, "uri_params", uri.params);
  add(fields, "uri_headers", uri.headers);
}

/// Writes down what visit_values() tells.
class Collector {
 public:
  explicit Collector(Typed& out) : out_(out) {}

  void operator()(const sip::ItemView& item) {
    Fields& fields = begin();
    add(fields, "value", item.value);
    add(fields, "comment", item.comment);
    add(fields, item.params);
  }
  void operator()(const sip::NameAddrView& address) {
    Fields& fields = begin();
    add(fields, "display_name", address.display_text());
    add(fields, address.uri);
    add(fields, "params", address.params.text());
    add(fields, address.params);
  }
  void operator()(const sip::ViaView& via) {
    Fields& fields = begin();
    add(fields, "transport", via.transport);
    add(fields, "host", via.host);
    if (via.port) add(fields, "port", std::to_string(*via.port));
    add(fields, "branch", via.branch);
    add(fields, "params", via.params.text());
  }
  void operator()(const sip::AcceptView& range) {
    Fields& fields = begin();
    add(fields, "type", range.type);
    add(fields, "subtype", range.subtype);
    add(fields, range.params);
  }
  void operator()(const sip::CSeqView& cseq) {
    begin() = {{"number", std::to_string(cseq.number)}, {"method", std::string(cseq.method_text)}};
  }
  void operator()(const sip::RAckView& rack) {
    begin() = {{"response_number", std::to_string(rack.response_number)},
               {"number", std::to_string(rack.cseq.number)},
               {"method", std::string(rack.cseq.method_text)}};
  }
  void operator()(sip::UnixSeconds date) { begin() = {{"unix_seconds", std::to_string(date)}}; }
  void operator()(const sip::TimestampView& timestamp) {
    Fields& fields = begin();
    add(fields, "time", timestamp.time);
    add(fields, "delay", timestamp.delay);
  }
  void operator()(const sip::WarningView& warning) {
    begin() = {{"code", std::to_string(warning.code)}, {"agent", std::string(warning.agent)}, {"text", sip::unquote(warning.text)}};
  }
  void operator()(const sip::IdentityView& identity) {
    Fields& fields = begin();
    add(fields, "digest", identity.digest);
    add(fields, "info", identity.info);
    add(fields, "params", identity.params);
  }
  void operator()(const sip::UnreadableValue& value) { cannot_read(value.error); }

  /// What the message layer leaves whole.
  void operator()(HeaderShape shape, std::string_view text) {
    switch (shape) {
      case HeaderShape::NamedValues: return add_authentication_info(text);
      case HeaderShape::Challenge: return add_challenge(text);
      case HeaderShape::Credentials: return add_credentials(text);
      default: return;
    }
  }

 private:
  Fields& begin() { return out_.values.emplace_back(); }

  void cannot_read(const Error& error) {
    out_.unreadable.push_back(error.text() + (error.offset == Error::no_offset ? "" : " (octet " + std::to_string(error.offset) + ")"));
  }

  void add_authentication_info(std::string_view text) {
    const auto info = sip::parse_authentication_info(text);
    if (!info) return cannot_read(info.error());
    Fields& fields = begin();
    add(fields, "nextnonce", sip::unfolded(info->next_nonce));
    add(fields, "qop", sip::unfolded(info->qop));
    add(fields, "rspauth", sip::unfolded(info->response_auth));
    add(fields, "cnonce", sip::unfolded(info->cnonce));
    add(fields, "nc", sip::unfolded(info->nonce_count));
  }
  void add_challenge(std::string_view text) {
    const auto challenge = sip::parse_challenge(text);
    if (!challenge) return cannot_read(challenge.error());
    Fields& fields = begin();
    add(fields, "realm", challenge->realm);
    add(fields, "nonce", challenge->nonce);
    add(fields, "opaque", challenge->opaque.value_or(""));
    add(fields, "algorithm", challenge->algorithm_text.value_or(""));
    add(fields, "qop", challenge->qop_auth ? "auth" : "");
    add(fields, "stale", challenge->stale ? "true" : "");
  }
  void add_credentials(std::string_view text) {
    const auto credentials = sip::parse_credentials(text);
    if (!credentials) return cannot_read(credentials.error());
    Fields& fields = begin();
    add(fields, "username", credentials->username);
    add(fields, "realm", credentials->realm);
    add(fields, "nonce", credentials->nonce);
    add(fields, "uri", credentials->uri);
    add(fields, "qop", credentials->qop.value_or(""));
  }

  Typed& out_;
};

void add_sipfrag(Typed& typed, std::string_view body) {
  const auto fragment = sip::parse_sipfrag(body);
  if (!fragment) return typed.unreadable.push_back("sipfrag: " + fragment.error().text());
  Fields& fields = typed.values.emplace_back();
  add(fields, "type", "message/sipfrag");
  if (fragment->status != 0) add(fields, "status", std::to_string(fragment->status));
  add(fields, "reason", fragment->reason);
  add(fields, "method", fragment->method);
  add(fields, "uri", fragment->request_uri);
  for (std::string_view rest = fragment->head.text(); const auto field = sip::HeadView::next(rest);) add(fields, field->name, field->value);
}

}  // namespace

Typed typed_fields(const sip::HeaderView& header) {
  Typed typed;
  if (header.id == sip::HeaderId::Contact && header.value == "*") return typed;
  sip::visit_values(header, Collector(typed));
  return typed;
}

Typed typed_body(const sip::MessageView& message) {
  Typed typed;
  const auto type = message.content_type();
  if (type && type->is("message/sipfrag")) add_sipfrag(typed, message.body());
  if (!type || !sip::MultipartReader::open(*type, message.body())) return typed;
  sip::BodyParts parts(message);
  while (const auto part = parts.next()) {
    if (part->is("message/sipfrag")) {
      add_sipfrag(typed, part->body);
      continue;
    }
    Fields& fields = typed.values.emplace_back();
    const auto part_type = part->content_type();
    add(fields, "type", part_type ? std::string(part_type->type) + '/' + std::string(part_type->subtype) : "text/plain");
    for (std::string_view rest = part->head.text(); const auto field = sip::HeadView::next(rest);) add(fields, field->name, field->value);
    fields.emplace_back("octets", std::to_string(part->body.size()));
    add(fields, "body", part->body);
  }
  return typed;
}

}  // namespace parley::program
