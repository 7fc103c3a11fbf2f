// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/transport.hpp>

#include <optional>
#include <string>

struct lws;

namespace parley::transport {

/// What is wrong with a server or the options to reach it: Errc::BadValue, TooLong, NotSupported; nullopt: nothing.
/// Whatever would end up in the upgrade request is free of control characters, or it could smuggle in lines of its own.
std::optional<Error> check_upgrade(const sip::Server& server, const sip::ConnectOptions& options);

/// Host header: brackets around IPv6, the port where it is not the scheme's own (RFC 9110 s.7.2).
std::string host_header(const sip::Server& server);

/// Writes Origin, Cookie and the application's headers at `*at`; false when there is no room.
bool append_headers(const sip::ConnectOptions& options, char** at, const char* end);

/// The answer to the upgrade request as an error ("503 Service Unavailable, retry after 30 s"); nullopt when it is 101.
std::optional<Error> refused_upgrade(lws* wsi);

/// Errc::ProtocolViolation unless the answer agrees to the subprotocol "sip" (RFC 7118 s.4.1).
std::optional<Error> check_subprotocol(lws* wsi);
Error subprotocol_error();

}  // namespace parley::transport
