// SPDX-License-Identifier: MIT
// The embedded switch between scripted clients, in virtual time.
#include <parley/simpleuser/program/switch.hpp>

#include <parley/tests/support/real_crypto.hpp>
#include <parley/tests/support/virtual_executor.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace parley::program {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Accepts who the test brings in, and keeps what is sent to each.
class DoorTransport final : public sip::Transport {
 public:
  class Client final : public sip::Connection {
   public:
    explicit Client(std::vector<std::string>& sent) : sent_(sent) {}
    void send(std::string bytes) override { sent_.push_back(std::move(bytes)); }
    void close() override {}

   private:
    std::vector<std::string>& sent_;
  };
  class Door final : public sip::Listener {
   public:
    std::string uri() const override { return "ws://127.0.0.1:5080"; }
  };

  std::unique_ptr<sip::Connection> connect(const sip::Server&, const sip::ConnectOptions&, sip::ConnectionObserver&) override {
    return nullptr;
  }
  Result<std::unique_ptr<sip::Listener>> listen(const sip::ListenOptions&, sip::ListenerObserver& observer) override {
    observer_ = &observer;
    return std::unique_ptr<sip::Listener>(std::make_unique<Door>());
  }
  sip::ConnectionObserver* enter(std::vector<std::string>& sent) {
    sip::FlowInfo info;
    info.local_name = "127.0.0.1:5080";
    info.peer_address = "127.0.0.1";
    return observer_->on_accept(std::make_unique<Client>(sent), info);
  }

 private:
  sip::ListenerObserver* observer_ = nullptr;
};

class SwitchTest : public ::testing::Test {
 protected:
  struct Peer {
    std::vector<std::string> received;
    sip::ConnectionObserver* door = nullptr;
    /// Everything that came since, and forgets it.
    std::string take() {
      std::string all;
      for (auto& each : received) all += each + "\n";
      received.clear();
      return all;
    }
  };

  void open(std::map<std::string, Secret, std::less<>> users = {}) {
    hub_ = std::make_unique<Switch>(SwitchOptions{.domain = "example.com", .users = std::move(users), .log = {}}, executor_, transport_,
                                    crypto_);
    ASSERT_TRUE(hub_->listen({}));
    for (Peer* peer : {&alice_, &bob_}) peer->door = transport_.enter(peer->received);
  }

  static std::string request(const std::string& method, const std::string& uri, const std::string& from, const std::string& to,
                             const std::string& more = "", const std::string& branch = "1") {
    return method + " " + uri + " SIP/2.0\r\nVia: SIP/2.0/WS " + from + ".invalid;branch=z9hG4bK" + from + method + branch +
           "\r\nMax-Forwards: 70\r\nFrom: <sip:" + from + "@example.com>;tag=f" + from + "\r\nTo: " + to + "\r\nCall-ID: c-" + from +
           method + "\r\nCSeq: " + branch + " " + method + "\r\n" + more + "Content-Length: 0\r\n\r\n";
  }
  static std::string registration(const std::string& user, const std::string& more = "", const std::string& branch = "1") {
    return request("REGISTER", "sip:example.com", user, "<sip:" + user + "@example.com>",
                   "Supported: gruu\r\nContact: <sip:" + user + "@" + user + ".invalid;transport=ws>;+sip.instance=\"<urn:uuid:" + user +
                       ">\"\r\n" + more,
                   branch);
  }
  /// A response to what `peer` received last, with this status line and these lines more.
  static std::string response(const Peer& peer, const std::string& status, const std::string& more) {
    const auto got = sip::Message::parse(peer.received.back()).value();
    auto answer = sip::MessageBuilder::response_to(got.view(), static_cast<sip::StatusCode>(std::stoi(status)), "t");
    std::string bytes = std::move(answer).finish().value();
    return bytes.insert(bytes.find("\r\n") + 2, more);
  }

  testing::VirtualExecutor executor_;
  test::RealHashes crypto_;
  DoorTransport transport_;
  Peer alice_;
  Peer bob_;
  std::unique_ptr<Switch> hub_;
};

TEST_F(SwitchTest, RegistersWithGruuAndForwardsToTheContact) {
  open();
  bob_.door->on_message(registration("bob"));
  EXPECT_THAT(bob_.take(), HasSubstr("pub-gruu=\"sip:bob@example.com;gr=urn:uuid:bob\""));
  alice_.door->on_message(request("MESSAGE", "sip:bob@example.com", "alice", "<sip:bob@example.com>"));
  const std::string forwarded = bob_.take();
  EXPECT_THAT(forwarded, StartsWith("MESSAGE sip:bob@bob.invalid;transport=ws SIP/2.0\r\nVia: SIP/2.0/WS 127.0.0.1:5080;branch="));
  EXPECT_THAT(forwarded, HasSubstr("Max-Forwards: 69"));
  EXPECT_THAT(forwarded, HasSubstr("Via: SIP/2.0/WS alice.invalid;branch="));
}

