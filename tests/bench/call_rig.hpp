// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/user_agent.hpp>
#include <parley/tests/support/fake_crypto.hpp>

#include <cstddef>
#include <string>

namespace parley::bench {

/// Which end is being worked in, so that a meter can tell whose memory it is.
enum class End : unsigned char { Outside, Caller, Callee };

/// Two user agents, joined by a wire in virtual time: datagrams, nothing lost. Keeps nothing of a call itself.
class CallRig {
 public:
  struct Call {
    sip::SessionId caller{};
    sip::SessionId callee{};
  };

  /// @param enter  told whenever the work goes over to the other end; nullptr: nobody.
  explicit CallRig(void (*enter)(End) = nullptr);

  /// INVITE, 180, 200, ACK.
  Call set_up();
  /// BYE of the caller, 200.
  void hang_up(const Call& call);
  /// From deadline to deadline on both ends.
  void advance(Duration duration);

  bool is_idle();                             ///< no session, no transaction
  std::size_t sent() const { return sent_; }  ///< messages so far, both ends

 private:
  struct Phone {
    Phone(End end_in, const char* aor, std::uint64_t seed);
    End end;
    test::FakeCrypto crypto;
    sip::UserAgent ua;
    sip::SessionId incoming{};
  };

  template <class F>
  auto in(Phone& phone, F&& work);
  void run();
  bool carry(Phone& from, Phone& to);

  void (*enter_)(End);
  Phone caller_;
  Phone callee_;
  sip::InviteRequest invite_;
  sip::Body answer_;
  TimePoint now_ = TimePoint{} + Duration{1'000'000};
  std::size_t sent_ = 0;
};

}  // namespace parley::bench
