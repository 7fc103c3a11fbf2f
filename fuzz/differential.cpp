// SPDX-License-Identifier: MIT
// The same bytes to parley and to sofia-sip: where one accepts what the other refuses, or both accept and read another value, that is told
// once a run and kind, for a person to judge: a bug of ours, a bug of theirs, or a choice. What was judged stands in judged.hpp. A finding
// alone ends nothing; with PARLEY_DIFFERENTIAL=abort in the environment it does, and libFuzzer keeps the input.
#include <parley/fuzz/check.hpp>
#include <parley/fuzz/judged.hpp>

#include <parley/sip/message/parser.hpp>

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_util.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <set>
#include <string>

namespace parley::fuzz {
namespace {

using namespace sip;

std::string printable(std::string_view text) {
  constexpr std::size_t most = 4'000;
  std::string out;
  for (const char c : text.substr(0, most)) {
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n\n    ";
    } else if (c < ' ' || c == 0x7F) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned char>(c));
      out += hex;
    } else {
      out += c;
    }
  }
  return out;
}

bool is_judged(std::string_view finding) {
  const std::string_view where = finding.substr(std::min(finding.rfind('('), finding.size()));  // "(From)"; empty: it names no header
  return std::any_of(std::begin(judged), std::end(judged), [&](const Judged& one) {
    return finding.starts_with(one.finding) && (one.where.empty() || (!where.empty() && one.where.find(where) != std::string_view::npos));
  });
}

/// @param finding  names the kind: each is told once. `values` are those of this input.
void tell(const std::string& finding, const std::string& values, std::string_view input) {
  static std::set<std::string> told;
  if (is_judged(finding) || !told.insert(finding).second) return;
  std::fprintf(stderr, "disagreement: %s\n  %s\n    %s\n", finding.c_str(), printable(values).c_str(), printable(input).c_str());
  const char* const wish = std::getenv("PARLEY_DIFFERENTIAL");
  if (wish != nullptr && std::string_view(wish) == "abort") std::abort();
}

struct DestroyMessage {
  void operator()(msg_t* message) const { msg_destroy(message); }
};
using PeerMessage = std::unique_ptr<msg_t, DestroyMessage>;

std::string_view text_of(const char* text) { return text != nullptr ? std::string_view(text) : std::string_view(); }

/// Headers that our parser reads with each message, and refuses it for; all others are read on demand.
bool is_core(HeaderId id) {
  switch (id) {
    case HeaderId::Via:
    case HeaderId::From:
    case HeaderId::To:
    case HeaderId::CallId:
    case HeaderId::CSeq:
    case HeaderId::MaxForwards:
    case HeaderId::Contact:
    case HeaderId::Route:
    case HeaderId::RecordRoute:
    case HeaderId::ContentType:
    case HeaderId::ContentLength: return true;
    default: return false;
  }
}

/// The header that the peer could not read, or that stands once too often: then it is no error's record, but the header itself.
std::string bad_header(const msg_error_t& error, const MessageView& ours) {
  const bool is_record = error.er_common->h_class == sip_error_class;
  const std::string name(text_of(is_record ? error.er_name : error.er_common->h_class->hc_name));
  const HeaderId id = header_id(name);
  const bool is_empty = ours.header(id).value_or("?").empty();
  return (is_core(id) ? "core header " : "optional header ") + name + (is_record ? "" : " twice") + (is_empty ? ", empty" : "");
}

/// Why the peer refuses a message; empty: it does not.
std::string refusal(const msg_t* message, const sip_t& sip, const MessageView& ours) {
  if (sip.sip_error != nullptr) return bad_header(*sip.sip_error, ours);
  if (msg_has_error(message) != 0) return "as a whole";
  if (sip.sip_request == nullptr && sip.sip_status == nullptr) return "start line";
  const bool complete = sip.sip_via != nullptr && sip.sip_from != nullptr && sip.sip_to != nullptr && sip.sip_call_id != nullptr;
  if (!complete || sip.sip_cseq == nullptr) return "mandatory header missing";
  return sip_sanity_check(&sip) == 0 ? "" : "sanity";
}

class Comparison {
 public:
  Comparison(const MessageView& ours, const sip_t& theirs) : ours_(ours), theirs_(theirs) {}

