// SPDX-License-Identifier: MIT
#pragma once

#include <parley/tests/bench/fields.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace parley::bench {

/// The Via that print() puts in front of the message's own, as whoever forwards it would.
inline constexpr char added_via[] = "SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKadded1";

/// A SIP library under the same harness. One message at a time: parse, use, clear.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual const char* name() const = 0;
  /// Takes the message apart until every field of fields() stands in the library's own structures: what a library leaves for later
  /// is asked for here. False: refused.
  virtual bool parse(std::string_view bytes) = 0;
  /// The parsed message with `added_via` in front, in wire form; lives until clear().
  virtual std::string_view print() = 0;
  /// Gives back what parse() and print() took.
  virtual void clear() = 0;
  /// Reads every field as a program would; the sum keeps the compiler from leaving any out.
  virtual unsigned read() = 0;
  virtual Fields fields() = 0;
  /// Reads only what a transaction is looked up by: top Via, Call-ID, CSeq, method. False: refused, or the library has no such reading.
  virtual bool match(std::string_view) { return false; }
  virtual bool can_match() const { return false; }
  /// print() lays out multipart bodies anew, so their length may change.
  virtual bool rewrites_multipart() const { return false; }
};

std::unique_ptr<Peer> make_parley();
std::unique_ptr<Peer> make_sofia();
std::unique_ptr<Peer> make_osip();
std::unique_ptr<Peer> make_re();

/// All of them, parley first.
std::vector<std::unique_ptr<Peer>> all_peers();

}  // namespace parley::bench
