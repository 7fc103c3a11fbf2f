// SPDX-License-Identifier: MIT
#pragma once

#include <parley/media/session.hpp>
#include <parley/sip/core/export.hpp>

#include <cstdint>
#include <memory>

namespace parley::media {

/// Where the null backend takes random numbers from: ICE credentials, fingerprint, SSRC, o= id. 64 random bits a call.
using RandomNumber = UniqueFunction<std::uint64_t()>;

/// Makes sessions with a valid description and no sound: for tests of conformance, load and signalling, and for programs built
/// without a media library.
///
/// The descriptions are what a WebRTC end point writes (opus and the other codecs of the options, ICE credentials, a SHA-256
/// fingerprint, one candidate on 127.0.0.1), so that browsers and the gst backend negotiate with them; no socket stands behind the
/// candidate, no packet flows, stats() are zeros. States are told as if ICE and DTLS had worked: connecting, then connected, as soon
/// as offer and answer are through; on_first_media() never comes.
/// Sessions are independent of the factory. Loop thread only.
class PARLEY_EXPORT NullFactory final : public Factory {
 public:
  /// Numbers from a counter: the same descriptions in every run.
  NullFactory();
  explicit NullFactory(RandomNumber random);

  /// Errc::NotSupported (video), BadValue (no codec).
  Result<std::unique_ptr<Session>> create(const Options& options, Executor& executor, SessionObserver& observer) override;
  Result<void> check_offer(const Options& options, std::string_view offer) const override;

 private:
  std::shared_ptr<RandomNumber> random_;  // sessions may outlive us
};

}  // namespace parley::media
