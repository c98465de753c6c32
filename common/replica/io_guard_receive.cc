// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What comes in from other nodes.
#include <algorithm>
#include <utility>

#include "common/replica/fsm.h"
#include "common/replica/io_guard_parts.h"
#include "common/replica/raft_address.h"
#include "common/replica/raft_entry.h"

namespace replica {
namespace {

constexpr size_t kHeldResultsMax =
    64;  // of a leader that waits for its own first entry; more are sent anyway

NodeName node_of(const raft_message& message) {
    const auto address = RaftAddress::parse(message.server_address);
    return address ? address->at.node : NodeName();
}

}  // namespace

void IoGuard::receive(raft_message& message) {
    correct_progress();
    heard_[message.server_id] = now();
    if (failure_) {
        drop(message);
    } else if (admit(message)) {
        pass(message);
    }
    turn();
}

void IoGuard::pass(raft_message& message) { io_->receive(&io_->outer, &message); }

void IoGuard::drop(raft_message& message) const {
    if (message.type == RAFT_IO_APPEND_ENTRIES) {
        cut_received(message.append_entries, 0);
    } else if (message.type == RAFT_IO_INSTALL_SNAPSHOT) {
        raft_configuration_close(&message.install_snapshot.conf);
        raft_free(message.install_snapshot.data.base);
    }
}

bool IoGuard::admit(raft_message& message) {
    bool taken = true;
    switch (message.type) {
        case RAFT_IO_REQUEST_VOTE:
            taken = !has_forgotten();
            allow_vote(message);
            break;
        case RAFT_IO_TIMEOUT_NOW:
            taken = !has_forgotten();
            break;
        case RAFT_IO_APPEND_ENTRIES:
            taken = admit_entries(message);
            break;
        case RAFT_IO_APPEND_ENTRIES_RESULT:
            taken = admit_result(message);
            break;
        case RAFT_IO_INSTALL_SNAPSHOT:
            taken = admit_snapshot(message);
            break;
        default:
            break;
    }
    if (!taken) drop(message);
    return taken;
}

bool IoGuard::has_forgotten() const { return last_index(raft_->log) < needs_.sink.applied_index(); }

void IoGuard::allow_vote(raft_message& message) const {
    if (raft_->state != RAFT_FOLLOWER) return;
    // Whoever stands has heard nothing for the whole time-out; what we heard last may be a heartbeat later.
    const auto silent = needs_.timing.election - 2 * needs_.timing.heartbeat;
    if (now() - leader_heard_ >= static_cast<uint64_t>(silent.count()))
        message.request_vote.disrupt_leader = true;
}

// `compared`: our log is equal to the leader's up to there.
void IoGuard::note_contact(uint64_t term, uint64_t compared) {
    leader_heard_ = now();
    if (term != compared_term_) compared_ = 0;
    compared_term_ = term;
    compared_ = std::max(compared_, compared);
}

bool IoGuard::admit_entries(raft_message& message) {
    raft_append_entries& entries = message.append_entries;
    if (entries.term < raft_->current_term) return true;  // libraft refuses it
    const uint64_t commit = entries.leader_commit;
    const unsigned all = entries.n_entries;
    const unsigned count = wanted(message);
    count < all ? cut_received(entries, count) : limit_to(entries, count);
    const uint64_t before = entries.prev_log_index;
    const bool follows = before == 0 || term_at(raft_->log, before) == entries.prev_log_term;
    note_contact(entries.term, follows ? before + entries.n_entries : 0);
    told_at_ = now();
    told_term_ = entries.term;
    told_commit_ = commit;
    return true;
}

// How many of its entries can be taken now.
unsigned IoGuard::wanted(const raft_message& message) {
    const raft_append_entries& entries = message.append_entries;
    uint64_t waiting = needs_.sink.waiting_octets();
    for (unsigned i = 0; i < entries.n_entries; ++i) {
        // What we have already was judged when it came; its blobs may have served and gone since.
        const uint64_t index = entries.prev_log_index + 1 + i;
        if (index <= raft_->last_stored && term_at(raft_->log, index) == entries.entries[i].term) continue;
        waiting += entries.entries[i].buf.len;
        if (waiting > needs_.limits.waiting_octets) return i;
        if (entries.entries[i].type != RAFT_COMMAND) continue;
        const auto entry = unwrap_entry(entries.entries[i].buf);
        if (!entry) {
            log_.error("cluster.entry.malformed",
                       {{"node", node_of(message)}, {"reason", entry.error().text}});
            return i;
        }
        if (!needs_.arrivals.has_blobs(*entry, node_of(message))) return i;
    }
    return entries.n_entries;
}

bool IoGuard::knows_own_term() const {
    return raft_->state != RAFT_LEADER || term_at(raft_->log, raft_->last_stored) == raft_->current_term;
}

bool IoGuard::admit_result(const raft_message& message) {
    if (knows_own_term() || message.append_entries_result.term > raft_->current_term) return true;
    if (held_results_.size() < kHeldResultsMax)
        held_results_.push_back(HeldResult{message, message.server_address});
    return false;
}

void IoGuard::release_results() {
    if (held_results_.empty() || !knows_own_term() || failure_) return;
    for (HeldResult& held : std::exchange(held_results_, {})) {
        held.message.server_address = held.address.c_str();
        pass(held.message);
    }
}

bool IoGuard::admit_snapshot(raft_message& message) {
    raft_install_snapshot& snapshot = message.install_snapshot;
    if (snapshot.term < raft_->current_term) return true;  // libraft refuses it
    const auto manifest = unwrap_manifest(snapshot.data);
    snapshot_trouble_.clear();
    if (!manifest) snapshot_trouble_ = manifest.error().text;
    if (manifest && manifest->cluster != needs_.cluster)
        snapshot_trouble_ = "a snapshot of another cluster is offered";
    // The leader is there whatever it offers.
    note_contact(snapshot.term, 0);
    if (!snapshot_trouble_.empty()) return false;
    if (!copy_in_place(*manifest, node_of(message))) return false;
    note_contact(snapshot.term, snapshot.last_index);
    ++snapshots_installed_;
    return true;
}

// Asks for the copy, then has the store put it in place; each step is looked at again when the snapshot is
// offered again.
bool IoGuard::copy_in_place(const Manifest& manifest, const NodeName& from) {
    if (restoring_.valid()) {
        if (restoring_.wait_for(std::chrono::seconds{0}) != std::future_status::ready) return false;
        const auto restored = outcome_of(restoring_);
        if (!restored) snapshot_trouble_ = restored.error().text;
    }
    // A store that joins is marked by the copy: until then it lacks what was there before the first entry.
    if (needs_.sink.cluster() == manifest.cluster && needs_.sink.applied_index() >= manifest.index) {
        needs_.arrivals.snapshot_done();
        return true;
    }
    const auto copy = needs_.arrivals.snapshot(manifest, from);
    if (copy) restoring_ = needs_.sink.restore(*copy);
    return false;
}

// A new leader does not know how much is committed until an entry of its own is.
void IoGuard::note_age() {
    if (raft_ == nullptr || raft_->state != RAFT_FOLLOWER || told_at_ == had_all_at_) return;
    if (raft_->last_applied < told_commit_ || term_at(raft_->log, told_commit_) != told_term_) return;
    if (needs_.sink.waiting_octets() == 0) had_all_at_ = told_at_;
}

std::optional<std::chrono::milliseconds> IoGuard::read_age() const {
    if (had_all_at_ == 0) return std::nullopt;
    return std::chrono::milliseconds{now() - had_all_at_};
}

std::optional<std::chrono::milliseconds> IoGuard::silence_of(uint64_t id) const {
    const auto found = heard_.find(id);
    if (found == heard_.end()) return std::nullopt;
    return std::chrono::milliseconds{now() - found->second};
}

}  // namespace replica
