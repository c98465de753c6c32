// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/lease.h"

namespace cbc {
namespace {

constexpr LeaseRow::Is kNo = LeaseRow::Is::kNo;
constexpr LeaseRow::Is kYes = LeaseRow::Is::kYes;
constexpr LeaseRow::Is kAny = LeaseRow::Is::kAny;

bool fits(LeaseRow::Is wanted, bool is) { return wanted == kAny || (wanted == kYes) == is; }

}  // namespace

// clang-format off
const std::array<LeaseRow, 9> kLeaseRows{{
    // link  heard  twin's link  it writes  we write  preferred
    {kNo,    kAny,  kAny,        kAny,      kAny,     kAny,     LeaseChoice::kStandBy},
    {kYes,   kNo,   kAny,        kAny,      kAny,     kAny,     LeaseChoice::kWrite},
    {kYes,   kYes,  kNo,         kAny,      kAny,     kAny,     LeaseChoice::kWrite},
    {kYes,   kYes,  kYes,        kNo,       kYes,     kAny,     LeaseChoice::kWrite},
    {kYes,   kYes,  kYes,        kNo,       kNo,      kYes,     LeaseChoice::kWrite},
    {kYes,   kYes,  kYes,        kNo,       kNo,      kNo,      LeaseChoice::kStandBy},  // it is about to write
    {kYes,   kYes,  kYes,        kYes,      kNo,      kAny,     LeaseChoice::kStandBy},
    {kYes,   kYes,  kYes,        kYes,      kYes,     kYes,     LeaseChoice::kWrite},
    {kYes,   kYes,  kYes,        kYes,      kYes,     kNo,      LeaseChoice::kYield},
}};
// clang-format on

std::string_view to_string(LeaseChoice choice) {
    switch (choice) {
        case LeaseChoice::kWrite:
            return "write";
        case LeaseChoice::kStandBy:
            return "stand_by";
        case LeaseChoice::kYield:
            return "yield";
    }
    return "unknown";
}

LeaseChoice lease_choice(LeaseSide here, bool heard, LeaseSide twin, Preferred preferred) {
    for (const LeaseRow& row : kLeaseRows)
        if (fits(row.link, here.link) && fits(row.heard, heard) && fits(row.twin_link, twin.link) &&
            fits(row.twin_writes, twin.writes) && fits(row.we_write, here.writes) &&
            fits(row.preferred, preferred == Preferred::kHere))
            return row.choice;
    return LeaseChoice::kStandBy;
}

}  // namespace cbc
