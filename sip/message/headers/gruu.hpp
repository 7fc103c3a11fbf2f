// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/name_addr.hpp>

#include <string>

namespace parley::sip {

/// GRUUs and instance of a Contact, without quotes (RFC 5627 s.4.2, s.5.3). Empty: not there.
PARLEY_EXPORT std::string public_gruu(const NameAddrView& contact);
PARLEY_EXPORT std::string temporary_gruu(const NameAddrView& contact);
PARLEY_EXPORT std::string instance_id(const NameAddrView& contact);

}  // namespace parley::sip
