// SPDX-License-Identifier: MIT
#include <parley/tests/bench/peer.hpp>

extern "C" {
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/su.h>
}

namespace parley::bench {

namespace {

template <class Sink>
void write_uri(Sink& sink, const char* prefix, const url_t& uri) {
  sink.text(prefix, "uri.scheme", uri.url_scheme);
  sink.text(prefix, "uri.user", uri.url_user);
  sink.text(prefix, "uri.host", uri.url_host);
  sink.number(prefix, "uri.port", uri.url_port);
}

template <class Sink>
void write_address(Sink& sink, const char* prefix, const char* display, const url_t& uri) {
  sink.display(prefix, display);
  write_uri(sink, prefix, uri);
}

template <class Sink>
void write_via(Sink& sink, const sip_via_t& via) {
  sink.text("via.", "transport", via.v_protocol + sizeof("SIP/2.0"));
  sink.text("via.", "host", via.v_host);
  sink.number("via.", "port", via.v_port);
  sink.text("via.", "branch", via.v_branch);
}

template <class Sink>
void write(Sink& sink, const sip_t& sip) {
  if (const auto* request = sip.sip_request) {
    sink.text("", "method", request->rq_method_name);
    write_uri(sink, "request.", request->rq_url[0]);
  } else {
    sink.number("", "status", static_cast<unsigned long>(sip.sip_status->st_status));
    sink.text("", "reason", sip.sip_status->st_phrase);
  }
  for (const auto* via = sip.sip_via; via; via = via->v_next) write_via(sink, *via);
  write_address(sink, "from.", sip.sip_from->a_display, sip.sip_from->a_url[0]);
  sink.text("from.", "tag", sip.sip_from->a_tag);
  write_address(sink, "to.", sip.sip_to->a_display, sip.sip_to->a_url[0]);
  sink.text("to.", "tag", sip.sip_to->a_tag);
  sink.text("", "call-id", sip.sip_call_id->i_id);
  sink.number("cseq.", "number", static_cast<unsigned long>(sip.sip_cseq->cs_seq));
  sink.text("cseq.", "method", sip.sip_cseq->cs_method_name);
  sink.number("", "max-forwards", sip.sip_max_forwards ? sip.sip_max_forwards->mf_count : 0UL);
  for (const auto* contact = sip.sip_contact; contact; contact = contact->m_next)
    write_address(sink, "contact.", contact->m_display, contact->m_url[0]);
  for (const auto* route = sip.sip_route; route; route = route->r_next) write_address(sink, "route.", route->r_display, route->r_url[0]);
  for (const auto* route = sip.sip_record_route; route; route = route->r_next)
    write_address(sink, "record-route.", route->r_display, route->r_url[0]);
  // "application/sdp", and a pointer behind the slash.
  const auto* type = sip.sip_content_type;
  const std::size_t main_length = type ? static_cast<std::size_t>(type->c_subtype - type->c_type - 1) : 0;
  sink.text("content-type.", "type", type ? std::string_view(type->c_type, main_length) : std::string_view());
  sink.text("content-type.", "subtype", type ? type->c_subtype : nullptr);
  sink.number("", "content-length", sip.sip_content_length ? static_cast<unsigned long>(sip.sip_content_length->l_length) : 0UL);
}

class Sofia : public Peer {
 public:
  Sofia() { su_init(); }
  ~Sofia() override { su_deinit(); }
  Sofia(const Sofia&) = delete;
  Sofia& operator=(const Sofia&) = delete;

  const char* name() const override { return "sofia-sip"; }
  bool parse(std::string_view bytes) override {
    message_ = msg_make(sip_default_mclass(), 0, bytes.data(), static_cast<ssize_t>(bytes.size()));
    sip_ = message_ ? sip_object(message_) : nullptr;
    return sip_ && !sip_->sip_error && sip_->sip_from && sip_->sip_to && sip_->sip_call_id && sip_->sip_cseq && sip_->sip_via;
  }
  std::string_view print() override {
    sip_via_t* const via = sip_via_make(msg_home(message_), added_via);
    auto* const all = reinterpret_cast<msg_pub_t*>(sip_);
    msg_header_insert(message_, all, reinterpret_cast<msg_header_t*>(via));
    std::size_t length = 0;
    const char* const text = msg_as_string(msg_home(message_), message_, all, 0, &length);
    return {text, length};
  }
  void clear() override {
    msg_destroy(message_);
    message_ = nullptr;
    sip_ = nullptr;
  }
  unsigned read() override {
    FieldReader reader;
    write(reader, *sip_);
    return reader.sum();
  }
  Fields fields() override {
    FieldWriter writer;
    write(writer, *sip_);
    return writer.take();
  }

 private:
  msg_t* message_ = nullptr;
  sip_t* sip_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> make_sofia() { return std::make_unique<Sofia>(); }

}  // namespace parley::bench
