// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/reserved_queue.hpp>
#include <parley/sip/message/parser.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/transaction/detail/refused_invites.hpp>
#include <parley/sip/transaction/detail/table.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace parley::sip {

/// What is behind a Stack. Each entry point does everything that may fail first and then changes state by moves that cannot, so one
/// that runs out of memory has not happened.
struct Stack::Impl final : TransactionAlarm {
  Impl(StackOptions given_options, Crypto& given_crypto);

  // What comes in: stack_receive.cpp.
  void receive(FlowId flow, std::string_view bytes, TimePoint now);
  bool take_keep_alive(FlowId flow, const FlowInfo& info, std::string_view bytes);
  void on_request(FlowId flow, const FlowInfo& info, const MessageView& request, TimePoint now);
  void on_copy(Transaction& transaction);
  void on_ack(FlowId flow, const FlowInfo& info, const MessageView& ack, TimePoint now);
  void open_server(FlowId flow, const FlowInfo& info, const MessageView& request, TimePoint now);
  void on_response(FlowId flow, const FlowInfo& info, const MessageView& response, TimePoint now);
  void on_stray_response(FlowId flow, const MessageView& response);
  Transaction* find_acknowledged(const MessageView& ack);
  Transaction* find_cancelled(const MessageView& cancel);
  bool is_ours(const FlowInfo& info, std::string_view sent_by) const noexcept;
  /// The request with the source noted in its top Via; lives in `rewritten` and `index`.
  MessageView with_source(const MessageView& request, const FlowInfo& info);
  /// A response without a transaction (RFC 3261 s.8.2.7): the same To tag for every copy.
  void answer_stateless(FlowId flow, const FlowInfo& info, const MessageView& request, StatusCode status, std::string_view reason);
  void drop(FlowId flow, std::string_view why);

  // Commands: stack.cpp.
  Result<TransactionId> send_request(FlowId flow, std::string_view bytes, TimePoint now);
  Result<TransactionId> open_client(FlowId flow, const FlowInfo& info, const MessageView& request, TimePoint now);
  Result<TransactionId> cancel(TransactionId invite, std::string_view reason, TimePoint now);
  Result<void> respond(TransactionId transaction, std::string_view bytes, TimePoint now);
  void close_flow(FlowId flow, const Error& why);

  // Transactions.
  template <class Machine>
  std::unique_ptr<Transaction> make_transaction(FlowId flow, Reliable reliable, SharedBytes entry_key, SharedBytes request) {
    return std::make_unique<Transaction>(*this, flow, std::move(entry_key), std::in_place_type<Machine>, std::move(request), reliable,
                                         options.timers);
  }
  void on_transaction_due(Transaction& transaction, TimePoint now) override;
  /// After an event: the timer follows the machine, an ended transaction goes. The entry may be gone afterwards.
  void settle(Transaction& transaction) noexcept;
  /// Queues what a machine wants sent. After outputs.reserve().
  void emit(FlowId flow, Effects effects) noexcept;

  StackOptions options;
  Crypto& crypto;
  Misbehaviour misbehaviour;
  UniqueFunction<void(FlowId, std::string&)> send_hook;
  UniqueFunction<void(FlowId, std::string_view)> receive_hook;
  std::unordered_map<FlowId, FlowInfo> flows;
  std::array<std::uint64_t, 2> secret;
  TimerWheel wheel;
  TransactionTable table;
  RefusedInvites refused;
  ReservedQueue<StackOutput> outputs;  ///< until they are polled
  MessageIndex index;                  ///< scratch of every parse
  std::string key;                     ///< scratch of every look-up
  std::string rewritten;               ///< scratch: a request with its source noted
};

}  // namespace parley::sip
