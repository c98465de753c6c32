// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How a store comes to a journal and leaves it, which cluster it belongs to, and how another node's
// environment takes the place of ours.
#include <utility>

#include "common/store/environment_copy.h"
#include "common/store/replication.h"

namespace store {

void Replication::handle(Replicate& event) {
    abandon();
    journal_ = event.journal;
    is_leading_ = false;
    set_leads(false);
    relax();
}

void Replication::handle(Restore& event) {
    abandon();
    event.done.set_value(restore(event.data));
}

void Replication::handle(Mark& event) {
    abandon();
    event.done.set_value(mark(event.cluster));
}

void Replication::handle(Detach& event) {
    abandon();
    journal_ = nullptr;
    is_leading_ = false;
    settle_mode();
    event.done.set_value();
}

void Replication::set_leads(bool leads) {
    Settled settled;
    settled.leads = leads;
    setup_.deliver(std::move(settled));
}

// The first commit of an environment in this life is synced whole: the last one of the life before may be
// known to the page cache alone.
void Replication::relax() {
    if (is_relaxed_) return;
    const auto env = setup_.env.get();
    auto txn = env->begin_write();
    if (!txn) return;  // stays strict: slower, no worse
    if (const auto refused = commit_batch(*env, std::move(*txn), {last_batch()}))
        return note_failure(*refused);
    env->relax_meta_sync(true);
    is_relaxed_ = true;
}

void Replication::settle_mode() {
    set_leads(is_alone());
    if (!is_alone() || !is_relaxed_) return;
    setup_.env.get()->relax_meta_sync(false);
    is_relaxed_ = false;
    if (const auto synced = setup_.env.get()->sync(); !synced) break_down(synced.error());
}

base::Result<void> Replication::mark(const std::string& cluster) {
    Meta& meta = setup_.meta;
    if (cluster == meta.cluster) return {};
    if (stalled_) return *stalled_;
    if (!cluster.empty() && !meta.cluster.empty())
        return base::conflict("the store belongs to the cluster " + meta.cluster + " already");
    const auto env = setup_.env.get();
    auto txn = env->begin_write();
    if (!txn) return lmdb_error("begin", txn.error());
    if (const int code = put_cluster(*txn, cluster); code != 0) return lmdb_error("mark", code);
    if (auto refused = commit_batch(*env, std::move(*txn), {meta.last_batch})) {
        note_failure(*refused);
        return refused->error;
    }
    meta.cluster = cluster;
    set_index(0);
    setup_.figures.cluster.with([&](auto& one) { one = cluster; });
    if (auto synced = env->sync(); !synced) return synced;
    if (journal_ == nullptr) settle_mode();
    return {};
}

base::Result<void> Replication::restore(const std::filesystem::path& data) {
    Meta& meta = setup_.meta;
    const auto theirs = read_copy_meta(data);
    if (!theirs) return theirs.error();
    if (theirs->schema_level > setup_.schema_level)
        return base::refused("the copy was written by a newer release; install that release here too");
    if (!meta.cluster.empty() && theirs->cluster != meta.cluster)
        return base::conflict("the copy is of the cluster " + theirs->cluster + ", and we belong to " +
                              meta.cluster);
    if (!meta.cluster.empty() && theirs->journal_index < meta.journal_index)
        return base::conflict("the copy is older than what is here");
    const auto place = setup_.directory.prepare(data);
    if (!place) return place.error();
    auto env = LmdbEnv::open(*place, setup_.map_bytes);
    if (!env) return env.error();
    const auto switched = setup_.directory.switch_over();
    if (!switched && setup_.directory.environment() != *place) return switched;
    setup_.env.set(std::move(*env));
    is_relaxed_ = false;
    meta = *theirs;
    set_index(meta.journal_index);
    setup_.figures.cluster.with([&](auto& one) { one = meta.cluster; });
    if (switched) setup_.directory.remove_others();
    retry_at_.reset();
    Settled settled;
    settled.reset = Settled::Reset{meta.last_batch};
    setup_.deliver(std::move(settled));
    if (journal_ != nullptr) relax();
    if (journal_ == nullptr) settle_mode();
    return switched;
}

}  // namespace store
