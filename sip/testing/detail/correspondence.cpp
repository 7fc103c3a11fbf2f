// SPDX-License-Identifier: MIT
#include <parley/sip/testing/detail/correspondence.hpp>

#include <parley/sip/message/builder.hpp>
#include <parley/sip/testing/detail/fields.hpp>

#include <algorithm>

namespace parley::sip::testing {
namespace {

bool is_request(const auto& record, Method method) {
  return record.message && record.message.view().is_request() && record.message.view().method() == method;
}

bool is_response(const auto& record) { return record.message && record.message.view().is_response(); }

/// Methods that begin dialogs or live in them only: by one of these we know which dialog is spoken of.
bool is_in_dialog(const MessageView& message) {
  if (message.to_tag().empty() || message.from_tag().empty()) return false;
  switch (message.cseq().method) {
    case Method::Register:
    case Method::Options:
    case Method::Message:
    case Method::Publish:
    case Method::Cancel: return false;
    default: return true;
  }
}

/// Whether the far end of the dialog stands in To: in what we asked and what answers it.
bool remote_is_to(const MessageView& message, bool received) { return received != message.is_request(); }

std::string header_text(const MessageView& message, HeaderId id) { return std::string(message.header(id).value_or("")); }

/// Three digits; 0: something else.
StatusCode status_of(std::string_view text) {
  if (text.size() != 3 || text.find_first_not_of("0123456789") != std::string_view::npos) return 0;
  return static_cast<StatusCode>(100 * (text[0] - '0') + 10 * (text[1] - '0') + (text[2] - '0'));
}

Error failure(std::string what) { return Error{.code = Errc::WrongState, .reason = "nothing fits", .detail = std::move(what)}; }

std::string request_line(std::string_view method, std::string_view uri) {
  return std::string(method).append(" ").append(uri).append(" SIP/2.0");
}

}  // namespace

// ---- What was said

void Correspondence::add(Record record) {
  if (auto message = Message::parse(record.bytes)) record.message = std::move(*message);
  records_.push_back(std::move(record));
}

void Correspondence::took(std::string_view bytes, std::string name) { add({true, std::move(name), std::string(bytes), {}}); }
void Correspondence::sent(std::string_view bytes, std::string name) { add({false, std::move(name), std::string(bytes), {}}); }

bool Correspondence::has_come(std::string_view bytes) const {
  return std::any_of(records_.begin(), records_.end(), [&](const Record& each) { return each.received && each.bytes == bytes; });
}

std::optional<std::string_view> Correspondence::find(std::string_view name) const {
  const Record* const record = named(name);
  if (record == nullptr) return std::nullopt;
  return record->bytes;
}

const Correspondence::Record* Correspondence::named(std::string_view name) const {
  const auto fits = [&](const Record& each) { return name == "last" ? each.received : each.name == name; };
  const auto found = std::find_if(records_.rbegin(), records_.rend(), fits);
  return found == records_.rend() ? nullptr : &*found;
}

const Correspondence::Record* Correspondence::last(bool (*fits)(const Record&)) const {
  const auto found = std::find_if(records_.rbegin(), records_.rend(), fits);
  return found == records_.rend() ? nullptr : &*found;
}

bool Correspondence::has_final_answer(const MessageView& request) const {
  return std::any_of(records_.begin(), records_.end(), [&](const Record& each) {
    if (each.received || !is_response(each)) return false;
    const auto response = each.message.view();
    return response.status() >= 200 && response.via().branch == request.via().branch && response.method() == request.method();
  });
}

const Correspondence::Record* Correspondence::answered_by(const Step& step) const {
  if (!step.about.empty()) return named(step.about);
  const auto is_question = [](const Record& each) {
    return each.received && each.message && each.message.view().is_request() && each.message.view().method() != Method::Ack;
  };
  for (auto each = records_.rbegin(); each != records_.rend(); ++each) {
    if (is_question(*each) && !has_final_answer(each->message.view())) return &*each;
  }
  return last(is_question);
}

const Correspondence::Record* Correspondence::last_invite(const Record* about) const {
  for (auto each = records_.rbegin(); each != records_.rend(); ++each) {
    if (each->received || !is_request(*each, Method::Invite)) continue;
    if (about == nullptr || !about->message) return &*each;
    const auto invite = each->message.view();
    const auto other = about->message.view();
    if (invite.call_id() == other.call_id() && invite.cseq().number == other.cseq().number) return &*each;
  }
  return nullptr;
}

const Correspondence::Record* Correspondence::final_answer(const MessageView& invite, const Record* about) const {
  if (about != nullptr && is_response(*about)) return about;
  for (auto each = records_.rbegin(); each != records_.rend(); ++each) {
    if (!each->received || !is_response(*each)) continue;
    const auto response = each->message.view();
    if (response.status() >= 200 && response.method() == Method::Invite && response.via().branch == invite.via().branch) return &*each;
  }
  return nullptr;
}

// ---- What fits

Result<std::string> Correspondence::write(const Step& step) {
  if (step.kind == Step::Kind::SendRaw) return filled_in(step.what);
  if (step.kind == Step::Kind::Resend) {
    const Record* const record = named(step.what);
    if (record == nullptr) return failure("no message is called " + step.what);
    return record->bytes;
  }
  if (!step.about.empty() && named(step.about) == nullptr) return failure("no message is called " + step.about);
  const StatusCode status = status_of(step.what);
  auto draft = status != 0 ? draft_response(step, status) : draft_request(step);
  if (!draft) return std::move(draft).error();
  return finish(step, *std::move(draft), status != 0);
}

Result<Correspondence::Draft> Correspondence::draft_response(const Step& step, StatusCode status) {
  const Record* const question = answered_by(step);
  if (question == nullptr || !question->message || question->message.view().is_response()) return failure("no request to answer");
  const auto request = question->message.view();
  Draft draft;
  const std::string phrase = step.reason.empty() ? std::string(reason_phrase(status)) : step.reason;
  draft.start_line = "SIP/2.0 " + std::to_string(status) + ' ' + phrase;
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    if (request.header(i).id == HeaderId::Via) draft.fields.emplace_back("Via", request.header(i).value);
  }
  draft.fields.emplace_back("From", header_text(request, HeaderId::From));
  std::string to = header_text(request, HeaderId::To);
  if (request.to_tag().empty() && status != 100) to += ";tag=" + our_tag(step, request);
  draft.fields.emplace_back("To", std::move(to));
  draft.fields.emplace_back("Call-ID", request.call_id());
  draft.fields.emplace_back("CSeq", header_text(request, HeaderId::CSeq));
  if (request.method() == Method::Invite && status > 100 && status < 300) add_contact(draft);
  if (request.method() == Method::Register && status / 100 == 2 && request.contact_count() > 0 && !request.contact_is_star()) {
    draft.fields.emplace_back("Contact", header_text(request, HeaderId::Contact));
  }
  return draft;
}

