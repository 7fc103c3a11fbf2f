// SPDX-License-Identifier: MIT
#include <parley/sip/message/builder.hpp>
#include <parley/sip/message/match.hpp>
#include <parley/sip/message/parser.hpp>
#include <parley/tests/bench/peer.hpp>

#include <string>

namespace parley::bench {

namespace {

using namespace parley::sip;

template <class Sink>
void write(Sink& sink, const char* prefix, const UriView& uri) {
  sink.text(prefix, "uri.scheme", uri.scheme_text);
  sink.text(prefix, "uri.user", uri.user);
  sink.text(prefix, "uri.host", uri.host);
  sink.number(prefix, "uri.port", static_cast<unsigned long>(uri.port.value_or(std::uint16_t{0})));
}

template <class Sink>
void write(Sink& sink, const char* prefix, const NameAddrView& address) {
  sink.display(prefix, address.display_name);
  write(sink, prefix, address.uri);
}

template <class Sink>
void write(Sink& sink, const ViaView& via) {
  sink.text("via.", "transport", via.transport);
  sink.text("via.", "host", via.host);
  sink.number("via.", "port", static_cast<unsigned long>(via.port.value_or(std::uint16_t{0})));
  sink.text("via.", "branch", via.branch);
}

template <class Sink>
void write(Sink& sink, const MessageView& message) {
  if (message.is_request()) {
    sink.text("", "method", message.method_text());
    write(sink, "request.", message.request_uri());
  } else {
    sink.number("", "status", static_cast<unsigned long>(message.status()));
    sink.text("", "reason", message.reason());
  }
  for (std::size_t i = 0; i < message.via_count(); ++i) write(sink, message.via(i));
  write(sink, "from.", message.from());
  sink.text("from.", "tag", message.from_tag());
  write(sink, "to.", message.to());
  sink.text("to.", "tag", message.to_tag());
  sink.text("", "call-id", message.call_id());
  const CSeqView cseq = message.cseq();
  sink.number("cseq.", "number", static_cast<unsigned long>(cseq.number));
  sink.text("cseq.", "method", cseq.method_text);
  sink.number("", "max-forwards", static_cast<unsigned long>(message.max_forwards().value_or(std::uint8_t{0})));
  for (std::size_t i = 0; i < message.contact_count(); ++i) write(sink, "contact.", message.contact(i));
  for (std::size_t i = 0; i < message.route_count(); ++i) write(sink, "route.", message.route(i));
  for (std::size_t i = 0; i < message.record_route_count(); ++i) write(sink, "record-route.", message.record_route(i));
  const auto type = message.content_type();
  sink.text("content-type.", "type", type ? type->type : std::string_view());
  sink.text("content-type.", "subtype", type ? type->subtype : std::string_view());
  sink.number("", "content-length", static_cast<unsigned long>(message.content_length().value_or(0U)));
}

class Parley : public Peer {
 public:
  const char* name() const override { return "parley"; }
  bool parse(std::string_view bytes) override {
    bytes_ = bytes;
    return sip::parse(bytes, index_).verdict == Verdict::Ok;
  }
  bool match(std::string_view bytes) override { return sip::match(bytes).has_value(); }
  bool can_match() const override { return true; }
  std::string_view print() override {
    const MessageView message(bytes_, index_);
    MessageBuilder builder = message.is_request() ? MessageBuilder::request(message.method_text(), message.request_uri().text)
                                                  : MessageBuilder::response(message.status(), message.reason());
    builder.header(HeaderId::Via, added_via);
    for (std::size_t i = 0; i < message.header_count(); ++i) builder.copy(message, i);
    printed_ = std::move(builder.body(message.body())).finish().value();
    return printed_;
  }
  void clear() override { printed_.clear(); }
  unsigned read() override {
    FieldReader reader;
    write(reader, MessageView(bytes_, index_));
    return reader.sum();
  }
  Fields fields() override {
    FieldWriter writer;
    write(writer, MessageView(bytes_, index_));
    return writer.take();
  }

 private:
  std::string_view bytes_;
  MessageIndex index_;
  std::string printed_;
};

}  // namespace

std::unique_ptr<Peer> make_parley() { return std::make_unique<Parley>(); }

std::vector<std::unique_ptr<Peer>> all_peers() {
  std::vector<std::unique_ptr<Peer>> peers;
  peers.push_back(make_parley());
  peers.push_back(make_sofia());
  peers.push_back(make_osip());
  peers.push_back(make_re());
  return peers;
}

}  // namespace parley::bench