  void compare() {
    start_line();
    text("Call-ID", ours_.call_id(), text_of(theirs_.sip_call_id->i_id));
    number("CSeq", ours_.cseq().number, theirs_.sip_cseq->cs_seq);
    text("CSeq method", ours_.cseq().method_text, text_of(theirs_.sip_cseq->cs_method_name));
    address("From", ours_.from().uri, theirs_.sip_from->a_url[0]);
    address("To", ours_.to().uri, theirs_.sip_to->a_url[0]);
    text("From tag", ours_.from_tag(), text_of(theirs_.sip_from->a_tag));
    text("To tag", ours_.to_tag(), text_of(theirs_.sip_to->a_tag));
    vias();
    contacts();
    if (theirs_.sip_max_forwards != nullptr) number("Max-Forwards", ours_.max_forwards().value_or(0), theirs_.sip_max_forwards->mf_count);
    if (theirs_.sip_content_type != nullptr && ours_.content_type()) {
      const auto type = std::string(ours_.content_type()->type) + '/' + std::string(ours_.content_type()->subtype);
      text("Content-Type", type, text_of(theirs_.sip_content_type->c_type));
    }
    const std::size_t body = theirs_.sip_payload != nullptr ? theirs_.sip_payload->pl_len : 0;
    number("body size", ours_.body().size(), body);
  }

 private:
  void text(const std::string& field, std::string_view ours, std::string_view theirs) {
    if (ours != theirs) tell(field, "ours '" + std::string(ours) + "', theirs '" + std::string(theirs) + "'", ours_.bytes());
  }
  void number(const std::string& field, std::uint64_t ours, std::uint64_t theirs) {
    text(field, std::to_string(ours), std::to_string(theirs));
  }

  void address(const std::string& field, const UriView& ours, const url_t& theirs) {
    if (!ours.is_sip()) return;
    text(field + " user", unescape(ours.user), unescape(text_of(theirs.url_user)));  // the peer decodes some escapes as it reads
    text(field + " host", ours.host, text_of(theirs.url_host));
    text(field + " port", ours.port ? std::to_string(*ours.port) : "", text_of(theirs.url_port));
  }

  void start_line() {
    if (ours_.is_request() != (theirs_.sip_request != nullptr)) return tell("kind of message", "", ours_.bytes());
    if (ours_.is_response()) return number("status", ours_.status(), static_cast<std::uint64_t>(theirs_.sip_status->st_status));
    text("method", ours_.method_text(), text_of(theirs_.sip_request->rq_method_name));
    address("Request-URI", ours_.request_uri(), theirs_.sip_request->rq_url[0]);
  }

  void vias() {
    std::size_t count = 0;
    for (const sip_via_t* via = theirs_.sip_via; via != nullptr; via = via->v_next) ++count;
    number("number of Via", ours_.via_count(), count);
    text("Via host", ours_.via().host, text_of(theirs_.sip_via->v_host));
    text("Via branch", ours_.via().branch, text_of(theirs_.sip_via->v_branch));
    text("Via port", ours_.via().port ? std::to_string(*ours_.via().port) : "", text_of(theirs_.sip_via->v_port));
  }

  void contacts() {
    std::size_t count = 0;
    for (const sip_contact_t* contact = theirs_.sip_contact; contact != nullptr; contact = contact->m_next) ++count;
    number("number of Contact", ours_.contact_is_star() ? 1 : ours_.contact_count(), std::min(count, limits::contacts));
    if (ours_.contact_count() > 0 && count > 0) address("Contact", ours_.contact().uri, theirs_.sip_contact->m_url[0]);
  }

  const MessageView& ours_;
  const sip_t& theirs_;
};

/// The header, by its usual name, that an octet of the head belongs to.
std::string header_at(const MessageView& message, std::string_view input, std::size_t offset) {
  std::string name = "start line";
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    const HeaderView field = message.header(i);
    if (static_cast<std::size_t>(field.name.data() - input.data()) > offset) break;
    name = field.id == HeaderId::Other ? "other header" : to_string(field.id);
  }
  return name;
}

void compare(std::string_view input) {
  MessageIndex index;
  const ParseResult ours = parse(input, index);
  const PeerMessage peer(msg_make(sip_default_mclass(), 0, input.data(), static_cast<ssize_t>(input.size())));
  require(peer != nullptr);
  const sip_t* const theirs = sip_object(peer.get());
  require(theirs != nullptr);
  const MessageView message(input, index);
  const std::string refused = refusal(peer.get(), *theirs, message);
  const bool accepted = ours.verdict == Verdict::Ok;
  if (accepted && refused.empty()) Comparison(message, *theirs).compare();
  if (accepted && !refused.empty()) tell("only they refuse: " + refused, "", input);
  if (!accepted && refused.empty()) {
    tell("only we refuse: " + std::string(ours.error.reason) + " (" + header_at(message, input, ours.error.offset) + ')',
         "at octet " + std::to_string(ours.error.offset), input);
  }
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) parley::fuzz::compare({reinterpret_cast<const char*>(data), size});
  return 0;
}
