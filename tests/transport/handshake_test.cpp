// SPDX-License-Identifier: MIT
#include "certificates.hpp"
#include "raw_peer.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstdlib>

namespace parley::transport::test {
namespace {

sip::Server at(const RawServer& server, std::string scheme = "ws") {
  return {.scheme = std::move(scheme), .host = "127.0.0.1", .port = server.port()};
}

/// The words of the failure when a server answers the upgrade request like this.
std::string words_for_answer(const std::function<std::string(const std::string& request)>& answer) {
  RawServer server([&](Stream& stream) {
    stream.write(answer(stream.read_until("\r\n\r\n")));
    stream.read_to_end();
  });
  Fixture fixture;
  Inbox inbox;
  closing_words(fixture, at(server), {}, inbox);
  EXPECT_FALSE(inbox.open);
  EXPECT_EQ(inbox.closings, 1);
  return inbox.words();
}

std::string words_for_answer(const std::string& answer) {
  return words_for_answer([&](const std::string&) { return answer; });
}

/// The upgrade request that a server sees; "" when none comes because `options` are refused.
std::string request_for(sip::Server server, const sip::ConnectOptions& options, std::string* words = nullptr) {
  std::string request;
  {
    RawServer raw([&](Stream& stream) { request = accept_upgrade(stream); });
    server.port = raw.port();
    Fixture fixture;
    Inbox inbox;
    closing_words(fixture, server, options, inbox);
    if (words != nullptr) *words = inbox.words();
    if (raw.connections() == 0) return {};
  }  // its thread, which writes the request, is joined
  return request;
}

/// The words with which a connection is refused before anything is sent.
std::string refusal(const sip::Server& server, const sip::ConnectOptions& options = {}) {
  Fixture fixture;
  Inbox inbox;
  return closing_words(fixture, server, options, inbox).words();
}

const std::string no_sip = "the server did not agree to the WebSocket subprotocol \"sip\"";

TEST(WebSocketClient, K01Sec84AnswerWithoutTheSubprotocolIsRefused) {  // RFC 7118 s.4.1
  EXPECT_EQ(words_for_answer([](const std::string& request) { return upgrade_answer(request, ""); }), no_sip);
  EXPECT_EQ(words_for_answer([](const std::string& request) { return upgrade_answer(request, "Sec-WebSocket-Protocol: msrp\r\n"); }),
            no_sip);
}

TEST(WebSocketClient, K02WrongAcceptIsRefused) {  // RFC 6455 s.4.1
  EXPECT_EQ(words_for_answer(upgrade_answer("a request with another key")), "the server's Sec-WebSocket-Accept is wrong");
}

TEST(WebSocketClient, K02StatusOfARefusedUpgradeIsTold) {
  const auto words = [](const std::string& status_and_headers) {
    return words_for_answer("HTTP/1.1 " + status_and_headers + "Content-Length: 0\r\n\r\n");
  };
  const std::string refused = "the server refused the WebSocket upgrade: ";
  EXPECT_EQ(words("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"), refused + "401 Unauthorized");
  EXPECT_EQ(words("403 Forbidden\r\n"), refused + "403 Forbidden");
  EXPECT_EQ(words("404 Not Found\r\n"), refused + "404 Not Found");
  EXPECT_EQ(words("503 Busy\r\nRetry-After: 30\r\n"), refused + "503 Service Unavailable, retry after 30 s");
  EXPECT_EQ(words("503 Busy\r\nRetry-After: Fri, 31 Dec 2027 23:59:59 GMT\r\n"),
            refused + "503 Service Unavailable, retry after Fri, 31 Dec 2027 23:59:59 GMT");
  EXPECT_EQ(words("200 OK\r\n"), refused + "HTTP status 200");
}

TEST(WebSocketClient, K02RedirectIsNotFollowed) {
  RawServer trap([](Stream& stream) { stream.read_some(); });
  const std::string location = "Location: http://127.0.0.1:" + std::to_string(trap.port()) + "/\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(words_for_answer("HTTP/1.1 302 Found\r\n" + location),
            "the server refused the WebSocket upgrade: 302 Found, redirects are not followed");
  EXPECT_EQ(words_for_answer("HTTP/1.1 307 Temporary Redirect\r\n" + location),
            "the server refused the WebSocket upgrade: 307 Temporary Redirect, redirects are not followed");
  EXPECT_EQ(trap.connections(), 0);
}

TEST(WebSocketClient, ProxyOfTheEnvironmentIsNotHeeded) {
  RawServer trap([](Stream& stream) { stream.read_some(); });
  const std::string proxy = "127.0.0.1:" + std::to_string(trap.port());
  setenv("http_proxy", proxy.c_str(), 1);
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  Inbox inbox;
  auto connection = fixture.connect(server_at(listener->uri()), {}, inbox);
  EXPECT_TRUE(inbox.wait_open()) << inbox.words();
  unsetenv("http_proxy");
  fixture.run([&] {
    connection.reset();
    acceptor.peers.clear();
    listener.reset();
  });
  EXPECT_EQ(trap.connections(), 0);
}

TEST(WebSocketClient, NobodyListeningIsConnectionRefused) {
  const std::uint16_t port = unused_port();
  EXPECT_EQ(refusal({.scheme = "ws", .host = "127.0.0.1", .port = port}), "connection refused: 127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(refusal({.scheme = "wss", .host = "::1", .port = port}), "connection refused: [::1]:" + std::to_string(port));
}

TEST(WebSocketClient, ServerThatBreaksOffIsTold) {
  const std::string broken = "the server closed the connection before the WebSocket was open";
  Fixture fixture;
  RawServer at_once([](Stream&) {});
  RawServer with_reset([](Stream& stream) {
    stream.read_until("\r\n\r\n");
    stream.reset();
  });
  for (const RawServer* server : {&at_once, &with_reset}) {
    Inbox inbox;
    EXPECT_EQ(closing_words(fixture, at(*server), {}, inbox).words(), broken);
  }
  RawServer no_tls([](Stream& stream) {
    stream.read_some();
    stream.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    stream.read_to_end();
  });
  Inbox inbox;
  EXPECT_EQ(closing_words(fixture, at(no_tls, "wss"), {}, inbox).why.value_or(Error{}).code, Errc::TlsFailed) << inbox.words();
}

TEST(WebSocketClient, ConnectTimeoutCoversEachStage) {
  Fixture fixture;
  RawServer silent([](Stream& stream) { stream.read_to_end(); });
  const auto words = [&](const sip::Server& server) {
    Inbox inbox;
    closing_words(fixture, server, {.connect_timeout = 150ms}, inbox);
    EXPECT_EQ(inbox.why.value_or(Error{}).code, Errc::Timeout);
    return inbox.words();
  };
  EXPECT_EQ(words(at(silent)), "timed out: WebSocket upgrade");
  EXPECT_EQ(words(at(silent, "wss")), "timed out: TLS handshake");

  // A listening socket whose queue is full takes no further connection and does not refuse it either.
  std::promise<void> busy;
  RawServer full(
      [&](Stream& stream) {
        if (full.connections() == 1) busy.set_value();
        stream.read_to_end();
      },
      "127.0.0.1", 0);
  std::vector<Stream> fillers;
  fillers.push_back(Stream::begin_to("127.0.0.1", full.port()));
  ASSERT_EQ(busy.get_future().wait_for(limit), std::future_status::ready);
  for (int i = 0; i < 3; ++i) fillers.push_back(Stream::begin_to("127.0.0.1", full.port()));
  EXPECT_EQ(words(at(full)), "timed out: TCP connection to 127.0.0.1:" + std::to_string(full.port()));
}

TEST(WebSocketClient, K10PathQueryHeadersCookiesAndOriginAreSent) {  // RFC 7118 s.7
  sip::ConnectOptions options;
  options.origin = "https://example.test";
  options.headers = {{"Authorization", "Bearer abc"}, {"X-Trace", "1 2"}};
  options.cookies = "a=1; b=2";
  std::string words;
  const std::string request = request_for({.scheme = "ws", .host = "127.0.0.1", .path = "/sip/ws?token=a%20b&x=1"}, options, &words);
  EXPECT_TRUE(request.starts_with("GET /sip/ws?token=a%20b&x=1 HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("\r\nOrigin: https://example.test\r\n"), std::string::npos) << request;
  EXPECT_NE(request.find("\r\nAuthorization: Bearer abc\r\n"), std::string::npos);
  EXPECT_NE(request.find("\r\nX-Trace: 1 2\r\n"), std::string::npos);
  EXPECT_NE(request.find("\r\nCookie: a=1; b=2\r\n"), std::string::npos);
  EXPECT_NE(request.find("\r\nSec-WebSocket-Protocol: sip\r\n"), std::string::npos);
  EXPECT_NE(request.find("\r\nHost: 127.0.0.1:"), std::string::npos);
  EXPECT_EQ(words, "the peer broke the connection");  // it was open
}

TEST(WebSocketClient, K10LongestPathAndCookiesArriveWhole) {
  const std::string path = "/" + std::string(1'899, 'p');
  const std::string cookies = "c=" + std::string(6'000, 'c');
  const std::string request = request_for({.scheme = "ws", .host = "127.0.0.1", .path = path}, {.cookies = cookies});
  EXPECT_TRUE(request.starts_with("GET " + path + " HTTP/1.1\r\n"));
  EXPECT_NE(request.find("\r\nCookie: " + cookies + "\r\n"), std::string::npos);
  EXPECT_EQ(request.find('\0'), std::string::npos);
}

TEST(WebSocketClient, Sec34ControlCharactersDoNotReachTheRequest) {
  const auto server = [](std::string path) { return sip::Server{.scheme = "ws", .host = "127.0.0.1", .port = 9, .path = std::move(path)}; };
  EXPECT_EQ(refusal(server("/ HTTP/1.1\r\nX: y")), "not a path: / HTTP/1.1??X: y");
  EXPECT_EQ(refusal(server("no-slash")), "not a path: no-slash");
  EXPECT_EQ(refusal(server("/a#b")), "not a path: /a#b");
  EXPECT_EQ(refusal(server("/"), {.origin = "https://a\r\nX: y"}), "not an origin: https://a??X: y");
  EXPECT_EQ(refusal(server("/"), {.headers = {{"X-A", "b\r\nX-B: c"}}}), "control character in a header: X-A");
  EXPECT_EQ(refusal(server("/"), {.headers = {{"X-A", std::string("b\0c", 3)}}}), "control character in a header: X-A");
  EXPECT_EQ(refusal(server("/"), {.headers = {{"X A\r\n", "b"}}}), "not a header name: X A??");
  EXPECT_EQ(refusal(server("/"), {.cookies = "a=b\nX: y"}), "control character in the cookies");
  EXPECT_EQ(refusal({.scheme = "ws", .host = "127.0.0.1\r\nX: y", .port = 9}), "not a host name: 127.0.0.1??X: y");
  for (const char* name : {"Host", "upgrade", "Sec-WebSocket-Protocol", "Connection", "Origin", "Cookie"}) {
    EXPECT_EQ(refusal(server("/"), {.headers = {{name, "x"}}}), std::string("this header is not the application's to set: ") + name);
  }
}

TEST(WebSocketClient, WhatTheLibraryWouldCutIsRefused) {
  const auto code = [](const sip::Server& server, const sip::ConnectOptions& options = {}) {
    Fixture fixture;
    Inbox inbox;
    return closing_words(fixture, server, options, inbox).why.value_or(Error{}).code;
  };
  EXPECT_EQ(code({.scheme = "ws", .host = std::string(101, 'a'), .port = 9}), Errc::TooLong);
  EXPECT_EQ(code({.scheme = "ws", .host = "a", .port = 9, .path = "/" + std::string(1'900, 'a')}), Errc::TooLong);
  EXPECT_EQ(code({.scheme = "ws", .host = "127.0.0.1", .port = 9}, {.origin = std::string(101, 'a')}), Errc::TooLong);
  EXPECT_EQ(code({.scheme = "ws", .host = "127.0.0.1", .port = 9}, {.cookies = std::string(9'000, 'a')}), Errc::TooLong);
}

TEST(WebSocketClient, SenselessServersAreRefused) {
  EXPECT_EQ(refusal({.scheme = "wss", .host = "", .port = 443}), "the server has no host");  // no name, no check of the certificate
  EXPECT_EQ(refusal({.scheme = "ws", .host = "a", .port = 0}), "the server has no port");
  EXPECT_EQ(refusal({.scheme = "http", .host = "a", .port = 80}), "not a scheme to connect with: http");
  EXPECT_EQ(refusal({.scheme = "udp", .host = "a", .port = 5060}), "transport not supported yet: udp");
}

TEST(WebSocketClient, Ipv6HostStandsInBrackets) {
  std::promise<std::string> request;
  RawServer server([&](Stream& stream) { request.set_value(accept_upgrade(stream)); }, "::1");
  Fixture fixture;
  Inbox inbox;
  closing_words(fixture, {.scheme = "ws", .host = "::1", .port = server.port()}, {}, inbox);
  ASSERT_TRUE(inbox.open);
  EXPECT_EQ(inbox.info.peer_address, "::1");
  EXPECT_THAT(request.get_future().get(), ::testing::HasSubstr("\r\nHost: [::1]:" + std::to_string(server.port()) + "\r\n"));
}

TEST(WebSocketClient, ClosingWhileConnectingEndsIt) {
  Fixture fixture;
  RawServer silent([](Stream& stream) { stream.read_to_end(); });
  for (const char* scheme : {"ws", "wss"}) {
    Inbox before_anything;
    fixture.run([&] {
      auto connection = fixture.network().connect(at(silent, scheme), {}, before_anything);
      connection->close();
      EXPECT_EQ(before_anything.closings, 0);  // never inside the call
      before_anything.keep = std::move(connection);
    });
    ASSERT_TRUE(before_anything.wait_closed());
    EXPECT_FALSE(before_anything.why.has_value()) << before_anything.words();
    fixture.drop(before_anything.keep);

    Inbox on_the_way;
    const int connections = silent.connections();
    auto connection = fixture.connect(at(silent, scheme), {.connect_timeout = limit}, on_the_way);
    while (silent.connections() == connections) std::this_thread::yield();
    fixture.run([&] { connection->close(); });
    ASSERT_TRUE(on_the_way.wait_closed());
    EXPECT_FALSE(on_the_way.why.has_value()) << on_the_way.words();
    fixture.drop(connection);
  }
}

TEST(WebSocketClient, Sec79DestroyedDuringTheHandshakeTellsNothing) {
  Fixture fixture;
  for (const char* scheme : {"ws", "wss"}) {
    std::promise<void> reached;
    std::promise<void> ended;
    RawServer silent([&](Stream& stream) {
      stream.read_some();
      reached.set_value();
      stream.read_to_end();
      ended.set_value();
    });
    Inbox inbox;
    auto connection = fixture.connect(at(silent, scheme), {}, inbox);
    ASSERT_EQ(reached.get_future().wait_for(limit), std::future_status::ready);
    fixture.drop(connection);
    EXPECT_EQ(ended.get_future().wait_for(limit), std::future_status::ready);  // the socket is closed
    EXPECT_EQ(inbox.closings, 0);
  }
}

TEST(WebSocketListener, Sec84ClientWithoutTheSubprotocolIsRefused) {  // RFC 7118 s.4.1
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  const std::uint16_t port = server_at(listener->uri()).port;
  const auto status_line = [&](std::string_view headers) {
    Stream stream = Stream::to("127.0.0.1", port);
    stream.write(upgrade_request(port, headers));
    return stream.read_until("\r\n");
  };
  EXPECT_EQ(status_line("").find(" 101 "), std::string::npos);
  EXPECT_EQ(status_line("Sec-WebSocket-Protocol: msrp\r\n").find(" 101 "), std::string::npos);
  EXPECT_NE(status_line("Sec-WebSocket-Protocol: msrp, sip\r\n").find(" 101 "), std::string::npos);
  ASSERT_NE(acceptor.wait_peer(), nullptr);
  fixture.run([&] {
    EXPECT_EQ(acceptor.peers.size(), 1U);
    acceptor.peers.clear();
    listener.reset();
  });
}

TEST(WebSocketListener, Sec84UnfinishedUpgradesAreCutOff) {
  Authority authority;
  const auto pair = authority.issue({});
  Fixture fixture(LoopOptions{.upgrade_limit = 1s});
  Acceptor acceptor;
  auto plain = fixture.listen(acceptor);
  auto secure = fixture.listen(acceptor, {.scheme = "wss", .certificate = pair.certificate, .key = pair.key});
  Inbox inbox;
  auto finished = fixture.connect(server_at(plain->uri()), {}, inbox);
  ASSERT_TRUE(inbox.wait_open()) << inbox.words();
  const std::uint16_t port = server_at(plain->uri()).port;

  Stream silent = Stream::to("127.0.0.1", port);
  Stream half = Stream::to("127.0.0.1", port);
  half.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  Stream without_tls = Stream::to("127.0.0.1", server_at(secure->uri()).port);
  EXPECT_TRUE(silent.is_ended_by_peer());
  EXPECT_TRUE(half.is_ended_by_peer());
  EXPECT_TRUE(without_tls.is_ended_by_peer());

  EXPECT_EQ(inbox.closings, 0);  // the limit ends with the upgrade
  fixture.run([&] {
    finished.reset();
    acceptor.peers.clear();
    plain.reset();
    secure.reset();
  });
}

TEST(WebSocketListener, PlainHttpIsToldToUpgrade) {
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  const std::uint16_t port = server_at(listener->uri()).port;
  Stream stream = Stream::to("127.0.0.1", port);
  stream.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  EXPECT_TRUE(stream.read_until("\r\n").starts_with("HTTP/1.1 426"));
  stream.read_to_end();
  Stream junk = Stream::to("127.0.0.1", port);
  junk.write(std::string(100'000, '\0'));
  junk.read_to_end();
  fixture.drop(listener);
}

TEST(WebSocketListener, AnIpv4AddressIsTheOnlyOneListenedOn) {
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor, {.host = "127.0.0.1"});
  const std::uint16_t port = server_at(listener->uri()).port;
  EXPECT_TRUE(Stream::to("127.0.0.1", port).is_open());
  EXPECT_FALSE(Stream::to("127.0.0.2", port).is_open());
  EXPECT_FALSE(Stream::to("::1", port).is_open());
  fixture.drop(listener);
}

TEST(WebSocketListener, ListensOnIpv6AndOnEveryAddress) {
  Fixture fixture;
  Acceptor acceptor;
  for (const auto& [host, from] : {std::pair<std::string, std::string>{"::1", "::1"}, {"0.0.0.0", "127.0.0.1"}, {"::", "127.0.0.1"}}) {
    auto listener = fixture.listen(acceptor, {.host = host});
    Inbox inbox;
    auto connection = fixture.connect({.scheme = "ws", .host = from, .port = server_at(listener->uri()).port}, {}, inbox);
    EXPECT_TRUE(inbox.wait_open()) << host << ' ' << inbox.words();
    auto* const peer = acceptor.wait_peer();
    ASSERT_NE(peer, nullptr);
    EXPECT_EQ(peer->info.peer_address, from);
    fixture.run([&] {
      connection.reset();
      acceptor.peers.clear();
      listener.reset();
    });
  }
}

TEST(WebSocketListener, PlacesThatCannotBeListenedOnAreTold) {
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  const std::uint16_t port = server_at(listener->uri()).port;
  const auto error = [&](const sip::ListenOptions& options) {
    return fixture.run([&] {
      auto second = fixture.network().listen(options, acceptor);
      return second ? Error{.code = Errc::BadValue, .detail = "it listens"} : second.error();
    });
  };
  EXPECT_EQ(error({.port = port}).code, Errc::Refused);
  EXPECT_EQ(error({.port = port}).text(), "port in use: 127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(error({.host = "192.0.2.1", .port = port}).text(), "not an address of this host: 192.0.2.1:" + std::to_string(port));
  EXPECT_EQ(error({.host = "example.test"}).code, Errc::BadValue);
  EXPECT_EQ(error({.scheme = "http"}).code, Errc::BadValue);
  EXPECT_EQ(error({.scheme = "tls"}).code, Errc::NotSupported);
  fixture.drop(listener);
}

TEST(WebSocketListener, DestroyingItFreesThePortAndClosesItsConnections) {
  Fixture fixture;
  Acceptor acceptor;
  auto listener = fixture.listen(acceptor);
  const std::uint16_t port = server_at(listener->uri()).port;
  Inbox inbox;
  auto connection = fixture.connect(server_at(listener->uri()), {}, inbox);
  auto* const peer = acceptor.wait_peer();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(inbox.wait_open());
  fixture.drop(listener);
  EXPECT_FALSE(Stream::to("127.0.0.1", port).is_open());
  EXPECT_TRUE(inbox.wait_closed());
  EXPECT_TRUE(peer->inbox.wait_closed());
  EXPECT_TRUE(peer->inbox.why.has_value());

  Inbox again;  // on the same port, at once
  listener = fixture.listen(acceptor, {.port = port});
  auto second = fixture.connect(server_at(listener->uri()), {}, again);
  EXPECT_TRUE(again.wait_open()) << again.words();
  fixture.run([&] {
    connection.reset();
    second.reset();
    acceptor.peers.clear();
    listener.reset();
  });
}

TEST(WebSocketListener, RefusedConnectionIsClosed) {
  Fixture fixture;
  Acceptor acceptor;
  acceptor.instead = [](std::unique_ptr<sip::Connection>& connection) -> sip::ConnectionObserver* {
    connection.reset();
    return nullptr;
  };
  auto listener = fixture.listen(acceptor);
  Inbox inbox;
  auto connection = fixture.connect(server_at(listener->uri()), {}, inbox);
  EXPECT_TRUE(inbox.wait_closed());
  EXPECT_TRUE(inbox.why.has_value());
  fixture.run([&] {
    connection.reset();
    listener.reset();
  });
}

}  // namespace
}  // namespace parley::transport::test
