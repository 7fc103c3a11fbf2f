// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/simpleuser/async.hpp>
#include <parley/sip/core/export.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/crypto.hpp>
#include <parley/sip/executor.hpp>
#include <parley/sip/transport.hpp>

#include <functional>
#include <memory>
#include <string_view>

namespace parley {

/// One running loop with its sockets, chance and media: what SimpleUsers, Accounts and servers stand on. Several can share one
/// (`SimpleUserOptions::loop`): fewer threads, one TLS context, all callbacks on one thread.
///
/// Ownership: shared_ptr; whoever uses it keeps it. The last one to let go ends the loop and waits for its thread; on the loop thread
/// itself it does not wait: the thread ends by itself.
/// executor() and callbacks() are thread-safe; transport() and crypto() are for the loop thread: get there with executor().post().
class PARLEY_EXPORT Runtime {
 public:
  virtual ~Runtime() = default;
  virtual Executor& executor() = 0;
  virtual sip::Transport& transport() = 0;
  virtual sip::Crypto& crypto() = 0;
  /// The default backend, already warming up: GStreamer's webrtc, or null where it is built without. Loop thread only.
  virtual media::Factory& media() = 0;
  virtual const std::shared_ptr<CallbackLoop>& callbacks() = 0;
};

struct RuntimeOptions {
  /// Words of the libraries below (sockets, TLS) for a log; on the loop thread. Empty: none.
  std::function<void(std::string_view)> log{};
  /// Ready the default media backend in the background, so that the first call does not wait for it.
  bool warm_up_media = true;
};

/// Starts a loop on a thread of its own. Errc::OutOfMemory, or Refused where the system gives no descriptors.
PARLEY_EXPORT Result<std::shared_ptr<Runtime>> make_runtime(RuntimeOptions options = {});
/// The one that SimpleUsers and Accounts without `loop` share: started for the first, ended with the last. Thread-safe.
PARLEY_EXPORT Result<std::shared_ptr<Runtime>> common_runtime();

/// True where the GStreamer backend is built in.
PARLEY_EXPORT bool has_webrtc_media() noexcept;
/// A GStreamer backend. Errc::NotSupported where it is built without.
PARLEY_EXPORT Result<std::shared_ptr<media::Factory>> make_webrtc_media();
/// Valid session descriptions and no media: for conformance and load tests.
PARLEY_EXPORT std::shared_ptr<media::Factory> make_null_media();

}  // namespace parley