Result<Correspondence::Draft> Correspondence::draft_request(const Step& step) {
  if (step.what == "ACK") return draft_ack(step);
  if (step.what == "CANCEL") return draft_cancel(step);
  if (step.outside_dialog) return draft_new(step);
  const Record* member = step.about.empty() ? nullptr : named(step.about);
  if (member != nullptr && !member->message) return failure(step.about + " is no readable message");
  const bool whole = member != nullptr && is_in_dialog(member->message.view());
  const Record* const known = whole ? nullptr : last_in_dialog(member);
  if (known != nullptr) member = known;
  if (member == nullptr) return draft_new(step);
  return draft_in(step, member->message.view(), member->received);
}

const Correspondence::Record* Correspondence::last_in_dialog(const Record* of_call) const {
  const auto found = std::find_if(records_.rbegin(), records_.rend(), [of_call](const Record& each) {
    if (!each.message || !is_in_dialog(each.message.view())) return false;
    return of_call == nullptr || of_call->message.view().call_id() == each.message.view().call_id();
  });
  return found == records_.rend() ? nullptr : &*found;
}

Result<Correspondence::Draft> Correspondence::draft_ack(const Step& step) {
  const Record* const about = step.about.empty() ? nullptr : named(step.about);
  const Record* const sent_invite = last_invite(about);
  if (sent_invite == nullptr) return failure("no INVITE of ours to acknowledge");
  const auto invite = sent_invite->message.view();
  const Record* const answer = final_answer(invite, about);
  const bool refused = answer != nullptr && answer->message.view().status() >= 300;
  Draft draft;
  if (refused) {  // RFC 3261 s.17.1.1.3: of the same transaction
    draft.start_line = request_line("ACK", invite.request_uri().text);
    draft.fields = {{"Via", header_text(invite, HeaderId::Via)},   {"Max-Forwards", "70"},
                    {"From", header_text(invite, HeaderId::From)}, {"To", header_text(answer->message.view(), HeaderId::To)},
                    {"Call-ID", std::string(invite.call_id())},    {"CSeq", {}}};
  } else {  // s.13.2.2.4: a request of its own in the dialog
    draft = answer != nullptr ? draft_in(step, answer->message.view(), true) : draft_in(step, invite, false);
  }
  set_field(draft.fields, "CSeq", std::to_string(invite.cseq().number) + " ACK");
  return draft;
}

