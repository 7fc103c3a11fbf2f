// SPDX-License-Identifier: MIT
#include <parley/sip/testing/script.hpp>

namespace parley::sip::testing {

Script& Script::add(Step::Kind kind, std::string what) {
  Step step;
  step.kind = kind;
  step.what = std::move(what);
  steps_.push_back(std::move(step));
  return *this;
}

Script& Script::expect(std::string pattern) { return add(Step::Kind::Expect, std::move(pattern)); }
Script& Script::expect_copy(std::string pattern) { return add(Step::Kind::ExpectCopy, std::move(pattern)); }

Script& Script::expect_none(std::string pattern, Duration time) {
  add(Step::Kind::ExpectNone, std::move(pattern));
  steps_.back().limit = time;
  return *this;
}

Script& Script::send(std::string method) { return add(Step::Kind::Send, std::move(method)); }

Script& Script::send(StatusCode status, std::string reason) {
  add(Step::Kind::Send, std::to_string(status));
  steps_.back().reason = std::move(reason);
  return *this;
}

Script& Script::send_raw(std::string bytes) { return add(Step::Kind::SendRaw, std::move(bytes)); }
Script& Script::resend(std::string name) { return add(Step::Kind::Resend, std::move(name)); }

Script& Script::wait(Duration time) {
  add(Step::Kind::Wait, {});
  steps_.back().limit = time;
  return *this;
}

Script& Script::act(std::function<Result<void>()> f, std::string words) {
  add(Step::Kind::Act, std::move(words));
  steps_.back().act = std::move(f);
  return *this;
}

Script& Script::as(std::string name) {
  steps_.back().name = std::move(name);
  return *this;
}

Script& Script::to(std::string name) {
  steps_.back().about = std::move(name);
  return *this;
}

Script& Script::in(std::string name) { return to(std::move(name)); }

Script& Script::within(Duration time) {
  steps_.back().limit = time;
  return *this;
}

Script& Script::not_before(Duration time) {
  steps_.back().not_before = time;
  return *this;
}

Script& Script::outside_dialog() {
  steps_.back().outside_dialog = true;
  return *this;
}

Script& Script::tag(std::string our_tag) {
  steps_.back().tag = std::move(our_tag);
  return *this;
}

Script& Script::header(std::string name, std::string value) {
  steps_.back().fields.emplace_back(std::move(name), std::move(value));
  return *this;
}

Script& Script::without(std::string name) {
  steps_.back().without.push_back(std::move(name));
  return *this;
}

Script& Script::with_sdp() {
  steps_.back().with_sdp = true;
  return *this;
}

Script& Script::body(std::string content_type, std::string bytes) {
  if (!content_type.empty()) header("Content-Type", std::move(content_type));
  steps_.back().body = std::move(bytes);
  return *this;
}

Script& Script::reason(std::string phrase) {
  steps_.back().reason = std::move(phrase);
  return *this;
}

Script& Script::add_line(std::string_view text) {
  Step& step = steps_.back();
  std::string& bytes = step.kind == Step::Kind::SendRaw ? step.what : step.body ? *step.body : step.body.emplace();
  bytes.append(text).append("\r\n");
  return *this;
}

Script& Script::line(unsigned number) {
  steps_.back().line = number;
  return *this;
}

Script& Script::append(const Script& more) {
  steps_.insert(steps_.end(), more.steps_.begin(), more.steps_.end());
  return *this;
}

}  // namespace parley::sip::testing
