// SPDX-License-Identifier: MIT
#include <parley/media/sdp/attributes.hpp>
#include <parley/media/sdp/detail/text.hpp>
#include <parley/media/sdp/formats.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace parley::media::sdp {

namespace {

constexpr std::size_t payload_types = 128;

struct StaticFormat {
  std::uint8_t payload_type;
  std::string_view encoding;
  std::uint32_t clock_rate;
  std::uint16_t channels;
};

/// RFC 3551 s.6, tables 4 and 5: what a number means without an rtpmap.
constexpr std::array<StaticFormat, 24> static_formats{{
    {0, "PCMU", 8'000, 1},   {3, "GSM", 8'000, 1},   {4, "G723", 8'000, 1},   {5, "DVI4", 8'000, 1},   {6, "DVI4", 16'000, 1},
    {7, "LPC", 8'000, 1},    {8, "PCMA", 8'000, 1},  {9, "G722", 8'000, 1},   {10, "L16", 44'100, 2},  {11, "L16", 44'100, 1},
    {12, "QCELP", 8'000, 1}, {13, "CN", 8'000, 1},   {14, "MPA", 90'000, 1},  {15, "G728", 8'000, 1},  {16, "DVI4", 11'025, 1},
    {17, "DVI4", 22'050, 1}, {18, "G729", 8'000, 1}, {25, "CelB", 90'000, 1}, {26, "JPEG", 90'000, 1}, {28, "nv", 90'000, 1},
    {31, "H261", 90'000, 1}, {32, "MPV", 90'000, 1}, {33, "MP2T", 90'000, 1}, {34, "H263", 90'000, 1},
}};

/// What the attributes say of each payload type, gathered in one pass.
class FormatTable {
 public:
  explicit FormatTable(const Attributes& attributes) {
    for (const StaticFormat& known : static_formats) {
      maps_[known.payload_type] = RtpMap{known.payload_type, std::string(known.encoding), known.clock_rate, known.channels};
    }
    std::array<bool, payload_types> mapped{};  // the first rtpmap of a number counts, and more than the table
    for (const Attribute& attribute : attributes) {
      if (!attribute.value) continue;
      if (attribute.name == "rtpmap") {
        auto map = parse_rtpmap(*attribute.value);
        if (!map || std::exchange(mapped[map->payload_type], true)) continue;
        std::optional<RtpMap>& known = maps_[map->payload_type];
        known = *std::move(map);
      } else if (attribute.name == "fmtp") {
        add_parameters(*attribute.value);
      }
    }
  }

  std::optional<PayloadFormat> take(std::string_view format) {
    const auto payload_type = detail::number(format, payload_types - 1);
    if (!payload_type || !maps_[*payload_type] || std::exchange(taken_[*payload_type], true)) return std::nullopt;
    const RtpMap& map = *maps_[*payload_type];
    return PayloadFormat{map.payload_type, map.encoding, map.clock_rate, map.channels, parameters_[*payload_type]};
  }

 private:
  void add_parameters(std::string_view value) {
    const auto fmtp = parse_fmtp(value);
    if (!fmtp) return;
    const auto payload_type = detail::number(fmtp->format, payload_types - 1);
    if (payload_type && parameters_[*payload_type].empty()) parameters_[*payload_type] = fmtp->parameters;
  }

  std::array<std::optional<RtpMap>, payload_types> maps_;
  std::array<std::string, payload_types> parameters_;
  std::array<bool, payload_types> taken_{};
};

}  // namespace

std::vector<PayloadFormat> formats_of(const MediaSection& section) {
  FormatTable table(section.attributes);
  std::vector<PayloadFormat> formats;
  for (const std::string& each : section.formats) {
    if (auto format = table.take(each)) formats.push_back(*std::move(format));
  }
  return formats;
}

std::optional<Codec> codec_of(const PayloadFormat& format) noexcept {
  for (const Codec codec : {Codec::Opus, Codec::G722, Codec::Pcmu, Codec::Pcma}) {
    const bool is_opus = codec == Codec::Opus;
    // G.722 samples at 16 kHz and says 8000 (RFC 3551 s.4.5.2); opus always says 48000/2 (RFC 7587 s.7).
    if (format.clock_rate != (is_opus ? 48'000U : 8'000U) || format.channels != (is_opus ? 2 : 1)) continue;
    if (detail::equal_without_case(format.encoding, to_string(codec))) return codec;
  }
  return std::nullopt;
}

PayloadFormat format_of(Codec codec) {
  switch (codec) {
    case Codec::Opus: return {111, "opus", 48'000, 2, "minptime=10;useinbandfec=1"};
    case Codec::G722: return {9, "G722", 8'000, 1, {}};
    case Codec::Pcmu: return {0, "PCMU", 8'000, 1, {}};
    case Codec::Pcma: return {8, "PCMA", 8'000, 1, {}};
  }
  return {};
}

bool is_telephone_event(const PayloadFormat& format) noexcept { return detail::equal_without_case(format.encoding, "telephone-event"); }

void add_format(MediaSection& section, const PayloadFormat& format) {
  const std::string number = std::to_string(format.payload_type);
  section.formats.push_back(number);
  section.attributes.add("rtpmap", to_text(RtpMap{format.payload_type, format.encoding, format.clock_rate, format.channels}));
  if (!format.parameters.empty()) section.attributes.add("fmtp", number + ' ' + format.parameters);
}

void keep_only_format(MediaSection& section, std::uint8_t payload_type) {
  const std::string kept = std::to_string(payload_type);
  section.formats.assign(1, kept);
  section.attributes.remove_if([&](const Attribute& attribute) {
    if (attribute.name != "rtpmap" && attribute.name != "fmtp" && attribute.name != "rtcp-fb") return false;
    const std::string_view format = detail::Words(attribute.value ? std::string_view(*attribute.value) : "").next();
    // "a=rtcp-fb:*" speaks of all formats (RFC 4585 s.4.2).
    return detail::number(format, payload_types - 1) != payload_type && !(attribute.name == "rtcp-fb" && format == "*");
  });
}

}  // namespace parley::media::sdp
