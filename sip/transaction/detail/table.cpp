// SPDX-License-Identifier: MIT
#include <parley/sip/transaction/detail/keys.hpp>
#include <parley/sip/transaction/detail/table.hpp>

namespace parley::sip {

TransactionTable::~TransactionTable() {
  for_each([this](Transaction& entry) { erase(entry); });
}

Transaction* TransactionTable::find(std::string_view key) const noexcept {
  if (buckets_.empty()) return nullptr;
  const std::uint64_t hash = keys::hash(secret_, key);
  Transaction* entry = buckets_[hash & (buckets_.size() - 1)].by_key;
  while (entry && (entry->hash_ != hash || entry->key.view() != key)) entry = entry->next_by_key_;
  return entry;
}

Transaction* TransactionTable::find(TransactionId id) const noexcept {
  if (buckets_.empty()) return nullptr;
  Transaction* entry = buckets_[static_cast<std::uint64_t>(id) & (buckets_.size() - 1)].by_id;
  while (entry && entry->id != id) entry = entry->next_by_id_;
  return entry;
}

void TransactionTable::reserve_one() {
  if (size_ < buckets_.size()) return;
  std::vector<Bucket> grown(buckets_.empty() ? 16 : 2 * buckets_.size());
  for_each([&](Transaction& entry) { link(grown, entry); });
  buckets_ = std::move(grown);
}

Transaction& TransactionTable::insert(std::unique_ptr<Transaction> transaction) noexcept {
  Transaction& entry = *transaction.release();
  entry.id = TransactionId{++last_id_};
  entry.hash_ = keys::hash(secret_, entry.key);
  link(buckets_, entry);
  ++size_;
  return entry;
}

void TransactionTable::erase(Transaction& transaction) noexcept {
  Transaction** by_key = &bucket_of_key(buckets_, transaction).by_key;
  while (*by_key != &transaction) by_key = &(*by_key)->next_by_key_;
  *by_key = transaction.next_by_key_;
  Transaction** by_id = &bucket_of_id(buckets_, transaction).by_id;
  while (*by_id != &transaction) by_id = &(*by_id)->next_by_id_;
  *by_id = transaction.next_by_id_;
  --size_;
  delete &transaction;
}

TransactionTable::Bucket& TransactionTable::bucket_of_key(std::vector<Bucket>& buckets, const Transaction& entry) const noexcept {
  return buckets[entry.hash_ & (buckets.size() - 1)];
}

TransactionTable::Bucket& TransactionTable::bucket_of_id(std::vector<Bucket>& buckets, const Transaction& entry) const noexcept {
  return buckets[static_cast<std::uint64_t>(entry.id) & (buckets.size() - 1)];
}

void TransactionTable::link(std::vector<Bucket>& buckets, Transaction& entry) noexcept {
  Bucket& by_key = bucket_of_key(buckets, entry);
  entry.next_by_key_ = std::exchange(by_key.by_key, &entry);
  Bucket& by_id = bucket_of_id(buckets, entry);
  entry.next_by_id_ = std::exchange(by_id.by_id, &entry);
}

}  // namespace parley::sip
