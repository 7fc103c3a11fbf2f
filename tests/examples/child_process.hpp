// SPDX-License-Identifier: MIT
#pragma once

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <string>
#include <vector>

extern char** environ;

namespace parley::test {

/// A program that was started, with its stdout at hand; ended at the latest with this.
class ChildProcess {
 public:
  explicit ChildProcess(std::vector<std::string> words) {
    std::array<int, 2> ends{-1, -1};
    if (pipe(ends.data()) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    stdout_ = ends[0];
  }
  ~ChildProcess() {
    end();
    close(stdout_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Up to the next line end, or what there was when it ended.
  std::string read_line() {
    std::string line;
    for (char c = 0; read(stdout_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  /// SIGTERM; @return its exit status, -1 where it has none.
  int end() {
    if (pid_ <= 0) return -1;
    kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int stdout_ = -1;
};

}  // namespace parley::test