TEST_F(SwitchTest, AnswersComeBackWithoutItsOwnVia) {  // RFC 3261 s.16.7
  open();
  bob_.door->on_message(registration("bob"));
  alice_.door->on_message(request("OPTIONS", "sip:bob@example.com", "alice", "<sip:bob@example.com>"));
  bob_.door->on_message(response(bob_, "200", "X-Kept: yes\r\n"));
  const std::string answer = alice_.take();
  EXPECT_THAT(answer, StartsWith("SIP/2.0 200 OK\r\nVia: SIP/2.0/WS alice.invalid"));
  EXPECT_THAT(answer, Not(HasSubstr("127.0.0.1:5080;branch")));
  EXPECT_THAT(answer, HasSubstr("X-Kept: yes"));
}

TEST_F(SwitchTest, D10A503IsNotPassedOn) {  // RFC 3261 s.16.7, step 6
  open();
  bob_.door->on_message(registration("bob"));
  alice_.door->on_message(request("MESSAGE", "sip:bob@example.com", "alice", "<sip:bob@example.com>"));
  bob_.door->on_message(response(bob_, "503", "Retry-After: 3600\r\n"));
  const std::string answer = alice_.take();
  EXPECT_THAT(answer, StartsWith("SIP/2.0 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("Retry-After")));
}

TEST_F(SwitchTest, StrangersMissingUsersAndLoopsAreRefused) {
  open({{"alice", "a"}, {"bob", "b"}});
  alice_.door->on_message(request("MESSAGE", "sip:bob@example.com", "alice", "<sip:bob@example.com>"));
  EXPECT_THAT(alice_.take(), HasSubstr("407 "));
  alice_.door->on_message(registration("alice"));
  EXPECT_THAT(alice_.take(), HasSubstr("401 "));
  alice_.door->on_message(request("BYE", "sip:nobody@nowhere.invalid", "alice", "<sip:bob@example.com>;tag=1"));
  EXPECT_THAT(alice_.take(), HasSubstr("404 "));
}

TEST_F(SwitchTest, WithoutABindingTheUserIsUnavailable) {
  open();
  alice_.door->on_message(request("MESSAGE", "sip:bob@example.com", "alice", "<sip:bob@example.com>"));
  EXPECT_THAT(alice_.take(), StartsWith("SIP/2.0 480"));
}

TEST_F(SwitchTest, AnInviteIsRecordRoutedCancelledAndForgotten) {
  open();
  bob_.door->on_message(registration("bob"));
  bob_.take();
  const std::string invite =
      request("INVITE", "sip:bob@example.com", "alice", "<sip:bob@example.com>", "Contact: <sip:a@alice.invalid>\r\n");
  alice_.door->on_message(invite);
  EXPECT_THAT(alice_.take(), StartsWith("SIP/2.0 100"));
  EXPECT_THAT(bob_.received.back(), HasSubstr("Record-Route: <sip:127.0.0.1:5080;transport=ws;lr>"));
  bob_.door->on_message(response(bob_, "180", ""));
  EXPECT_THAT(alice_.take(), StartsWith("SIP/2.0 180"));
  std::string cancel = request("CANCEL", "sip:bob@example.com", "alice", "<sip:bob@example.com>");
  cancel.replace(cancel.find("aliceCANCEL1"), 12, "aliceINVITE1");
  cancel.replace(cancel.find("c-aliceCANCEL"), 13, "c-aliceINVITE");
  alice_.door->on_message(cancel);
  EXPECT_THAT(alice_.take(), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(bob_.received.back(), StartsWith("CANCEL "));
}

TEST_F(SwitchTest, AFlowThatClosesTakesItsContactAlong) {
  open();
  bob_.door->on_message(registration("bob"));
  bob_.door->on_closed(std::nullopt);
  alice_.door->on_message(request("MESSAGE", "sip:bob@example.com", "alice", "<sip:bob@example.com>"));
  EXPECT_THAT(alice_.take(), StartsWith("SIP/2.0 480"));
}

TEST_F(SwitchTest, SilenceAfterAnInviteBecomesATimeout) {
  open();
  bob_.door->on_message(registration("bob"));
  alice_.door->on_message(request("INVITE", "sip:bob@example.com", "alice", "<sip:bob@example.com>"));
  alice_.take();
  executor_.advance(33s);
  EXPECT_THAT(alice_.take(), StartsWith("SIP/2.0 408"));
}

TEST_F(SwitchTest, SilenceAfterAnotherRequestIsPassedOn) {  // RFC 4320 s.4.2: a 408 would come too late to be of use
  open();
  bob_.door->on_message(registration("bob"));
  alice_.door->on_message(request("MESSAGE", "sip:bob@example.com", "alice", "<sip:bob@example.com>"));
  executor_.advance(33s);
  EXPECT_THAT(alice_.take(), Not(HasSubstr("408")));
}

}  // namespace
}  // namespace parley::program
