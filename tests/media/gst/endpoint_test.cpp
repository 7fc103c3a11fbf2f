// SPDX-License-Identifier: MIT
#include "pair.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numbers>

namespace parley::media::testing {
namespace {

/// A file of this test alone, gone afterwards.
class ScratchFile {
 public:
  ScratchFile() : path_(std::filesystem::temp_directory_path() / ("parley-gst-" + unique() + ".wav")) {}
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path() const { return path_.string(); }

 private:
  static std::string unique() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    return std::string(test->name()) + '-' + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  std::filesystem::path path_;
};

template <class Number>
void put(std::string& bytes, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>((number >> (8 * i)) & 0xFF);
}

/// 16-bit mono WAV with `seconds` of a tone.
void write_wav(const std::string& path, double hertz, double seconds) {
  constexpr std::uint32_t rate = 16'000;
  const auto count = static_cast<std::uint32_t>(seconds * rate);
  std::string bytes = "RIFF";
  put(bytes, std::uint32_t{36 + 2 * count});
  bytes += "WAVEfmt ";
  put(bytes, std::uint32_t{16});
  put(bytes, std::uint16_t{1});
  put(bytes, std::uint16_t{1});
  put(bytes, rate);
  put(bytes, std::uint32_t{2 * rate});
  put(bytes, std::uint16_t{2});
  put(bytes, std::uint16_t{16});
  bytes += "data";
  put(bytes, std::uint32_t{2 * count});
  for (std::uint32_t i = 0; i < count; ++i) {
    put(bytes, static_cast<std::uint16_t>(std::lround(12'000.0 * std::sin(2.0 * std::numbers::pi * hertz * i / rate))));
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

struct WavHeader {
  std::uint32_t rate = 0;
  std::uint32_t data_size = 0;
};

/// Reads what a canonical 44-octet header says.
WavHeader read_header(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(44, '\0');
  file.read(bytes.data(), 44);
  if (!file || bytes.substr(0, 4) != "RIFF" || bytes.substr(36, 4) != "data") return {};
  const auto number = [&bytes](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return value;
  };
  return {number(24), number(40)};
}

Options with_source(AudioEndpoint::Kind kind, std::string argument) {
  Options options = tone_options(440.0);
  options.audio_source = {.kind = kind, .argument = std::move(argument)};
  return options;
}

Options with_sink(AudioEndpoint::Kind kind, std::string argument) {
  Options options = tone_options(880.0);
  options.audio_sink = {.kind = kind, .argument = std::move(argument)};
  return options;
}

void expect_media_failure(const Options& options, const std::string& words) {
  Pair pair(options);
  const auto offer = pair.a.offer();
  ASSERT_FALSE(offer) << "an offer without working endpoints";
  EXPECT_EQ(offer.error().code, Errc::MediaFailed);
  EXPECT_NE(offer.error().text().find(words), std::string::npos) << offer.error().text();
}

TEST(GstEndpoint, SilenceIsSilence) {
  Pair pair(with_source(AudioEndpoint::Kind::Silence, ""));
  ASSERT_TRUE(pair.connect());
  EXPECT_TRUE(pair.a.hears(880.0));
  EXPECT_TRUE(pair.b.hears_silence());
  EXPECT_TRUE(pair.b.receives_packets());
}

TEST(GstEndpoint, SilenceIsSilenceInEveryCodec) {
  for (const Codec codec : {Codec::Opus, Codec::G722, Codec::Pcmu, Codec::Pcma}) {
    Options options = with_source(AudioEndpoint::Kind::Silence, "");
    options.codecs = {codec};
    Pair pair(options);
    ASSERT_TRUE(pair.connect());
    EXPECT_TRUE(pair.b.hears_silence()) << to_string(codec);
  }
}

TEST(GstEndpoint, FileIsPlayedInALoop) {
  const ScratchFile file;
  write_wav(file.path(), 700.0, 0.4);  // far shorter than the test listens
  Pair pair(with_source(AudioEndpoint::Kind::File, file.path()));
  ASSERT_TRUE(pair.connect());
  EXPECT_TRUE(pair.b.hears(700.0));
  pair.executor.run_for(1500ms);
  const auto before = pair.b.stats();
  pair.executor.run_for(1s);
  const auto after = pair.b.stats();
  EXPECT_NEAR(static_cast<double>(after.packets_received - before.packets_received), 50.0, 15.0) << "not at the speed of time";
  EXPECT_TRUE(pair.b.hears(700.0));
  EXPECT_TRUE(pair.a.states().back() == State::Connected);
}

TEST(GstEndpoint, BinDescriptionIsASource) {
  Pair pair(with_source(AudioEndpoint::Kind::Gst, "audiotestsrc freq=600 volume=0.4"));  // not live: it shall not run away
  ASSERT_TRUE(pair.connect());
  EXPECT_TRUE(pair.b.hears(600.0));
  const auto before = pair.b.stats();
  pair.executor.run_for(1s);
  EXPECT_NEAR(static_cast<double>(pair.b.stats().packets_received - before.packets_received), 50.0, 15.0);
}

TEST(GstEndpoint, BinDescriptionIsASink) {
  const ScratchFile file;
  Pair pair(tone_options(440.0), with_sink(AudioEndpoint::Kind::Gst, "wavenc ! filesink async=false location=" + file.path()));
  ASSERT_TRUE(pair.connect());
  EXPECT_TRUE(pair.b.hears(440.0));
  EXPECT_TRUE(std::filesystem::exists(file.path()));
}

TEST(GstEndpoint, FileSinkIsCompleteAfterTheCall) {
  const ScratchFile file;
  {
    Pair pair(tone_options(440.0), with_sink(AudioEndpoint::Kind::File, file.path()));
    ASSERT_TRUE(pair.connect());
    EXPECT_TRUE(pair.b.hears(440.0));
    pair.executor.run_for(500ms);
  }  // the factory's end waits for the file
  const auto header = read_header(file.path());
  EXPECT_GT(header.rate, 0U);
  EXPECT_GT(header.data_size, 2U * header.rate / 2U) << "less than half a second";
  EXPECT_EQ(header.data_size + 44U, std::filesystem::file_size(file.path()));
}

TEST(GstEndpoint, MissingFileFailsTheOffer) {
  expect_media_failure(with_source(AudioEndpoint::Kind::File, "/nowhere/none.wav"), "/nowhere/none.wav");
}

TEST(GstEndpoint, FileThatIsNoWavFailsTheOffer) {
  const ScratchFile file;
  std::ofstream(file.path()) << "certainly not sound";
  expect_media_failure(with_source(AudioEndpoint::Kind::File, file.path()), "not WAV");
}

TEST(GstEndpoint, UnwritableFileFailsTheOffer) {
  expect_media_failure(with_sink(AudioEndpoint::Kind::File, "/nowhere/none.wav"), "/nowhere/none.wav");
}

TEST(GstEndpoint, BadBinDescriptionFailsTheOffer) {
  expect_media_failure(with_source(AudioEndpoint::Kind::Gst, "nosuchelement"), "nosuchelement");
  expect_media_failure(with_source(AudioEndpoint::Kind::Gst, "audiotestsrc ! ! x"), "audio source");
  expect_media_failure(with_sink(AudioEndpoint::Kind::Gst, "nosuchelement"), "nosuchelement");
}

TEST(GstEndpoint, DeviceThatIsNotThereFailsTheOffer) {
  expect_media_failure(with_source(AudioEndpoint::Kind::Device, "parley-no-such-device"), "parley-no-such-device");
  expect_media_failure(with_sink(AudioEndpoint::Kind::Device, "parley-no-such-device"), "parley-no-such-device");
}

TEST(GstEndpoint, FailedSourceFailsTheAnswerToo) {
  Pair pair(tone_options(440.0), with_source(AudioEndpoint::Kind::File, "/nowhere/none.wav"));
  const auto offer = pair.a.offer();
  ASSERT_TRUE(offer);
  const auto answer = pair.b.answer_to(*offer);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::MediaFailed);
}

TEST(GstEndpoint, SourceThatBreaksInMidCallIsReported) {
  Pair pair(with_source(AudioEndpoint::Kind::Gst, "audiotestsrc is-live=true freq=600 ! identity error-after=60"));
  ASSERT_TRUE(pair.connect());
  ASSERT_TRUE(pair.executor.run_until([&] { return pair.a.failure().has_value(); }, limit));
  EXPECT_EQ(pair.a.failure()->code, Errc::MediaFailed);
  EXPECT_EQ(pair.a.states().back(), State::Failed);
}

TEST(GstFactory, OptionsThatMakeNoSenseAreRefused) {
  LiveExecutor executor;
  const auto factory = make_gst_factory();
  struct Deaf final : SessionObserver {
    void on_media_state(State, const std::optional<Error>&) override {}
    void on_first_media() override {}
  } observer;
  const auto code_of = [&](const Options& options) {
    const auto made = factory->create(options, executor, observer);
    return made ? Errc::Destroyed : made.error().code;
  };
  Options video = tone_options(440.0);
  video.video = true;
  EXPECT_EQ(code_of(video), Errc::NotSupported);
  Options nothing = tone_options(440.0);
  nothing.audio = false;
  EXPECT_EQ(code_of(nothing), Errc::BadValue);
  Options no_codec = tone_options(440.0);
  no_codec.codecs.clear();
  EXPECT_EQ(code_of(no_codec), Errc::BadValue);
  EXPECT_EQ(code_of(with_sink(AudioEndpoint::Kind::Tone, "")), Errc::BadValue);
}

}  // namespace
}  // namespace parley::media::testing
