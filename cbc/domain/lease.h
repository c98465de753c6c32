// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which of two twins writes to a peer. The choice is a table of what each has there; who wrote goes on, so
// that nothing is handed over without need, and who is preferred settles the rest the same way on both sides.
//
// A twin that hears nothing of the other one for the length of a lease writes by itself: a centre must never
// need anybody's leave to warn people. So both may write for a while. That is harmless by what they write:
// one pair of message identifier and serial number has one content, which a peer takes once.
#pragma once

#include <array>
#include <string_view>

namespace cbc {

// What a twin has at a peer.
struct LeaseSide {
    bool link = false;    // requests can be sent
    bool writes = false;  // it sends them
    friend bool operator==(const LeaseSide&, const LeaseSide&) = default;
};

enum class LeaseChoice {
    kWrite,
    kStandBy,
    kYield,  // both write: stand by, when everything here is in order
};
std::string_view to_string(LeaseChoice choice);

enum class Preferred { kHere, kTwin };

// As a table, for the tests and the README. Absent: either.
struct LeaseRow {
    enum class Is { kNo, kYes, kAny };
    Is link;  // ours
    Is heard;
    Is twin_link;
    Is twin_writes;
    Is we_write;
    Is preferred;  // we are
    LeaseChoice choice;
};
extern const std::array<LeaseRow, 9> kLeaseRows;

// `heard`: within the lease. Exactly one row fits every input.
LeaseChoice lease_choice(LeaseSide here, bool heard, LeaseSide twin, Preferred preferred);

}  // namespace cbc