Result<Correspondence::Draft> Correspondence::draft_cancel(const Step& step) {
  const Record* const sent_invite = last_invite(step.about.empty() ? nullptr : named(step.about));
  if (sent_invite == nullptr) return failure("no INVITE of ours to cancel");
  const auto invite = sent_invite->message.view();  // RFC 3261 s.9.1
  return Draft{request_line("CANCEL", invite.request_uri().text),
               {{"Via", header_text(invite, HeaderId::Via)},
                {"Max-Forwards", "70"},
                {"From", header_text(invite, HeaderId::From)},
                {"To", header_text(invite, HeaderId::To)},
                {"Call-ID", std::string(invite.call_id())},
                {"CSeq", std::to_string(invite.cseq().number) + " CANCEL"}}};
}

Correspondence::Draft Correspondence::draft_new(const Step& step) {
  const std::string tag = step.tag.empty() ? fresh("tag") : step.tag;
  Draft draft{request_line(step.what, options_.request_uri.empty() ? options_.target : options_.request_uri),
              {{"Via", via("z9hG4bK-" + fresh("branch"))},
               {"Max-Forwards", "70"},
               {"From", '<' + options_.uri + ">;tag=" + tag},
               {"To", '<' + options_.target + '>'},
               {"Call-ID", fresh("call")},
               {"CSeq", "1 " + step.what}}};
  add_contact(draft);
  return draft;
}

Correspondence::Draft Correspondence::draft_in(const Step& step, const MessageView& member, bool received) {
  const bool to_remote = remote_is_to(member, received);
  Draft draft{request_line(step.what, remote_target(member.call_id())),
              {{"Via", via("z9hG4bK-" + fresh("branch"))},
               {"Max-Forwards", "70"},
               {"From", header_text(member, to_remote ? HeaderId::From : HeaderId::To)},
               {"To", header_text(member, to_remote ? HeaderId::To : HeaderId::From)},
               {"Call-ID", std::string(member.call_id())},
               {"CSeq", std::to_string(next_cseq(member.call_id())) + ' ' + step.what}}};
  if (step.what != "ACK" && step.what != "BYE" && step.what != "PRACK") add_contact(draft);
  return draft;
}

void Correspondence::add_contact(Draft& draft) const { draft.fields.emplace_back("Contact", '<' + options_.contact + '>'); }

std::string Correspondence::fresh(std::string_view what) { return options_.name + '-' + std::string(what) + std::to_string(++serial_); }

/// One tag for each call, unless the step names one.
std::string Correspondence::our_tag(const Step& step, const MessageView& request) {
  if (!step.tag.empty()) return step.tag;
  for (auto each = records_.rbegin(); each != records_.rend(); ++each) {
    if (each->received || !is_response(*each)) continue;
    const auto response = each->message.view();
    const bool same = response.call_id() == request.call_id() && response.from_tag() == request.from_tag();
    if (same && !response.to_tag().empty()) return std::string(response.to_tag());
  }
  return fresh("tag");
}

