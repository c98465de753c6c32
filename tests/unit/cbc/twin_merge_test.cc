// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/twin_merge.h"

#include <algorithm>

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const base::Instant kNow = base::FakeClock{}.now();

AlertRevision revision(uint16_t number, char digest = 'a') {
    AlertRevision made = test::revision_of(1, number, test::content_for(1, kNow));
    made.digest = Digest{std::string(64, digest)};
    return made;
}
const Tombstone kStop{test::alert_id(1), CbeName{"national"}, Digest{"d"}, {}, kNow};

void what_is_not_known_or_higher_is_fetched() {
    CHECK(merge_of({}, offer_of(revision(1), false)) == TwinMerge::kFetch);
    const AlertRevision two = revision(2);
    CHECK(merge_of({&two, nullptr}, offer_of(revision(1), false)) == TwinMerge::kNothing);
    CHECK(merge_of({&two, nullptr}, offer_of(revision(2), false)) == TwinMerge::kNothing);
    CHECK(merge_of({&two, nullptr}, offer_of(revision(3), false)) == TwinMerge::kFetch);
}

void a_stop_beats_every_revision() {
    const AlertRevision nine = revision(9);
    CHECK(merge_of({&nine, nullptr}, offer_of(revision(1), true)) == TwinMerge::kFetch);
    CHECK(merge_of({&nine, &kStop}, offer_of(revision(10), false)) == TwinMerge::kNothing);
    CHECK(merge_of({&nine, &kStop}, offer_of(revision(10), true)) == TwinMerge::kNothing);
}

void one_revision_with_two_contents_is_a_conflict() {
    const AlertRevision two = revision(2);
    CHECK(merge_of({&two, nullptr}, offer_of(revision(2, 'b'), false)) == TwinMerge::kConflict);
}

// In whichever order they come, the same is left.
void the_order_of_offers_does_not_matter() {
    struct Seen {
        AlertRevision revision;
        bool stopped;
    };
    std::vector<Seen> seen{
        {revision(1), false}, {revision(3), false}, {revision(2), true}, {revision(3), false}};
    std::vector<size_t> order{0, 1, 2, 3};
    do {
        std::optional<AlertRevision> held;
        bool stopped = false;
        for (const size_t i : order) {
            const Held now{held ? &*held : nullptr, stopped ? &kStop : nullptr};
            if (merge_of(now, offer_of(seen[i].revision, seen[i].stopped)) != TwinMerge::kFetch) continue;
            if (!held || seen[i].revision.revision > held->revision) held = seen[i].revision;
            stopped = stopped || seen[i].stopped;
        }
        CHECK(stopped);
    } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace

GROUP(twin_merge, CASE(what_is_not_known_or_higher_is_fetched), CASE(a_stop_beats_every_revision),
      CASE(one_revision_with_two_contents_is_a_conflict), CASE(the_order_of_offers_does_not_matter))
