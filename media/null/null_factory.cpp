// SPDX-License-Identifier: MIT
#include <parley/media/null/null_factory.hpp>
#include <parley/media/null/null_session.hpp>
#include <parley/media/sdp/offer_answer.hpp>

#include <utility>

namespace parley::media {

namespace {

/// Spreads a counter over 64 bits (Steele, Lea and Flood's finalizer): same numbers in each run, none looks like its neighbour.
std::uint64_t spread(std::uint64_t count) {
  std::uint64_t bits = count * 0x9E3779B97F4A7C15U;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31);
}

}  // namespace

NullFactory::NullFactory() : NullFactory([count = std::uint64_t{0}]() mutable { return spread(++count); }) {}

NullFactory::NullFactory(RandomNumber random) : random_(std::make_shared<RandomNumber>(std::move(random))) {}

Result<std::unique_ptr<Session>> NullFactory::create(const Options& options, Executor& executor, SessionObserver& observer) {
  if (options.video) return Error{.code = Errc::NotSupported, .reason = "video is not built", .detail = {}};
  if (!options.audio) return Error{.code = Errc::BadValue, .reason = "neither sound nor picture is wanted", .detail = {}};
  if (options.codecs.empty()) return Error{.code = Errc::BadValue, .reason = "no codec is wanted", .detail = {}};
  return std::unique_ptr<Session>(std::make_unique<NullSession>(options, executor, observer, random_));
}

Result<void> NullFactory::check_offer(const Options& options, std::string_view offer) const {
  return sdp::check_offer(offer, sdp::Policy{options.audio, options.codecs});
}

}  // namespace parley::media