/// The last Contact that came in this call.
std::string Correspondence::remote_target(std::string_view call_id) const {
  for (auto each = records_.rbegin(); each != records_.rend(); ++each) {
    if (!each->received || !each->message) continue;
    const auto message = each->message.view();
    if (message.call_id() == call_id && message.contact_count() > 0) return std::string(message.contact().uri.text);
  }
  return options_.request_uri.empty() ? options_.target : options_.request_uri;
}

std::uint32_t Correspondence::next_cseq(std::string_view call_id) const {
  std::uint32_t highest = 0;
  for (const Record& each : records_) {
    if (each.received || !each.message) continue;
    const auto message = each.message.view();
    if (message.is_request() && message.call_id() == call_id) highest = std::max(highest, message.cseq().number);
  }
  return highest + 1;
}

// ---- Writing it

bool Correspondence::answers_an_offer(const Step& step, bool is_a_response) const {
  if (!is_a_response) return step.what == "ACK";
  const Record* const question = answered_by(step);
  return question != nullptr && question->message && !question->message.view().body().empty();
}

std::string_view Correspondence::sdp(bool is_answer) const { return is_answer ? options_.answer : options_.offer; }

Result<std::string> Correspondence::finish(const Step& step, Draft draft, bool is_a_response) {
  Step::Fields written;
  for (const auto& [name, value] : step.fields) {
    auto text = filled_in(value);
    if (!text) return std::move(text).error();
    if (name == "Request-URI") {
      draft.start_line = request_line(step.what, *text);
    } else {
      written.emplace_back(name, *std::move(text));
    }
  }
  std::string body;
  if (step.with_sdp) {
    body = sdp(answers_an_offer(step, is_a_response));
    draft.fields.emplace_back("Content-Type", "application/sdp");
  } else if (step.body) {
    auto text = filled_in(*step.body);
    if (!text) return std::move(text).error();
    body = *std::move(text);
  }
  draft.fields.emplace_back("Content-Length", std::to_string(body.size()));
  override_fields(draft.fields, written);
  for (const std::string& name : step.without) remove_fields(draft.fields, name);

  std::string bytes = std::move(draft.start_line) + "\r\n";
  for (const auto& [name, value] : draft.fields) bytes.append(name).append(": ").append(value).append("\r\n");
  return bytes + "\r\n" + body;
}

Result<std::string> Correspondence::filled_in(std::string_view text) const {
  constexpr std::string_view name_octets = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  std::string out;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const auto close = std::min(text.find('}'), text.size());
    const auto inside = text.substr(1, close - 1);
    const auto dot = inside.find('.');
    const bool is_place = close < text.size() && dot != std::string_view::npos && dot > 0 && inside.find_first_not_of(name_octets) == dot &&
                          inside.find_first_not_of(name_octets, dot + 1) == std::string_view::npos;
    if (!is_place) {  // a brace of the text itself
      out += '{';
      text.remove_prefix(1);
      continue;
    }
    const Record* const record = named(inside.substr(0, dot));
    const auto value = record != nullptr ? part_of(*record, inside.substr(dot + 1)) : std::nullopt;
    if (!value) return failure("there is no " + std::string(inside));
    out += *value;
    text.remove_prefix(close + 1);
  }
  return out;
}

std::optional<std::string> Correspondence::part_of(const Record& record, std::string_view part) const {
  if (!record.message) return std::nullopt;
  const auto message = record.message.view();
  if (part == "branch") return std::string(message.via().branch);
  if (part == "call_id") return std::string(message.call_id());
  if (part == "from_tag") return std::string(message.from_tag());
  if (part == "to_tag") return std::string(message.to_tag());
  if (part == "cseq") return std::to_string(message.cseq().number);
  if (part == "request_uri" && message.is_request()) return std::string(message.request_uri().text);
  if (part == "contact" && message.contact_count() > 0) return std::string(message.contact().uri.text);
  const auto value = message.header(part);
  if (!value) return std::nullopt;
  return std::string(*value);
}

}  // namespace parley::sip::testing
