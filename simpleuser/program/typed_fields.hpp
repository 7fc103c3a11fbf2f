// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/head.hpp>
#include <parley/sip/message/message.hpp>

#include <string>
#include <utility>
#include <vector>

namespace parley::program {

/// Name and value of what a typed reader found.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// What the parser understood of one header field, or of one body.
struct Typed {
  std::vector<Fields> values;
  std::vector<std::string> unreadable;  ///< a sentence for each value that cannot be read
};

/// The values of a header field by the shape of its header.
Typed typed_fields(const sip::HeaderView& header);

/// The parts of a body that has parts, with type, header lines and size, and what a sipfrag says; nothing for any other body.
Typed typed_body(const sip::MessageView& message);

}  // namespace parley::program
