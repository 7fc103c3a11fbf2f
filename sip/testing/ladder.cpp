// SPDX-License-Identifier: MIT
#include <parley/sip/testing/ladder.hpp>

#include <parley/sip/message/message.hpp>

#include <algorithm>

namespace parley::sip::testing {
namespace {

constexpr std::size_t left_column = 15;
constexpr std::size_t width = 54;  // from bar to bar
constexpr std::size_t longest_junk = 24;

/// "12.345", right-aligned before the left bar.
std::string time_text(Duration time) {
  const std::string thousandths = std::to_string(1'000 + time.count() % 1'000).substr(1);
  std::string text = std::to_string(time.count() / 1'000) + '.' + thousandths;
  if (text.size() < left_column - 5) text.insert(0, left_column - 5 - text.size(), ' ');
  text.resize(std::max(text.size(), left_column), ' ');
  return text;
}

std::string arrow_text(Ladder::Direction direction, std::string_view label) {
  std::string dashes(label.size() + 5 < width ? width - label.size() - 5 : 1, '-');
  std::string text(direction == Ladder::Direction::ToRight ? "|--- " : "|<-- ");
  text.append(label).append(" ");
  if (direction == Ladder::Direction::ToRight) dashes.back() = '>';
  return text + dashes + '|';
}

/// Puts `name` around column `middle`.
void place(std::string& line, std::size_t middle, std::string_view name) {
  const std::size_t begin = middle - std::min(middle, name.size() / 2);
  line.resize(std::max(line.size(), begin), ' ');
  line += name;
}

}  // namespace

void Ladder::add(TimePoint now, std::optional<Direction> direction, std::string words) {
  if (!start_) start_ = now;
  lines_.push_back({now - *start_, direction, std::move(words)});
}

void Ladder::arrow(TimePoint now, Direction direction, std::string label) { add(now, direction, std::move(label)); }
void Ladder::note(TimePoint now, std::string words) { add(now, std::nullopt, std::move(words)); }

std::string Ladder::text() const {
  std::string text;
  place(text, left_column, left_);
  place(text, left_column + width, right_);
  text += '\n';
  for (const Line& line : lines_) {
    text += time_text(line.time);
    text += line.direction ? arrow_text(*line.direction, line.words) : "* " + line.words;
    text += '\n';
  }
  return text;
}

std::string label_of(std::string_view bytes) {
  const auto message = Message::parse(bytes);
  if (!message) {
    const auto end = std::min({bytes.find_first_of("\r\n"), bytes.size(), longest_junk});
    return '"' + std::string(bytes.substr(0, end)) + '"';
  }
  const auto view = message->view();
  std::string label;
  if (view.is_response()) label.append(std::to_string(view.status())).append(" ").append(view.reason()).append(" ");
  label.append(view.cseq().method_text).append(" #").append(std::to_string(view.cseq().number));
  if (const auto type = view.content_type(); type && !view.body().empty()) label.append(" ").append(type->subtype);
  return label;
}

}  // namespace parley::sip::testing
