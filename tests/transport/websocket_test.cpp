// SPDX-License-Identifier: MIT
#include "support.hpp"

#include <gtest/gtest.h>

namespace parley::transport::test {
namespace {

constexpr const char* options_request = "OPTIONS sip:a@b SIP/2.0\r\n\r\n";

TEST(WebSocket, K03K08BothEndsKnowTheirFlow) {  // RFC 7118 s.5.1, s.5.2
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  Inbox inbox;
  auto connection = fixture.connect(server_at(listener->uri()), {}, inbox);
  ASSERT_TRUE(inbox.wait_open()) << inbox.words();
  auto* const peer = acceptor.wait_peer();
  ASSERT_NE(peer, nullptr);

  EXPECT_EQ(inbox.info.via_transport, "WS");
  EXPECT_EQ(inbox.info.reliable, sip::Reliable::Yes);
  EXPECT_EQ(inbox.info.secure, sip::Secure::No);
  EXPECT_TRUE(inbox.info.local_name.ends_with(".invalid"));
  EXPECT_GE(inbox.info.local_name.size(), 12 + std::string_view(".invalid").size());
  EXPECT_EQ(inbox.info.peer_address, "127.0.0.1");
  EXPECT_EQ("ws://127.0.0.1:" + std::to_string(inbox.info.peer_port), listener->uri());

  EXPECT_EQ("ws://" + peer->info.local_name, listener->uri());
  EXPECT_EQ(peer->info.peer_address, "127.0.0.1");
  EXPECT_NE(peer->info.peer_port, 0);
  fixture.run([&] {
    connection.reset();
    acceptor.peers.clear();
    listener.reset();
  });
}

TEST(WebSocket, K04OneMessageEachWayIsOneMessage) {  // RFC 7118 s.4.2
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  Inbox inbox;
  auto connection = fixture.connect(server_at(listener->uri()), {}, inbox);
  auto* const peer = acceptor.wait_peer();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(inbox.wait_open()) << inbox.words();
  const std::string binary = "MESSAGE sip:a@b SIP/2.0\r\n\r\n\xFF\xFE";
  const std::string longest(65'535, 'x');
  fixture.run([&] {
    for (const std::string& message : {std::string(options_request), binary, longest}) {
      connection->send(message);
      peer->connection->send(message);
    }
  });
  ASSERT_TRUE(peer->inbox.wait_messages(3)) << peer->inbox.words();
  ASSERT_TRUE(inbox.wait_messages(3)) << inbox.words();
  EXPECT_EQ(peer->inbox.messages, (std::vector<std::string>{options_request, binary, longest}));
  EXPECT_EQ(inbox.messages, peer->inbox.messages);
  fixture.run([&] {
    connection.reset();
    acceptor.peers.clear();
    listener.reset();
  });
}

TEST(WebSocket, ClosingSendsWhatIsQueuedAndTellsBothEnds) {  // RFC 6455 s.7.1.2
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  Inbox inbox;
  auto connection = fixture.connect(server_at(listener->uri()), {}, inbox);
  auto* const peer = acceptor.wait_peer();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(inbox.wait_open()) << inbox.words();
  fixture.run([&] {
    for (int i = 0; i < 10; ++i) connection->send(options_request);
    connection->close();
  });
  ASSERT_TRUE(inbox.wait_closed());
  EXPECT_FALSE(inbox.why.has_value()) << inbox.words();
  ASSERT_TRUE(peer->inbox.wait_closed());
  EXPECT_EQ(peer->inbox.messages.size(), 10U);
  EXPECT_EQ(peer->inbox.words(), "closed by the peer: 1000");
  fixture.run([&] {
    connection.reset();
    acceptor.peers.clear();
    listener.reset();
  });
}

TEST(WebSocket, DestroyedSendsWhatIsQueued) {  // a BYE, say, after which the application forgets its phone
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  Inbox inbox;
  auto connection = fixture.connect(server_at(listener->uri()), {}, inbox);
  auto* const peer = acceptor.wait_peer();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(inbox.wait_open()) << inbox.words();
  fixture.run([&] {
    for (int i = 0; i < 3; ++i) connection->send(options_request);
    connection.reset();
  });
  ASSERT_TRUE(peer->inbox.wait_closed());
  EXPECT_EQ(peer->inbox.messages.size(), 3U);
  fixture.run([&] {
    acceptor.peers.clear();
    listener.reset();
  });
}

}  // namespace
}  // namespace parley::transport::test
