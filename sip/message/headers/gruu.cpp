// SPDX-License-Identifier: MIT
#include <parley/sip/message/headers/gruu.hpp>

namespace parley::sip {

namespace {

std::string unquoted(const NameAddrView& contact, std::string_view name) { return unquote(contact.params.find(name).value_or("")); }

}  // namespace

std::string public_gruu(const NameAddrView& contact) { return unquoted(contact, "pub-gruu"); }
std::string temporary_gruu(const NameAddrView& contact) { return unquoted(contact, "temp-gruu"); }
std::string instance_id(const NameAddrView& contact) { return unquoted(contact, "+sip.instance"); }

}  // namespace parley::sip
