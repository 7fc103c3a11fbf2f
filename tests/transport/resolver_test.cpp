// SPDX-License-Identifier: MIT
#include "name_server.hpp"
#include "raw_peer.hpp"
#include "support.hpp"

#include <parley/transport/resolver.hpp>

#include <gmock/gmock.h>

#include <set>

namespace parley::transport::test {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

using Addresses = Result<std::vector<std::string>>;

/// Looks `host` up and waits for the answer.
Addresses look_up(Loop& loop, const std::string& host) {
  std::promise<Addresses> answer;
  std::unique_ptr<Lookup> lookup;
  bool inside = true;
  on_loop(loop, [&] {
    lookup = Lookup::start(loop.core(), host, [&](Addresses addresses) {
      EXPECT_FALSE(inside);  // never inside start()
      EXPECT_TRUE(loop.is_loop_thread());
      lookup.reset();  // its own callback may destroy it
      answer.set_value(std::move(addresses));
    });
    inside = false;
  });
  auto future = answer.get_future();
  if (future.wait_for(limit) != std::future_status::ready) {
    on_loop(loop, [&] { lookup.reset(); });
    return Error{.code = Errc::Timeout, .detail = "no answer in the test's limit"};
  }
  return future.get();
}

std::unique_ptr<Loop> loop_with(const std::string& servers) { return Loop::start({.dns_servers = servers}).value(); }

std::string failure(Loop& loop, const std::string& host) {
  const auto addresses = look_up(loop, host);
  if (addresses) return "found";
  EXPECT_EQ(addresses.error().code, Errc::Unresolved);
  return addresses.error().text();
}

TEST(Lookup, LiteralsAreAnsweredWithoutAnyServer) {
  NameServer names([](const std::string&) { return NameAnswer{}; });
  auto loop = loop_with(names.place());
  EXPECT_THAT(look_up(*loop, "192.0.2.7").value(), ElementsAre("192.0.2.7"));
  EXPECT_THAT(look_up(*loop, "2001:db8::1").value(), ElementsAre("2001:db8::1"));
  EXPECT_EQ(names.questions(), 0);
}

TEST(Lookup, BothFamiliesAreFound) {
  NameServer names([](const std::string&) { return NameAnswer{.addresses = {"127.0.0.1", "127.0.0.2", "::1"}}; });
  auto loop = loop_with(names.place());
  EXPECT_THAT(look_up(*loop, "both.test").value(), UnorderedElementsAre("127.0.0.1", "127.0.0.2", "::1"));
}

TEST(Lookup, LocalhostIsFoundWithoutAServer) {
  auto loop = loop_with("127.0.0.1:9");
  EXPECT_THAT(look_up(*loop, "localhost").value(), ::testing::Contains("127.0.0.1"));
}

TEST(Lookup, NamesThatDoNotExistAreTold) {
  NameServer names([](const std::string& name) { return name == "empty.test" ? NameAnswer{} : NameAnswer{.code = 3}; });
  auto loop = loop_with(names.place());
  EXPECT_EQ(failure(*loop, "nobody.test"), "host name not found: nobody.test");
  EXPECT_EQ(failure(*loop, "empty.test"), "host name has no address: empty.test");
  EXPECT_NE(failure(*loop, std::string(300, 'a') + ".test"), "found");
  EXPECT_NE(failure(*loop, "a..test"), "found");
}

TEST(Lookup, DeadAndFailingServersAreTold) {
  auto dead = loop_with("127.0.0.1:" + std::to_string(unused_port()));
  EXPECT_THAT(failure(*dead, "a.test"), ::testing::AnyOf("no name server can be asked: a.test", "no answer from the name servers: a.test"));
  NameServer failing([](const std::string&) { return NameAnswer{.code = 2}; });
  auto loop = loop_with(failing.place());
  EXPECT_EQ(failure(*loop, "a.test"), "no name server can be asked: a.test");
}

TEST(Lookup, SecondServerIsAskedWhenTheFirstIsDead) {
  NameServer names([](const std::string&) { return NameAnswer{.addresses = {"127.0.0.1"}}; });
  auto loop = loop_with("127.0.0.1:" + std::to_string(unused_port()) + "," + names.place());
  EXPECT_THAT(look_up(*loop, "a.test").value(), ElementsAre("127.0.0.1"));
}

TEST(Lookup, Sec83ForgedAndMangledAnswersAreNotBelieved) {
  std::atomic<int> count{0};
  NameServer forging([&](const std::string&) { return NameAnswer{.addresses = {"127.0.0.9"}, .forged = ++count <= 2}; });
  auto loop = loop_with(forging.place());
  EXPECT_THAT(look_up(*loop, "a.test").value(), ElementsAre("127.0.0.9"));
  EXPECT_GT(forging.questions(), 2);  // asked again: the forged answers were none

  // A name that points at itself, and less than a header.
  const std::string loop_in_name("\x81\x80\0\1\0\1\0\0\0\0\xC0\x0C\0\1\0\1\xC0\x0C\0\1\0\1\0\0\0\x3C\0\4\x7F\0\0\1", 32);
  for (const std::string& junk : {loop_in_name, std::string("\x81\x80", 2), std::string(400, '\xFF')}) {
    NameServer mangling([&](const std::string&) { return NameAnswer{.junk = junk}; });
    Fixture fixture(LoopOptions{.dns_servers = mangling.place()});
    Inbox inbox;
    closing_words(fixture, {.scheme = "ws", .host = "b.test", .port = 9}, {.connect_timeout = 200ms}, inbox);
    EXPECT_TRUE(inbox.words().find("b.test") != std::string::npos) << inbox.words();  // not found, or no answer in time
    EXPECT_GT(mangling.questions(), 0);
  }
}

TEST(Lookup, N03SilentServerDoesNotHoldUpTheLoop) {
  NameServer silent([](const std::string&) { return NameAnswer{.silent = true}; });
  Fixture fixture(LoopOptions{.dns_servers = silent.place()});
  Inbox waiting;
  auto connection = fixture.connect({.scheme = "ws", .host = "slow.test", .port = 9}, {.connect_timeout = 1h}, waiting);
  while (silent.questions() == 0) fixture.run([] {});
  for (int turn = 0; turn < 100; ++turn) fixture.run([] {});
  EXPECT_EQ(waiting.closings, 0);  // a blocked loop would take its first turn when the lookup has failed
  fixture.drop(connection);
  Inbox inbox;
  closing_words(fixture, {.scheme = "ws", .host = "slow.test", .port = 9}, {.connect_timeout = 300ms}, inbox);
  EXPECT_EQ(inbox.words(), "timed out: host name lookup of slow.test");
}

TEST(Lookup, Sec83AnswerAfterTheEndOfItsLookupHarmsNobody) {
  std::promise<void> asked;
  std::promise<void> answer;
  std::atomic<bool> first{true};
  NameServer slow([&](const std::string&) {
    if (first.exchange(false)) {
      asked.set_value();
      answer.get_future().wait();
    }
    return NameAnswer{.addresses = {"127.0.0.1"}};
  });
  auto loop = loop_with(slow.place());
  std::unique_ptr<Lookup> lookup;
  on_loop(*loop, [&] { lookup = Lookup::start(loop->core(), "a.test", [](Addresses) { ADD_FAILURE() << "told after its end"; }); });
  ASSERT_EQ(asked.get_future().wait_for(limit), std::future_status::ready);
  on_loop(*loop, [&] { lookup.reset(); });
  answer.set_value();
  EXPECT_TRUE(look_up(*loop, "b.test"));
}

TEST(Lookup, AddressesAreTriedInTurn) {  // RFC 7984 s.4
  NameServer names([](const std::string&) { return NameAnswer{.addresses = {"127.0.0.3", "127.0.0.2", "::1", "127.0.0.1"}}; });
  Fixture fixture(LoopOptions{.dns_servers = names.place()});
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor, {.host = "127.0.0.1"});
  sip::Server server = server_at(listener->uri());
  server.host = "many.test";
  Inbox inbox;
  auto connection = fixture.connect(server, {}, inbox);
  EXPECT_TRUE(inbox.wait_open()) << inbox.words();
  EXPECT_EQ(inbox.info.peer_address, "127.0.0.1");
  fixture.run([&] {
    connection.reset();
    acceptor.peers.clear();
    listener.reset();
  });
  fixture.run([] {});
  Inbox refused;
  closing_words(fixture, server, {}, refused);
  EXPECT_EQ(refused.why.value_or(Error{}).code, Errc::Refused) << refused.words();
}

TEST(Lookup, NameThatDoesNotExistIsTheConnectionsError) {
  NameServer names([](const std::string&) { return NameAnswer{.code = 3}; });
  Fixture fixture(LoopOptions{.dns_servers = names.place()});
  Inbox inbox;
  closing_words(fixture, {.scheme = "wss", .host = "nobody.test", .port = 443}, {}, inbox);
  EXPECT_EQ(inbox.words(), "host name not found: nobody.test");
  EXPECT_EQ(inbox.why.value_or(Error{}).code, Errc::Unresolved);
}

}  // namespace
}  // namespace parley::transport::test
