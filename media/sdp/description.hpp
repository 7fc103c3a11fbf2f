// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Session descriptions (RFC 8866): value types, parser, writer, offer and answer (RFC 3264). Pure: standard library only,
/// no input or output, no time, no chance. All types are values; all functions are value functions, callable from any thread.
namespace parley::media::sdp {

/// Bounds of what is read. Exceeding one is Errc::TooLong.
namespace limits {
inline constexpr std::size_t text = 65'535;       ///< octets of a description
inline constexpr std::size_t sections = 64;       ///< m= lines
inline constexpr std::size_t attributes = 8'192;  ///< a= lines, all levels together
inline constexpr std::size_t formats = 256;       ///< formats of one m= line
inline constexpr std::size_t lines = 512;         ///< lines of one other letter at one level: e= p= c= b= t= r=
inline constexpr std::size_t token = 64;          ///< octets of a media type, protocol, network type
inline constexpr std::size_t address = 255;       ///< octets of an address or host name
inline constexpr std::size_t digits = 40;         ///< digits of a number in o= or t= (RFC 8866 s.5.2 sets no bound)
}  // namespace limits

/// One a= line (RFC 8866 s.5.13): `a=name` or `a=name:value`.
struct Attribute {
  std::string name;
  std::optional<std::string> value;  ///< nullopt: a property attribute, without a colon

  friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// The a= lines of one level in their order. Names compare by case (RFC 8866 s.5.13).
class PARLEY_EXPORT Attributes {
 public:
  using value_type = Attribute;
  using const_iterator = std::vector<Attribute>::const_iterator;

  const_iterator begin() const noexcept { return list_.begin(); }
  const_iterator end() const noexcept { return list_.end(); }
  std::size_t size() const noexcept { return list_.size(); }
  bool empty() const noexcept { return list_.empty(); }

  bool has(std::string_view name) const noexcept;
  /// Value of the first of this name: nullopt if there is none, empty for a property. Lives as long as this object unchanged.
  std::optional<std::string_view> value(std::string_view name) const noexcept;

  void add(std::string_view name);
  void add(std::string_view name, std::string_view value);
  /// Gives the first of this name the value, drops the others; adds it at the end if there is none.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  template <class Predicate>
  void remove_if(Predicate predicate) {
    std::erase_if(list_, predicate);
  }
  /// Calls `change(Attribute&)` for each.
  template <class Change>
  void for_each(Change change) {
    for (Attribute& attribute : list_) change(attribute);
  }

  friend bool operator==(const Attributes&, const Attributes&) = default;

 private:
  std::vector<Attribute> list_;
};

/// o= (RFC 8866 s.5.2). Id and version are decimal digits, 64 bits and more, kept as text.
struct Origin {
  std::string username = "-";
  std::string session_id = "0";
  std::string session_version = "0";
  std::string network_type = "IN";
  std::string address_type = "IP4";
  std::string address = "127.0.0.1";

  friend bool operator==(const Origin&, const Origin&) = default;
};

/// c= (RFC 8866 s.5.7). For IN IP4 and IN IP6 the address is a literal or a name, checked; of other types it is kept as it stands.
struct Connection {
  std::string network_type = "IN";
  std::string address_type = "IP4";
  std::string address = "0.0.0.0";
  std::optional<std::uint16_t> ttl;    ///< multicast, IP4
  std::optional<std::uint32_t> count;  ///< number of multicast addresses

  friend bool operator==(const Connection&, const Connection&) = default;
};

/// b= (RFC 8866 s.5.8).
struct Bandwidth {
  std::string type;
  std::uint64_t value = 0;

  friend bool operator==(const Bandwidth&, const Bandwidth&) = default;
};

/// A t=, r= or z= line (RFC 8866 s.5.9 to 5.11). The numbers of t= are checked, the rest is kept as it stands.
struct TimeLine {
  char letter = 't';
  std::string value = "0 0";

  friend bool operator==(const TimeLine&, const TimeLine&) = default;
};

/// An m= line and what belongs to it (RFC 8866 s.5.14).
struct MediaSection {
  std::string media = "audio";
  std::uint16_t port = 9;
  std::optional<std::uint16_t> port_count;  ///< `m=audio 5000/2 ...`
  std::string protocol = "UDP/TLS/RTP/SAVPF";
  std::vector<std::string> formats;  ///< never empty, unless port is 0
  std::optional<std::string> information;
  std::vector<Connection> connections;
  std::vector<Bandwidth> bandwidths;
  Attributes attributes;

  friend bool operator==(const MediaSection&, const MediaSection&) = default;
};

/// A whole description. Obsolete k= lines are dropped when read (RFC 8866 s.5.12).
struct SessionDescription {
  Origin origin;
  std::string session_name = "-";
  std::optional<std::string> information;
  std::optional<std::string> uri;
  std::vector<std::string> emails;
  std::vector<std::string> phones;
  std::optional<Connection> connection;
  std::vector<Bandwidth> bandwidths;
  std::vector<TimeLine> times{TimeLine{}};
  Attributes attributes;
  std::vector<MediaSection> sections;

  friend bool operator==(const SessionDescription&, const SessionDescription&) = default;
};

/// The value of an attribute at media level, else at session level. nullopt: at neither.
PARLEY_EXPORT std::optional<std::string_view> attribute_of(const SessionDescription& description, const MediaSection& section,
                                                           std::string_view name) noexcept;
/// The c= that holds for a section: its own first one, else the session's; nullptr if there is neither.
PARLEY_EXPORT const Connection* connection_of(const SessionDescription& description, const MediaSection& section) noexcept;

}  // namespace parley::media::sdp
