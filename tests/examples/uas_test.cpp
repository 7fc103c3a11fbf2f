// SPDX-License-Identifier: MIT
// An example suite for people who test conformance: the scripts of sip/testing drive `parley uas`, a process of its own, over a real
// WebSocket. Another user agent that listens can take its place: PARLEY_UAS=ws://host:port.
#include "child_process.hpp"
#include "socket_peer.hpp"

#include <gmock/gmock.h>

#include <charconv>
#include <cstdlib>

namespace parley::test {
namespace {

using sip::testing::PeerOptions;
using sip::testing::Script;

class UasSuite : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    runtime() = make_runtime({.log = {}, .warm_up_media = false}).value();
    if (const char* const given = std::getenv("PARLEY_UAS")) {
      server() = read_server(given);
      return;
    }
    child() = std::make_unique<ChildProcess>(std::vector<std::string>{std::getenv("PARLEY") != nullptr ? std::getenv("PARLEY") : "parley",
                                                                      "uas", "--listen", "ws://127.0.0.1:0"});
    const std::string line = child()->read_line();
    ASSERT_THAT(line, ::testing::StartsWith("listening ws://"));
    server() = read_server(line.substr(line.find("ws://")));
  }
  static void TearDownTestSuite() {
    runtime() = nullptr;
    if (child()) {
      EXPECT_EQ(child()->end(), 0);
    }
    child() = nullptr;
  }

  static std::string play(std::string_view text) {
    const auto script = Script::parse(text);
    if (!script) return script.error().text();
    PeerOptions options;
    options.name = "peer" + std::to_string(++serial_);  // no two calls alike at the one process
    options.other = "uas";
    options.target = "sip:anybody@uas.invalid";
    options.patience = Duration{10'000};
    return SocketPeer(runtime(), *script, options).play(server());
  }

 private:
  static std::shared_ptr<Runtime>& runtime() {
    static std::shared_ptr<Runtime> one;
    return one;
  }
  static std::unique_ptr<ChildProcess>& child() {
    static std::unique_ptr<ChildProcess> one;
    return one;
  }
  static sip::Server& server() {
    static sip::Server one;
    return one;
  }
  static sip::Server read_server(std::string_view uri) {
    sip::Server server{.scheme = "ws", .host = {}, .port = 80};
    uri.remove_prefix(uri.find("//") + 2);
    const auto colon = uri.rfind(':');
    server.host = uri.substr(0, colon);
    if (colon != std::string_view::npos) std::from_chars(uri.data() + colon + 1, uri.data() + uri.size(), server.port);
    return server;
  }
  static inline unsigned serial_ = 0;
};

TEST_F(UasSuite, AnswersAndIsHungUp) {
  EXPECT_EQ(play("send INVITE with sdp\n"
                 "expect 100\n"
                 "  -Contact\n"
                 "expect 180 as ringing\n"
                 "  To: *;tag=*\n"
                 "expect 200\n"
                 "  To: *;tag={ringing.to_tag}\n"
                 "  Content-Type: application/sdp\n"
                 "  Contact: <sip:*>*\n"
                 "send ACK\n"
                 "send BYE\n"
                 "expect 200 BYE\n"),
            "");
}

TEST_F(UasSuite, RepeatsThe200UntilTheAckComes) {  // RFC 3261 s.13.3.1.4: on every transport
  EXPECT_EQ(play("send INVITE with sdp as invite\n"
                 "expect 100\n"
                 "expect 180\n"
                 "expect 200 as ok\n"
                 "expect copy 200 within 2s\n"
                 "send ACK\n"
                 "send BYE in ok\n"
                 "expect 200 BYE\n"),
            "");
}

TEST_F(UasSuite, RefusesAsTheUserPartSays) {
  for (const std::string user : {"busy", "decline", "488", "604"}) {
    const std::string status = user == "busy" ? "486" : user == "decline" ? "603" : user;
    EXPECT_EQ(play("send INVITE with sdp\n  Request-URI: sip:" + user + "@uas.invalid\nexpect 100\nexpect 180\nexpect " + status +
                   "\nsend ACK\n"),
              "");
  }
}

TEST_F(UasSuite, RingsUntilItIsCancelled) {
  EXPECT_EQ(play("send INVITE with sdp as invite\n"
                 "  Request-URI: sip:ring@uas.invalid\n"
                 "expect 100\n"
                 "expect 180\n"
                 "expect nothing for 300ms\n"
                 "send CANCEL\n"
                 "expect 200 CANCEL\n"
                 "expect 487 INVITE\n"
                 "  Via: *branch={invite.branch}*\n"
                 "send ACK\n"),
            "");
}

TEST_F(UasSuite, AnswersOptionsAndMessage) {
  EXPECT_EQ(play("send OPTIONS\n"
                 "expect 200\n"
                 "  Allow: *INVITE*\n"
                 "  Accept: *application/sdp*\n"
                 "send new MESSAGE\n"
                 "  Content-Type: text/plain\n"
                 "  | good day\n"
                 "expect 200 MESSAGE\n"
                 "  -Contact\n"),
            "");
}

TEST_F(UasSuite, TakesDtmfByInfoAndRefusesOtherTypes) {
  EXPECT_EQ(play("send INVITE with sdp\n"
                 "expect 100\n"
                 "expect 180\n"
                 "expect 200\n"
                 "send ACK\n"
                 "send INFO\n"
                 "  Content-Type: application/dtmf-relay\n"
                 "  | Signal=5\n"
                 "  | Duration=160\n"
                 "expect 200 INFO\n"
                 "send INFO\n"
                 "  Content-Type: application/x-nothing\n"
                 "  | ?\n"
                 "expect 415 INFO\n"
                 "send BYE\n"
                 "expect 200 BYE\n"),
            "");
}

TEST_F(UasSuite, RefusesWhatItCannotDo) {
  EXPECT_EQ(play("send FROBNICATE\n"
                 "expect 405|501\n"
                 "send new OPTIONS\n"
                 "  Require: telepathy\n"
                 "expect 420\n"
                 "  Unsupported: telepathy\n"
                 "send new BYE\n"
                 "  To: <sip:anybody@uas.invalid>;tag=nobody\n"
                 "expect 481\n"
                 "send raw\n"
                 "  | OPTIONS sip:anybody@uas.invalid SIP/7.0\n"
                 "  | Via: SIP/7.0/WS peer.invalid;branch=z9hG4bKodd\n"
                 "  | From: <sip:peer@example.com>;tag=odd\n"
                 "  | To: <sip:anybody@uas.invalid>\n"
                 "  | Call-ID: odd\n"
                 "  | CSeq: 1 OPTIONS\n"
                 "  | Content-Length: 0\n"
                 "  |\n"
                 "expect 505|400\n"),
            "");
}

}  // namespace
}  // namespace parley::test
