// SPDX-License-Identifier: MIT
// Session descriptions from the network: what is read is written so that it is read alike, and no offer or answer upsets a negotiation.
#include <parley/media/sdp/negotiation.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace sdp = parley::media::sdp;

void require(bool holds) {
  if (!holds) std::abort();
}

/// What a media library would say to anything.
constexpr std::string_view backend =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 0.0.0.0\r\n"
    "a=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
    "a=fingerprint:sha-256 "
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
    "a=candidate:1 1 UDP 1 127.0.0.1 4000 typ host\r\n";

/// The only reason why something that was read is not written: CR LF for LF, or the answer's own lines, make it longer than a message.
bool is_written(const parley::Result<std::string>& text, std::size_t size) {
  if (text)
    require(sdp::parse(*text).has_value());
  else
    require(text.error().code == parley::Errc::TooLong && size > sdp::limits::text / 4);
  return text.has_value();
}

void check_round_trip(const sdp::SessionDescription& description, std::size_t size) {
  const auto text = sdp::write(description);
  if (!is_written(text, size)) return;
  const auto again = sdp::parse(*text);
  require(*again == description);
  require(*sdp::write(*again) == *text);
}

void check_as_offer(std::string_view text) {
  sdp::Negotiation negotiation({}, 1);
  auto incoming = negotiation.read_offer(text);
  if (!incoming) return;
  require(incoming->needs_backend);
  is_written(sdp::write(incoming->for_backend), text.size());
  if (!is_written(negotiation.commit_answer(*std::move(incoming), backend), text.size())) return;
  require(negotiation.has_agreed());
  negotiation.set_held(true);
  auto again = negotiation.read_offer(text);
  require(again && !again->needs_backend);
  is_written(negotiation.commit_answer(*std::move(again)), text.size());
  is_written(negotiation.reoffer(), text.size());
  negotiation.rollback();
}

void check_as_answer(std::string_view text) {
  sdp::Negotiation negotiation({}, 1);
  require(negotiation.commit_offer(backend).has_value());
  auto incoming = negotiation.read_answer(text);
  if (!incoming) return;
  negotiation.commit_remote_answer(*std::move(incoming));
  require(negotiation.has_agreed() && negotiation.agreed().codec.has_value());
  is_written(negotiation.reoffer(), text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto description = sdp::parse(text)) check_round_trip(*description, size);
  check_as_offer(text);
  check_as_answer(text);
  return 0;
}
