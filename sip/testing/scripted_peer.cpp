// SPDX-License-Identifier: MIT
#include <parley/sip/testing/scripted_peer.hpp>

#include <parley/sip/testing/detail/correspondence.hpp>
#include <parley/sip/testing/detail/fields.hpp>

#include <algorithm>
#include <deque>

namespace parley::sip::testing {
namespace {

constexpr std::string_view sdp_head =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 127.0.0.1\r\na=rtcp-mux\r\na=mid:0\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=ice-ufrag:peer\r\na=ice-pwd:scriptedpeerscriptedpeer\r\n"
    "a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\na=end-of-candidates\r\n"
    "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n";

PeerOptions with_defaults(PeerOptions options) {
  if (options.offer.empty()) options.offer = std::string(sdp_head) + "a=setup:actpass\r\na=sendrecv\r\n";
  if (options.answer.empty()) options.answer = std::string(sdp_head) + "a=setup:active\r\na=sendrecv\r\n";
  return options;
}

bool is_keep_alive(std::string_view bytes) { return bytes.find_first_not_of(std::string_view("\r\n\0", 3)) == std::string_view::npos; }

std::string in_words(Duration time) { return std::to_string(time.count()) + " ms"; }

/// One alternative of a pattern: "INVITE", "2xx", "200 BYE".
bool matches_word(std::string_view pattern, const MessageView& message) {
  if (pattern == "*") return true;
  if (pattern.empty() || pattern[0] < '1' || pattern[0] > '6') return message.is_request() && pattern == message.method_text();
  if (message.is_request()) return false;
  const std::string status = std::to_string(message.status());
  const bool same_status = pattern.substr(0, 3) == status || (pattern.substr(1, 2) == "xx" && pattern[0] == status[0]);
  return same_status && (pattern.size() <= 4 || pattern.substr(4) == message.cseq().method_text);
}

bool matches_kind(std::string_view pattern, const MessageView& message) {
  for (;;) {
    const auto bar = pattern.find('|');
    if (matches_word(pattern.substr(0, bar), message)) return true;
    if (bar == std::string_view::npos) return false;
    pattern.remove_prefix(bar + 1);
  }
}

bool has_field(const MessageView& message, std::string_view name, std::string_view value) {
  if (name == "Request-URI") return message.is_request() && matches_wildcard(value, message.request_uri().text);
  if (name == "Body") return matches_wildcard(value, message.body());
  for (std::size_t i = 0; i < message.header_count(); ++i) {
    if (same_field(name, message.header(i).name) && matches_wildcard(value, message.header(i).value)) return true;
  }
  return false;
}

}  // namespace

struct ScriptedPeer::Impl {
  struct Unread {
    std::string bytes;
    Message message;  ///< empty: not readable
    TimePoint came{};
    bool is_copy = false;
  };
  enum class Progress { Waits, Done };

  Impl(Script script_in, PeerOptions options_in) : script(std::move(script_in)), options(with_defaults(std::move(options_in))) {}

  const Step* step() const { return failed_because.empty() && next < script.steps().size() ? &script.steps()[next] : nullptr; }
  Duration limit(const Step& at) const { return at.limit.value_or(options.patience); }

  void run(TimePoint now_in) {
    now = now_in;
    while (started && step() != nullptr && perform(*step()) == Progress::Done && failed_because.empty()) {
      ++next;
      step_began = now;
    }
  }

  Progress perform(const Step& at) {
    switch (at.kind) {
      case Step::Kind::Send:
      case Step::Kind::SendRaw:
      case Step::Kind::Resend: return send(at);
      case Step::Kind::Expect: return expect(at);
      case Step::Kind::ExpectCopy: return expect_copy(at);
      case Step::Kind::ExpectNone: return expect_none(at);
      case Step::Kind::Wait: return now >= step_began + limit(at) ? Progress::Done : Progress::Waits;
      case Step::Kind::Act: return act(at);
    }
    return Progress::Done;
  }

  Progress send(const Step& at) {
    auto bytes = said.write(at);
    if (!bytes) return fail(bytes.error().text());
    drawing.arrow(now, Ladder::Direction::ToLeft, label_of(*bytes) + (at.kind == Step::Kind::Resend ? ", again" : ""));
    said.sent(*bytes, at.name);
    out.push_back(*std::move(bytes));
    return Progress::Done;
  }

  Progress act(const Step& at) {
    const auto done = at.act();
    return done ? Progress::Done : fail(at.what + ": " + done.error().text());
  }

  Progress expect(const Step& at) {
    while (!inbox.empty() && inbox.front().is_copy) inbox.pop_front();
    if (inbox.empty()) return now >= step_began + limit(at) ? fail_missing(at) : Progress::Waits;
    return take(at);
  }

  Progress expect_copy(const Step& at) {
    if (inbox.empty()) return now >= step_began + limit(at) ? fail_missing(at) : Progress::Waits;
    if (!inbox.front().is_copy) return fail("expected a copy of " + at.what + ", but " + label_of(inbox.front().bytes) + " came anew");
    return take(at);
  }

