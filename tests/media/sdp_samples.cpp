// SPDX-License-Identifier: MIT
#include <parley/tests/media/sdp_samples.hpp>

#include <gtest/gtest.h>

namespace parley::media::samples {

namespace {

/// Raw text has LF alone; the wire has CRLF.
std::string wire(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

constexpr std::string_view chromium_audio = R"(m=audio 51672 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 192.0.2.17
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:2467230312 1 udp 2122260223 192.0.2.17 51672 typ host generation 0 network-id 1
a=candidate:3500158888 1 udp 2122194687 2001:db8::17 40001 typ host generation 0 network-id 2
a=candidate:1234567890 1 tcp 1518280447 192.0.2.17 9 typ host tcptype active generation 0 network-id 1
a=ice-ufrag:Qx7k
a=ice-pwd:m4Yp0Zr8sWc2Tn6Vb1Kd9Lf3
a=ice-options:trickle
a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:6e1f2f0c-stream 9d3c7c5a-track
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:2884951771 cname:Zq8wTn4rUy2e
a=ssrc:2884951771 msid:6e1f2f0c-stream 9d3c7c5a-track
)";

std::string chromium_session(std::string_view group) {
  return R"(v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE )" +
         std::string(group) + R"(
a=extmap-allow-mixed
a=msid-semantic: WMS 6e1f2f0c-stream
)";
}

}  // namespace

std::string chromium_offer() { return wire(chromium_session("0") + std::string(chromium_audio)); }

std::string chromium_audio_video_offer() {
  return wire(chromium_session("0 1") + std::string(chromium_audio) + R"(m=video 0 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=bundle-only
a=ice-ufrag:Qx7k
a=ice-pwd:m4Yp0Zr8sWc2Tn6Vb1Kd9Lf3
a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9
a=setup:actpass
a=mid:1
a=sendrecv
a=rtcp-mux
a=rtpmap:96 VP8/90000
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
)");
}

std::string firefox_offer() {
  return wire(R"(v=0
o=mozilla...THIS_IS_SDPARTA-99.0 7419603529184406281 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 1A:2B:3C:4D:5E:6F:70:81:92:A3:B4:C5:D6:E7:F8:09:1A:2B:3C:4D:5E:6F:70:81:92:A3:B4:C5:D6:E7:F8:09
a=group:BUNDLE 0
a=ice-options:trickle ice2
a=msid-semantic:WMS *
m=audio 40312 UDP/TLS/RTP/SAVPF 109 9 0 8 101
c=IN IP4 198.51.100.4
a=candidate:0 1 UDP 2122252543 3fa1c2d4-8e77-4b55-a1b2-0c9d8e7f6a5b.local 40312 typ host
a=candidate:1 1 UDP 1686052863 198.51.100.4 40312 typ srflx raddr 0.0.0.0 rport 0
a=candidate:2 1 TCP 2105524479 3fa1c2d4-8e77-4b55-a1b2-0c9d8e7f6a5b.local 9 typ host tcptype active
a=sendrecv
a=end-of-candidates
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=ice-pwd:0d2ab6f7c89e1345b0a1c2d3e4f56789
a=ice-ufrag:3c9f51aa
a=mid:0
a=msid:{aa11bb22-stream} {cc33dd44-track}
a=rtcp:40313 IN IP4 198.51.100.4
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtpmap:9 G722/8000/1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000/1
a=setup:actpass
a=ssrc:1755934021 cname:{ee55ff66-name}
)");
}

std::string baresip_offer() {
  return wire(R"(v=0
o=- 2814746172 3061235490 IN IP4 203.0.113.9
s=-
c=IN IP4 203.0.113.9
t=0 0
a=tool:baresip 1.0.0
a=setup:actpass
a=fingerprint:SHA-256 2a:3b:4c:5d:6e:7f:80:91:a2:b3:c4:d5:e6:f7:08:19:2a:3b:4c:5d:6e:7f:80:91:a2:b3:c4:d5:e6:f7:08:19
a=ice-ufrag:Wb3p
a=ice-pwd:Xn7cRt2vLm9kQj4hZs6dFg
m=audio 21344 UDP/TLS/RTP/SAVPF 96 0 8 101
a=rtpmap:96 opus/48000/2
a=fmtp:96 stereo=1;sprop-stereo=1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=rtcp:21345
a=rtcp-mux
a=sendrecv
a=label:1
a=ssrc:3104478235 cname:sip:carol@example.com
a=ptime:20
a=candidate:1f2e3d4c 1 UDP 2113929471 203.0.113.9 21344 typ host
)");
}

