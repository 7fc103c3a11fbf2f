// SPDX-License-Identifier: MIT
#include "link.hpp"

#include <algorithm>

namespace parley::simulation {
namespace {

constexpr Duration longest_hold{200};

Duration transit(const Faults& faults, Random& chance) {
  return faults.jitter > Duration{0} ? faults.delay + chance.between(Duration{0}, faults.jitter) : faults.delay;
}

void damage(Piece& piece, const Faults& faults, Random& chance) {
  if (chance.chance(faults.truncate)) {
    piece.bytes.resize(chance.below(piece.bytes.size()));
    piece.fate = "cut";
  }
  if (chance.chance(faults.flip) && !piece.bytes.empty()) {
    char& octet = piece.bytes[chance.below(piece.bytes.size())];
    octet = static_cast<char>(static_cast<unsigned char>(octet) ^ (1U << chance.below(8)));
    piece.fate = "bit";
  }
}

}  // namespace

std::vector<Piece> carry_datagram(std::string_view bytes, const Faults& faults, Random& chance) {
  std::vector<Piece> pieces;
  const std::size_t copies = chance.chance(faults.duplicate) ? 2 : 1;
  for (std::size_t copy = 0; copy < copies; ++copy) {
    if (chance.chance(faults.loss)) continue;
    Piece piece{transit(faults, chance), std::string(bytes), copy == 0 ? "" : "copy"};
    if (chance.chance(faults.reorder)) {
      piece.after += chance.between(Duration{1}, longest_hold);
      piece.fate = "late";
    }
    damage(piece, faults, chance);
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

std::vector<Piece> Stream::carry(std::string_view bytes, const Faults& faults, Random& chance, TimePoint now) {
  std::vector<Piece> pieces;
  while (!bytes.empty()) {
    const bool cut = bytes.size() > 1 && chance.chance(faults.split);
    const std::size_t size = cut ? 1 + chance.below(bytes.size() - 1) : bytes.size();
    busy_until_ = std::max(busy_until_, now + transit(faults, chance));
    pieces.push_back({busy_until_ - now, std::string(bytes.substr(0, size)), size == bytes.size() ? "" : "part"});
    bytes.remove_prefix(size);
    if (cut) busy_until_ += Duration{1};
  }
  return pieces;
}

std::vector<std::string> Stream::arrive(std::string_view piece) {
  std::vector<std::string> messages;
  framer_.append(piece);
  for (;;) {
    const auto item = framer_.next();
    if (!item || !*item) return messages;
    if ((*item)->kind == sip::StreamFramer::Item::Kind::Message) messages.emplace_back((*item)->bytes);
  }
}

}  // namespace parley::simulation