  Progress take(const Step& at) {
    const Unread unread = std::move(inbox.front());
    inbox.pop_front();
    if (!unread.message || !matches_kind(at.what, unread.message.view())) {
      return fail("expected " + at.what + ", but " + label_of(unread.bytes) + " came");
    }
    if (at.not_before > Duration{0} && unread.came - step_began < at.not_before)
      return fail(at.what + " came after " + in_words(unread.came - step_began) + " already");
    if (std::string wrong = wrong_fields(at, unread.message.view()); !wrong.empty()) return fail(std::move(wrong));
    said.took(unread.bytes, at.name);
    return Progress::Done;
  }

  /// What does not match; empty: all does.
  std::string wrong_fields(const Step& at, const MessageView& message) const {
    for (const auto& [name, value] : at.fields) {
      const auto wanted = said.filled_in(value);
      if (!wanted) return wanted.error().text();
      if (!has_field(message, name, *wanted)) {
        return label_of(message.bytes()) + " has not \"" + name + ": " + *wanted + "\" in it:\n" + std::string(message.bytes());
      }
    }
    for (const std::string& name : at.without) {
      if (has_field(message, name, "*")) return label_of(message.bytes()) + " has a " + name + " field:\n" + std::string(message.bytes());
    }
    return {};
  }

  Progress expect_none(const Step& at) {
    for (const Unread& each : inbox) {
      const bool is_late_copy = each.is_copy && each.came < step_began;  // nobody asked for it before, either
      if (!is_late_copy && (!each.message || matches_kind(at.what, each.message.view()))) {
        return fail("expected no " + at.what + " for " + in_words(limit(at)) + ", but " + label_of(each.bytes) + " came after " +
                    in_words(each.came - step_began));
      }
    }
    return now >= step_began + limit(at) ? Progress::Done : Progress::Waits;
  }

  Progress fail_missing(const Step& at) {
    const bool is_copy = at.kind == Step::Kind::ExpectCopy;
    return fail((is_copy ? "expected a copy of " : "expected ") + at.what + " within " + in_words(limit(at)) + ", but nothing came");
  }

  Progress fail(std::string why) {
    failed_because = std::move(why);
    return Progress::Waits;
  }

  const Unread* unexpected() const {
    for (const Unread& each : inbox) {
      if (!each.is_copy) return &each;
    }
    return nullptr;
  }

  Script script;
  PeerOptions options;
  Correspondence said{options};
  Ladder drawing{options.other, options.name};
  std::deque<Unread> inbox;
  std::deque<std::string> out;
  std::size_t next = 0;
  bool started = false;
  TimePoint now{};
  TimePoint step_began{};
  std::string failed_because;
};

ScriptedPeer::ScriptedPeer(Script script, PeerOptions options) : impl_(std::make_unique<Impl>(std::move(script), std::move(options))) {}
ScriptedPeer::~ScriptedPeer() = default;
ScriptedPeer::ScriptedPeer(ScriptedPeer&&) noexcept = default;
ScriptedPeer& ScriptedPeer::operator=(ScriptedPeer&&) noexcept = default;

void ScriptedPeer::start(TimePoint now) {
  impl_->started = true;
  impl_->step_began = now;
  impl_->run(now);
}

void ScriptedPeer::receive(std::string_view bytes, TimePoint now) {
  if (is_keep_alive(bytes)) return;
  Impl& impl = *impl_;
  const auto same = [&](const Impl::Unread& each) { return each.bytes == bytes; };
  const bool is_copy = impl.said.has_come(bytes) || std::any_of(impl.inbox.begin(), impl.inbox.end(), same);
  impl.drawing.arrow(now, Ladder::Direction::ToRight, label_of(bytes) + (is_copy ? ", again" : ""));
  auto message = Message::parse(bytes);
  impl.inbox.push_back({std::string(bytes), message ? std::move(*message) : Message{}, now, is_copy});
  impl.run(now);
}

void ScriptedPeer::handle_timeout(TimePoint now) { impl_->run(now); }

std::optional<TimePoint> ScriptedPeer::next_timeout() const {
  const Step* const at = impl_->started ? impl_->step() : nullptr;
  if (at == nullptr) return std::nullopt;
  return impl_->step_began + impl_->limit(*at);
}

std::optional<std::string> ScriptedPeer::poll_output() {
  if (impl_->out.empty()) return std::nullopt;
  std::optional<std::string> bytes(std::move(impl_->out.front()));
  impl_->out.pop_front();
  return bytes;
}

ScriptedPeer::Outcome ScriptedPeer::outcome() const {
  if (!impl_->failed_because.empty()) return Outcome::Failed;
  if (!impl_->started || impl_->step() != nullptr) return Outcome::Running;
  return impl_->unexpected() == nullptr ? Outcome::Passed : Outcome::Failed;
}

std::string ScriptedPeer::failure() const {
  if (outcome() != Outcome::Failed) return {};
  const auto& steps = impl_->script.steps();
  std::string text;
  if (impl_->failed_because.empty()) {
    text = "the script is over, but " + label_of(impl_->unexpected()->bytes) + " came";
  } else {
    const unsigned line = steps[impl_->next].line;
    text = (line != 0 ? "line " + std::to_string(line) : "step " + std::to_string(impl_->next + 1)) + ": " + impl_->failed_because;
  }
  return text + "\n" + impl_->drawing.text();
}

Ladder& ScriptedPeer::ladder() { return impl_->drawing; }

std::string_view ScriptedPeer::message(std::string_view name) const { return impl_->said.find(name).value_or(std::string_view{}); }

}  // namespace parley::sip::testing
