// SPDX-License-Identifier: MIT
#pragma once

#include <parley/sip/core/shared_bytes.hpp>
#include <parley/sip/stack.hpp>
#include <parley/sip/transaction/invite_client.hpp>
#include <parley/sip/transaction/invite_server.hpp>
#include <parley/sip/transaction/non_invite_client.hpp>
#include <parley/sip/transaction/non_invite_server.hpp>
#include <parley/sip/transaction/timer_wheel.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parley::sip {

using TransactionMachine =
    std::variant<InviteClientTransaction, NonInviteClientTransaction, InviteServerTransaction, NonInviteServerTransaction>;

class Transaction;

/// Hears of the timers of transactions.
class TransactionAlarm {
 public:
  virtual void on_transaction_due(Transaction& transaction, TimePoint now) = 0;

 protected:
  ~TransactionAlarm() = default;
};

/// One entry of the table: a machine, its timer, its names.
class Transaction final : public Timer {
 public:
  template <class Machine>
  Transaction(TransactionAlarm& alarm, FlowId on_flow, SharedBytes with_key, std::in_place_type_t<Machine> kind, SharedBytes request,
              Reliable reliable, const TimerValues& timers) noexcept
      : key(std::move(with_key)), flow(on_flow), machine(kind, std::move(request), reliable, timers), alarm_(&alarm) {}

  TransactionId id{};
  SharedBytes key;
  FlowId flow;
  TransactionMachine machine;

 private:
  friend class TransactionTable;
  void on_due(TimePoint now) override { alarm_->on_transaction_due(*this, now); }

  TransactionAlarm* alarm_;
  std::uint64_t hash_ = 0;
  Transaction* next_by_key_ = nullptr;
  Transaction* next_by_id_ = nullptr;
};

/// All transactions of a Stack, found by key and by name in O(1). Chains run through the entries themselves: an entry is one block
/// of memory and its key another. Owns its entries.
class TransactionTable {
 public:
  /// @param secret  random: keys the hash.
  explicit TransactionTable(const std::array<std::uint64_t, 2>& secret) noexcept : secret_(secret) {}
  ~TransactionTable();
  TransactionTable(const TransactionTable&) = delete;
  TransactionTable& operator=(const TransactionTable&) = delete;

  Transaction* find(std::string_view key) const noexcept;
  Transaction* find(TransactionId id) const noexcept;
  /// Makes room for one more, so that insert() cannot fail.
  void reserve_one();
  /// Gives it its name. After reserve_one(), with a key that is not there yet.
  Transaction& insert(std::unique_ptr<Transaction> transaction) noexcept;
  void erase(Transaction& transaction) noexcept;
  std::size_t size() const noexcept { return size_; }

  /// Calls f(Transaction&) for each; f may erase the one it is given.
  template <class F>
  void for_each(F&& f) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      for (Transaction* entry = buckets_[i].by_id; entry;) {
        Transaction* const next = entry->next_by_id_;
        f(*entry);
        entry = next;
      }
    }
  }

 private:
  struct Bucket {
    Transaction* by_key = nullptr;
    Transaction* by_id = nullptr;
  };
  Bucket& bucket_of_key(std::vector<Bucket>& buckets, const Transaction& entry) const noexcept;
  Bucket& bucket_of_id(std::vector<Bucket>& buckets, const Transaction& entry) const noexcept;
  void link(std::vector<Bucket>& buckets, Transaction& entry) noexcept;

  std::array<std::uint64_t, 2> secret_;
  std::vector<Bucket> buckets_;  ///< a power of two of them, or none
  std::size_t size_ = 0;
  std::uint64_t last_id_ = 0;
};

}  // namespace parley::sip
