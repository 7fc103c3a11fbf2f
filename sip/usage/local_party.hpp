// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/result.hpp>
#include <parley/sip/crypto.hpp>
#include <parley/sip/message/message.hpp>
#include <parley/sip/message/uri.hpp>
#include <parley/sip/transport.hpp>
#include <parley/sip/user_agent.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::sip {

/// Who we are on the wire: From, Contact, the users we answer for, and the tags of our responses. Loop thread only.
class LocalParty {
 public:
  LocalParty(const UserAgentOptions& options, Crypto& crypto);

  /// From value without tag. Anonymous: RFC 3323 s.4.1. Errc::BadValue: line breaks in the display name.
  Result<std::string> from(std::string_view display_name, bool anonymous) const;
  /// Address of record, without angle brackets.
  const std::string& aor() const noexcept { return aor_.text(); }
  /// Where REGISTERs go: the AOR without its user (RFC 3261 s.10.2).
  std::string domain_uri() const;
  /// Host and port of the AOR.
  std::string home() const;

  /// Contact URI of one flow: what REGISTER binds. `flow` nullptr: a name that reaches nobody.
  std::string flow_contact(const FlowInfo* flow, Secure secure) const;
  /// Contact URI of dialogs: the public GRUU where one was granted (RFC 5627 s.4.4), else the flow's.
  std::string dialog_contact(const FlowInfo* flow, Secure secure) const;
  void set_pub_gruu(std::string uri) { pub_gruu_ = std::move(uri); }
  const std::string& pub_gruu() const noexcept { return pub_gruu_; }

  /// The Request-URI names a user that is ours: contact user, AOR user, or the GRUU.
  bool is_us(const UriView& request_uri) const;
  /// A bare name or number is not read here: URIs only. sip, sips, tel; anything else is Errc::BadValue.
  static Result<UriView> target(std::string_view text);

  /// To tag of our responses to `request`. The same for every response of a transaction, for its CANCEL and for copies
  /// (RFC 3261 s.8.2.6.2, s.8.2.7, s.9.2), without keeping state: a keyed hash of what names the request.
  std::string tag_for(const MessageView& request) const;
  /// A secret of its own for each `purpose`, which tells nothing of ours.
  std::array<std::uint64_t, 2> derived_secret(std::string_view purpose) const;

 private:
  Crypto& crypto_;
  Uri aor_;
  std::string display_name_;
  std::string contact_user_;
  std::string pub_gruu_;
  std::string tag_key_;
};

}  // namespace parley::sip
