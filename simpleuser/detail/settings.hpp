// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/simpleuser/detail/reconnect_policy.hpp>
#include <parley/simpleuser/options.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/transport.hpp>
#include <parley/sip/user_agent.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::detail {

/// The options after they were read and checked, sorted by who needs them. Value type.
struct Settings {
  std::string id;      ///< of the instance
  std::string domain;  ///< of the AOR, with its port: where bare names are taken
  sip::Server server;
  bool has_server = true;  ///< false: only listens
  sip::ConnectOptions connect;
  sip::UserAgentOptions agent;
  sip::RegisterRequest registration;
  media::Options media;
  ReconnectPolicy::Settings reconnect;
  bool keep_trying = true;
  Duration ring_timeout{180'000};
  sip::StatusCode busy_status = 486;
  bool trusted_server = false;
  Duration dtmf_duration{2'000};
  std::size_t max_calls = 1;
  std::function<void(const TraceRecord&)> trace;
  std::function<void(LogLevel, std::string_view)> log;
};

/// Checks everything that can be checked without I/O, but for what the transport has to say of `server` and `connect`
/// (sip::Transport::check). Errc::BadValue, BadSyntax, NotSupported, with a sentence.
Result<Settings> make_settings(std::string_view server, const SimpleUserOptions& options, std::size_t max_calls);

/// Errc::NotSupported for video, BadValue for no media at all.
Result<void> check_constraints(const MediaConstraints& constraints);

/// Errc::BadValue or NotSupported, with a sentence.
Result<void> check_options(const CallOptions& options);

/// Whom a user means: a sip, sips or tel URI as it stands, a bare name or number at `domain`. Errc::BadSyntax with a sentence.
Result<std::string> read_destination(std::string_view text, std::string_view domain);

/// Letters and digits of the system's random source (N10). Any thread.
std::string random_text(std::size_t octets);

}  // namespace parley::detail
