// SPDX-License-Identifier: MIT
#include <parley/media/gst/endpoints.hpp>

#include <array>
#include <fstream>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

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

std::string source_description(const AudioEndpoint& endpoint) {
  switch (endpoint.kind) {
    case AudioEndpoint::Kind::Device:
      return endpoint.argument.empty() ? "autoaudiosrc" : "alsasrc device=" + quoted(endpoint.argument);
    case AudioEndpoint::Kind::Tone: return test_source("volume=0.5 freq=" + number(endpoint.tone_hz));
    case AudioEndpoint::Kind::Silence: return test_source("wave=silence");
    case AudioEndpoint::Kind::File: return "filesrc location=" + quoted(endpoint.argument) + " ! wavparse name=loop ! clocksync";
    case AudioEndpoint::Kind::Gst: return endpoint.argument + " ! clocksync";  // what is not live shall not run away
  }
  return {};
}

std::string sink_element(const AudioEndpoint& endpoint) {
  switch (endpoint.kind) {
    case AudioEndpoint::Kind::Device:
      return endpoint.argument.empty() ? "autoaudiosink" : "alsasink device=" + quoted(endpoint.argument);
    case AudioEndpoint::Kind::Tone:  // Factory::create refuses it
    case AudioEndpoint::Kind::Silence: return "fakesink sync=false async=false";
    case AudioEndpoint::Kind::File: return "wavenc ! filesink sync=false async=false location=" + quoted(endpoint.argument);
    case AudioEndpoint::Kind::Gst: return endpoint.argument;
  }
  return {};
}

std::string sink_description(const AudioEndpoint& endpoint) { return "audioconvert ! audioresample ! " + sink_element(endpoint); }

/// autoaudiosrc and autoaudiosink that find no device only warn and put a dummy in its place: here that is a failure.
bool is_failure(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) return true;
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_WARNING) return false;
  GError* error = nullptr;
  gst_message_parse_warning(message, &error, nullptr);
  const ErrorPtr owned(error);
  return error != nullptr && error->domain == GST_RESOURCE_ERROR;
}

std::string reason_of(GstMessage* message) {
  GError* error = nullptr;
  gchar* debug = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, &debug);
  } else {
    gst_message_parse_warning(message, &error, &debug);
  }
  const ErrorPtr owned_error(error);
  const TextPtr owned_debug(debug);
  return error != nullptr ? error->message : "unknown reason";
}

/// First failure that stands on the bus, in words; empty: none.
std::string take_failure(GstBus* bus) {
  std::string reason;
  while (GstMessage* message = gst_bus_pop(bus)) {
    if (reason.empty() && is_failure(message)) reason = reason_of(message);
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
  return make_and_open(source_description(endpoint), "src", "audio source does not open");
}

Result<ElementPtr> open_sink(const AudioEndpoint& endpoint) {
  return make_and_open(sink_description(endpoint), "sink", "audio sink does not open");
}

}  // namespace parley::media::gst
