// SPDX-License-Identifier: MIT
#include "pair.hpp"

#include <parley/media/sdp/description.hpp>
#include <parley/media/sdp/formats.hpp>
#include <parley/media/sdp/parser.hpp>
#include <parley/media/sdp/writer.hpp>

namespace parley::media::testing {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " is not in\n" << text;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string without_line(std::string text, const std::string& start) {
  const auto at = text.find("\r\n" + start);
  if (at == std::string::npos) return text;
  return text.erase(at, text.find("\r\n", at + 2) - at);
}

std::string line_of(const std::string& text, const std::string& start) {
  const auto at = text.find(start);
  return text.substr(at, text.find("\r\n", at) + 2 - at);
}

void expect_rejected(const Result<std::string>& answer) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::MediaRejected);
  EXPECT_EQ(answer.error().status, 488);
  EXPECT_FALSE(answer.error().detail.empty());
}

/// Completes the exchange whose offer was changed on the way.
void expect_sound(Pair& pair, const Result<std::string>& answer) {
  ASSERT_TRUE(answer) << answer.error().text();
  const auto taken = pair.a.take_answer(*answer);
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_TRUE(pair.a.hears(880.0));
  EXPECT_TRUE(pair.b.hears(440.0));
}

TEST(GstOffer, PlainRtpIsRejected) {
  Pair pair;
  expect_rejected(
      pair.b.answer_to("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                       "m=audio 4000 RTP/AVP 0 8\r\n"));
}

TEST(GstOffer, NoCommonCodecIsRejected) {
  Options opus_only = tone_options(440.0);
  opus_only.codecs = {Codec::Opus};
  Options pcma_only = tone_options(880.0);
  pcma_only.codecs = {Codec::Pcma};
  Pair pair(opus_only, pcma_only);
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  expect_rejected(pair.b.answer_to(*offer));
  EXPECT_FALSE(pair.b.session().local_stream());
}

TEST(GstOffer, RubbishIsRejectedAndTheNextOfferWorks) {
  Pair pair;
  const std::vector<std::string> rubbish{"", "this is no sdp", "v=0\r\n", std::string("v=0\r\n\0\r\n", 8)};
  for (const std::string& text : rubbish) {
    expect_rejected(pair.b.answer_to(text));
  }
  EXPECT_TRUE(pair.connect());
}

TEST(GstOffer, BadReofferDoesNotTouchTheCall) {
  Pair pair;
  ASSERT_TRUE(pair.connect());
  expect_rejected(pair.b.answer_to("nonsense"));
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  expect_rejected(pair.b.answer_to(replaced(*offer, "UDP/TLS/RTP/SAVPF", "RTP/AVP")));
  pair.a.session().rollback();
  EXPECT_TRUE(pair.a.hears(880.0));
  EXPECT_TRUE(pair.b.hears(440.0));
}

TEST(GstOffer, OtherOpusNumbersAreTaken) {
  for (const std::string number : {"96", "109"}) {  // baresip's, Firefox's
    Pair pair;
    auto offer = pair.a.offer();
    ASSERT_TRUE(offer);
    // Both see the new number: what is on the way back says 111 again.
    std::string changed = replaced(*offer, " 111 ", " " + number + " ");
    while (changed.find(":111 ") != std::string::npos) changed = replaced(changed, ":111 ", ":" + number + " ");
    const auto answer = pair.b.answer_to(changed);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_NE(answer->find("a=rtpmap:" + number + " "), std::string::npos) << *answer;
    EXPECT_EQ(pair.b.session().agreed().codec, Codec::Opus);
  }
}

TEST(GstOffer, TransportAtSessionLevelAndNoMidAreTaken) {  // as baresip writes it
  Pair pair;
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  std::string moved = *offer;
  std::string lines;
  for (const std::string start : {"a=setup:", "a=fingerprint:", "a=ice-ufrag:", "a=ice-pwd:"}) {
    lines += line_of(moved, start);
    moved = without_line(moved, start);
  }
  moved = without_line(without_line(moved, "a=mid:"), "a=group:");
  moved = replaced(moved, "t=0 0\r\n", "t=0 0\r\n" + lines);
  const auto answer = pair.b.answer_to(moved);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->find("a=mid:"), std::string::npos) << "a mid that the offer does not have";
  expect_sound(pair, answer);
}

TEST(GstOffer, StereoParametersOfThePeerDoNotSilenceUs) {  // baresip's sprop-stereo=1
  Pair pair;
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  std::string changed = without_line(*offer, "a=fmtp:111 ");
  changed = replaced(changed, "a=rtpmap:9 ", "a=fmtp:111 stereo=1;sprop-stereo=1;minptime=10;useinbandfec=1\r\na=rtpmap:9 ");
  expect_sound(pair, pair.b.answer_to(changed));
}

TEST(GstOffer, RefusedVideoSectionKeepsItsPlace) {  // RFC 3264 s.6
  Pair pair;
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  auto description = sdp::parse(*offer);
  ASSERT_TRUE(description);
  sdp::MediaSection video = description->sections.front();
  video.media = "video";
  video.formats = {"96"};
  video.attributes.remove("rtpmap");
  video.attributes.remove("rtcp-fb");
  video.attributes.remove("fmtp");
  video.attributes.set("mid", "video1");
  video.attributes.add("rtpmap", "96 VP8/90000");
  description->sections.push_back(std::move(video));
  const auto changed = sdp::write(*description);
  ASSERT_TRUE(changed) << changed.error().text();
  const auto answer = pair.b.answer_to(*changed);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_NE(answer->find("m=video 0 "), std::string::npos) << *answer;
  // The other end offered sound alone.
  expect_sound(pair, answer->substr(0, answer->find("m=video")));
}

TEST(GstOffer, CandidatesAreLoopbackOnlyUdpAndNamedInTheMLine) {
  Pair pair;
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  const auto description = sdp::parse(*offer);
  ASSERT_TRUE(description);
  const auto& section = description->sections.front();
  EXPECT_GT(section.port, 9);
  EXPECT_EQ(sdp::connection_of(*description, section)->address, "127.0.0.1");
  EXPECT_EQ(offer->find("TCP"), std::string::npos);
  for (const auto& attribute : section.attributes) {
    if (attribute.name != "candidate") continue;
    EXPECT_NE(attribute.value->find(" 127.0.0.1 "), std::string::npos) << *attribute.value;
  }
}

TEST(GstOffer, VersionRisesOnlyWithTheText) {  // RFC 3264 s.8
  Pair pair;
  ASSERT_TRUE(pair.connect());
  const auto version = [](const std::string& text) { return sdp::parse(text)->origin.session_version; };
  const auto first = pair.a.offer();
  ASSERT_TRUE(first);
  pair.a.session().rollback();
  const auto again = pair.a.offer();
  ASSERT_TRUE(again);
  EXPECT_EQ(*first, *again);
  pair.a.session().rollback();
  pair.a.session().set_held(true);
  const auto held = pair.a.offer();
  ASSERT_TRUE(held);
  EXPECT_EQ(std::stoull(version(*held)), std::stoull(version(*first)) + 1);
}

TEST(GstOffer, GatheringCapOfZeroStillGivesAnOffer) {
  Options hasty = tone_options(440.0);
  hasty.ice_gathering_timeout = Duration{0};
  Pair pair(hasty);
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer) << offer.error().text();
  EXPECT_NE(offer->find("a=ice-ufrag:"), std::string::npos);
}

