// SPDX-License-Identifier: MIT
#include <parley/tests/bench/peer.hpp>

extern "C" {
#include <re/re_types.h>

#include <re/re_fmt.h>
#include <re/re_list.h>
#include <re/re_mbuf.h>
#include <re/re_mem.h>
#include <re/re_msg.h>
#include <re/re_sa.h>
#include <re/re_uri.h>

#include <re/re_sip.h>
}

#include <array>

namespace parley::bench {

namespace {

constexpr std::size_t most = 16;  ///< values of one header in this corpus

std::string_view view(const pl& text) { return {text.p, text.p ? text.l : 0}; }

/// sip_msg_decode() leaves these for later.
struct Rest {
  struct Via {
    sip_via via;
    pl host;
    pl port;
  };
  std::array<Via, most> vias;
  std::array<sip_addr, most> contacts, routes, record_routes;
  std::size_t via_count, contact_count, route_count, record_route_count;
  std::uint32_t max_forwards, content_length;
};

template <class Sink>
void write(Sink& sink, const char* prefix, const uri& uri) {
  sink.text(prefix, "uri.scheme", view(uri.scheme));
  sink.text(prefix, "uri.user", view(uri.user));
  sink.text(prefix, "uri.host", view(uri.host));
  sink.number(prefix, "uri.port", static_cast<unsigned long>(uri.port));
}

template <class Sink>
void write(Sink& sink, const char* prefix, const pl& display, const uri& uri) {
  sink.display(prefix, view(display));
  write(sink, prefix, uri);
}

/// It knows no WSS and gives the whole value instead.
std::string_view transport(const sip_via& via) {
  if (via.tp != SIP_TRANSP_NONE) return sip_transp_name(via.tp);
  constexpr std::size_t protocol = sizeof("SIP/2.0/") - 1;
  const std::string_view value = view(via.val);
  return value.substr(protocol, value.find_first_of(" \t\r") - protocol);
}

template <class Sink>
void write(Sink& sink, const Rest::Via& via) {
  sink.text("via.", "transport", transport(via.via));
  sink.text("via.", "host", view(via.host));
  sink.number("via.", "port", view(via.port));
  sink.text("via.", "branch", view(via.via.branch));
}

template <class Sink>
void write(Sink& sink, const sip_msg& message, const Rest& rest) {
  if (message.req) {
    sink.text("", "method", view(message.met));
    write(sink, "request.", message.uri);
  } else {
    sink.number("", "status", static_cast<unsigned long>(message.scode));
    sink.text("", "reason", view(message.reason));
  }
  for (std::size_t i = 0; i < rest.via_count; ++i) write(sink, rest.vias[i]);
  write(sink, "from.", message.from.dname, message.from.uri);
  sink.text("from.", "tag", view(message.from.tag));
  write(sink, "to.", message.to.dname, message.to.uri);
  sink.text("to.", "tag", view(message.to.tag));
  sink.text("", "call-id", view(message.callid));
  sink.number("cseq.", "number", static_cast<unsigned long>(message.cseq.num));
  sink.text("cseq.", "method", view(message.cseq.met));
  sink.number("", "max-forwards", static_cast<unsigned long>(rest.max_forwards));
  for (std::size_t i = 0; i < rest.contact_count; ++i) write(sink, "contact.", rest.contacts[i].dname, rest.contacts[i].uri);
  for (std::size_t i = 0; i < rest.route_count; ++i) write(sink, "route.", rest.routes[i].dname, rest.routes[i].uri);
  for (std::size_t i = 0; i < rest.record_route_count; ++i)
    write(sink, "record-route.", rest.record_routes[i].dname, rest.record_routes[i].uri);
  sink.text("content-type.", "type", view(message.ctyp.type));
  sink.text("content-type.", "subtype", view(message.ctyp.subtype));
  sink.number("", "content-length", static_cast<unsigned long>(rest.content_length));
}

class Re : public Peer {
 public:
  const char* name() const override { return "libre"; }
  bool parse(std::string_view bytes) override {
    buffer_ = mbuf_alloc(bytes.size());
    mbuf_write_mem(buffer_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    mbuf_set_pos(buffer_, 0);
    return sip_msg_decode(&message_, buffer_) == 0 && decode_rest();
  }
  std::string_view print() override {  // it prints its own messages by format strings; so is this
    printed_ = mbuf_alloc(2048);
    if (message_->req)
      mbuf_printf(printed_, "%r %r SIP/2.0\r\n", &message_->met, &message_->ruri);
    else
      mbuf_printf(printed_, "SIP/2.0 %u %r\r\n", static_cast<unsigned>(message_->scode), &message_->reason);
    mbuf_printf(printed_, "Via: %s\r\n", added_via);
    for (const le* element = message_->hdrl.head; element; element = element->next) {
      const auto* const header = static_cast<const sip_hdr*>(element->data);
      mbuf_printf(printed_, "%r: %r\r\n", &header->name, &header->val);
    }
    mbuf_printf(printed_, "\r\n");
    mbuf_write_mem(printed_, mbuf_buf(message_->mb), mbuf_get_left(message_->mb));
    return {reinterpret_cast<const char*>(printed_->buf), printed_->end};
  }
  void clear() override {
    printed_ = static_cast<mbuf*>(mem_deref(printed_));
    message_ = static_cast<sip_msg*>(mem_deref(message_));
    buffer_ = static_cast<mbuf*>(mem_deref(buffer_));
  }
  unsigned read() override {
    FieldReader reader;
    write(reader, *message_, rest_);
    return reader.sum();
  }
  Fields fields() override {
    FieldWriter writer;
    write(writer, *message_, rest_);
    return writer.take();
  }

 private:
  bool decode_rest() {
    rest_.via_count = rest_.contact_count = rest_.route_count = rest_.record_route_count = 0;
    sip_msg_hdr_apply(message_, true, SIP_HDR_VIA, on_via, &rest_);
    sip_msg_hdr_apply(message_, true, SIP_HDR_CONTACT, on_contact, &rest_);
    sip_msg_hdr_apply(message_, true, SIP_HDR_ROUTE, on_route, &rest_);
    sip_msg_hdr_apply(message_, true, SIP_HDR_RECORD_ROUTE, on_record_route, &rest_);
    rest_.max_forwards = pl_u32(&message_->maxfwd);
    rest_.content_length = pl_u32(&message_->clen);
    return true;
  }
  static bool on_via(const sip_hdr* header, const sip_msg*, void* rest) {
    auto& all = *static_cast<Rest*>(rest);
    auto& to = all.vias[all.via_count++];
    sip_via_decode(&to.via, &header->val);
    uri_decode_hostport(&to.via.sentby, &to.host, &to.port);
    return false;
  }
  static bool on_contact(const sip_hdr* header, const sip_msg*, void* rest) {
    auto& all = *static_cast<Rest*>(rest);
    return sip_addr_decode(&all.contacts[all.contact_count++], &header->val) != 0;
  }
  static bool on_route(const sip_hdr* header, const sip_msg*, void* rest) {
    auto& all = *static_cast<Rest*>(rest);
    return sip_addr_decode(&all.routes[all.route_count++], &header->val) != 0;
  }
  static bool on_record_route(const sip_hdr* header, const sip_msg*, void* rest) {
    auto& all = *static_cast<Rest*>(rest);
    return sip_addr_decode(&all.record_routes[all.record_route_count++], &header->val) != 0;
  }

  mbuf* buffer_ = nullptr;
  sip_msg* message_ = nullptr;
  mbuf* printed_ = nullptr;
  Rest rest_;
};

}  // namespace

std::unique_ptr<Peer> make_re() { return std::make_unique<Re>(); }

}  // namespace parley::bench
