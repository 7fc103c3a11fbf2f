// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/ladder.hpp>

#include <parley/sip/message/message.hpp>

#include <algorithm>

namespace parley::program {

namespace {

constexpr std::size_t column_width = 30;
constexpr std::size_t first_column = 10;

std::size_t column(std::size_t participant) { return first_column + participant * column_width; }

std::string drawn(std::size_t count, std::size_t from, std::size_t to, std::string_view label) {
  std::string line(column(count - 1) + 1, ' ');
  for (std::size_t i = 0; i < count; ++i) line[column(i)] = '|';
  const std::size_t left = std::min(column(from), column(to));
  const std::size_t right = std::max(column(from), column(to));
  std::fill(line.begin() + static_cast<std::ptrdiff_t>(left) + 1, line.begin() + static_cast<std::ptrdiff_t>(right), '-');
  const std::size_t room = right - left - 7;
  const std::string shown = " " + std::string(label.substr(0, room)) + " ";
  line.replace(left + (from < to ? 3 : 4), shown.size(), shown);
  line[from < to ? right - 1 : left + 1] = from < to ? '>' : '<';
  return line;
}

}  // namespace

std::string message_label(std::string_view message) {
  const auto parsed = sip::Message::parse(message);
  if (!parsed) return std::string(message.substr(0, message.find('\r')));
  const auto view = parsed->view();
  if (view.is_request()) return std::string(view.method_text());
  return std::to_string(view.status()) + " " + std::string(view.reason()) + " (" + std::string(view.cseq().method_text) + ")";
}

void Ladder::add(std::size_t from, std::size_t to, std::string_view message) {
  std::string label = message_label(message);
  const std::lock_guard lock(mutex_);
  arrows_.push_back({from, to, std::move(label)});
}

void Ladder::clear() {
  const std::lock_guard lock(mutex_);
  arrows_.clear();
}

std::string Ladder::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  std::string heads(column(participants_.size() - 1) + 1, ' ');
  for (std::size_t i = 0; i < participants_.size(); ++i) {
    const auto name = participants_[i].substr(0, column_width - 2);
    const std::size_t begin = column(i) - std::min(column(i), name.size() / 2);
    heads.resize(std::max(heads.size(), begin + name.size()), ' ');
    heads.replace(begin, name.size(), name);
  }
  text += heads + "\n";
  for (const Arrow& arrow : arrows_) text += drawn(participants_.size(), arrow.from, arrow.to, arrow.label) + "\n";
  return text;
}

}  // namespace parley::program
