// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/message/message.hpp>
#include <parley/sip/testing/script.hpp>
#include <parley/sip/testing/scripted_peer.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace parley::sip::testing {

/// All that a peer has sent and taken so far, and from it the next message that fits. Messages live as long as it does.
class Correspondence {
 public:
  explicit Correspondence(const PeerOptions& options) : options_(options) {}

  void took(std::string_view bytes, std::string name);
  void sent(std::string_view bytes, std::string name);
  /// Exactly these bytes came before.
  bool has_come(std::string_view bytes) const;
  /// Bytes of the last message of that name; nullopt: none.
  std::optional<std::string_view> find(std::string_view name) const;
  /// What a Send, SendRaw or Resend step sends.
  Result<std::string> write(const Step& step);
  /// The text with each `{name.part}` filled in.
  Result<std::string> filled_in(std::string_view text) const;

 private:
  struct Record {
    bool received = false;
    std::string name;
    std::string bytes;
    Message message;  ///< empty: not readable, an odd peer's
  };
  struct Draft {
    std::string start_line;
    Step::Fields fields;
  };

  void add(Record record);
  const Record* named(std::string_view name) const;
  const Record* last(bool (*fits)(const Record&)) const;
  const Record* answered_by(const Step& step) const;
  const Record* last_invite(const Record* about) const;
  const Record* last_in_dialog(const Record* of_call) const;  ///< nullptr: of any
  const Record* final_answer(const MessageView& invite, const Record* about) const;
  bool has_final_answer(const MessageView& request) const;
  Result<Draft> draft_response(const Step& step, StatusCode status);
  Result<Draft> draft_request(const Step& step);
  Result<Draft> draft_ack(const Step& step);
  Result<Draft> draft_cancel(const Step& step);
  Draft draft_new(const Step& step);
  Draft draft_in(const Step& step, const MessageView& member, bool received);
  void add_contact(Draft& draft) const;
  std::string via(std::string_view branch) const { return options_.via + ";branch=" + std::string(branch); }
  std::string fresh(std::string_view what);
  std::string our_tag(const Step& step, const MessageView& request);
  std::string remote_target(std::string_view call_id) const;
  std::uint32_t next_cseq(std::string_view call_id) const;
  bool answers_an_offer(const Step& step, bool is_response) const;
  std::string_view sdp(bool is_answer) const;
  Result<std::string> finish(const Step& step, Draft draft, bool is_response);
  std::optional<std::string> part_of(const Record& record, std::string_view part) const;

  const PeerOptions& options_;
  std::deque<Record> records_;
  unsigned serial_ = 0;
};

}  // namespace parley::sip::testing
