// SPDX-License-Identifier: MIT
#include "raw_peer.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

namespace parley::transport::test {
namespace {

sip::Server at(const RawServer& server) { return {.scheme = "ws", .host = "127.0.0.1", .port = server.port()}; }

/// A raw client with an open WebSocket to a listener of ours.
class RawClient {
 public:
  explicit RawClient(sip::ListenOptions options = {})
      : listener_(fixture_.listen(acceptor_, options)), stream_(Stream::to("127.0.0.1", server_at(listener_->uri()).port)) {
    stream_.write(upgrade_request(server_at(listener_->uri()).port));
    answer_ = stream_.read_until("\r\n\r\n");
    peer_ = acceptor_.wait_peer();
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() {
    fixture_.run([&] {
      acceptor_.peers.clear();
      listener_.reset();
    });
  }
  Stream& stream() { return stream_; }
  Acceptor::Peer& peer() { return *peer_; }
  Fixture& fixture() { return fixture_; }
  std::string uri() const { return listener_->uri(); }

 private:
  Fixture fixture_;
  Acceptor acceptor_;
  std::unique_ptr<sip::Listener> listener_;
  Stream stream_;
  std::string answer_;
  Acceptor::Peer* peer_ = nullptr;
};

/// What a client of ours makes of a server that sends `octets` after the upgrade, and the code of the Close frame it sends.
struct Outcome {
  std::vector<std::string> messages{};
  std::string words{};
  int status = 0;
};

Outcome after(const std::string& octets, std::size_t messages = 0) {
  Outcome outcome;
  {
    RawServer server([&](Stream& stream) {
      accept_upgrade(stream);
      stream.write(octets);
      outcome.status = read_frame(stream, close_frame).status();
      stream.write(frame(close_frame, {}));
    });
    Fixture fixture;
    Inbox inbox;
    auto connection = fixture.connect(at(server), {}, inbox);
    if (messages > 0) {
      EXPECT_TRUE(inbox.wait_messages(messages)) << inbox.words();
      fixture.run([&] { connection->close(); });
    }
    EXPECT_TRUE(inbox.wait_closed());
    EXPECT_EQ(inbox.closings, 1);
    outcome.messages = inbox.messages;
    outcome.words = inbox.words();
    fixture.drop(connection);
  }
  return outcome;
}

TEST(WebSocketFrames, K05FragmentsWithControlFramesBetweenAreOneMessage) {  // RFC 6455 s.5.4
  const auto outcome = after(frame(text, "OPTIONS ", false) + frame(ping, "a") + frame(continuation, "sip:a@b ", false) + frame(pong, "") +
                                 frame(continuation, "", false) + frame(continuation, "SIP/2.0\r\n\r\n") + frame(text, "second"),
                             2);
  EXPECT_EQ(outcome.messages, (std::vector<std::string>{"OPTIONS sip:a@b SIP/2.0\r\n\r\n", "second"}));
  EXPECT_EQ(outcome.status, 1000);
}

TEST(WebSocketFrames, K05MessagesArriveWholeOctetByOctet) {
  RawClient client;
  const std::string octets =
      frame(text, "INVITE", true, true) + frame(binary, std::string(300, 'b'), false, true) + frame(continuation, "c", true, true);
  for (const char octet : octets) client.stream().write({&octet, 1});
  ASSERT_TRUE(client.peer().inbox.wait_messages(2)) << client.peer().inbox.words();
  EXPECT_EQ(client.peer().inbox.messages, (std::vector<std::string>{"INVITE", std::string(300, 'b') + "c"}));
}

TEST(WebSocketFrames, K05ClientFramesAreMaskedWithFreshMasks) {  // RFC 6455 s.5.3
  std::vector<Frame> frames;
  std::promise<void> done;
  RawServer server([&](Stream& stream) {
    accept_upgrade(stream);
    for (int i = 0; i < 3; ++i) frames.push_back(read_frame(stream));
    done.set_value();
  });
  Fixture fixture;
  Inbox inbox;
  auto connection = fixture.connect(at(server), {}, inbox);
  ASSERT_TRUE(inbox.wait_open()) << inbox.words();
  fixture.run([&] {
    for (int i = 0; i < 3; ++i) connection->send("OPTIONS");
  });
  ASSERT_EQ(done.get_future().wait_for(limit), std::future_status::ready);
  for (const Frame& frame : frames) {
    EXPECT_EQ(frame.payload, "OPTIONS");
    ASSERT_TRUE(frame.mask.has_value());
  }
  EXPECT_NE(frames[0].mask, frames[1].mask);
  EXPECT_NE(frames[1].mask, frames[2].mask);
  fixture.drop(connection);
}

TEST(WebSocketFrames, K04TextCarriesUtf8AndBinaryTheRest) {  // RFC 7118 s.4.2
  RawClient client;
  const std::string utf8 = "MESSAGE sip:a SIP/2.0\r\n\r\nGr\xC3\xBC\xC3\x9F";
  client.fixture().run([&] {
    client.peer().connection->send(utf8);
    client.peer().connection->send("");  // no message at all: some servers close on an empty frame
    client.peer().connection->send("a\xFF");
    client.peer().connection->send("\xED\xA0\x80");  // a surrogate
    client.peer().connection->send("\r\n\r\n");
  });
  for (const auto& [opcode, payload] :
       {std::pair<int, std::string>{text, utf8}, {binary, "a\xFF"}, {binary, "\xED\xA0\x80"}, {text, "\r\n\r\n"}}) {
    const Frame received = read_frame(client.stream());
    EXPECT_EQ(received.opcode, opcode);
    EXPECT_EQ(received.payload, payload);
    EXPECT_FALSE(received.mask.has_value());  // a server masks nothing
  }
  client.stream().write(frame(binary, "b\xFF", true, true) + frame(text, "", true, true) + frame(text, "\r\n\r\n", true, true));
  ASSERT_TRUE(client.peer().inbox.wait_messages(2)) << client.peer().inbox.words();
  EXPECT_EQ(client.peer().inbox.messages, (std::vector<std::string>{"b\xFF", "\r\n\r\n"}));
}

TEST(WebSocketFrames, K11TextThatIsNotUtf8ClosesWith1007) {  // RFC 6455 s.8.1
  const auto outcome = after(frame(text, "a\xFF"));
  EXPECT_EQ(outcome.status, 1007);
  EXPECT_EQ(outcome.words, "the peer sent a text message that is not UTF-8");
  EXPECT_TRUE(outcome.messages.empty());
}

TEST(WebSocketFrames, K11Sec84LongMessagesCloseWith1009) {
  const std::string too_long = "the peer sent a message that is too large";
  const std::string half(40'000, 'x');
  const auto longest = after(frame(binary, std::string(65'535, 'x')), 1);
  EXPECT_EQ(longest.messages.size(), 1U);
  EXPECT_EQ(longest.words, "");
  for (const std::string& octets : {frame(binary, std::string(65'536, 'x')), frame(binary, half, false) + frame(continuation, half),
                                    std::string("\x82\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10) + std::string(200'000, 'x')}) {
    const auto outcome = after(octets);
    EXPECT_EQ(outcome.status, 1009);
    EXPECT_EQ(outcome.words, too_long);
    EXPECT_TRUE(outcome.messages.empty());
  }
}

TEST(WebSocketFrames, K11Sec84ServerCapsMessagesToo) {
  {
    RawClient client;
    client.stream().write(frame(binary, std::string(65'536, 'x'), true, true));
    EXPECT_EQ(read_frame(client.stream(), close_frame).status(), 1009);
    client.stream().write(frame(close_frame, "", true, true));
    EXPECT_TRUE(client.peer().inbox.wait_closed());
    EXPECT_EQ(client.peer().inbox.why.value_or(Error{}).code, Errc::TooLong);
  }
  for (const char first : {'\xFF', '\x7F'}) {  // a length of 2^64-1 is not even a length (RFC 6455 s.5.2)
    RawClient client;
    client.stream().write(std::string("\x82\xFF") + first + std::string(7, '\xFF') + std::string(4, 'm') + std::string(100, 'x'));
    EXPECT_TRUE(client.peer().inbox.wait_closed());
    EXPECT_TRUE(client.peer().inbox.why.has_value());
    EXPECT_TRUE(client.peer().inbox.messages.empty());
  }
}

TEST(WebSocketFrames, MessageOfOursOverTheCapIsNotSent) {
  RawClient client;
  client.fixture().run([&] {
    client.peer().connection->send(std::string(65'536, 'x'));
    client.peer().connection->send("next");
  });
  EXPECT_EQ(read_frame(client.stream()).payload, "next");
}

TEST(WebSocketFrames, K07PingIsAnswered) {  // RFC 6455 s.5.5.3
  RawClient client;
  client.stream().write(frame(ping, "are you there", true, true));
  const Frame answer = read_frame(client.stream(), pong);
  EXPECT_EQ(answer.payload, "are you there");
}

TEST(WebSocketFrames, K07PongsKeepAConnectionAndTheirLackEndsIt) {
  std::atomic<int> pings{0};
  RawServer server([&](Stream& stream) {
    accept_upgrade(stream);
    while (pings < 3) {
      const Frame question = read_frame(stream, ping);
      ++pings;
      if (pings < 3) stream.write(frame(pong, question.payload));
    }
    stream.read_to_end();
  });
  Fixture fixture;
  Inbox inbox;
  const auto start = fixture.loop().now();
  closing_words(fixture, at(server), {.keep_alive = 50ms}, inbox);
  EXPECT_EQ(pings, 3);
  EXPECT_EQ(inbox.words(), "the peer does not answer: no pong in 50 ms");
  EXPECT_EQ(inbox.why.value_or(Error{}).code, Errc::ConnectionLost);
  EXPECT_GE(fixture.loop().now() - start, 200ms);
}

TEST(WebSocketFrames, K07ServerFindsADeadClient) {
  RawClient client({.keep_alive = 50ms});
  EXPECT_EQ(read_frame(client.stream(), ping).opcode, ping);
  EXPECT_TRUE(client.peer().inbox.wait_closed());
  EXPECT_EQ(client.peer().inbox.words(), "the peer does not answer: no pong in 50 ms");
  client.stream().read_to_end();  // the socket is closed
}

TEST(WebSocketFrames, K07MessagesAreSignsOfLifeAndZeroMeansNoPing) {
  std::atomic<int> pings{0};
  RawServer server([&](Stream& stream) {
    accept_upgrade(stream);
    for (Frame received = read_frame(stream); received.opcode != -1; received = read_frame(stream)) {
      if (received.opcode == ping) ++pings;
      if (received.opcode == text) stream.write(frame(text, received.payload));
    }
  });
  Fixture fixture;
  Inbox quiet;
  Inbox busy;
  auto without_ping = fixture.connect(at(server), {.keep_alive = 0ms}, quiet);
  ASSERT_TRUE(quiet.wait_open());
  fixture.run([&] { without_ping->send("one"); });
  ASSERT_TRUE(quiet.wait_messages(1));
  fixture.drop(without_ping);
  busy.when_message = [&](std::string_view) { busy.keep->send("again"); };
  fixture.run([&] { busy.keep = fixture.network().connect(at(server), {.keep_alive = 100ms}, busy); });
  ASSERT_TRUE(busy.wait_open());
  const auto start = fixture.loop().now();
  fixture.run([&] { busy.keep->send("again"); });
  while (fixture.loop().now() - start < 300ms) ASSERT_TRUE(busy.wait_messages(fixture.run([&] { return busy.messages.size(); }) + 1));
  fixture.run([&] { busy.keep.reset(); });
  EXPECT_EQ(pings, 0);
}

TEST(WebSocketFrames, K07CloseOfThePeerIsAnsweredAndTold) {  // RFC 6455 s.5.5.1
  RawClient client;
  client.stream().write(frame(close_frame, std::string("\x03\xE9", 2) + "going\x1B[31m away", true, true));
  EXPECT_EQ(read_frame(client.stream(), close_frame).opcode, close_frame);
  ASSERT_TRUE(client.peer().inbox.wait_closed());
  EXPECT_EQ(client.peer().inbox.words(), "closed by the peer: 1001 going?[31m away");  // nothing for a terminal to obey
}

TEST(WebSocketFrames, BrokenConnectionIsTold) {
  for (const bool with_reset : {false, true}) {
    RawClient client;
    if (with_reset) client.stream().reset();
    client.stream().close();
    ASSERT_TRUE(client.peer().inbox.wait_closed());
    EXPECT_EQ(client.peer().inbox.words(), "the peer broke the connection");
  }
}

TEST(WebSocketFrames, CloseEndsWithinASecondWhenThePeerIsSilent) {
  RawServer server([](Stream& stream) {
    accept_upgrade(stream);
    stream.read_to_end();
  });
  Fixture fixture;
  Inbox inbox;
  auto connection = fixture.connect(at(server), {}, inbox);
  ASSERT_TRUE(inbox.wait_open());
  const auto start = fixture.loop().now();
  fixture.run([&] { connection->close(); });
  ASSERT_TRUE(inbox.wait_closed());
  EXPECT_LT(fixture.loop().now() - start, 2s);
  EXPECT_FALSE(inbox.why.has_value()) << inbox.words();
  fixture.drop(connection);
}

TEST(WebSocketFrames, N04PeerThatTakesNoDataIsGivenUp) {
  std::promise<void> end;
  auto ended = end.get_future().share();
  RawServer server([&](Stream& stream) {
    accept_upgrade(stream);
    ended.wait_for(limit);
  });
  Fixture fixture;
  Inbox inbox;
  auto connection = fixture.connect(at(server), {}, inbox);
  ASSERT_TRUE(inbox.wait_open());
  const std::string message(65'000, 'x');
  int sent = 0;
  while (sent < 1'000 && fixture.run([&] { return inbox.closings; }) == 0) {
    fixture.run([&] { connection->send(message); });
    ++sent;
  }
  ASSERT_TRUE(inbox.wait_closed());
  EXPECT_EQ(inbox.words(), "the peer takes no data");
  end.set_value();
  fixture.drop(connection);
}

TEST(WebSocketFrames, ForbiddenFramesEndTheConnection) {  // RFC 6455 s.5.2, s.5.5
  EXPECT_NE(after(frame(3, "a reserved opcode")).words, "");
  EXPECT_NE(after("\xC1" + frame(text, "a reserved bit").substr(1)).words, "");
  EXPECT_NE(after(frame(ping, std::string(126, 'a'))).words, "");
}

TEST(Connection, Sec78MayBeDestroyedInEachOfItsCallbacks) {
  Fixture fixture;
  RawServer server([](Stream& stream) {
    accept_upgrade(stream);
    stream.write(frame(text, std::string(30'000, 'm')) + frame(text, "second"));
    stream.write(frame(close_frame, {}));
    stream.read_to_end();
  });
  const auto run = [&](auto destroy) {
    Inbox inbox;
    std::promise<void> destroyed;
    const auto drop = [&] {
      inbox.keep.reset();
      destroyed.set_value();
    };
    destroy(inbox, drop);
    fixture.run([&] { inbox.keep = fixture.network().connect(at(server), {}, inbox); });
    ASSERT_EQ(destroyed.get_future().wait_for(limit), std::future_status::ready);
    fixture.run([] {});
  };
  run([](Inbox& inbox, auto drop) { inbox.when_open = drop; });
  run([](Inbox& inbox, auto drop) {
    inbox.when_message = [drop](std::string_view bytes) {
      const std::string before(bytes);
      drop();
      EXPECT_EQ(before, bytes);  // valid during the call, come what may
    };
  });
  run([](Inbox& inbox, auto drop) { inbox.when_closed = drop; });
}

TEST(Connection, CallsInsideCallbacksAreFine) {
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  Inbox inbox;
  inbox.when_open = [&] { inbox.keep->send("first"); };
  inbox.when_message = [&](std::string_view) { inbox.keep->close(); };
  inbox.when_closed = [&] {
    inbox.keep->send("late");
    inbox.keep->close();
  };
  fixture.run([&] { inbox.keep = fixture.network().connect(server_at(listener->uri()), {}, inbox); });
  auto* const peer = acceptor.wait_peer();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->inbox.wait_messages(1));
  fixture.run([&] { peer->connection->send("answer"); });
  ASSERT_TRUE(inbox.wait_closed());
  EXPECT_FALSE(inbox.why.has_value());
  fixture.run([&] {
    EXPECT_EQ(inbox.closings, 1);
    inbox.keep.reset();
    acceptor.peers.clear();
    listener.reset();
  });
}

TEST(Connection, N03HostilePeersDoNotStallOthers) {
  RawClient hostile;
  const std::uint16_t port = server_at(hostile.uri()).port;
  std::vector<Stream> crowd;
  for (int i = 0; i < 30; ++i) {
    crowd.push_back(Stream::to("127.0.0.1", port));
    crowd.back().write("GET / HTTP/1.1\r\nX: ");  // and never more
  }
  hostile.stream().write(frame(text, "half", false, true));
  Inbox inbox;
  auto connection = hostile.fixture().connect(server_at(hostile.uri()), {}, inbox);
  EXPECT_TRUE(inbox.wait_open()) << inbox.words();
  hostile.fixture().drop(connection);
}

}  // namespace
}  // namespace parley::transport::test
