// SPDX-License-Identifier: MIT
#include <parley/media/gst/endpoints.hpp>

#include <array>
#include <fstream>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::media::gst {
namespace {

using namespace std::string_view_literals;

Error media_failed(const char* reason, std::string detail) { return {Errc::MediaFailed, 0, Error::no_offset, reason, std::move(detail)}; }

/// 10 ms a buffer, so that no codec has to wait for its 20 ms.
std::string test_source(std::string_view wave) {
  return "audiotestsrc is-live=true samplesperbuffer=480 " + std::string(wave) + " ! audio/x-raw,rate=48000,channels=1 ! identity";
}

std::string number(double value) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << value;
  return text.str();
}

/// A string of a bin description: quoted, so that no path can become another element.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// filesrc opens its file only when data is to flow; a call should fail before that.
Result<void> check_wav(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 12> start{};
  if (!file.is_open()) return media_failed("sound file cannot be opened", path);
  file.read(start.data(), start.size());
  const std::string_view text(start.data(), start.size());
  if (!file || text.substr(0, 4) != "RIFF"sv || text.substr(8) != "WAVE"sv) return media_failed("sound file is not WAV", path);
  return {};
}

/// A named device is one of ALSA's; the default one is the sound server's, else ALSA's. Not autoaudiosrc and autoaudiosink, which put a
/// dummy in the place of a device that does not open.
std::vector<std::string> devices(const std::string& name, const std::string& server, const std::string& card, const std::string& options) {
  if (!name.empty()) return {card + options + " device=" + quoted(name)};
  return {server + options, card + options};
}

/// What to try, in this order.
std::vector<std::string> source_descriptions(const AudioEndpoint& endpoint) {
  switch (endpoint.kind) {
    case AudioEndpoint::Kind::Device: return devices(endpoint.argument, "pulsesrc", "alsasrc", "");
    case AudioEndpoint::Kind::Tone: return {test_source("volume=0.5 freq=" + number(endpoint.tone_hz))};
    case AudioEndpoint::Kind::Silence: return {test_source("wave=silence")};
    case AudioEndpoint::Kind::File: return {"filesrc location=" + quoted(endpoint.argument) + " ! wavparse name=loop ! clocksync"};
    case AudioEndpoint::Kind::Gst: return {endpoint.argument + " ! clocksync"};  // what is not live shall not run away
  }
  return {};
}

/// A card plays what is this far ahead; GStreamer's 200 ms would be heard as delay.
constexpr const char* short_buffer = " buffer-time=80000 latency-time=20000";

std::vector<std::string> sink_elements(const AudioEndpoint& endpoint) {
  switch (endpoint.kind) {
    case AudioEndpoint::Kind::Device: return devices(endpoint.argument, "pulsesink", "alsasink", short_buffer);
    case AudioEndpoint::Kind::Tone:  // Factory::create refuses it
    case AudioEndpoint::Kind::Silence: return {"fakesink sync=false async=false"};
    case AudioEndpoint::Kind::File: return {"wavenc ! filesink sync=false async=false location=" + quoted(endpoint.argument)};
    case AudioEndpoint::Kind::Gst: return {endpoint.argument};
  }
  return {};
}

std::vector<std::string> sink_descriptions(const AudioEndpoint& endpoint) {
  auto descriptions = sink_elements(endpoint);
  for (auto& description : descriptions) description.insert(0, "audioconvert ! audioresample ! ");
  return descriptions;
}

std::string reason_of(GstMessage* message) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  gst_message_parse_error(message, &error, &debug);
  const ErrorPtr owned_error(error);
  const TextPtr owned_debug(debug);
  return error != nullptr ? error->message : "unknown reason";
}

/// First failure that stands on the bus, in words; empty: none.
std::string take_failure(GstBus* bus) {
  std::string reason;
  while (GstMessage* message = gst_bus_pop(bus)) {
    if (reason.empty() && GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) reason = reason_of(message);
    gst_message_unref(message);
  }
  return reason;
}

/// Devices open on the way to READY. The bin has a bus of its own meanwhile: the reason of a failure stands there.
Result<ElementPtr> open(ElementPtr bin, const char* failure) {
  const BusPtr bus(gst_bus_new());
  gst_element_set_bus(bin.get(), bus.get());
  const auto change = gst_element_set_state(bin.get(), GST_STATE_READY);
  const std::string reason = take_failure(bus.get());
  gst_element_set_bus(bin.get(), nullptr);
  if (change != GST_STATE_CHANGE_FAILURE && reason.empty()) return bin;
  gst_element_set_state(bin.get(), GST_STATE_NULL);
  return media_failed(failure, reason);
}

/// gst_parse names the ghost pad after what it stands for; callers count on "src" and "sink".
Result<ElementPtr> with_pad(ElementPtr bin, const char* pad, const char* failure) {
  const PadPtr found(gst_element_get_static_pad(bin.get(), pad));
  if (found == nullptr) return media_failed(failure, std::string("the description has no open pad \"") + pad + '"');
  return bin;
}

Result<ElementPtr> make_and_open(const std::string& description, const char* pad, const char* failure) {
  auto bin = make_bin(description);
  if (!bin) return media_failed(failure, bin.error().detail);
  auto fitting = with_pad(std::move(*bin), pad, failure);
  if (!fitting) return fitting;
  return open(std::move(*fitting), failure);
}

/// The first that opens, else why the last did not.
Result<ElementPtr> open_first(const std::vector<std::string>& descriptions, const char* pad, const char* failure) {
  Result<ElementPtr> opened = media_failed(failure, {});
  for (const auto& description : descriptions) {
    opened = make_and_open(description, pad, failure);
    if (opened) break;
  }
  return opened;
}

/// GStreamer's words do not say which device it was.
Result<ElementPtr> with_name(Result<ElementPtr> opened, const AudioEndpoint& endpoint) {
  if (!opened && endpoint.kind == AudioEndpoint::Kind::Device) {
    opened.error().detail = (endpoint.argument.empty() ? "default device" : endpoint.argument) + ": " + opened.error().detail;
  }
  return opened;
}

}  // namespace

Result<ElementPtr> make_bin(const std::string& description) {
  GError* error = nullptr;
  GstElement* bin = gst_parse_bin_from_description_full(description.c_str(), TRUE, nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  const ErrorPtr owned(error);
  if (error == nullptr && bin != nullptr) return ElementPtr(GST_ELEMENT(gst_object_ref_sink(bin)));
  if (bin != nullptr) gst_object_unref(gst_object_ref_sink(bin));
  return media_failed("bad bin description", error != nullptr ? error->message : description);
}

Result<ElementPtr> open_source(const AudioEndpoint& endpoint) {
  if (endpoint.kind == AudioEndpoint::Kind::File) {
    if (auto readable = check_wav(endpoint.argument); !readable) return readable.error();
  }
  return with_name(open_first(source_descriptions(endpoint), "src", "audio source does not open"), endpoint);
}

Result<ElementPtr> open_sink(const AudioEndpoint& endpoint) {
  return with_name(open_first(sink_descriptions(endpoint), "sink", "audio sink does not open"), endpoint);
}

}  // namespace parley::media::gst
