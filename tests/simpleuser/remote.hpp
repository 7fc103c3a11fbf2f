// SPDX-License-Identifier: MIT
#pragma once

#include "rig.hpp"

#include <parley/media/null/null_factory.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::test {

/// The far end written out by hand: it sees every message but REGISTER that a user sends, and answers in raw SIP.
class Remote {
 public:
  explicit Remote(User& user) : rig_(user.rig) {
    rig_.proxy.intercept = [this](WireId wire, const sip::MessageView& message) {
      if (message.method() == sip::Method::Register) return false;
      wire_ = wire;
      inbox_.emplace_back(message);
      return true;
    };
    wire_ = rig_.net.open_wires().back();
    media_ = factory_.create({}, rig_.executor, observer_).value();
  }
  ~Remote() { rig_.proxy.intercept = nullptr; }
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

  /// The oldest message of this start ("INVITE", "SIP/2.0 200", ...) that was not taken yet; an empty one: none came.
  sip::Message take(std::string_view start) {
    rig_.executor.run_until_idle();
    for (auto it = inbox_.begin(); it != inbox_.end(); ++it) {
      if (!it->bytes().starts_with(start)) continue;
      sip::Message message = std::move(*it);
      inbox_.erase(it);
      return message;
    }
    return {};
  }
  bool has(std::string_view start) {
    rig_.executor.run_until_idle();
    return std::any_of(inbox_.begin(), inbox_.end(), [&](const sip::Message& m) { return m.bytes().starts_with(start); });
  }
  void forget() { inbox_.clear(); }

  void send(std::string bytes) {
    rig_.net.deliver(rig_.net.open_wires().back(), std::move(bytes));
    rig_.executor.run_until_idle();
  }
  using Fields = std::vector<std::pair<std::string, std::string>>;
  void reply(const sip::Message& request, sip::StatusCode status, const Fields& headers = {}, std::string_view body = {}) {
    auto builder = sip::MessageBuilder::response_to(request.view(), status, status == 100 ? "" : "remotetag");
    if (status >= 180 && status < 300) builder.header("Contact", "<sip:remote@remote.invalid;transport=ws>");
    for (const auto& [name, value] : headers) builder.header(name, value);
    if (!body.empty()) builder.body("application/sdp", body);
    send(std::move(builder).finish().value());
  }

  std::string make_offer() {
    return run<std::string>([this](auto done) { media_->make_offer(std::move(done)); });
  }
  std::string make_answer(std::string offer) {
    return run<std::string>([&](auto done) { media_->accept_offer(std::move(offer), std::move(done)); });
  }
  void accept_answer(std::string answer) {
    bool done = false;
    media_->accept_answer(std::move(answer), [&](const Result<void>&) { done = true; });
    rig_.executor.run_until_idle();
    EXPECT_TRUE(done);
  }
  media::Session& media() { return *media_; }

  /// A request of ours to the user, out of a dialog or, once there is one, in it.
  std::string request(std::string_view method, const Fields& headers = {}, std::string_view content_type = {}, std::string_view body = {}) {
    if (method != "ACK" && method != "CANCEL") ++cseq_;
    auto builder = sip::MessageBuilder::request(method, target_.empty() ? "sip:alice@example.com" : target_);
    builder.header("Via", "SIP/2.0/WS remote.invalid;branch=z9hG4bKremote" + std::to_string(method == "CANCEL" ? branch_ : ++branch_));
    builder.header("Max-Forwards", "70");
    builder.header("From", "<sip:remote@example.com>;tag=remotetag");
    builder.header("To", "<sip:alice@example.com>" + (to_tag_.empty() ? std::string() : ";tag=" + to_tag_));
    builder.header("Call-ID", call_id_);
    builder.header("CSeq", std::to_string(cseq_) + " " + std::string(method));
    builder.header("Contact", "<sip:remote@remote.invalid;transport=ws>");
    for (const auto& [name, value] : headers) builder.header(name, value);
    if (!content_type.empty()) builder.body(content_type, body);
    return std::move(builder).finish().value();
  }
  void invite(const Fields& headers = {}) { send(request("INVITE", headers, "application/sdp", make_offer())); }
  /// After the user's 200: ACK, and the dialog is known.
  void acknowledge(const sip::Message& ok, std::string_view body = {}) {
    to_tag_ = std::string(ok.view().to_tag());
    target_ = std::string(ok.view().contact(0).uri.text);
    send(request("ACK", {}, body.empty() ? "" : "application/sdp", body));
  }
  /// As callee: the dialog of the user's INVITE.
  void enter_dialog(const sip::Message& invite) {
    call_id_ = std::string(invite.view().call_id());
    to_tag_ = std::string(invite.view().from_tag());
    target_ = std::string(invite.view().contact(0).uri.text);
  }

 private:
  struct Deaf final : media::SessionObserver {
    void on_media_state(media::State, const std::optional<Error>&) override {}
    void on_first_media() override {}
  };
  template <class T, class F>
  T run(F start) {
    std::optional<T> out;
    start([&out](Result<T> result) {
      if (result) out = std::move(*result);
    });
    rig_.executor.run_until_idle();
    EXPECT_TRUE(out.has_value());
    return out.value_or(T{});
  }

  Rig& rig_;
  WireId wire_ = 0;
  std::vector<sip::Message> inbox_;
  Deaf observer_;
  media::NullFactory factory_;
  std::unique_ptr<media::Session> media_;
  std::string call_id_ = "remote-call-1";
  std::string to_tag_;
  std::string target_;
  unsigned cseq_ = 0;
  unsigned branch_ = 0;
};

/// The remote answers the user's INVITE; a call is up.
inline sip::Message answer_by_remote(User& alice, Remote& remote) {
  EXPECT_TRUE(alice.rig.wait(alice->call("remote")));
  sip::Message invite = remote.take("INVITE");
  EXPECT_TRUE(invite);
  if (!invite) return invite;
  const std::string answer = remote.make_answer(std::string(invite.view().body()));
  remote.reply(invite, 200, {}, answer);
  EXPECT_TRUE(remote.take("ACK"));
  EXPECT_TRUE(alice.rig.wait(alice->answered()));
  remote.enter_dialog(invite);
  alice.take();
  return invite;
}

/// A registered user and a peer whose messages the test writes.
struct WithRemote : ::testing::Test {
  Rig rig;
  User alice{rig};
  std::optional<Remote> remote;
  void SetUp() override {
    alice.registered();
    remote.emplace(alice);
  }
};

/// The same, with a call of the user's that is up.
struct CallWithRemote : WithRemote {
  void SetUp() override {
    WithRemote::SetUp();
    answer_by_remote(alice, *remote);
  }
};

/// The remote calls, the user answers; a call is up.
inline void call_by_remote(User& alice, Remote& remote) {
  remote.invite();
  EXPECT_TRUE(alice.rig.wait(alice->answer()));
  const sip::Message ok = remote.take("SIP/2.0 200");
  EXPECT_TRUE(ok);
  if (!ok) return;
  remote.accept_answer(std::string(ok.view().body()));
  remote.acknowledge(ok);
  alice.take();
  remote.forget();
}

}  // namespace parley::test
