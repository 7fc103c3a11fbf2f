// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace parley::program {

/// Lines in, lines out. On a terminal: a prompt with history that other output does not tear apart; else plain lines.
/// print() is thread-safe; everything else belongs to the thread that reads.
class Console {
 public:
  /// @param status  text of the prompt's status, asked each time the prompt is drawn. Must be thread-safe.
  /// @param with_prompt  false: plain lines even on a terminal.
  Console(std::function<std::string()> status, bool with_prompt);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  bool is_terminal() const noexcept { return editor_ != nullptr; }
  /// The next line of input without its end; nullopt at the end of input.
  std::optional<std::string> read_line();
  /// A whole line to stdout, at once. On a terminal it stands above the prompt.
  void print(std::string line);
  void print_error(std::string line);  ///< the same to stderr

 private:
  struct Editor;
  void flush();

  std::function<std::string()> status_;
  std::mutex mutex_;
  std::deque<std::string> waiting_;  ///< lines to be shown above the prompt
  bool is_prompting_ = false;
  std::unique_ptr<Editor> editor_;  ///< null: no terminal
};

}  // namespace parley::program
