// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/loop_side.h"

#include <chrono>
#include <cstdlib>
#include <utility>

#include "common/store/lmdb_env.h"

namespace store {
namespace {

constexpr size_t kOctetsMax = size_t{16} << 20;
constexpr std::chrono::milliseconds kPatience{200};

size_t octets_of(const Settled& settled) { return sizeof settled + settled.writes.bytes(); }

}  // namespace

LoopSide::LoopSide(logs::Log log, uint64_t applied, bool leads, Callbacks callbacks)
    : log_(std::move(log)), applied_(applied), leads_(leads), callbacks_(std::move(callbacks)) {}

bool LoopSide::add(Settled settled) {
    std::lock_guard hold{mutex_};
    octets_ += octets_of(settled);
    arrived_.push_back(std::move(settled));
    return arrived_.size() == 1;
}

void LoopSide::wait_for_room() {
    std::unique_lock hold{mutex_};
    taken_.wait_for(hold, kPatience, [&] { return octets_ <= kOctetsMax; });
}

void LoopSide::deliver_all() {
    while (true) {
        std::vector<Settled> all;
        {
            std::lock_guard hold{mutex_};
            all.swap(arrived_);
        }
        if (all.empty()) return;
        for (Settled& one : all) {
            deliver(one);
            const size_t octets = octets_of(one);
            one = {};
            std::lock_guard hold{mutex_};
            octets_ -= octets;
        }
        taken_.notify_one();
    }
}

void LoopSide::listen(std::string_view table, Store::Applied applied) {
    listeners_[std::string(table)].push_back(std::move(applied));
}

void LoopSide::deliver(const Settled& settled) {
    for (const auto& fault : settled.faults) log_.error("store.change.faulty", {{"error", fault}});
    deliver_state(settled);
    if (!settled.writes.empty()) deliver_rows(settled.writes);
    for (const auto& answer : settled.answers)
        if (answer.on_done) answer.on_done(answer.done);
    if (settled.broken) report_broken(*settled.broken);
}

void LoopSide::deliver_rows(const WriteSet& writes) {
    applied_ = writes.batch_id;
    for (const auto& row : writes.rows()) {
        const auto found = listeners_.find(row.table);
        if (found == listeners_.end()) continue;
        // By index: a listener may add another.
        for (size_t i = 0; i < found->second.size(); ++i) found->second[i](row.key, row.value);
    }
}

void LoopSide::deliver_state(const Settled& settled) {
    if (settled.reset) {
        applied_ = settled.reset->last_batch;
        log_.notice("store.replaced", {{"last_batch", applied_}});
        for (size_t i = 0; i < reset_listeners_.size(); ++i) reset_listeners_[i]();
    }
    if (settled.leads && *settled.leads != leads_) {
        leads_ = *settled.leads;
        for (size_t i = 0; i < leads_listeners_.size(); ++i) leads_listeners_[i](leads_);
    }
    if (settled.stall) {
        if (settled.stall->why) {
            log_.error("store.apply.stalled", {{"error", settled.stall->why->text}});
        } else {
            log_.notice("store.apply.resumed");
        }
        if (callbacks_.on_stalled) callbacks_.on_stalled(settled.stall->why);
    }
}

void LoopSide::report_broken(const base::Error& error) {
    log_.error("store.broken", {{"error", error.text}});
    if (!callbacks_.on_broken) std::_Exit(kExitUnreadable);
    callbacks_.on_broken(error);
}

}  // namespace store
