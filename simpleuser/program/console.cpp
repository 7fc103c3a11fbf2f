// SPDX-License-Identifier: MIT
#include <parley/simpleuser/program/console.hpp>

#include <histedit.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

namespace parley::program {

/// libedit reads key by key through us, so that a line of output can come between two keys.
struct Console::Editor {
  explicit Editor(Console& console)
      : owner(console), edit(el_init("parley", stdin, stdout, stderr)), past(history_init()), wake(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    HistEvent event;
    history(past, &event, H_SETSIZE, 500);
    el_set(edit, EL_CLIENTDATA, this);
    el_set(edit, EL_PROMPT, &Editor::prompt);
    el_set(edit, EL_EDITOR, "emacs");
    el_set(edit, EL_HIST, history, past);
    el_set(edit, EL_SIGNAL, 1);
    el_set(edit, EL_GETCFN, &Editor::next_key);
  }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;
  ~Editor() {
    history_end(past);
    el_end(edit);
    close(wake);
  }

  static Editor& of(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<Editor*>(self);
  }

  static char* prompt(EditLine* edit) {
    Editor& self = of(edit);
    self.prompt_text = self.owner.status_() + "> ";
    return self.prompt_text.data();
  }

  static int next_key(EditLine* edit, wchar_t* key) {
    Editor& self = of(edit);
    for (;;) {
      pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {self.wake, POLLIN, 0}};
      if (poll(waits, 2, -1) < 0 && errno != EINTR) return -1;
      if ((waits[1].revents & POLLIN) != 0) self.show_waiting();
      if ((waits[0].revents & (POLLIN | POLLHUP)) != 0) return self.read_key(key);
    }
  }

  /// One character of the terminal's UTF-8.
  int read_key(wchar_t* key) {
    std::mbstate_t state{};
    for (;;) {
      char octet = 0;
      if (read(STDIN_FILENO, &octet, 1) != 1) return 0;
      wchar_t wide = 0;
      const std::size_t used = std::mbrtowc(&wide, &octet, 1, &state);
      if (used == static_cast<std::size_t>(-2)) continue;  // more octets to come
      *key = used == static_cast<std::size_t>(-1) ? L'?' : wide;
      return 1;
    }
  }

  void show_waiting() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto drained = read(wake, &count, sizeof count);
    std::fputs("\r\033[K", stdout);
    owner.flush();
    el_set(edit, EL_REFRESH);
  }

  Console& owner;
  EditLine* edit;
  History* past;
  int wake;
  std::string prompt_text;
};

Console::Console(std::function<std::string()> status, bool with_prompt) : status_(std::move(status)) {
  if (with_prompt && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1) editor_ = std::make_unique<Editor>(*this);
}

Console::~Console() { flush(); }

std::optional<std::string> Console::read_line() {
  std::string line;
  if (!editor_) {
    if (!std::getline(std::cin, line)) return std::nullopt;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
  }
  {
    const std::lock_guard lock(mutex_);
    is_prompting_ = true;
  }
  int length = 0;
  const char* text = el_gets(editor_->edit, &length);
  {
    const std::lock_guard lock(mutex_);
    is_prompting_ = false;
  }
  flush();
  if (text == nullptr || length <= 0) return std::nullopt;
  line.assign(text, static_cast<std::size_t>(length));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  if (!line.empty()) {
    HistEvent event;
    history(editor_->past, &event, H_ENTER, line.c_str());
  }
  return line;
}

void Console::print(std::string line) {
  const std::lock_guard lock(mutex_);
  if (is_prompting_) {
    waiting_.push_back(std::move(line));
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto told = write(editor_->wake, &one, sizeof one);
    return;
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

void Console::print_error(std::string line) {
  if (editor_) return print(std::move(line));  // one screen
  const std::lock_guard lock(mutex_);
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Console::flush() {
  const std::lock_guard lock(mutex_);
  for (; !waiting_.empty(); waiting_.pop_front()) {
    waiting_.front() += '\n';
    std::fwrite(waiting_.front().data(), 1, waiting_.front().size(), stdout);
  }
  std::fflush(stdout);
}

}  // namespace parley::program
