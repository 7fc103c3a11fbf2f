// SPDX-License-Identifier: MIT
#include <parley/media/gst/chains.hpp>

#include <parley/media/gst/endpoints.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace parley::media::gst {
namespace {

/// One line a codec: what its elements are called, and its RTP (RFC 7587 for Opus, RFC 3551 s.4.5 for the others).
struct CodecElements {
  Codec codec;
  const char* encoding_name;
  int clock_rate;  // of RTP; G.722 says 8000 and samples at 16000 (RFC 3551 s.4.5.2)
  int sample_rate;
  const char* encoder;
  const char* encoder_options;
  const char* payloader;
  const char* depayloader;
  const char* decoder;
  const char* decoder_options;
};

/// The payloaders of G.711 and G.722 gather as much as fits a packet unless told otherwise; 20 ms is what peers expect (RFC 3551 s.4.2).
constexpr std::array<CodecElements, 4> table{{
    {Codec::Opus, "OPUS", 48'000, 48'000, "opusenc", "complexity=5", "rtpopuspay", "rtpopusdepay", "opusdec", "plc=true"},
    {Codec::G722, "G722", 8'000, 16'000, "avenc_g722", "", "rtpg722pay", "rtpg722depay", "avdec_g722", ""},
    {Codec::Pcmu, "PCMU", 8'000, 8'000, "mulawenc", "", "rtppcmupay", "rtppcmudepay", "mulawdec", ""},
    {Codec::Pcma, "PCMA", 8'000, 8'000, "alawenc", "", "rtppcmapay", "rtppcmadepay", "alawdec", ""},
}};

const CodecElements& elements_of(Codec codec) { return table[static_cast<std::size_t>(codec)]; }

bool has_element(const char* name) {
  GstElementFactory* factory = gst_element_factory_find(name);
  if (factory == nullptr) return false;
  gst_object_unref(factory);
  return true;
}

}  // namespace

bool is_available(Codec codec) {
  const auto& names = elements_of(codec);
  return has_element(names.encoder) && has_element(names.decoder) && has_element(names.payloader) && has_element(names.depayloader);
}

CapsPtr rtp_caps(Codec codec, std::uint8_t payload_type) {
  const auto& names = elements_of(codec);
  CapsPtr caps(gst_caps_new_simple("application/x-rtp", "media", G_TYPE_STRING, "audio", "encoding-name", G_TYPE_STRING,
                                   names.encoding_name, "clock-rate", G_TYPE_INT, names.clock_rate, "payload", G_TYPE_INT,
                                   static_cast<int>(payload_type), nullptr));
  if (codec == Codec::Opus) gst_caps_set_simple(caps.get(), "encoding-params", G_TYPE_STRING, "2", nullptr);  // RFC 7587 s.7
  return caps;
}

std::optional<Codec> codec_of(const GstCaps* caps) {
  if (caps == nullptr || gst_caps_is_empty(caps) != FALSE || gst_caps_is_any(caps) != FALSE) return std::nullopt;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  const char* name = gst_structure_get_string(structure, "encoding-name");
  if (name == nullptr) return std::nullopt;
  const auto found = std::find_if(table.begin(), table.end(),
                                  [name](const CodecElements& row) { return g_ascii_strcasecmp(row.encoding_name, name) == 0; });
  if (found == table.end()) return std::nullopt;
  return found->codec;
}

Result<ElementPtr> make_send_chain(Codec codec, std::uint8_t payload_type) {
  const auto& names = elements_of(codec);
  std::string text = "audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=1,rate=" + std::to_string(names.sample_rate);
  text += " ! volume name=mute ! valve name=gate drop-mode=forward-sticky-events ! ";
  text += std::string(names.encoder) + ' ' + names.encoder_options + " ! ";
  text += std::string(names.payloader) + " min-ptime=20000000 max-ptime=20000000 pt=" + std::to_string(payload_type);
  text += " ! capsfilter name=rtp ! valve name=trust drop=true drop-mode=forward-sticky-events";
  auto chain = make_bin(text);
  if (!chain) return chain;
  const ElementPtr filter(gst_bin_get_by_name(GST_BIN(chain->get()), "rtp"));
  const CapsPtr caps = rtp_caps(codec, payload_type);
  g_object_set(filter.get(), "caps", caps.get(), nullptr);
  return chain;
}

Result<ElementPtr> make_receive_chain(Codec codec) {
  const auto& names = elements_of(codec);
  std::string text = std::string(names.depayloader) + " ! " + names.decoder + ' ' + names.decoder_options;
  text += " ! audioconvert ! audio/x-raw,format=S16LE,channels=1 ! volume name=gate ! identity name=heard";
  return make_bin(text);
}

}  // namespace parley::media::gst
