// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace parley::transport::test {

/// What a NameServer answers to one question.
struct NameAnswer {
  int code = 0;                          ///< RCODE: 0 fine, 2 SERVFAIL, 3 NXDOMAIN
  std::vector<std::string> addresses{};  ///< those of the asked family are sent
  bool silent = false;
  bool forged = false;  ///< with another transaction's number
  std::string junk{};   ///< when set: these octets after the right number
};

/// A DNS server on 127.0.0.1, UDP, with a thread of its own.
class NameServer {
 public:
  explicit NameServer(std::function<NameAnswer(const std::string& name)> answer);
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  ~NameServer();

  /// As LoopOptions::dns_servers wants it.
  std::string place() const { return "127.0.0.1:" + std::to_string(port_); }
  int questions() const { return questions_; }

 private:
  void serve();

  std::function<NameAnswer(const std::string&)> answer_;
  int fd_;
  std::uint16_t port_ = 0;
  std::atomic<int> questions_{0};
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace parley::transport::test
