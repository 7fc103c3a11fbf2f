// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

/// How messages find their transaction. A key is a text: equal keys, same transaction. Written into a string that is used again and
/// again, so that looking for a transaction allocates nothing.
namespace parley::sip::keys {

/// Client transactions: top branch and CSeq method (RFC 3261 s.17.1.3). Of the response, or of the request itself.
void write_client_key(std::string& key, const MessageView& message);

/// Server transactions: branch, sent-by and method (RFC 3261 s.17.2.3); without a branch that bears the cookie and more, what an
/// RFC 2543 peer repeats: Request-URI, tags, Call-ID, CSeq number, method and top Via.
/// @param method  that of the transaction looked for: INVITE for an ACK, and for the INVITE that a CANCEL means.
/// @param to_tag  part of RFC 2543 keys only: the request's, or for an ACK the one the INVITE had.
void write_server_key(std::string& key, const MessageView& request, std::string_view method, std::string_view to_tag);

/// SipHash-2-4 of `text`: a peer that chooses its branches cannot choose where they fall.
std::uint64_t hash(const std::array<std::uint64_t, 2>& secret, std::string_view text) noexcept;

/// The same of several texts in a row, each of them apart from the next.
std::uint64_t hash(std::array<std::uint64_t, 2> secret, std::initializer_list<std::string_view> parts) noexcept;

}  // namespace parley::sip::keys
