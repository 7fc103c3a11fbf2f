// SPDX-License-Identifier: MIT
#pragma once

#include <parley/simpleuser/program/event_log.hpp>
#include <parley/simpleuser/program/ladder.hpp>
#include <parley/simpleuser/simple_user.hpp>

#include <memory>
#include <string>

namespace parley::program {

/// Where an actor stands and what he shares with the others.
struct Stage {
  std::string server;
  std::string domain;
  std::string password;
  std::shared_ptr<Runtime> runtime;
  std::shared_ptr<media::Factory> media;
  std::shared_ptr<Ladder> ladder;  ///< may be null
  std::size_t switch_column = 1;
  bool trace = false;  ///< every message to stderr
};

/// One SimpleUser of the demo: his tone, what happened to him, what he hears. Used from the main thread.
class Actor {
 public:
  static Result<std::unique_ptr<Actor>> create(const std::string& name, double tone_hz, const Stage& stage, std::size_t column);

  SimpleUser& user() { return *user_; }
  const std::string& uri() const { return uri_; }

  /// The operation worked, within 5 s.
  Result<void> done(Async<void> operation) const;
  /// The event came (and its detail is `detail`, unless that is empty).
  Result<void> saw(std::string_view event, std::string_view detail = {});
  /// What he hears is this frequency, or (0) silence.
  Result<void> hears(double hz);
  void forget() { events_->clear(); }

 private:
  Actor(std::string name, std::string uri) : name_(std::move(name)), uri_(std::move(uri)), events_(std::make_shared<EventLog>()) {}
  Error failure(std::string words) const;

  std::string name_;
  std::string uri_;
  std::shared_ptr<EventLog> events_;
  std::unique_ptr<SimpleUser> user_;
};

}  // namespace parley::program
