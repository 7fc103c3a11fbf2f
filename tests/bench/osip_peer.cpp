// SPDX-License-Identifier: MIT
#include <parley/tests/bench/peer.hpp>

extern "C" {
#include <osipparser2/osip_parser.h>
}

namespace parley::bench {

namespace {

template <class Header, class F>
void each(const osip_list_t& list, F&& f) {
  osip_list_iterator_t at;
  for (void* header = osip_list_get_first(&list, &at); header; header = osip_list_get_next(&at)) f(*static_cast<Header*>(header));
}

const char* parameter(const osip_list_t& list, const char* name) {
  osip_generic_param_t* found = nullptr;
  osip_generic_param_get_byname(const_cast<osip_list_t*>(&list), const_cast<char*>(name), &found);
  return found ? found->gvalue : nullptr;
}

template <class Sink>
void write(Sink& sink, const char* prefix, const osip_uri_t& uri) {
  sink.text(prefix, "uri.scheme", uri.scheme);
  sink.text(prefix, "uri.user", uri.username);
  sink.text(prefix, "uri.host", uri.host);
  sink.number(prefix, "uri.port", uri.port);
}

template <class Sink>
void write(Sink& sink, const char* prefix, const osip_from_t& address) {  // To, Contact, Route, Record-Route are the same structure
  sink.display(prefix, address.displayname);
  write(sink, prefix, *address.url);
}

template <class Sink>
void write(Sink& sink, const osip_via_t& via) {
  sink.text("via.", "transport", via.protocol);
  sink.text("via.", "host", via.host);
  sink.number("via.", "port", via.port);
  sink.text("via.", "branch", parameter(via.via_params, "branch"));
}

template <class Sink>
void write(Sink& sink, const osip_message_t& message) {
  if (MSG_IS_REQUEST(&message)) {
    sink.text("", "method", message.sip_method);
    write(sink, "request.", *message.req_uri);
  } else {
    sink.number("", "status", static_cast<unsigned long>(message.status_code));
    sink.text("", "reason", message.reason_phrase);
  }
  each<osip_via_t>(message.vias, [&](const osip_via_t& via) { write(sink, via); });
  write(sink, "from.", *message.from);
  sink.text("from.", "tag", parameter(message.from->gen_params, "tag"));
  write(sink, "to.", *message.to);
  sink.text("to.", "tag", parameter(message.to->gen_params, "tag"));
  // It parts a Call-ID at its "@"; the harness compares it whole.
  sink.call_id(message.call_id->number, message.call_id->host);
  sink.number("cseq.", "number", message.cseq->number);
  sink.text("cseq.", "method", message.cseq->method);
  osip_header_t* hops = nullptr;
  osip_message_header_get_byname(&message, "max-forwards", 0, &hops);
  sink.number("", "max-forwards", hops ? hops->hvalue : nullptr);
  each<osip_from_t>(message.contacts, [&](const osip_from_t& contact) { write(sink, "contact.", contact); });
  each<osip_from_t>(message.routes, [&](const osip_from_t& route) { write(sink, "route.", route); });
  each<osip_from_t>(message.record_routes, [&](const osip_from_t& route) { write(sink, "record-route.", route); });
  sink.text("content-type.", "type", message.content_type ? message.content_type->type : nullptr);
  sink.text("content-type.", "subtype", message.content_type ? message.content_type->subtype : nullptr);
  sink.number("", "content-length", message.content_length ? message.content_length->value : nullptr);
}

class Osip : public Peer {
 public:
  Osip() { parser_init(); }

  const char* name() const override { return "osip2"; }
  bool parse(std::string_view bytes) override {
    osip_message_init(&message_);
    return osip_message_parse(message_, bytes.data(), bytes.size()) == OSIP_SUCCESS;
  }
  std::string_view print() override {
    osip_via_t* via = nullptr;
    osip_via_init(&via);
    osip_via_parse(via, added_via);
    osip_list_add(&message_->vias, via, 0);
    osip_message_force_update(message_);
    std::size_t length = 0;
    osip_message_to_str(message_, &printed_, &length);
    return {printed_ ? printed_ : "", length};
  }
  bool rewrites_multipart() const override { return true; }
  void clear() override {
    osip_free(printed_);
    printed_ = nullptr;
    osip_message_free(message_);
    message_ = nullptr;
  }
  unsigned read() override {
    FieldReader reader;
    write(reader, *message_);
    return reader.sum();
  }
  Fields fields() override {
    FieldWriter writer;
    write(writer, *message_);
    return writer.take();
  }

 private:
  osip_message_t* message_ = nullptr;
  char* printed_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> make_osip() { return std::make_unique<Osip>(); }

}  // namespace parley::bench