TEST(GstOffer, AnswerWithoutOfferAndSecondOperationAreRefused) {
  Pair pair;
  const auto taken = pair.a.take_answer("v=0\r\n");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, Errc::WrongState);

  std::vector<Result<std::string>> outcomes;
  const auto keep = [&outcomes](Result<std::string> outcome) { outcomes.push_back(std::move(outcome)); };
  pair.a.session().make_offer(keep);
  pair.a.session().make_offer(keep);
  ASSERT_TRUE(pair.executor.run_until([&] { return outcomes.size() == 2; }, limit));
  EXPECT_EQ(std::count_if(outcomes.begin(), outcomes.end(), [](const auto& outcome) { return outcome.has_value(); }), 1);
  const auto busy = std::find_if(outcomes.begin(), outcomes.end(), [](const auto& outcome) { return !outcome.has_value(); });
  EXPECT_EQ(busy->error().code, Errc::Busy);
}

TEST(GstOffer, FirstOfferRolledBackCanBeFollowedByAnother) {
  Pair pair;
  ASSERT_TRUE(pair.a.offer());
  pair.a.session().rollback();
  EXPECT_TRUE(pair.connect());
  Pair other_way;
  ASSERT_TRUE(other_way.a.offer());
  other_way.a.session().rollback();
  ASSERT_TRUE(Pair::exchange(other_way.b, other_way.a));
  EXPECT_TRUE(other_way.a.hears(880.0));
  EXPECT_TRUE(other_way.b.hears(440.0));
}

