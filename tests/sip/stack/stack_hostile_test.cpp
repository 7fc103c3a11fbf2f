// SPDX-License-Identifier: MIT
#include "stack_support.hpp"

#include <parley/sip/message/stream_framer.hpp>

#include <array>

namespace parley::sip {
namespace {

using namespace test;

using StackHostile = StackTest;

/// A message with much in it, so that damage meets every reader.
std::string rich_message() {
  RequestParts parts;
  parts.method = "INVITE";
  parts.from = "\"Pe\\\"er\" <sip:p%65er:x@[2001:db8::1]:5062;transport=ws>;tag=p1";
  std::string text = request(parts);
  const std::string more =
      "Route: <sip:a;lr>, <sip:b;lr>\r\nRecord-Route: <sip:c;lr>\r\nContact: \"C\" <sip:c@d;ob>;expires=60;q=0.5\r\n"
      "Supported: timer,\r\n 100rel\r\nAuthorization: Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:b\", response=\"0\"\r\n"
      "Content-Type: multipart/mixed;boundary=\"x y\"\r\nReplaces: c;to-tag=1;from-tag=2\r\nExpires: 4294967296\r\n";
  text.insert(text.find("Content-Length"), more);
  return text;
}

/// The message with one octet replaced, one left out, one doubled, and cut, at each place.
template <class F>
void for_each_damage(const std::string& text, F&& use) {
  constexpr std::array<char, 10> nasty{'\0', '\r', '\n', ' ', '"', '<', ',', ';', '%', '\xFF'};
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char octet : nasty) {
      std::string damaged = text;
      damaged[i] = octet;
      use(damaged);
    }
    use(text.substr(0, i));
    use(text.substr(0, i) + text.substr(i + 1));
    use(text.substr(0, i) + text[i] + text.substr(i));
  }
}

// Whatever a peer sends, no exception leaves receive() (it would unwind through a socket library's C code), and time alone ends
// everything that came of it.
TEST_F(StackHostile, Sec07N01NoDamageMakesTheStackThrowOrKeepAnything) {
  std::size_t damages = 0;
  for_each_damage(rich_message(), [&](const std::string& damaged) {
    ++damages;
    // In a heap block of exactly its size, so that a sanitizer sees the first octet read beyond it.
    const std::vector<char> bytes(damaged.begin(), damaged.end());
    EXPECT_NO_THROW(receive(damages % 2 == 0 ? ws : udp, {bytes.data(), bytes.size()})) << damaged;
    if (damages % 64 != 0) return;
    for (const StackEvent& event : events) {
      if (const auto* came = std::get_if<RequestReceived>(&event)) (void)stack->respond(came->transaction, "SIP/2.0 480 Gone\r\n\r\n", now);
    }
    drain();
    events.clear();
    sent.clear();
    run_until(std::chrono::duration_cast<Duration>(now.time_since_epoch()) + 100s);
    ASSERT_EQ(stack->transaction_count(), 0U) << damaged;
  });
  EXPECT_GT(damages, 5000U);
}

TEST_F(StackHostile, Sec07N01AbsurdSizesAreNoExceptionEither) {
  for (const std::size_t size : {65'534U, 65'535U, 65'536U, 1U << 20U}) {
    for (const char* start :
         {"", "\r\n", "INVITE ", "SIP/2.0 200 ", "INVITE sip:a SIP/2.0\r\nVia: ", "OPTIONS sip:a SIP/2.0\r\nl: 99999999999\r\n\r\n"}) {
      EXPECT_NO_THROW(receive(udp, start + std::string(size, 'x'))) << start << size;
      EXPECT_NO_THROW(receive(ws, start + std::string(size, '\n'))) << start << size;
    }
  }
  EXPECT_EQ(stack->transaction_count(), 0U);
}

/// A request whose head has `size` octets; what fills it stands in the field of that name.
std::string with_head_of(std::size_t size, std::string_view name, const RequestParts& parts) {
  std::string text = request(parts);
  const std::size_t missing = size - text.size() - name.size() - 4;
  text.insert(text.find("Content-Length"), std::string(name) + ": " + std::string(missing, 'x') + "\r\n");
  return text;
}

// Each answer repeats fields of its request, so one that fills a message leaves no room for any; an INVITE that is never answered
// would never end (RFC 3261 s.17.2.1 gives Proceeding no timer).
TEST_F(StackHostile, Sec30RequestThatLeavesNoRoomForAnswersIs513) {
  StackOptions options;
  options.user_agent = std::string(600, 'u');
  make(options);
  for (const std::string method : {"INVITE", "MESSAGE", "CANCEL"}) {
    RequestParts parts;
    parts.method = method;
    for (const std::size_t size : {65'535U, 65'000U, 63'488U}) {
      forget();
      parts.call_id = method + std::to_string(size);
      receive(ws, with_head_of(size, "X-Filler", parts));
      ASSERT_EQ(sent.size(), 1U) << method << size;
      EXPECT_EQ(first_line(sent.front()), "SIP/2.0 513 Message Too Large");
    }
    parts.from = "\"" + std::string(65'000, 'x') + "\" <sip:peer@example.com>;tag=p1";
    forget();
    receive(ws, request(parts));
    EXPECT_TRUE(sent.empty()) << "not even the 513 would fit";
    EXPECT_EQ(count<Dropped>(), 1U);
  }
  EXPECT_EQ(count<RequestReceived>(), 0U);
  EXPECT_EQ(stack->transaction_count(), 0U);
}

TEST_F(StackHostile, Sec30ALongBodyIsNoLongHead) {
  std::string text = request("MESSAGE");
  const std::string body(65'000 - text.size(), 'x');
  receive(ws, replaced(text, "Content-Length: 0", "Content-Length: " + std::to_string(body.size())) + body);
  EXPECT_EQ(count<RequestReceived>(), 1U);
}

TEST(StreamHostile, Sec07NoLengthMakesTheFramerThrow) {  // std::length_error of one message has ended whole processes
  for (const char* length :
       {"-1", "4294967295", "4294967296", "9223372036854775807", "18446744073709551615", "99999999999999999999", "0x10", ""}) {
    StreamFramer framer;
    EXPECT_NO_THROW(framer.append("INVITE sip:a SIP/2.0\r\nContent-Length: " + std::string(length) + "\r\n\r\nbody")) << length;
    EXPECT_NO_THROW(EXPECT_FALSE(framer.next())) << length;
  }
}

}  // namespace
}  // namespace parley::sip