std::string asterisk_offer() {
  return wire(R"(v=0
o=- 1593406812 1593406812 IN IP4 203.0.113.50
s=Asterisk
c=IN IP4 203.0.113.50
t=0 0
a=msid-semantic:WMS *
a=group:BUNDLE audio-0
m=audio 14228 UDP/TLS/RTP/SAVPF 0 8 101
a=connection:new
a=setup:actpass
a=fingerprint:SHA-256 3A:4B:5C:6D:7E:8F:90:A1:B2:C3:D4:E5:F6:07:18:29:3A:4B:5C:6D:7E:8F:90:A1:B2:C3:D4:E5:F6:07:18:29
a=ice-ufrag:5d1c3a2b7e6f4a09
a=ice-pwd:71b2c3d4e5f60718293a4b5c6d7e8f90
a=candidate:Hcb007132 1 UDP 2130706431 203.0.113.50 14228 typ host
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
a=maxptime:150
a=sendrecv
a=rtcp-mux
a=ssrc:918273645 cname:4b6f1d2e-cname
a=msid:4b6f1d2e-stream 8a9b0c1d-track
a=mid:audio-0
)");
}

std::string plain_rtp_offer() {
  return wire(R"(v=0
o=desk 3916541 3916541 IN IP4 192.0.2.80
s=call
c=IN IP4 192.0.2.80
b=AS:84
t=0 0
m=audio 11780 RTP/AVP 9 8 0 18 101
a=rtpmap:18 G729/8000
a=fmtp:18 annexb=no
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
)");
}

std::string sdes_offer() {
  return replaced(replaced(plain_rtp_offer(), "RTP/AVP", "RTP/SAVP"), "a=ptime:20\r\n",
                  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk\r\na=ptime:20\r\n");
}

std::string webrtcbin_offer() {
  return wire(R"(v=0
o=- 5382911478723094401 0 IN IP4 0.0.0.0
s=-
t=0 0
a=ice-options:trickle
a=group:BUNDLE audio0
m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8
c=IN IP4 0.0.0.0
a=setup:actpass
a=ice-ufrag:T8hQ2mRzLw0Jc5Vx
a=ice-pwd:Yk3Fs7Pd1Gn9Bt4We6Hq2Ru8Zx5Ma0Cj
a=rtcp-mux
a=rtcp-rsize
a=sendrecv
a=rtpmap:111 OPUS/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 sprop-stereo=0;sprop-maxcapturerate=48000
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=ssrc:3271865440 msid:user1234567890@host-a1b2c3d4 webrtctransceiver0
a=ssrc:3271865440 cname:user1234567890@host-a1b2c3d4
a=mid:audio0
a=fingerprint:sha-256 4A:5B:6C:7D:8E:9F:A0:B1:C2:D3:E4:F5:06:17:28:39:4A:5B:6C:7D:8E:9F:A0:B1:C2:D3:E4:F5:06:17:28:39
a=candidate:1 1 UDP 2015363327 192.0.2.30 43210 typ host
a=candidate:2 1 TCP 1015021823 192.0.2.30 9 typ host tcptype active
a=candidate:3 1 TCP 1010827519 192.0.2.30 37651 typ host tcptype passive
a=candidate:4 1 UDP 2015363583 2001:db8::30 43211 typ host
)");
}

std::string answer_to_webrtcbin_offer() {
  return wire(R"(v=0
o=- 7218446071123341802 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE audio0
a=msid-semantic: WMS
m=audio 52110 UDP/TLS/RTP/SAVPF 0 8
c=IN IP4 192.0.2.17
a=candidate:2467230312 1 udp 2122260223 192.0.2.17 52110 typ host generation 0
a=ice-ufrag:bR5n
a=ice-pwd:p7Cv1Xk9Wd3Ly5Jm8Gs2Ht6Q
a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9
a=setup:active
a=mid:audio0
a=sendrecv
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
)");
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  if (at == std::string::npos) {
    ADD_FAILURE() << "sample does not hold: " << what;
    return text;
  }
  return text.replace(at, what.size(), with);
}

namespace {

bool remove_line(std::string& text, std::string_view beginning) {
  const std::size_t at = text.find("\n" + std::string(beginning));
  if (at == std::string::npos) return false;
  text.erase(at, text.find('\n', at + 1) - at);
  return true;
}

}  // namespace

std::string without_line(std::string text, std::string_view beginning) {
  EXPECT_TRUE(remove_line(text, beginning)) << "sample has no line " << beginning;
  return text;
}

std::string without_lines(std::string text, std::string_view beginning) {
  EXPECT_TRUE(remove_line(text, beginning)) << "sample has no line " << beginning;
  while (remove_line(text, beginning)) {
  }
  return text;
}

}  // namespace parley::media::samples
