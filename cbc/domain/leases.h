// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who writes to each peer: we, the twin, or nobody (lease.h has the table). A pure book: time comes in,
// changes come out, and the shell tells the centre.
//
// At the start nobody writes until the twin's alerts are here, or a CBE has spoken, or the wait is over.
// Without a twin there is no wait, and whoever has a link writes. Ticks are monotonic.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "cbc/domain/delivery.h"
#include "cbc/domain/ids.h"
#include "cbc/domain/lease.h"

namespace cbc {

enum class Writer { kNobody, kHere, kTwin };
std::string_view to_string(Writer writer);  // "nobody", "here", "twin"

enum class WaitEnd { kNoTwin, kTwin, kCbe, kNobody };
std::string_view to_string(WaitEnd end);  // "no twin", "twin", "cbe", "own records"

struct LeaseTuning {
    bool with_twin = false;
    Preferred preferred = Preferred::kHere;
    std::chrono::milliseconds start_wait{5'000};
};

using LeaseSides = std::map<PeerName, LeaseSide>;

struct LeaseChange {
    PeerName peer;
    Writer writer;
    // Of kHere: how the link came up, if it has come up for this; none: we stood by.
    std::optional<Recovery> recovery;
    friend bool operator==(const LeaseChange&, const LeaseChange&) = default;
};
using LeaseChanges = std::vector<LeaseChange>;

class Leases {
 public:
    // `busy`: whether a request waits there for its answer, or to be sent.
    using Busy = std::function<bool(const PeerName&)>;
    Leases(LeaseTuning tuning, Busy busy, base::Ticks now);

    LeaseChanges link_up(const PeerName& peer, Recovery recovery, base::Ticks now);
    LeaseChanges link_down(const PeerName& peer, base::Ticks now);
    // The twin's own sides, good for `lease` from now on.
    LeaseChanges heard(LeaseSides twin, std::chrono::milliseconds lease, base::Ticks now);
    // It has answered something else: what it said before is good for that time again.
    void heard_again(std::chrono::milliseconds lease, base::Ticks now);
    LeaseChanges caught_up(base::Ticks now);  // all that it has is here
    LeaseChanges cbe_spoke(base::Ticks now);
    LeaseChanges tick(base::Ticks now);
    // We end: the twin is to write everywhere. What is out is not waited for.
    void resign();

    // When tick() has something to do.
    std::optional<base::Ticks> next() const;
    Writer writer(const PeerName& peer) const;
    bool in_contact() const { return contact_until_.has_value(); }
    bool is_caught_up() const { return caught_up_; }
    // None: we wait still.
    const std::optional<WaitEnd>& waited_for() const { return waited_for_; }
    // Whether a RESET may wipe that peer, as far as the twin is concerned.
    bool may_wipe(const PeerName& peer) const;
    bool twin_writes(const PeerName& peer) const;  // it says so
    const LeaseSides& sides() const { return sides_; }
    uint64_t version() const { return version_; }  // of sides()

 private:
    struct Book {
        Writer writer = Writer::kNobody;
        std::optional<Recovery> fresh;  // since the link came up nobody else wrote
    };
    LeaseChanges decide_all(base::Ticks now);
    void decide(const PeerName& peer, base::Ticks now, LeaseChanges& changes);
    Writer choose(const PeerName& peer, const LeaseSide& here);
    void end_wait(WaitEnd end);

    LeaseTuning tuning_;
    Busy busy_;
    LeaseSides sides_;  // ours
    LeaseSides twin_;   // its own, while it is heard
    std::map<PeerName, Book> books_;
    std::optional<base::Ticks> contact_until_;
    std::optional<base::Ticks> wait_until_;
    std::optional<WaitEnd> waited_for_;
    std::optional<base::Ticks> look_again_;  // something is to be yielded
    bool caught_up_ = false;
    bool resigned_ = false;
    uint64_t version_ = 1;
};

}  // namespace cbc
