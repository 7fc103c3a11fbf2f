// SPDX-License-Identifier: MIT
// Who a person is told is calling: RFC 3323 (privacy), RFC 3325 (asserted identity within a trust domain).
#include "remote.hpp"

namespace parley::test {
namespace {

/// A user and a peer whose messages the test writes; its From says sip:remote@example.com.
struct Known {
  explicit Known(bool trusted_server) : alice(rig, "alice", {.trusted_server = trusted_server}) {
    alice.registered();
    remote.emplace(alice);
  }
  Caller called_with(const Remote::Fields& headers) {
    remote->invite(headers);
    EXPECT_TRUE(rig.wait(alice->decline()));
    return alice.last_caller;
  }
  MessageInfo written_with(const Remote::Fields& headers) {
    remote->send(remote->request("MESSAGE", headers, "text/plain", "hi"));
    return alice.last_message;
  }
  Rig rig;
  User alice;
  std::optional<Remote> remote;
};

const std::pair<std::string, std::string> boss{"P-Asserted-Identity", "\"The Boss\" <sip:boss@example.com>"};
const std::pair<std::string, std::string> privacy{"Privacy", "id"};
constexpr const char* nobody = "sip:anonymous@anonymous.invalid";

TEST(CallerIdentity, M15IsFromUnlessTheServerIsTrusted) {  // RFC 3325 s.5
  Known stranger(false);
  const Caller caller = stranger.called_with({boss});
  EXPECT_EQ(caller.uri, "sip:remote@example.com");
  EXPECT_EQ(caller.display_name, "");
  EXPECT_FALSE(caller.asserted);
  EXPECT_FALSE(caller.withheld);
  EXPECT_EQ(stranger.written_with({boss}).from, "sip:remote@example.com");
}

TEST(CallerIdentity, M15IsWhatATrustedServerAsserts) {
  Known friendly(true);
  const Caller caller = friendly.called_with({boss});
  EXPECT_EQ(caller.uri, "sip:boss@example.com");
  EXPECT_EQ(caller.display_name, "The Boss");
  EXPECT_TRUE(caller.asserted);
  EXPECT_FALSE(caller.withheld);
  EXPECT_EQ(caller.from, "sip:remote@example.com");
  const MessageInfo info = friendly.written_with({boss});
  EXPECT_EQ(info.from, "sip:boss@example.com");
  EXPECT_TRUE(info.asserted);
}

TEST(CallerIdentity, M15PrivacyIsHonouredWhomeverTheServerAsserts) {  // RFC 3325 s.9.3
  for (const bool trusted : {false, true}) {
    Known known(trusted);
    const Caller caller = known.called_with({boss, privacy});
    EXPECT_EQ(caller.uri, nobody);
    EXPECT_EQ(caller.display_name, "Anonymous");
    EXPECT_TRUE(caller.withheld);
    EXPECT_FALSE(caller.asserted);
    EXPECT_EQ(caller.from, "sip:remote@example.com");
    EXPECT_TRUE(known.alice.was_told(std::string("received(") + nobody + ")"));
    const MessageInfo info = known.written_with({boss, privacy});
    EXPECT_EQ(info.from, nobody);
    EXPECT_TRUE(info.withheld);
  }
}

TEST(CallerIdentity, M16AnAnonymousCallIsWithheld) {
  Rig rig;
  User alice(rig, "alice");
  User bob(rig, "bob");
  alice.registered();
  bob.registered();
  EXPECT_TRUE(rig.wait(bob->call("alice", {.anonymous = true})));
  rig.executor.run_until_idle();
  EXPECT_TRUE(alice.last_caller.withheld);
  EXPECT_EQ(alice.last_caller.uri, nobody);
}

}  // namespace
}  // namespace parley::test
