// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/leases.h"

#include <algorithm>
#include <utility>

namespace cbc {
namespace {

// How soon it is looked again whether a peer has answered everything.
constexpr std::chrono::milliseconds kYieldPause{200};

}  // namespace

std::string_view to_string(Writer writer) {
    switch (writer) {
        case Writer::kNobody:
            return "nobody";
        case Writer::kHere:
            return "here";
        case Writer::kTwin:
            return "twin";
    }
    return "unknown";
}

std::string_view to_string(WaitEnd end) {
    switch (end) {
        case WaitEnd::kNoTwin:
            return "no twin";
        case WaitEnd::kTwin:
            return "twin";
        case WaitEnd::kCbe:
            return "cbe";
        case WaitEnd::kNobody:
            return "own records";
    }
    return "unknown";
}

Leases::Leases(LeaseTuning tuning, Busy busy, base::Ticks now) : tuning_(tuning), busy_(std::move(busy)) {
    if (tuning_.with_twin)
        wait_until_ = now + tuning_.start_wait;
    else
        waited_for_ = WaitEnd::kNoTwin;
}

LeaseChanges Leases::link_up(const PeerName& peer, Recovery recovery, base::Ticks now) {
    LeaseSide& here = sides_[peer];
    Book& book = books_[peer];
    // Up twice: it has begun anew without our noticing.
    if (here.link && book.writer == Writer::kHere) return {{peer, Writer::kHere, recovery}};
    here.link = true;
    ++version_;
    book.fresh = recovery;
    LeaseChanges changes;
    decide(peer, now, changes);
    return changes;
}

LeaseChanges Leases::link_down(const PeerName& peer, base::Ticks now) {
    sides_[peer].link = false;
    ++version_;
    books_[peer].fresh.reset();
    LeaseChanges changes;
    decide(peer, now, changes);
    return changes;
}

LeaseChanges Leases::heard(LeaseSides twin, std::chrono::milliseconds lease, base::Ticks now) {
    twin_ = std::move(twin);
    contact_until_ = now + lease;
    return decide_all(now);
}

void Leases::heard_again(std::chrono::milliseconds lease, base::Ticks now) {
    if (contact_until_) contact_until_ = now + lease;
}

LeaseChanges Leases::caught_up(base::Ticks now) {
    if (!contact_until_ || caught_up_) return {};
    caught_up_ = true;
    end_wait(WaitEnd::kTwin);
    return decide_all(now);
}

LeaseChanges Leases::cbe_spoke(base::Ticks now) {
    if (waited_for_) return {};
    end_wait(WaitEnd::kCbe);
    return decide_all(now);
}

LeaseChanges Leases::tick(base::Ticks now) {
    if (contact_until_ && now >= *contact_until_) {
        contact_until_.reset();
        caught_up_ = false;
        twin_.clear();
    }
    if (wait_until_ && now >= *wait_until_) end_wait(WaitEnd::kNobody);
    look_again_.reset();
    return decide_all(now);
}

void Leases::resign() {
    resigned_ = true;
    for (auto& [peer, side] : sides_) side = {};
    ++version_;
}

void Leases::end_wait(WaitEnd end) {
    wait_until_.reset();
    if (!waited_for_) waited_for_ = end;
}

LeaseChanges Leases::decide_all(base::Ticks now) {
    LeaseChanges changes;
    // A peer that only the twin is connected to has a writer too.
    for (const auto& [peer, side] : twin_) sides_.try_emplace(peer);
    for (const auto& [peer, side] : sides_) decide(peer, now, changes);
    return changes;
}

void Leases::decide(const PeerName& peer, base::Ticks now, LeaseChanges& changes) {
    if (resigned_) return;
    LeaseSide& here = sides_[peer];
    Book& book = books_[peer];
    const Writer writer = choose(peer, here);
    if (writer == Writer::kHere && book.writer == Writer::kHere && twin_writes(peer))
        look_again_ = now + kYieldPause;
    if (writer == Writer::kTwin) book.fresh.reset();
    if (writer == book.writer) return;
    book.writer = writer;
    if (here.writes != (writer == Writer::kHere)) {
        here.writes = writer == Writer::kHere;
        ++version_;
    }
    LeaseChange change{peer, writer, std::nullopt};
    if (writer == Writer::kHere) change.recovery = std::exchange(book.fresh, std::nullopt);
    changes.push_back(std::move(change));
}

Writer Leases::choose(const PeerName& peer, const LeaseSide& here) {
    const auto told = twin_.find(peer);
    const LeaseSide twin = told == twin_.end() ? LeaseSide{} : told->second;
    if (!waited_for_) return Writer::kNobody;
    switch (lease_choice(here, in_contact(), twin, tuning_.preferred)) {
        case LeaseChoice::kWrite:
            return Writer::kHere;
        case LeaseChoice::kStandBy:
            return here.link || twin.writes ? Writer::kTwin : Writer::kNobody;
        case LeaseChoice::kYield:
            // First what was stopped or changed meanwhile is put in order here.
            return caught_up_ && !busy_(peer) ? Writer::kTwin : Writer::kHere;
    }
    return Writer::kNobody;
}

std::optional<base::Ticks> Leases::next() const {
    std::optional<base::Ticks> soonest;
    for (const auto& one : {contact_until_, wait_until_, look_again_})
        if (one && (!soonest || *one < *soonest)) soonest = one;
    return soonest;
}

Writer Leases::writer(const PeerName& peer) const {
    const auto found = books_.find(peer);
    return found == books_.end() ? Writer::kNobody : found->second.writer;
}

bool Leases::twin_writes(const PeerName& peer) const {
    const auto told = twin_.find(peer);
    return told != twin_.end() && told->second.writes;
}

bool Leases::may_wipe(const PeerName& peer) const {
    if (!tuning_.with_twin) return true;
    return waited_for_ && in_contact() && caught_up_ && !twin_writes(peer);
}

}  // namespace cbc