TEST(GstOffer, NewTransportInAReofferIsFollowed) {  // the peer was replaced: new ICE credentials, new everything
  Pair pair;
  ASSERT_TRUE(pair.connect());
  End c(pair.executor, *pair.factory, tone_options(1'200.0));
  const auto exchanged = Pair::exchange(c, pair.a);
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_TRUE(pair.a.hears(1'200.0));
  EXPECT_TRUE(c.hears(440.0));
  pair.a.session().set_held(true);
  ASSERT_TRUE(Pair::exchange(pair.a, c));
  EXPECT_TRUE(c.hears_silence());
  pair.a.session().set_held(false);
  ASSERT_TRUE(Pair::exchange(pair.a, c));
  EXPECT_TRUE(c.hears(440.0));
}

TEST(GstOffer, NewTransportWithAnotherCodecIsFollowed) {
  Pair pair;
  ASSERT_TRUE(pair.connect());
  Options pcma = tone_options(1'200.0);
  pcma.codecs = {Codec::Pcma};
  End c(pair.executor, *pair.factory, pcma);
  const auto exchanged = Pair::exchange(c, pair.a);
  ASSERT_TRUE(exchanged) << exchanged.error().text();
  EXPECT_TRUE(pair.a.hears(1'200.0));
  EXPECT_TRUE(c.hears(440.0));
  EXPECT_EQ(pair.a.session().agreed().codec, Codec::Pcma);
}

TEST(GstOffer, OtherCodecInAReofferIsFollowedOverTheSameTransport) {
  for (const bool from_caller : {true, false}) {
    Pair pair;
    ASSERT_TRUE(pair.connect());
    End& from = from_caller ? pair.a : pair.b;
    End& to = from_caller ? pair.b : pair.a;
    const auto offer = from.offer();
    ASSERT_TRUE(offer);
    auto description = sdp::parse(*offer);
    ASSERT_TRUE(description);
    auto& section = description->sections.front();
    for (const char* name : {"rtpmap", "fmtp", "rtcp-fb"}) section.attributes.remove(name);
    section.formats.clear();
    sdp::add_format(section, sdp::format_of(Codec::Pcmu));
    const auto answer = to.answer_to(*sdp::write(*description));
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_NE(answer->find("RTP/SAVPF 0\r\n"), std::string::npos) << *answer;
    EXPECT_EQ(line_of(*answer, "a=ice-ufrag:").empty(), false);
    EXPECT_EQ(to.session().agreed().codec, Codec::Pcmu);
    const auto taken = from.take_answer(*answer);
    if (!from_caller) {  // the callee never offered PCMU: its side of this test ends here
      EXPECT_FALSE(taken);
      continue;
    }
    ASSERT_TRUE(taken) << taken.error().text();
    EXPECT_EQ(from.session().agreed().codec, Codec::Pcmu);
    pair.executor.run_for(1s);  // what was heard before the change is gone
    EXPECT_TRUE(pair.a.hears(880.0));
    EXPECT_TRUE(pair.b.hears(440.0));
    for (End* end : {&pair.a, &pair.b}) EXPECT_FALSE(end->failure()) << end->failure()->text();
  }
}

TEST(GstOffer, WrongCertificateFailsAndNothingIsHeard) {  // RFC 8122 s.6.2
  Pair pair;
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  const auto at = offer->find("a=fingerprint:sha-256 ") + 22;
  std::string changed = *offer;
  changed[at] = changed[at] == '0' ? '1' : '0';
  const auto answer = pair.b.answer_to(changed);
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_TRUE(pair.a.take_answer(*answer));
  ASSERT_TRUE(pair.executor.run_until([&] { return pair.b.failure().has_value(); }, limit));
  EXPECT_EQ(pair.b.failure()->code, Errc::MediaFailed);
  EXPECT_EQ(pair.b.states().back(), State::Failed);
  pair.executor.run_for(300ms);
  EXPECT_EQ(pair.b.stats().audio_level_db, -120.0);
  EXPECT_EQ(pair.a.stats().packets_received, 0U) << "sound went to a stranger";
}

}  // namespace
}  // namespace parley::media::testing
