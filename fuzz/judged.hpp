// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// What the differential target has found between parley and sofia-sip 1.12.11, and a person has judged: it is not told again.
/// All so far are choices of the two; none is an error of ours.
namespace parley::fuzz {

struct Judged {
  std::string_view finding;  ///< as the target prints it; what begins like this is meant
  std::string_view why;
  std::string_view where = {};  ///< "(From)(To)": only in these headers; empty: wherever it is
};

inline constexpr std::string_view line_ends =
    "for the peer a lone CR or LF ends a line; RFC 3261 s.25.1 has CRLF, and two readings of one head are an attack";
inline constexpr std::string_view waits = "the peer would wait for the rest; a datagram has none (s.18.3)";
inline constexpr std::string_view grammar_of_lines = "the peer reads start lines and header lines loosely; ours are exact (s.7.1, s.7.3)";
inline constexpr std::string_view grammar_of_addresses =
    "the peer cuts addresses at marks and checks no part of them; ours follow the grammar of s.25.1";
inline constexpr std::string_view grammar_of_tokens = "for the peer $ is a token character; not in s.25.1";
inline constexpr std::string_view unread_names =
    "UTF-8 in a display name without quotes, which ours reads leniently; URIs of other schemes, which ours keeps as they are";
inline constexpr std::string_view empty = "a header that may be absent is as good as absent where it is empty";
inline constexpr std::string_view on_demand =
    "the peer types this header with every message; ours does on demand, and a broken one spoils no message (s.8.2)";

inline constexpr std::string_view in_addresses = "(start line)(From)(To)(Contact)(Route)(Record-Route)";

inline constexpr Judged judged[] = {
    // Lines.
    {"only we refuse: CR or LF alone", line_ends},
    {"only we refuse: the start line does not end", line_ends},
    {"only we refuse: the head does not end", waits},
    {"only we refuse: body shorter than Content-Length", waits},
    {"only we refuse: header name and \":\" expected", grammar_of_lines},
    {"only we refuse: neither a request line nor a status line", grammar_of_lines},
    {"only we refuse: one blank expected (start line)", grammar_of_lines},
    {"only we refuse: SIP version", grammar_of_lines},
    {"only we refuse: status code of three digits expected", grammar_of_lines},
    {"only they refuse: as a whole", "marks as `%' and ~ in a method, which are token characters"},
    {"only we refuse: control character in the reason phrase", grammar_of_lines},
    {"only we refuse: unexpected character", "text behind the method, which the peer leaves out", "(CSeq)"},

    // Headers.
    {"only they refuse: optional header ", on_demand},
    {"only they refuse: core header From", unread_names},
    {"only they refuse: core header To", unread_names},
    {"only they refuse: core header Contact", "ours reads so many values as it keeps (limits::contacts), the peer all; also see From"},
    {"only they refuse: core header Content-Type, empty", empty},
    {"only they refuse: core header Route, empty", empty},
    {"only they refuse: core header Record-Route, empty", empty},
    {"only they refuse: core header CSeq",
     "in responses the peer takes no method that begins as a known one, as OPTX; it is a token as any"},
    {"only they refuse: sanity", "the peer takes no scheme with + in the Request-URI; s.25.1 does"},
    {"only we refuse: too many Via", "limits::vias; the peer has no limit"},
    {"only we refuse: too many routes", "limits::routes; the peer has no limit"},
    {"only we refuse: a route needs <>", "s.20.30, s.20.34: else lr would be the header's; the peer takes any address"},
    {"only we refuse: unexpected character", grammar_of_tokens, "(Content-Type)"},
    {"only we refuse: media subtype expected", grammar_of_tokens},
    {"only we refuse: media type and \"/\" expected", grammar_of_tokens},
    {"only we refuse: parameter name expected", grammar_of_tokens},
    {"only we refuse: protocol version expected (Via)", grammar_of_tokens},
    {"only we refuse: transport expected (Via)", grammar_of_tokens},
    {"only we refuse: blank expected (Via)", grammar_of_tokens},

    // Addresses in the start line, From, To, Contact, Route, Via.
    {"only we refuse: character that cannot stand in a Request-URI", grammar_of_addresses},
    {"only we refuse: headers in the Request-URI", "s.19.1.1 forbids them, and they must never reach the request"},
    {"only we refuse: URI expected", grammar_of_addresses, in_addresses},
    {"only we refuse: URI is empty", grammar_of_addresses, in_addresses},
    {"only we refuse: URI parameter name expected", grammar_of_addresses, in_addresses},
    {"only we refuse: URI parameter value expected", grammar_of_addresses, in_addresses},
    {"only we refuse: URI header expected", grammar_of_addresses, in_addresses},
    {"only we refuse: host expected", grammar_of_addresses},
    {"only we refuse: user expected before \"@\"", grammar_of_addresses},
    {"only we refuse: telephone number expected", grammar_of_addresses},
    {"only we refuse: digits expected", "\":\" without a port behind it, which RFC 3986 has and s.25.1 has not", in_addresses},
    {"only we refuse: digits expected", "see above", "(Via)"},
    {"only we refuse: number too large", "ports up to 65535, CSeq below 2**31, Max-Forwards up to 255"},
    {"only we refuse: one to four hexadecimal digits expected in an IPv6 address", grammar_of_addresses},
    {"only we refuse: wrong number of groups in an IPv6 address", grammar_of_addresses},
    {"only we refuse: four numbers expected in an IPv4 address", grammar_of_addresses},
    {"only we refuse: IPv6 address ends with \":\"", grammar_of_addresses},
    {"only we refuse: second \"::\" in an IPv6 address", grammar_of_addresses},
    {"only we refuse: \"::\" expected", grammar_of_addresses},
    {"only we refuse: \"]\" expected", grammar_of_addresses},
    {"only we refuse: \"<\" expected", grammar_of_addresses},
    {"only we refuse: \">\" expected", grammar_of_addresses},
    {"only we refuse: \"/\" expected (Via)", grammar_of_addresses},
    {"only we refuse: \":\" expected after the URI's scheme", grammar_of_addresses},
    {"only we refuse: unexpected character", grammar_of_addresses, in_addresses},
    {"only we refuse: unexpected character", "marks in a host name", "(Via)"},
    {"only we refuse: control character in a quoted string", grammar_of_addresses},
    {"only we refuse: parameter value expected", grammar_of_addresses},
    {"only we refuse: protocol name expected (Via)", grammar_of_addresses},
    {"only we refuse: parameter twice, or without a proper value", "which of two tags or branches counts must not be a guess"},
    {"only we refuse: \"*\" must be the only Contact", "s.10.2.2; the peer keeps both"},
    {"only we refuse: Call-ID expected", "a blank inside a Call-ID; the peer keeps it"},
    {"To host", "the peer keeps the fold behind a bare URI as part of its host"},
    {"From host", "the peer loses the host behind a display name of many UTF-8 octets"},
    {"Contact host", "see From host"},
    {"From user", "see From host"},
    {"Contact user", "see From host"},
    {"To user", "see From host"},
    {"Via port", "leading zeros: ours is a number, theirs text"},
    {"Contact port", "see Via port"},
};

}  // namespace parley::fuzz
