// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/testing/script.hpp>

#include <string_view>

namespace parley::sip::testing {

/// The same header: compact and long form, any case.
bool same_field(std::string_view a, std::string_view b);
/// Gives the field of that name another value.
void set_field(Step::Fields& fields, std::string_view name, std::string_view value);
/// Fields that are written take the place of all of their name; new ones come last, before Content-Length.
void override_fields(Step::Fields& fields, const Step::Fields& written);
void remove_fields(Step::Fields& fields, std::string_view name);
/// Whether text matches: * stands for any number of octets.
bool matches_wildcard(std::string_view pattern, std::string_view text);

}  // namespace parley::sip::testing
