// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/cursor.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/message/name_addr.hpp>
#include <parley/sip/message/via.hpp>

#include <array>

/// The rules of RFC 3261 s.25.1 that more than one header needs. Each reads at the cursor, leaves it behind what it took, and on false
/// leaves it at the first bad octet with Cursor::why() set. None looks back further than one value: time is linear.
namespace parley::sip::grammar {

/// Where a URI stands: alone or in <>, or bare as addr-spec, where its parameters would be the header's (RFC 3261 s.20.10).
enum class UriPlace : std::uint8_t { Enclosed, Bare };

bool read_uri(Cursor& in, UriPlace place, entry::Uri& out) noexcept;
/// The eight groups of an IPv6 address.
using Ipv6 = std::array<std::uint16_t, 8>;
/// IPv6 address in brackets; the cursor stands on the first. `out` is all zero before.
bool read_ipv6_reference(Cursor& in, Ipv6& out) noexcept;
bool read_bracketed_host(Cursor& in, entry::Span& out) noexcept;
/// Host name, IPv4 address, or IPv6 address in brackets.
inline bool read_host(Cursor& in, entry::Span& out) noexcept {
  if (in.at('[')) return read_bracketed_host(in, out);
  const std::string_view host = in.word(host_char);
  out = in.span(host);
  return !host.empty() || in.fail("host expected");
}
/// An IPv6 address without the brackets, which stand there or not; any other host as it is.
inline std::string_view without_brackets(std::string_view host) noexcept {
  const bool bracketed = host.size() > 1 && host.front() == '[' && host.back() == ']';
  return bracketed ? std::string_view(host.data() + 1, host.size() - 2) : host;
}
/// *( SEMI name [ EQUAL value ] ), perhaps nothing. `wanted` is the one whose value is kept in `value`: it may stand there only once,
/// with a value that is not quoted.
bool read_params_here(Cursor& in, const Name& wanted, entry::Span& params, entry::Span& value) noexcept;
inline bool read_params(Cursor& in, const Name& wanted, entry::Span& params, entry::Span& value) noexcept {
  if (!in.at_end() && !in.at(',')) return read_params_here(in, wanted, params, value);
  params = {in.offset(), in.offset()};
  return true;
}
inline constexpr Name branch_param = "branch";
inline constexpr Name tag_param = "tag";
inline constexpr Name no_param = "";

/// Headers that may stand in a message only once (RFC 3261 s.7.3.1), and the two kinds of Contact, as bits.
enum Seen : std::uint8_t { From = 1, To = 2, CallId = 4, CSeq = 8, MaxForwards = 16, ContentType = 32, Contact = 64, StarContact = 128 };

/// Whether parse() would take these whole header lines behind others of which `seen` tells, to which theirs are added.
bool takes_fields(std::string_view lines, std::uint8_t& seen) noexcept;

bool read_name_addr(Cursor& in, entry::NameAddr& out) noexcept;
bool read_via(Cursor& in, entry::Via& out) noexcept;
/// type "/" subtype *( ;param ): Content-Type, Accept.
bool read_media_type(Cursor& in, entry::ContentType& out) noexcept;
/// A status line behind its version: SP Status-Code [ SP Reason-Phrase ].
bool read_status(Cursor& in, StatusCode& status, entry::Span& reason) noexcept;
inline constexpr std::uint32_t highest_cseq_number = 0x7FFF'FFFF;  // RFC 3261 s.8.1.1.5: less than 2**31
/// CSeq: number, LWS, method.
bool read_cseq(Cursor& in, std::uint32_t& number, entry::Span& method) noexcept;

/// One `name[=value]` of what stands in a URI behind ";" or "?".
struct UriPart {
  std::string_view name;
  std::string_view value;  ///< empty, behind the name, where there is none
  bool has_value = false;
};
/// Takes the next one off a list that is not empty.
UriPart take_uri_part(std::string_view& list, char separator) noexcept;

UriView make_view(const entry::Uri& uri, const char* base) noexcept;
NameAddrView make_view(const entry::NameAddr& value, const char* base) noexcept;
ViaView make_view(const entry::Via& via, const char* base) noexcept;
ContentTypeView make_view(const entry::ContentType& type, const char* base) noexcept;

}  // namespace parley::sip::grammar
