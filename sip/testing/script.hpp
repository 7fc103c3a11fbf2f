// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/export.hpp>
#include <parley/sip/core/ids.hpp>
#include <parley/sip/core/result.hpp>
#include <parley/sip/core/time.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::sip::testing {

/// One thing that a scripted peer does. Written by Script; value type.
struct Step {
  enum class Kind : std::uint8_t { Send, SendRaw, Resend, Expect, ExpectCopy, ExpectNone, Wait, Act };
  using Fields = std::vector<std::pair<std::string, std::string>>;

  Kind kind = Kind::Wait;
  std::string what{};           ///< pattern, method or status, raw bytes, name of a message, words of an act
  std::string name{};           ///< the message is called so from now on
  std::string about{};          ///< name of the message that this one answers, or whose dialog it belongs to
  std::string tag{};            ///< Send: our tag, instead of the one that fits
  std::string reason{};         ///< Send: reason phrase
  bool outside_dialog = false;  ///< Send: a request that begins something new
  bool with_sdp = false;        ///< Send: the offer or answer of PeerOptions
  Fields fields{};              ///< Send: fields to write; Expect: fields that match
  std::vector<std::string> without{};
  std::optional<std::string> body{};
  std::optional<Duration> limit{};  ///< Wait, ExpectNone: how long; Expect: at most so long
  Duration not_before{0};
  std::function<Result<void>()> act{};
  unsigned line = 0;  ///< of the text it was read from; 0: none
};

/// What a ScriptedPeer does, step by step: chained calls, or a text with a step a line. Value type.
///
///     Script script;                               // expect INVITE
///     script.expect("INVITE")                      // send 180
///         .send(180)                               // wait 2s
///         .wait(2s)                                // send 200 with sdp
///         .send(200).with_sdp()                    // expect no ACK for 1s
///         .expect_none("ACK", 1s)                  // expect ACK within 2s
///         .expect("ACK").within(2s);
///
/// **Patterns** are a method ("INVITE"), a status ("180", "2xx"), a status with its method ("200 BYE"), or "*"; "ACK|BYE" is either.
///
/// **What fits is filled in.** A response answers the last request that has no final response yet; a request belongs to the last
/// dialog, or begins one when there is none; ACK and CANCEL follow the last INVITE that was sent. Via, branch, From, To, tags, Call-ID,
/// CSeq, Max-Forwards, Contact (and that of a REGISTER in its 200) come of themselves. A field that is written takes the place of the
/// one that would have come, right or wrong: an odd peer is free.
///
/// **Values** may hold `{name.part}` of a named message, or of `last`, the last one that came. Parts: branch, call_id, from_tag, to_tag,
/// cseq, contact (its URI), request_uri, or any header's name.
///
/// **The text**: a step a line; indented lines below it are header fields to write or (with * as wildcard) to match, `-Name` leaves a
/// field out or forbids it, `| ` begins a line of a body (or of raw bytes; lines end with CRLF). `#` begins a comment.
///
///     expect PATTERN [as NAME] [within TIME] [after TIME]     TIME: 500ms, 2s, 3min
///     expect copy PATTERN ...                                 the retransmission of something that came before
///     expect no PATTERN for TIME
///     expect nothing for TIME
///     send STATUS [REASON] [to NAME] [as NAME] [tag TAG] [with sdp]
///     send METHOD [in NAME] [as NAME] [tag TAG] [with sdp]
///     send new METHOD ...                                     out of any dialog
///     send raw [as NAME]
///     resend NAME
///     wait TIME
///     user WORDS                                              given to the actor
class PARLEY_EXPORT Script {
 public:
  /// Does what the words of a `user` line say; its Error fails the script.
  using Actor = std::function<Result<void>(std::string_view words)>;

  /// Reads a text. Errc::BadSyntax names the line and what is wrong there. Without an actor `user` lines are refused.
  static Result<Script> parse(std::string_view text, const Actor& actor = {});

  // ---- Steps

  /// The next message is this one; retransmissions of earlier ones are passed over.
  Script& expect(std::string pattern);
  /// The next message is the retransmission of one that came before, byte by byte.
  Script& expect_copy(std::string pattern);
  /// Nothing of the kind comes during this time, not even a retransmission. "*": nothing at all.
  Script& expect_none(std::string pattern, Duration time);
  Script& send(std::string method);
  Script& send(StatusCode status, std::string reason = {});
  /// These bytes, whatever they are; `{name.part}` is filled in.
  Script& send_raw(std::string bytes);
  /// Exactly the bytes of a message that was sent.
  Script& resend(std::string name);
  Script& wait(Duration time);
  /// Something is done outside: the user hangs up, a flow closes. Must not call back into the peer.
  Script& act(std::function<Result<void>()> f, std::string words = "act");

  // ---- More about the last step

  Script& as(std::string name);                         ///< the message's name
  Script& to(std::string name);                         ///< the request that a response answers
  Script& in(std::string name);                         ///< a message of the dialog that a request belongs to
  Script& within(Duration time);                        ///< otherwise PeerOptions::patience
  Script& not_before(Duration time);                    ///< counted from the end of the step before
  Script& outside_dialog();                             ///< a request that begins something new
  Script& tag(std::string our_tag);                     ///< of a fork, or a wrong one
  Script& header(std::string name, std::string value);  ///< to write; to match, * is a wildcard; "Request-URI" and "Body" match, too
  Script& without(std::string name);                    ///< left out; of an expected message: forbidden
  Script& with_sdp();                                   ///< the offer, or where one is to be answered the answer, of PeerOptions
  Script& body(std::string content_type, std::string bytes);
  Script& reason(std::string phrase);       ///< of a response
  Script& add_line(std::string_view text);  ///< one more line of the body, or of raw bytes; CRLF is added
  Script& line(unsigned number);            ///< shown in failures

  /// The steps of another script behind these.
  Script& append(const Script& more);

  const std::vector<Step>& steps() const noexcept { return steps_; }

 private:
  Script& add(Step::Kind kind, std::string what);

  std::vector<Step> steps_;
};

}  // namespace parley::sip::testing
