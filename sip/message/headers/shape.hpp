// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/message/header_name.hpp>

#include <cstdint>

namespace parley::sip {

/// How one value of a header is built, and with that who reads it. Headers of one shape share one reader.
enum class HeaderShape : std::uint8_t {
  Text,         ///< free text, not taken apart: Subject, Server, ... and every unknown header
  Token,        ///< token *( ;param ): parse_item()
  Callid,       ///< callid *( ;param ): parse_item()
  Number,       ///< 1*DIGIT [ (comment) ] *( ;param ): parse_item()
  MediaRange,   ///< type/subtype *( ;param ): parse_accept(), parse_media_type()
  NameAddr,     ///< [ display ] <URI> *( ;param ): parse_name_addr(); Call-Info and its like too, which have no display name
  Via,          ///< parse_via()
  CSeq,         ///< number and method: parse_cseq()
  RAck,         ///< two numbers and a method: parse_rack()
  Date,         ///< parse_date()
  Timestamp,    ///< parse_timestamp()
  Warning,      ///< parse_warning()
  Identity,     ///< parse_identity()
  NamedValues,  ///< name=value, ...: auth::parse_authentication_info()
  Challenge,    ///< parse_challenge()
  Credentials,  ///< parse_credentials()
};

/// The table. Value function.
PARLEY_EXPORT HeaderShape header_shape(HeaderId id) noexcept;

}  // namespace parley::sip
