// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/delivery_saver.h"

namespace cbc {
namespace {

// Multiplied and folded, so that every bit of what came before counts.
void mix(uint64_t& sum, uint64_t value) {
    sum = (sum ^ value) * 0x9e3779b97f4a7c15U;
    sum ^= sum >> 32U;
}

template <class Value>
uint64_t number_of(const std::optional<Value>& value) {
    return value ? uint64_t{*value} + 1 : 0;
}

}  // namespace

uint64_t fingerprint(const CellRecords::Block& block) {
    uint64_t sum = block.size();
    for (const auto& [cell, record] : block) {
        if (record.reported_only) continue;  // is not written
        mix(sum, std::hash<Place>{}(cell));
        mix(sum, static_cast<uint64_t>(record.since.time_since_epoch().count()));
        mix(sum, uint64_t{record.written.value()} << 32U | static_cast<uint64_t>(record.state) << 16U |
                     static_cast<uint64_t>(record.holds) << 8U | static_cast<uint64_t>(record.hold));
        mix(sum, (record.cause
                      ? (uint64_t{static_cast<uint8_t>(record.cause->source)} + 1) << 16U | record.cause->code
                      : 0)
                         << 32U |
                     number_of(record.broadcasts));
        mix(sum, record.beside ? uint64_t{record.beside->value()} + 1 : 0);
    }
    return sum;
}

void DeliverySaver::changed(const DeliveryKey& key) {
    if (stopping_) return;
    Saved& saved = saved_[key];
    if (saved.waiting) return;
    saved.waiting = true;
    if (saved.under_way == 0) calls_.later([this, key] { save(key); });
}

void DeliverySaver::alert_forgotten(AlertId alert) {
    const auto first = saved_.lower_bound({alert, PeerName{}, MessageIdentifier{}});
    auto last = first;
    while (last != saved_.end() && last->first.alert == alert) ++last;
    saved_.erase(first, last);
}

void DeliverySaver::save(const DeliveryKey& key) {
    const auto found = saved_.find(key);
    if (found == saved_.end() || stopping_) return;
    Saved& saved = found->second;
    saved.waiting = false;
    const DeliveryRecord* record = calls_.find(key);
    if (record == nullptr) return;
    submit(key, put_delivery_head(key, *record));
    const auto& blocks = record->cells.blocks();
    saved.blocks.resize(blocks.size());
    std::vector<NumberedBlock> fresh;
    for (size_t number = 0; number < blocks.size(); ++number) {
        const uint64_t print = fingerprint(blocks[number]);
        if (saved.blocks[number] == print) continue;
        saved.blocks[number] = print;
        fresh.push_back({number, blocks[number]});
        if (fresh.size() < kBlocksAtOnce) continue;
        submit(key, put_delivery_blocks(key, std::exchange(fresh, {})));
    }
    if (!fresh.empty()) submit(key, put_delivery_blocks(key, std::move(fresh)));
}

void DeliverySaver::submit(const DeliveryKey& key, store::Change change) {
    ++saved_[key].under_way;
    store_.submit(
        std::move(change), [this, key](const store::Done& done) { submitted(key, done); },
        store::Urgency::kBulk);
}

void DeliverySaver::submitted(const DeliveryKey& key, const store::Done& done) {
    // Not lost: after a restart cbcd assumes that the peer holds it, and asks.
    if (done.outcome != store::Outcome::kOk) calls_.failed(done.error);
    const auto found = saved_.find(key);
    if (found == saved_.end()) return;
    Saved& saved = found->second;
    if (done.outcome != store::Outcome::kOk) saved.blocks.clear();
    if (saved.under_way > 0) --saved.under_way;
    if (saved.under_way == 0 && saved.waiting) save(key);
}

}  // namespace cbc
