// SPDX-License-Identifier: MIT
// A byte stream: whatever the splits, the items are the same as of the whole, and memory stays bounded. The first two octets seed the
// splits.
#include <parley/fuzz/check.hpp>

#include <parley/sip/core/limits.hpp>
#include <parley/sip/message/parser.hpp>
#include <parley/sip/message/stream_framer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::fuzz {
namespace {

using sip::StreamFramer;

struct Seen {
  std::vector<std::string> items;  ///< kind, then bytes
  int error = 0;                   ///< its status
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// Takes what there is; false: the stream is broken.
bool drain(StreamFramer& framer, Seen& seen) {
  for (;;) {
    const auto next = framer.next();
    if (!next) {
      seen.error = next.error().status;
      require(seen.error != 0 && !framer.next());
      require(!framer.broken_head().empty() && framer.broken_head().size() <= limits::message);
      return false;
    }
    if (!*next) return true;
    require((*next)->bytes.size() <= limits::message);
    seen.items.push_back(std::to_string(static_cast<int>((*next)->kind)) + std::string((*next)->bytes));
  }
}

/// @param state  chance of the lengths; 0: all at once.
Seen frame(std::string_view stream, std::uint32_t state) {
  StreamFramer framer;
  Seen seen;
  while (!stream.empty()) {
    state = state * 1'664'525 + 1'013'904'223;
    const std::size_t length = state >> 24 < 64 ? 1 + (state >> 16) % 4 : 1 + (state >> 12) % 200;
    const std::size_t step = std::min(length, stream.size());
    framer.append(stream.substr(0, step));
    stream.remove_prefix(step);
    if (!drain(framer, seen)) break;
  }
  return seen;
}

Seen frame_whole(std::string_view stream) {
  StreamFramer framer;
  Seen seen;
  framer.append(stream);
  drain(framer, seen);
  return seen;
}

/// The parser never sees less, or more, in a framed message than the framer did.
void check_parser_agrees(const Seen& seen) {
  for (const std::string& item : seen.items) {
    if (item.front() != '0') continue;
    const std::string_view bytes = std::string_view(item).substr(1);
    sip::MessageIndex index;
    if (sip::parse(bytes, index).verdict == sip::Verdict::Ok) require(sip::MessageView(bytes, index).bytes() == bytes);
  }
}

}  // namespace
}  // namespace parley::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley::fuzz;
  if (size < 2) return 0;
  const auto seed = static_cast<std::uint32_t>(data[0] << 8 | data[1]);
  const Guarded input({reinterpret_cast<const char*>(data) + 2, size - 2});
  const Seen whole = frame_whole(input.text());
  check_parser_agrees(whole);
  require(frame(input.text(), seed) == whole);
  return 0;
}
